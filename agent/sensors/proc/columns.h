/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Lines of numbers whose meaning is their place, as in /proc/diskstats, net/dev and stat. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"
#include "model/row.h"

#define COLUMNS_MAX 24 /* diskstats has 17 behind the name today */

struct column {
	unsigned place; /* from 0 */
	enum metric metric;
	uint64_t scale; /* from the kernel's unit to ours */
};

struct columns {
	unsigned count;
	uint64_t values[COLUMNS_MAX];
};

/* Takes the numbers up to the line's end. Returns 0, or -EBADMSG when one is no number that fits.
 */
int columns_parse(struct slice line, struct columns *ret_columns);

/* Whether one is not 0. */
bool columns_any(const struct columns *columns);

/* Fills the table's cells. Returns 0, or -EBADMSG when a column is not there, or too large to be
 * expressed in our unit; that cell becomes absent. */
int columns_fill(const struct columns *columns, const struct column *table, size_t count,
		 struct row *row);
