/* SPDX-License-Identifier: Apache-2.0 */

/* snapshot: checking and reading a sealed block. */

#include "model/snapshot.h"

#include <errno.h>
#include <string.h>

static bool has_strings(enum entity entity)
{
	return entity == ENTITY_CONTAINER || entity == ENTITY_MACHINE;
}

static bool row_is_sound(const struct snapshot *snapshot, enum entity entity, uint32_t index,
			 const struct row *row)
{
	if (row->entity != (uint32_t) entity || row->index != index)
		return false;
	if (row->parent != ROW_NONE && row->parent >= snapshot->sections[ENTITY_CONTAINER].rows)
		return false;
	if (!has_strings(entity))
		return memchr(row->label, '\0', sizeof(row->label)) != NULL;

	for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
		if (row->strings[i] >= snapshot->strings_length)
			return false;

	return true;
}

static bool section_is_sound(const struct snapshot *snapshot, enum entity entity)
{
	uint64_t offset = snapshot->sections[entity].offset;
	uint64_t rows = snapshot->sections[entity].rows;

	if (snapshot->sections[entity].row_bytes != entity_infos[entity].row_bytes)
		return false;
	if (offset < sizeof(*snapshot) || offset % 8 != 0 || offset > snapshot->length ||
	    rows * entity_infos[entity].row_bytes > snapshot->length - offset)
		return false;

	for (uint32_t i = 0; i < rows; i++) {
		const struct row *row = snapshot_row(snapshot, entity, i);

		if (row && !row_is_sound(snapshot, entity, i, row))
			return false;
	}

	return true;
}

static bool strings_are_sound(const struct snapshot *snapshot)
{
	uint64_t length = snapshot->strings_length;
	const char *end;

	if (snapshot->strings_offset > snapshot->length || length < 3 ||
	    length > snapshot->length - snapshot->strings_offset)
		return false;

	/* Three zeros: no walk over label pairs leaves the area (draft.c). */
	end = (const char *) snapshot + snapshot->strings_offset + length;
	return end[-1] == '\0' && end[-2] == '\0' && end[-3] == '\0';
}

int snapshot_check(const struct snapshot *snapshot, size_t length)
{
	if (length < sizeof(*snapshot) || snapshot->magic != SNAPSHOT_MAGIC)
		return -EBADMSG;
	if (snapshot->table_hash != metric_table_hash())
		return -EPROTO;
	if (snapshot->length > length || !strings_are_sound(snapshot))
		return -EBADMSG;

	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		if (!section_is_sound(snapshot, entity))
			return -EBADMSG;

	return 0;
}

const struct row *snapshot_parent(const struct snapshot *snapshot, const struct row *child)
{
	if (child->parent == ROW_NONE)
		return NULL;
	return snapshot_row(snapshot, ENTITY_CONTAINER, child->parent);
}

const struct row *snapshot_same(const struct snapshot *other, const struct row *row)
{
	enum entity entity = row->entity;
	const struct row *same;

	if (row->index >= snapshot_rows(other, entity))
		return NULL;
	same = snapshot_row(other, entity, row->index);
	if (!same || same->instance != row->instance)
		return NULL;
	if (!has_strings(entity) && strcmp(same->label, row->label) != 0)
		return NULL;

	return same;
}

bool snapshot_label_next(const char **cursor, const char **ret_key, const char **ret_value)
{
	const char *key = *cursor;

	if (key[0] == '\0')
		return false;

	*ret_key = key;
	*ret_value = key + strlen(key) + 1;
	*cursor = *ret_value + strlen(*ret_value) + 1;
	return true;
}
