/* SPDX-License-Identifier: Apache-2.0 */

/* memory on hybrid hosts, from the v1 tree.
 *
 * Source: memory.usage_in_bytes, max_usage_in_bytes, failcnt, kmem.usage_in_bytes, memory.stat (the
 * total_ lines, which count descendants as v2 does), oom_control (oom_kill since 4.13). Limits:
 * limit_in_bytes, memsw.limit_in_bytes (memory and swap together, unlike v2), soft_limit_in_bytes.
 * v1 has no number of failed allocations: container_memory_events_* stay absent, but oom_kill.
 * Kernel: Documentation/admin-guide/cgroup-v1/memory.rst. */

#include <errno.h>

#include "sensors/cgroup/memory.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct field stat_rows[] = {
	{ "total_cache", METRIC_MEMORY_CACHE_BYTES, 1 },
	{ "total_rss", METRIC_MEMORY_RSS_BYTES, 1 },
	{ "total_mapped_file", METRIC_MEMORY_MAPPED_BYTES, 1 },
	{ "total_dirty", METRIC_MEMORY_DIRTY_BYTES, 1 },
	{ "total_writeback", METRIC_MEMORY_WRITEBACK_BYTES, 1 },
	{ "total_workingset_refault_anon", METRIC_MEMORY_REFAULT_ANON, 1 },
	{ "total_workingset_refault_file", METRIC_MEMORY_REFAULT_FILE, 1 },
	{ "total_swap", METRIC_MEMORY_SWAP_BYTES, 1 },
	{ "total_pgfault", METRIC_MEMORY_PGFAULT, 1 },
	{ "total_pgmajfault", METRIC_MEMORY_PGMAJFAULT, 1 },
	{ "total_inactive_file", METRIC_MEMORY_INACTIVE_FILE_BYTES, 1 },
	{ "total_active_file", METRIC_MEMORY_ACTIVE_FILE_BYTES, 1 },
};
static struct fields stat_fields = FIELDS(stat_rows);

static const struct field oom_rows[] = {
	{ "oom_kill", METRIC_MEMORY_EVENTS_OOM_KILL, 1 },
};
static struct fields oom_fields = FIELDS(oom_rows);

static const struct value usage_values[] = {
	{ FILE_V1_MEMORY_USAGE, METRIC_MEMORY_USAGE_BYTES },
	{ FILE_V1_MEMORY_PEAK, METRIC_MEMORY_PEAK_BYTES },
	{ FILE_V1_MEMORY_FAILCNT, METRIC_MEMORY_FAILCNT },
};

static int v1_memory_probe(struct site *root)
{
	return site_has_v1(root, HIERARCHY_V1_MEMORY, "memory") ? 0 : -EOPNOTSUPP;
}

static int v1_memory_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r;

	(void) draft;
	r = fields_sample(&stat_fields, site, FILE_V1_MEMORY_STAT, row);
	r = first_error(r, values_sample(usage_values, ARRAY_SIZE(usage_values), site, row));
	r = first_error(r, fields_sample(&oom_fields, site, FILE_V1_MEMORY_OOM, row));

	memory_working_set_fill(row);
	memory_copy(row, METRIC_MEMORY_EVENTS_OOM_KILL, METRIC_OOM_EVENTS);
	return r;
}

const struct sensor sensor_v1_memory = {
	.name = "v1_memory",
	.needs = "a cgroup v1 tree with the memory controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = v1_memory_probe,
	.sample = v1_memory_sample,
};

static const struct value limit_values[] = {
	{ FILE_V1_MEMORY_LIMIT, METRIC_SPEC_MEMORY_LIMIT_BYTES, UNLIMITED_ZERO },
	{ FILE_V1_MEMORY_SWAP_LIMIT, METRIC_SPEC_MEMORY_SWAP_LIMIT_BYTES, UNLIMITED_ZERO },
	{ FILE_V1_MEMORY_SOFT_LIMIT, METRIC_SPEC_MEMORY_RESERVATION_BYTES, UNLIMITED_ZERO },
	/* No limit, but a file of its own for one number that hardly moves. */
	{ FILE_V1_MEMORY_KERNEL, METRIC_MEMORY_KERNEL_BYTES },
};

static int v1_memory_limits_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r;

	(void) draft;
	r = values_sample(limit_values, ARRAY_SIZE(limit_values), site, row);
	if (site->root)
		r = first_error(r, memory_limit_of_machine(site, row));

	return r;
}

const struct sensor sensor_v1_memory_limits = {
	.name = "v1_memory_limits",
	.needs = "a cgroup v1 tree with the memory controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = v1_memory_probe,
	.sample = v1_memory_limits_sample,
};
