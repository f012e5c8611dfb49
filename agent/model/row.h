/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One row: identity, and cells that are either a number or absent. Absent is not zero.
 *
 * Rows live in a draft (written) or in a snapshot (read only); the layout is the same, so that
 * publishing is a copy. Sensors use row_set and row_clear only. */

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/metric.h"

#define ROW_LABEL_BYTES \
	48 /* "/dev/" and DISK_NAME_LEN (32), interface names (16), sensor names \
	    */
#define ROW_NONE UINT32_MAX

struct row {
	uint64_t instance; /* container: cgroup id, the inode of its directory; else 0 */
	uint32_t live;     /* 0: unused, to be skipped */
	uint32_t entity;   /* enum entity */
	uint32_t index;    /* of this row within its entity's section */
	uint32_t parent;   /* child: index of its container row; else ROW_NONE */
	uint32_t next;     /* container: its first child; child: the next one. Draft only */
	uint32_t touched;  /* child: round in which it was last seen. Draft only */
	union {
		char label[ROW_LABEL_BYTES];       /* every entity but container and machine */
		uint32_t strings[ATTRIBUTE_COUNT]; /* offsets into the snapshot's string area */
	};
	uint64_t words[]; /* presence bits, then cells */
};

static inline bool row_has(const struct row *row, enum metric metric)
{
	unsigned index = metric_infos[metric].index;

	return row->words[index / 64] >> (index % 64) & 1;
}

static inline uint64_t *row_cell(struct row *row, enum metric metric)
{
	assert(row->entity == metric_infos[metric].entity);
	return &row->words[metric_infos[metric].word];
}

static inline void row_set(struct row *row, enum metric metric, uint64_t value)
{
	unsigned index = metric_infos[metric].index;

	row->words[index / 64] |= 1ULL << (index % 64);
	*row_cell(row, metric) = value;
}

static inline void row_clear(struct row *row, enum metric metric)
{
	unsigned index = metric_infos[metric].index;

	row->words[index / 64] &= ~(1ULL << (index % 64));
}

/* Returns false, with ret_value untouched, when the cell is absent. */
static inline bool row_get(const struct row *row, enum metric metric, uint64_t *ret_value)
{
	if (!row_has(row, metric))
		return false;
	*ret_value = row->words[metric_infos[metric].word];
	return true;
}

/* Every cell becomes absent; identity stays. */
void row_clear_all(struct row *row);
