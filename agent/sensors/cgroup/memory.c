/* SPDX-License-Identifier: Apache-2.0 */

/* memory: what a cgroup uses, how it is made up, and how often it hit its limits.
 *
 * Source: memory.current, memory.stat, memory.swap.current, memory.peak (5.19), memory.events. The
 * root cgroup has memory.stat only: its usage is the anonymous memory and the page cache together,
 * as cAdvisor counts it. "kernel" in memory.stat came with 5.18.
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "Memory Interface Files". */

#include "sensors/cgroup/memory.h"

#include <errno.h>

#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct field stat_rows[] = {
	{ "anon", METRIC_MEMORY_RSS_BYTES, 1 },
	{ "file", METRIC_MEMORY_CACHE_BYTES, 1 },
	{ "kernel", METRIC_MEMORY_KERNEL_BYTES, 1 },
	{ "file_mapped", METRIC_MEMORY_MAPPED_BYTES, 1 },
	{ "file_dirty", METRIC_MEMORY_DIRTY_BYTES, 1 },
	{ "file_writeback", METRIC_MEMORY_WRITEBACK_BYTES, 1 },
	{ "inactive_file", METRIC_MEMORY_INACTIVE_FILE_BYTES, 1 },
	{ "active_file", METRIC_MEMORY_ACTIVE_FILE_BYTES, 1 },
	{ "workingset_refault_anon", METRIC_MEMORY_REFAULT_ANON, 1 },
	{ "workingset_refault_file", METRIC_MEMORY_REFAULT_FILE, 1 },
	{ "pgscan", METRIC_MEMORY_PGSCAN, 1 },
	{ "pgsteal", METRIC_MEMORY_PGSTEAL, 1 },
	{ "pgfault", METRIC_MEMORY_PGFAULT, 1 },
	{ "pgmajfault", METRIC_MEMORY_PGMAJFAULT, 1 },
};
static struct fields stat_fields = FIELDS(stat_rows);

static const struct field event_rows[] = {
	{ "low", METRIC_MEMORY_EVENTS_LOW, 1 },
	{ "high", METRIC_MEMORY_EVENTS_HIGH, 1 },
	{ "max", METRIC_MEMORY_EVENTS_MAX, 1 },
	{ "oom", METRIC_MEMORY_EVENTS_OOM, 1 },
	{ "oom_kill", METRIC_MEMORY_EVENTS_OOM_KILL, 1 },
	{ "oom_group_kill", METRIC_MEMORY_EVENTS_OOM_GROUP_KILL, 1 },
};
static struct fields event_fields = FIELDS(event_rows);

static const struct value usage_values[] = {
	{ FILE_MEMORY_CURRENT, METRIC_MEMORY_USAGE_BYTES },
	{ FILE_MEMORY_SWAP_CURRENT, METRIC_MEMORY_SWAP_BYTES },
	{ FILE_MEMORY_PEAK, METRIC_MEMORY_PEAK_BYTES },
};

static void root_usage_fill(struct row *row)
{
	uint64_t anon, file, usage;

	if (row_get(row, METRIC_MEMORY_RSS_BYTES, &anon) &&
	    row_get(row, METRIC_MEMORY_CACHE_BYTES, &file) &&
	    !__builtin_add_overflow(anon, file, &usage))
		row_set(row, METRIC_MEMORY_USAGE_BYTES, usage);
}

static int memory_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r;

	(void) draft;
	r = fields_sample(&stat_fields, site, FILE_MEMORY_STAT, row);
	r = first_error(r, values_sample(usage_values, ARRAY_SIZE(usage_values), site, row));
	r = first_error(r, fields_sample(&event_fields, site, FILE_MEMORY_EVENTS, row));

	if (site->root)
		root_usage_fill(row);
	memory_working_set_fill(row);
	memory_copy(row, METRIC_MEMORY_EVENTS_MAX, METRIC_MEMORY_FAILCNT);
	memory_copy(row, METRIC_MEMORY_EVENTS_OOM_KILL, METRIC_OOM_EVENTS);
	return r;
}

static int memory_probe(struct site *root)
{
	return site_has_controller(root, "memory") ? 0 : -EOPNOTSUPP;
}

const struct sensor sensor_memory = {
	.name = "memory",
	.needs = "cgroup v2 with the memory controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = memory_probe,
	.sample = memory_sample,
};

static const struct value limit_values[] = {
	{ FILE_MEMORY_MAX, METRIC_SPEC_MEMORY_LIMIT_BYTES, UNLIMITED_ZERO },
	{ FILE_MEMORY_SWAP_MAX, METRIC_SPEC_MEMORY_SWAP_LIMIT_BYTES, UNLIMITED_ZERO },
	{ FILE_MEMORY_MIN, METRIC_SPEC_MEMORY_RESERVATION_BYTES },
	{ FILE_MEMORY_MIN, METRIC_MEMORY_MIN_BYTES, .zero_absent = true },
	{ FILE_MEMORY_LOW, METRIC_MEMORY_LOW_BYTES, .zero_absent = true },
	{ FILE_MEMORY_HIGH, METRIC_MEMORY_HIGH_BYTES },
};

static const struct field machine_rows[] = {
	{ "MemTotal:", METRIC_SPEC_MEMORY_LIMIT_BYTES, 1024 },
};
static struct fields machine_fields = FIELDS(machine_rows);

int memory_limit_of_machine(struct site *root, struct row *row)
{
	return fields_sample(&machine_fields, root, FILE_HOST_MEMINFO, row);
}

static int memory_limits_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r;

	(void) draft;
	r = values_sample(limit_values, ARRAY_SIZE(limit_values), site, row);
	if (site->root)
		r = first_error(r, memory_limit_of_machine(site, row));

	return r;
}

const struct sensor sensor_memory_limits = {
	.name = "memory_limits",
	.needs = "cgroup v2 with the memory controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = memory_probe,
	.sample = memory_limits_sample,
};
