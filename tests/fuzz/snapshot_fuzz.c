/* SPDX-License-Identifier: Apache-2.0 */

/* Blocks that no writer of ours made. What snapshot_check accepts has to be safe for everything
 * that writers do with a snapshot; the block is in memory of its exact size.
 *
 * The first byte chooses how the rest is used: 'r', as the block itself, of which only magic and
 * table hash are set right; else as changes to a block that was right: two bytes offset, four
 * bytes value, again and again. Neither depends on the metric table, so the corpus does not age. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/draft.h"
#include "model/snapshot.h"

#define CHANGE_BYTES 6

static volatile uint64_t sink; /* so that no read is left out */

static void walk_row(const struct snapshot *snapshot, const struct row *row)
{
	const struct entity_info *info = &entity_infos[row->entity];
	const char *cursor, *key, *text;
	uint64_t value;

	sink += snapshot_parent(snapshot, row) != NULL;
	sink += snapshot_same(snapshot, row) != NULL;
	for (enum metric metric = info->first; metric < info->end; metric++)
		if (row_get(row, metric, &value))
			sink += value;
	if (row->entity != ENTITY_CONTAINER && row->entity != ENTITY_MACHINE) {
		sink += strlen(row->label);
		return;
	}

	for (enum attribute i = 0; i < ATTRIBUTE_COUNT; i++) {
		cursor = snapshot_string(snapshot, row, i);
		sink += strlen(cursor);
		while (snapshot_label_next(&cursor, &key, &text))
			sink += strlen(key) + strlen(text);
	}
}

static void walk(const struct snapshot *snapshot)
{
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		for (uint32_t i = 0; i < snapshot_rows(snapshot, entity); i++) {
			const struct row *row = snapshot_row(snapshot, entity, i);

			if (row)
				walk_row(snapshot, row);
		}
}

static void populate(struct draft *draft)
{
	static const char labels[] = "team\0core\0tier\0\0"; /* and the empty key */

	draft_begin(draft, 1, 2, 3);
	for (unsigned i = 0; i < 3; i++) {
		struct row *row = draft_take(draft, ENTITY_CONTAINER);

		row->instance = i;
		row_set(row, METRIC_CPU_USAGE_NS, i);
		(void) draft_child(draft, row, ENTITY_DEVICE, "/dev/sda"); /* there is room */
		(void) draft_child(draft, row, ENTITY_INTERFACE, "eth0");
		draft_string(draft, row, ATTRIBUTE_NAME, "name");
		draft_labels(draft, row, ATTRIBUTE_LABELS, labels, sizeof(labels));
	}
	(void) draft_labelled(draft, ENTITY_DISK, "/dev/sda");
}

/* A block that is right; the caller frees it. */
static struct snapshot *whole(size_t *ret_length)
{
	struct draft_limits limits = draft_limits_for(4);
	struct snapshot *snapshot;
	struct draft *draft;

	if (draft_new(&limits, &draft) < 0)
		abort();
	populate(draft);
	snapshot = malloc(draft_bytes(draft));
	if (!snapshot)
		abort();
	*ret_length = draft_write(draft, snapshot);
	draft_free(draft);

	return snapshot;
}

static struct snapshot *changed(const uint8_t *data, size_t size, size_t *ret_length)
{
	struct snapshot *snapshot = whole(ret_length);

	for (; size >= CHANGE_BYTES; data += CHANGE_BYTES, size -= CHANGE_BYTES) {
		size_t offset = (data[0] | (size_t) data[1] << 8) % (*ret_length - 3);

		memcpy((char *) snapshot + offset, data + 2, CHANGE_BYTES - 2);
	}

	return snapshot;
}

static struct snapshot *raw(const uint8_t *data, size_t size, size_t *ret_length)
{
	struct snapshot *snapshot = calloc(1, size + (size == 0));

	if (!snapshot)
		abort();
	memcpy(snapshot, data, size);
	if (size >= sizeof(*snapshot)) {
		snapshot->magic = SNAPSHOT_MAGIC;
		snapshot->table_hash = metric_table_hash();
	}
	*ret_length = size;

	return snapshot;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot *snapshot;
	size_t length;

	if (size == 0)
		return 0;

	snapshot = data[0] == 'r' ? raw(data + 1, size - 1, &length)
				  : changed(data + 1, size - 1, &length);
	if (snapshot_check(snapshot, length) == 0)
		walk(snapshot);

	free(snapshot);
	return 0;
}
