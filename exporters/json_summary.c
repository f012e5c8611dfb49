/* SPDX-License-Identifier: Apache-2.0 */

/* json_summary: tables of the summary's members. What is unknown is left out, never null or 0. */

#include "exporters/json_summary.h"

#include "base/cleanup.h"
#include "exporters/exporter.h"
#include "exporters/json_cells.h"
#include "exporters/labels.h"
#include "exporters/selection.h"
#include "model/rate.h"

static const struct attribute_name identity[] = {
	{ "id", ATTRIBUTE_ID },           { "name", ATTRIBUTE_NAME },
	{ "image", ATTRIBUTE_IMAGE },     { "image_id", ATTRIBUTE_IMAGE_ID },
	{ "runtime", ATTRIBUTE_RUNTIME }, { "cgroup", ATTRIBUTE_PATH },
	{ "pod", ATTRIBUTE_POD },         { "detail", ATTRIBUTE_DETAIL },
};

static void add_labels(struct json_out *json, const struct snapshot *snapshot,
		       const struct row *row)
{
	const char *pairs = snapshot_string(snapshot, row, ATTRIBUTE_LABELS), *key, *value;

	json_open(json, "labels", '{');
	while (snapshot_label_next(&pairs, &key, &value))
		json_member_text(json, key, value);
	json_close(json, '}');
}

static const char *state_of(const struct row *row)
{
	enum container_state state = row_state(row);
	uint64_t frozen;

	if (state != STATE_UNKNOWN)
		return container_state_name(state);
	if (row_has_ended(row))
		return "exited";
	return row_get(row, METRIC_FROZEN, &frozen) && frozen == 1 ? "paused" : "running";
}

static const char *health_of(const struct row *row)
{
	static const struct {
		enum metric metric;
		enum health_status status;
	} cells[] = {
		{ METRIC_HEALTH_NONE, HEALTH_NONE },
		{ METRIC_HEALTH_STARTING, HEALTH_STARTING },
		{ METRIC_HEALTH_HEALTHY, HEALTH_HEALTHY },
		{ METRIC_HEALTH_UNHEALTHY, HEALTH_UNHEALTHY },
	};
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		if (row_get(row, cells[i].metric, &value) && value > 0)
			return health_status_name(cells[i].status);

	return NULL;
}

void json_identity(struct json_out *json, const struct snapshot *snapshot, const struct row *row)
{
	json_strings(json, snapshot, row, identity, ARRAY_SIZE(identity));
	add_labels(json, snapshot, row);
	json_text(json, "state", state_of(row));
	if (health_of(row))
		json_text(json, "health", health_of(row));
	json_cell(json, "exit_code", row, METRIC_LAST_EXIT_CODE);
	json_cell(json, "finished", row, METRIC_LAST_EXIT_TIME);
	json_cell(json, "restarts", row, METRIC_RESTARTS);
	json_cell(json, "started", row, METRIC_START_TIME);
	json_cell(json, "created", row, METRIC_CREATION_TIME);
}

static void add_rate(struct json_out *json, const char *key, const struct export *export,
		     const struct row *row, enum metric metric)
{
	const struct row *before = export->before ? snapshot_same(export->before, row) : NULL;
	double per_second;

	if (before && rate_get(export->now, row, export->before, before, metric, &per_second))
		json_double(json, key, per_second);
}

static void add_cpu(struct json_out *json, const struct export *export, const struct row *row)
{
	json_open(json, "cpu", '{');
	add_rate(json, "cores", export, row, METRIC_CPU_USAGE_NS);
	json_cell(json, "usage_seconds", row, METRIC_CPU_USAGE_NS);
	json_cell(json, "throttled_seconds", row, METRIC_CPU_THROTTLED_NS);
	json_cell(json, "limit_cores", row, METRIC_CPU_LIMIT_CORES);
	json_close(json, '}');
}

static void add_memory(struct json_out *json, const struct row *row)
{
	uint64_t limit;

	json_open(json, "memory", '{');
	json_cell(json, "usage_bytes", row, METRIC_MEMORY_USAGE_BYTES);
	json_cell(json, "working_set_bytes", row, METRIC_MEMORY_WORKING_SET_BYTES);
	if (row_get(row, METRIC_SPEC_MEMORY_LIMIT_BYTES, &limit) && limit > 0)
		json_u64(json, "limit_bytes", limit); /* 0 is cAdvisor's "unlimited" */
	json_cell(json, "oom_kills", row, METRIC_OOM_EVENTS);
	json_close(json, '}');
}

static void add_sum(struct json_out *json, const char *key, const char *rate_key,
		    const struct sum *sum)
{
	if (sum->has_value)
		json_u64(json, key, sum->value);
	if (sum->has_rate)
		json_double(json, rate_key, sum->per_second);
}

static void add_traffic(struct json_out *json, const struct snapshot *snapshot,
			const struct totals *totals, const struct row *row)
{
	const struct sum *sums = totals->sums[row->index];

	json_open(json, "network", '{');
	json_strings(json, snapshot, row, &(struct attribute_name){ "mode", ATTRIBUTE_NETWORK }, 1);
	add_sum(json, "receive_bytes", "receive_bytes_per_second", &sums[TOTAL_RECEIVE_BYTES]);
	add_sum(json, "transmit_bytes", "transmit_bytes_per_second", &sums[TOTAL_TRANSMIT_BYTES]);
	json_close(json, '}');
	json_open(json, "io", '{');
	add_sum(json, "read_bytes", "read_bytes_per_second", &sums[TOTAL_READ_BYTES]);
	add_sum(json, "write_bytes", "write_bytes_per_second", &sums[TOTAL_WRITE_BYTES]);
	json_close(json, '}');
}

static void add_pressure(struct json_out *json, const struct export *export, const struct row *row)
{
	static const struct {
		const char *key;
		enum metric some;
	} resources[] = {
		{ "cpu", METRIC_CPU_SOME_NS },
		{ "memory", METRIC_MEMORY_SOME_NS },
		{ "io", METRIC_IO_SOME_NS },
	};

	json_open(json, "pressure", '{');
	for (size_t i = 0; i < ARRAY_SIZE(resources); i++) {
		if (!row_has(row, resources[i].some))
			continue;
		json_open(json, resources[i].key, '{');
		json_cell(json, "some_seconds", row, resources[i].some);
		add_rate(json, "some_share", export, row, resources[i].some);
		json_close(json, '}');
	}
	json_close(json, '}');
}

void json_usage(struct json_out *json, const struct export *export, const struct totals *totals,
		const struct row *row)
{
	add_cpu(json, export, row);
	add_memory(json, row);
	add_traffic(json, export->now, totals, row);
	json_cell(json, "pids", row, METRIC_THREADS); /* the kernel's pids are tasks */
	add_pressure(json, export, row);
}
