/* SPDX-License-Identifier: Apache-2.0 */

/* pids: threads of a cgroup, and how often its limit refused one more.
 *
 * Source: pids.current, pids.max, pids.events. The kernel counts tasks, that is threads.
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "PID". */

#include <errno.h>

#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct value thread_values[] = {
	{ FILE_PIDS_CURRENT, METRIC_THREADS },
};

static int pids_probe(struct site *root)
{
	return site_has_controller(root, "pids") ? 0 : -EOPNOTSUPP;
}

static int pids_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return values_sample(thread_values, ARRAY_SIZE(thread_values), site, row);
}

const struct sensor sensor_pids = {
	.name = "pids",
	.needs = "cgroup v2 with the pids controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = pids_probe,
	.sample = pids_sample,
};

static const struct value limit_values[] = {
	{ FILE_PIDS_MAX, METRIC_THREADS_MAX, UNLIMITED_ZERO },
};

static const struct field event_rows[] = {
	{ "max", METRIC_PIDS_MAX_EVENTS, 1 },
};
static struct fields event_fields = FIELDS(event_rows);

static int pids_limits_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r;

	(void) draft;
	r = values_sample(limit_values, ARRAY_SIZE(limit_values), site, row);
	return first_error(r, fields_sample(&event_fields, site, FILE_PIDS_EVENTS, row));
}

const struct sensor sensor_pids_limits = {
	.name = "pids_limits",
	.needs = "cgroup v2 with the pids controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = pids_probe,
	.sample = pids_limits_sample,
};
