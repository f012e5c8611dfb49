/* SPDX-License-Identifier: Apache-2.0 */

/* v1_state: whether a container is frozen by the v1 freezer, which runc still uses on hybrid hosts
 * to pause. The unified tree knows nothing of it: there `frozen` stays 0 meanwhile.
 *
 * Source: freezer.state, "THAWED", "FREEZING" or "FROZEN"; not in the root.
 * Kernel: Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst. */

#include <errno.h>
#include <string.h>

#include "model/row.h"
#include "sensors/sensor.h"
#include "sensors/site.h"

#define STATE_BYTES 16 /* the longest word and its line's end */

static int v1_state_probe(struct site *root)
{
	return site_has_v1(root, HIERARCHY_V1_FREEZER, "freezer") ? 0 : -EOPNOTSUPP;
}

/* Runs after `state`, and only ever turns 0 into 1: either freezer stops the container. */
static int v1_state_sample(struct site *site, struct draft *draft, struct row *row)
{
	char text[STATE_BYTES];
	ssize_t length = site_read(site, FILE_V1_FREEZER_STATE, text, sizeof(text));

	(void) draft;
	if (site_is_absence(length))
		return 0;
	if (length < 0)
		return (int) length;
	if (strcmp(text, "FROZEN\n") == 0)
		row_set(row, METRIC_FROZEN, 1);
	return 0;
}

const struct sensor sensor_v1_state = {
	.name = "v1_state",
	.needs = "a cgroup v1 tree with the freezer controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = v1_state_probe,
	.sample = v1_state_sample,
};
