/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parts of docker_stats.c's object: what a container reads, writes, receives and sends. */

#include <stddef.h>

#include "base/json_out.h"
#include "exporters/docker_stats.h"

struct key_cell {
	const char *key;
	enum metric metric;
};

/* Members for the cells that are there. */
void docker_add_cells(struct json_out *json, const struct row *row, const struct key_cell *cells,
		      size_t count);

/* blkio_stats; `row` is NULL for a container that does not run. */
void docker_add_io(struct json_out *json, const struct docker_stats *stats, const struct row *row);

/* networks, if it has any of its own or shares those of another. */
void docker_add_networks(struct json_out *json, const struct docker_stats *stats,
			 const struct row *row);
