/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One container as GET /containers/{id}/stats of the Docker Engine API shows it (cgroup v2 form).
 *
 * What the host does not tell is left out; clients take it for 0. Only what is 0 by definition is
 * written as 0: precpu_stats of a first object, and everything of a container that does not run. */

#include <stdbool.h>
#include <stdint.h>

#include "exporters/children.h"

struct text;

/* What the objects of one round are written from; borrowed. */
struct docker_stats {
	const struct snapshot *now;
	struct children interfaces, devices; /* of `now` */

	/* The number of a block device by its label ("/dev/sda"). Returns false when it is unknown;
	 * then the object has none. May be NULL. */
	bool (*device_number)(const char *label, uint32_t *ret_major, uint32_t *ret_minor,
			      void *userdata);
	void *userdata;
};

/* How clients know it. */
struct docker_who {
	const char *id;
	const char *name; /* without slash */
};

/* Appends one object and a line feed. `row` is of `now`; NULL: it does not run. `before` is where
 * precpu_stats come from; NULL, or without this container: zeros. The text remembers a lack of
 * memory. */
void docker_stats_write(const struct docker_stats *stats, const struct docker_who *who,
			const struct row *row, const struct snapshot *before, struct text *text);
