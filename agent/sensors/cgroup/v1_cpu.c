/* SPDX-License-Identifier: Apache-2.0 */

/* cpu on hybrid hosts: throttling and limits from the v1 tree. Usage comes from the unified tree,
 * as everywhere (cpu.c).
 *
 * Source: cpu.stat (throttled_time and burst_time are in nanoseconds), cpu.cfs_quota_us (-1: none),
 * cpu.cfs_period_us, cpu.shares.
 * Kernel: Documentation/scheduler/sched-bwc.rst; Documentation/admin-guide/cgroup-v1/. */

#include <errno.h>

#include "sensors/cgroup/quota.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct field stat_rows[] = {
	{ "nr_periods", METRIC_CPU_PERIODS, 1 },
	{ "nr_throttled", METRIC_CPU_THROTTLED_PERIODS, 1 },
	{ "throttled_time", METRIC_CPU_THROTTLED_NS, 1 },
	{ "nr_bursts", METRIC_CPU_BURSTS, 1 },
	{ "burst_time", METRIC_CPU_BURST_NS, 1 },
};
static struct fields stat_fields = FIELDS(stat_rows);

static int v1_cpu_probe(struct site *root)
{
	return site_has_v1(root, HIERARCHY_V1_CPU, "cpu") ? 0 : -EOPNOTSUPP;
}

static int v1_cpu_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	if (quota_is_set(row))
		return fields_sample(&stat_fields, site, FILE_V1_CPU_STAT, row);

	fields_clear(&stat_fields, row);
	return 0;
}

const struct sensor sensor_v1_cpu = {
	.name = "v1_cpu",
	.needs = "a cgroup v1 tree with the cpu controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = v1_cpu_probe,
	.sample = v1_cpu_sample,
};

static const struct value share_values[] = {
	{ FILE_V1_CPU_SHARES, METRIC_SPEC_CPU_SHARES },
};

static int v1_cpu_limits_sample(struct site *site, struct draft *draft, struct row *row)
{
	uint64_t quota = PARSE_MAX, period = PARSE_MAX;
	int r, r_period;

	(void) draft;
	r = value_read(site, FILE_V1_CPU_QUOTA, &quota);
	r_period = value_read(site, FILE_V1_CPU_PERIOD, &period);
	quota_fill(row, quota, period);

	r = first_error(site_is_absence(r) ? 0 : r, site_is_absence(r_period) ? 0 : r_period);
	return first_error(r, values_sample(share_values, ARRAY_SIZE(share_values), site, row));
}

const struct sensor sensor_v1_cpu_limits = {
	.name = "v1_cpu_limits",
	.needs = "a cgroup v1 tree with the cpu controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = v1_cpu_probe,
	.sample = v1_cpu_limits_sample,
};
