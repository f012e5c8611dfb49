/* SPDX-License-Identifier: Apache-2.0 */

/* pids on hybrid hosts, from the v1 tree: the same files as in v2 (pids.c); pids.events there came
 * later than in v2. Kernel: Documentation/admin-guide/cgroup-v1/pids.rst. */

#include <errno.h>

#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct value thread_values[] = {
	{ FILE_V1_PIDS_CURRENT, METRIC_THREADS },
};

static int v1_pids_probe(struct site *root)
{
	return site_has_v1(root, HIERARCHY_V1_PIDS, "pids") ? 0 : -EOPNOTSUPP;
}

static int v1_pids_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return values_sample(thread_values, ARRAY_SIZE(thread_values), site, row);
}

const struct sensor sensor_v1_pids = {
	.name = "v1_pids",
	.needs = "a cgroup v1 tree with the pids controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = v1_pids_probe,
	.sample = v1_pids_sample,
};

static const struct value limit_values[] = {
	{ FILE_V1_PIDS_MAX, METRIC_THREADS_MAX, UNLIMITED_ZERO },
};

static const struct field event_rows[] = {
	{ "max", METRIC_PIDS_MAX_EVENTS, 1 },
};
static struct fields event_fields = FIELDS(event_rows);

static int v1_pids_limits_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r;

	(void) draft;
	r = values_sample(limit_values, ARRAY_SIZE(limit_values), site, row);
	return first_error(r, fields_sample(&event_fields, site, FILE_V1_PIDS_EVENTS, row));
}

const struct sensor sensor_v1_pids_limits = {
	.name = "v1_pids_limits",
	.needs = "a cgroup v1 tree with the pids controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = v1_pids_probe,
	.sample = v1_pids_limits_sample,
};
