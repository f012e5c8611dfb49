/* SPDX-License-Identifier: Apache-2.0 */

/* json: the documents of our own API: list of containers, one container, the host. */

#include "base/cleanup.h"
#include "base/json_out.h"
#include "exporters/exporter.h"
#include "exporters/json_cells.h"
#include "exporters/json_summary.h"
#include "exporters/labels.h"
#include "exporters/selection.h"
#include "exporters/totals.h"
#include "model/snapshot.h"

static void add_moment(struct json_out *json, const struct snapshot *snapshot)
{
	json_u64(json, "sequence", snapshot->sequence);
	json_nano(json, "time", snapshot->realtime_ns);
	json_nano(json, "interval", snapshot->interval_ns);
}

static void add_list(struct json_out *json, const struct export *export,
		     const struct selection *selection, const struct totals *totals)
{
	json_open(json, "containers", '[');
	for (uint32_t i = 0; i < selection->rows; i++) {
		const struct row *row = snapshot_row(export->now, ENTITY_CONTAINER, i);

		if (!selection_has(selection, i) || row_is_root(export->now, row) ||
		    (row_has_ended(row) && !export->all && !export->container))
			continue;
		json_open(json, NULL, '{');
		json_identity(json, export->now, row);
		json_usage(json, export, totals, row);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static int containers_write(const struct export *export, struct text *ret_text)
{
	struct json_out json = { .text = ret_text };
	struct selection selection;
	struct totals totals;
	int r;

	r = selection_init(&selection, export);
	if (r < 0)
		return r;

	r = totals_init(&totals, export);
	if (r >= 0) {
		json_open(&json, NULL, '{');
		add_moment(&json, export->now);
		add_list(&json, export, &selection, &totals);
		json_close(&json, '}');
		totals_fini(&totals);
	}

	selection_fini(&selection);
	return r;
}

static int container_write(const struct export *export, struct text *ret_text)
{
	struct json_out json = { .text = ret_text };
	const struct row *row;
	struct totals totals;
	int r;

	r = selection_find(export->now, export->container, &row);
	if (r < 0)
		return r;
	r = totals_init(&totals, export);
	if (r < 0)
		return r;

	json_open(&json, NULL, '{');
	add_moment(&json, export->now);
	json_identity(&json, export->now, row);
	json_usage(&json, export, &totals, row);
	json_open(&json, "metrics", '{');
	json_cells(&json, row);
	json_close(&json, '}');
	json_rows(&json, "devices", export->now, ENTITY_DEVICE, row->index);
	json_rows(&json, "interfaces", export->now, ENTITY_INTERFACE, row->index);
	json_rows(&json, "hugepages", export->now, ENTITY_HUGEPAGE, row->index);
	json_close(&json, '}');
	totals_fini(&totals);
	return 0;
}

static const struct row *root_row(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i++) {
		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);

		if (row && row_is_root(snapshot, row))
			return row;
	}

	return NULL;
}

static const struct attribute_name machine_names[] = {
	{ "machine_id", ATTRIBUTE_ID }, { "system_uuid", ATTRIBUTE_IMAGE_ID },
	{ "boot_id", ATTRIBUTE_POD },   { "name", ATTRIBUTE_NETWORK },
	{ "kernel", ATTRIBUTE_DETAIL },
};

/* An object with the cells of an entity that has one row. */
static const struct row *open_single(struct json_out *json, const struct snapshot *snapshot,
				     enum entity entity)
{
	const struct row *row =
		snapshot_rows(snapshot, entity) > 0 ? snapshot_row(snapshot, entity, 0) : NULL;

	json_open(json, entity_infos[entity].name, '{');
	if (row)
		json_cells(json, row);
	return row;
}

static void add_host(struct json_out *json, const struct export *export,
		     const struct totals *totals)
{
	const struct snapshot *now = export->now;
	const struct row *root = root_row(now), *machine;

	add_moment(json, now);
	(void) open_single(json, now, ENTITY_HOST);
	if (root)
		json_usage(json, export, totals, root);
	json_close(json, '}');

	machine = open_single(json, now, ENTITY_MACHINE);
	if (machine)
		json_strings(json, now, machine, machine_names, ARRAY_SIZE(machine_names));
	json_close(json, '}');

	json_rows(json, "disks", now, ENTITY_DISK, ROW_NONE);
	(void) open_single(json, now, ENTITY_AGENT);
	json_close(json, '}');
	json_rows(json, "collectors", now, ENTITY_COLLECTOR, ROW_NONE);
}

static int host_write(const struct export *export, struct text *ret_text)
{
	struct json_out json = { .text = ret_text };
	struct totals totals;
	int r;

	r = totals_init(&totals, export);
	if (r < 0)
		return r;

	json_open(&json, NULL, '{');
	add_host(&json, export, &totals);
	json_close(&json, '}');
	totals_fini(&totals);
	return 0;
}

const struct exporter exporter_json_containers = {
	.name = "containers",
	.content_type = "application/json",
	.write = containers_write,
};

const struct exporter exporter_json_container = {
	.name = "container",
	.content_type = "application/json",
	.write = container_write,
};

const struct exporter exporter_json_host = {
	.name = "host",
	.content_type = "application/json",
	.write = host_write,
};
