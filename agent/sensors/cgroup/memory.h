/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What v1 and v2 derive from their memory cells in the same way. */

#include "model/row.h"

struct site;

/* Usage without inactive page cache, which the kernel gives back without effort; absent when one
 * of the two is. */
static inline void memory_working_set_fill(struct row *row)
{
	uint64_t usage, inactive;

	row_clear(row, METRIC_MEMORY_WORKING_SET_BYTES);
	if (row_get(row, METRIC_MEMORY_USAGE_BYTES, &usage) &&
	    row_get(row, METRIC_MEMORY_INACTIVE_FILE_BYTES, &inactive))
		row_set(row, METRIC_MEMORY_WORKING_SET_BYTES,
			usage > inactive ? usage - inactive : 0);
}

/* One kernel number under two names. */
static inline void memory_copy(struct row *row, enum metric from, enum metric to)
{
	uint64_t value;

	if (row_get(row, from, &value))
		row_set(row, to, value);
	else
		row_clear(row, to);
}

/* The root cgroup's limit is what the machine has. */
int memory_limit_of_machine(struct site *root, struct row *row);
