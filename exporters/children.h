/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which rows of an entity belong to which container, found in one pass: for who writes about one
 * container after another.
 *
 *	for (uint32_t i = children->first[row->index]; i != ROW_NONE; i = children->next[i])
 *		child = snapshot_row(snapshot, children->entity, i); */

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

struct children {
	enum entity entity;
	uint32_t *first; /* by index of the container row; ROW_NONE: it has none */
	uint32_t *next;  /* by index of the child row, in their order */
	size_t first_capacity, next_capacity;
};

/* Fills an empty one, or one that was filled before. Returns 0, or -ENOMEM; then it is as before.
 */
int children_find(struct children *children, const struct snapshot *snapshot, enum entity entity);
void children_fini(struct children *children);
