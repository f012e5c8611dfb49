/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Every number of one round, sealed: what all writers read.
 *
 * One flat block without pointers; it can be copied, mapped and stored. It begins with this
 * header; then one section of rows for each entity, then the string area.
 *
 *	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i++) {
 *		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);
 *
 *		if (row && row_get(row, METRIC_CPU_USAGE_NS, &value))
 *			...
 *	}
 */

#include <stddef.h>
#include <stdint.h>

#include "model/row.h"

#define SNAPSHOT_MAGIC 0x3130504c494d5350ULL /* "PSMILP01" */

struct snapshot {
	uint64_t magic;
	uint64_t table_hash;  /* metric_table_hash() of the writer */
	uint64_t sequence;    /* number of the round, from 1 */
	uint64_t boottime_ns; /* when the round began, CLOCK_BOOTTIME */
	uint64_t realtime_ns; /* the same moment, since 1970 */
	uint64_t interval_ns;
	uint64_t length; /* of the whole block, bytes */
	uint64_t strings_offset, strings_length;
	struct {
		uint64_t offset;
		uint32_t row_bytes;
		uint32_t rows; /* high-water mark: some may be unused */
	} sections[ENTITY_COUNT];
};

/* Whether `length` bytes are a whole snapshot of this table with all offsets inside.
 * Returns 0, -EPROTO (other table), or -EBADMSG. Nothing else checks bounds afterwards. */
int snapshot_check(const struct snapshot *snapshot, size_t length);

static inline uint32_t snapshot_rows(const struct snapshot *snapshot, enum entity entity)
{
	return snapshot->sections[entity].rows;
}

/* NULL when the row is unused. */
static inline const struct row *snapshot_row(const struct snapshot *snapshot, enum entity entity,
					     uint32_t index)
{
	const struct row *row =
		(const struct row *) ((const char *) snapshot + snapshot->sections[entity].offset +
				      (size_t) index * snapshot->sections[entity].row_bytes);

	return row->live ? row : NULL;
}

/* A string of a container row or of the machine row; "" when unknown. */
static inline const char *snapshot_string(const struct snapshot *snapshot, const struct row *row,
					  enum attribute attribute)
{
	return (const char *) snapshot + snapshot->strings_offset + row->strings[attribute];
}

/* The container row that a child belongs to; NULL when it is gone. */
const struct row *snapshot_parent(const struct snapshot *snapshot, const struct row *child);

/* The row of the same container instance in another snapshot; NULL when it was not there. */
const struct row *snapshot_same(const struct snapshot *other, const struct row *row);

/* Steps through a label attribute: start with *cursor = snapshot_string(..., ATTRIBUTE_LABELS).
 * Returns false at the end. */
bool snapshot_label_next(const char **cursor, const char **ret_key, const char **ret_value);
