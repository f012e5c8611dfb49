/* SPDX-License-Identifier: Apache-2.0 */

/* children: lists of rows, as arrays of indexes. */

#include "exporters/children.h"

#include <errno.h>
#include <stdlib.h>

static int make_room(uint32_t **array, size_t *capacity, uint32_t needed)
{
	size_t grown_capacity = (size_t) needed + needed / 4 + 16;
	uint32_t *grown;

	if (needed <= *capacity && *array)
		return 0;
	grown = reallocarray(*array, grown_capacity, sizeof(*grown));
	if (!grown)
		return -ENOMEM;

	*array = grown;
	*capacity = grown_capacity;
	return 0;
}

int children_find(struct children *children, const struct snapshot *snapshot, enum entity entity)
{
	uint32_t parents = snapshot_rows(snapshot, ENTITY_CONTAINER);
	uint32_t rows = snapshot_rows(snapshot, entity);

	if (make_room(&children->first, &children->first_capacity, parents) < 0 ||
	    make_room(&children->next, &children->next_capacity, rows) < 0)
		return -ENOMEM;

	children->entity = entity;
	for (uint32_t i = 0; i < parents; i++)
		children->first[i] = ROW_NONE;
	for (uint32_t i = rows; i-- > 0;) { /* backwards: the lists become forwards */
		const struct row *row = snapshot_row(snapshot, entity, i);

		if (!row || row->parent >= parents)
			continue;
		children->next[i] = children->first[row->parent];
		children->first[row->parent] = i;
	}
	return 0;
}

void children_fini(struct children *children)
{
	free(children->first);
	free(children->next);
	*children = (struct children){ 0 };
}
