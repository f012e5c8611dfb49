/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A sensor turns one source of kernel numbers into cells of a row.
 *
 * Sensors never allocate, never log and never look at each other. A number that the kernel does
 * not offer is left absent: absent is not zero, and every writer shows the difference. Everything
 * is read through the site (site.h), so that a recorded directory tree is a host, too. */

#include <stdbool.h>

#include "model/entity.h"

struct draft;
struct row;
struct site;

/* Limits and settings change rarely; counts that are expensive to take are worth less often. */
enum cadence {
	CADENCE_ROUND, /* every round */
	CADENCE_SLOW,  /* when the container appears, and then every SENSOR_SLOW_NS, staggered */
};
#define SENSOR_SLOW_NS (10 * 1000000000ULL)

struct sensor {
	const char *name;   /* label collector="...", and the name in the configuration file */
	const char *needs;  /* what the host must offer, in words, for the start-up report */
	enum entity entity; /* which rows it samples: ENTITY_CONTAINER or ENTITY_HOST */
	enum cadence cadence;
	bool shows_activity; /* fills METRIC_CPU_USAGE_NS, which stands still while nothing runs */

	/* Returns 0 when this host can serve the sensor, -EOPNOTSUPP when it never will. Called
	 * once, at start, with the site of the root cgroup: a sensor that cannot work costs
	 * nothing afterwards. NULL: always works. */
	int (*probe)(struct site *root);

	/* Fills cells of one row; first makes those absent that it may not be able to fill this
	 * time. Children are made with draft_child. Returns 0 also when cells stay absent (ENOENT,
	 * ENODEV: the controller is off or the cgroup just went away); a negative errno only when
	 * a source that is there cannot be read or understood. For ENTITY_HOST, `row` is the host
	 * row, and `site` the root's. */
	int (*sample)(struct site *site, struct draft *draft, struct row *row);
};

/* Every sensor, in sampling order, NULL at the end. One line in sensors.c adds one. */
extern const struct sensor *const sensors[];
