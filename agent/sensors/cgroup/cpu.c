/* SPDX-License-Identifier: Apache-2.0 */

/* cpu: time that a cgroup's tasks ran, and how often its quota held them back.
 *
 * Source: cpu.stat, cpu.max, cpu.weight. Usage, user and system are in the unified tree with or
 * without the controller, thus on hybrid hosts, too. The throttling lines are there with the
 * controller only, and shown where a quota is set: without one they are zeros that mean nothing.
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "CPU Interface Files". */

#include <errno.h>

#include "base/clock.h"
#include "sensors/cgroup/quota.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

#define CPU_MAX_BYTES 64 /* two numbers of at most 20 digits */

static const struct field stat_rows[] = {
	{ "usage_usec", METRIC_CPU_USAGE_NS, NSEC_PER_USEC },
	{ "user_usec", METRIC_CPU_USER_NS, NSEC_PER_USEC },
	{ "system_usec", METRIC_CPU_SYSTEM_NS, NSEC_PER_USEC },
	{ "nr_periods", METRIC_CPU_PERIODS, 1 },
	{ "nr_throttled", METRIC_CPU_THROTTLED_PERIODS, 1 },
	{ "throttled_usec", METRIC_CPU_THROTTLED_NS, NSEC_PER_USEC },
	{ "nr_bursts", METRIC_CPU_BURSTS, 1 },
	{ "burst_usec", METRIC_CPU_BURST_NS, NSEC_PER_USEC },
};
static struct fields stat_fields = FIELDS(stat_rows);
#define STAT_THROTTLING 3 /* the first of the rows that a quota gives a meaning */

static int cpu_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r;

	(void) draft;
	r = fields_sample(&stat_fields, site, FILE_CPU_STAT, row);
	if (!quota_is_set(row))
		for (size_t i = STAT_THROTTLING; i < ARRAY_SIZE(stat_rows); i++)
			row_clear(row, stat_rows[i].metric);

	return r;
}

const struct sensor sensor_cpu = {
	.name = "cpu",
	.shows_activity = true,
	.needs = "a cgroup v2 tree",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.sample = cpu_sample,
};

/* "QUOTA PERIOD", where the quota may be "max". */
static int max_sample(struct site *site, struct row *row)
{
	struct slice quota, period;
	uint64_t quota_usec, period_usec;
	char text[CPU_MAX_BYTES];
	const char *cursor = text;
	struct slice line;
	ssize_t n;

	quota_fill(row, PARSE_MAX, PARSE_MAX);
	n = site_read(site, FILE_CPU_MAX, text, sizeof(text));
	if (n < 0)
		return site_is_absence(n) ? 0 : (int) n;

	if (!line_next(&cursor, &line) || !word_next(&line, &quota) || !word_next(&line, &period) ||
	    parse_u64(period, &period_usec) < 0)
		return -EBADMSG;
	if (SLICE_IS(quota, "max"))
		quota_usec = PARSE_MAX;
	else if (parse_u64(quota, &quota_usec) < 0)
		return -EBADMSG;

	quota_fill(row, quota_usec, period_usec);
	return 0;
}

/* cpu.shares of v1 as cAdvisor computes it from the weight: the line through 1 -> 2 and 10000 ->
 * 262144. Engines use another curve by now, but dashboards compare this number. */
static int weight_sample(struct site *site, struct row *row)
{
	uint64_t weight;
	int r;

	row_clear(row, METRIC_CPU_WEIGHT);
	row_clear(row, METRIC_SPEC_CPU_SHARES);
	r = value_read(site, FILE_CPU_WEIGHT, &weight);
	if (r < 0)
		return site_is_absence(r) ? 0 : r;
	if (weight > 10000)
		return -EBADMSG;

	row_set(row, METRIC_CPU_WEIGHT, weight);
	if (weight > 0) /* 0 is what cpu.idle makes of it */
		row_set(row, METRIC_SPEC_CPU_SHARES, 2 + (weight - 1) * 262142 / 9999);
	return 0;
}

static int cpu_limits_probe(struct site *root)
{
	return site_has_controller(root, "cpu") ? 0 : -EOPNOTSUPP;
}

static int cpu_limits_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return first_error(max_sample(site, row), weight_sample(site, row));
}

const struct sensor sensor_cpu_limits = {
	.name = "cpu_limits",
	.needs = "cgroup v2 with the cpu controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = cpu_limits_probe,
	.sample = cpu_limits_sample,
};
