/* SPDX-License-Identifier: Apache-2.0 */

/* cgroup: whether a cgroup has processes, is frozen, and how many cgroups are below it.
 *
 * Source: cgroup.events (not in the root), cgroup.stat. "frozen" is the state that was reached;
 * cgroup.freeze, which is not read, only says which was asked for.
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "Core Interface Files". */

#include "sensors/fields.h"
#include "sensors/sensor.h"

static const struct field event_rows[] = {
	{ "populated", METRIC_POPULATED, 1 },
	{ "frozen", METRIC_FROZEN, 1 },
};
static struct fields event_fields = FIELDS(event_rows);

static const struct field stat_rows[] = {
	{ "nr_descendants", METRIC_DESCENDANTS, 1 },
	{ "nr_dying_descendants", METRIC_DYING_DESCENDANTS, 1 },
};
static struct fields stat_fields = FIELDS(stat_rows);

static int state_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return fields_sample(&event_fields, site, FILE_CGROUP_EVENTS, row);
}

const struct sensor sensor_state = {
	.name = "state",
	.needs = "a cgroup v2 tree",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.sample = state_sample,
};

static int descendants_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return fields_sample(&stat_fields, site, FILE_CGROUP_STAT, row);
}

const struct sensor sensor_descendants = {
	.name = "descendants",
	.needs = "a cgroup v2 tree",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.sample = descendants_sample,
};
