/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Cells in columns. Cells are visible text (escape.h) and are copied in; widths are columns of a
 * terminal, not bytes.
 *
 * With a width to fit in, elastic columns give way first, then the least important columns are left
 * out, then lines are cut: a table never wraps. */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define TABLE_COLUMNS 48

struct table_column {
	bool right;        /* aligned at the right: numbers */
	unsigned minimum;  /* an elastic column is not cut below this; 0: not elastic */
	unsigned priority; /* 0: never left out; the highest goes first */
};

struct table {
	struct table_column columns[TABLE_COLUMNS];
	size_t count;
	unsigned gap;       /* blanks between columns; 0: 2 */
	unsigned least;     /* a column but the last is at least so wide, gap included */
	struct text bytes;  /* of all cells */
	size_t *ends;       /* end of each cell in bytes; row by row */
	size_t cells, room; /* used, allocated */
	bool failed;        /* no memory: what follows is dropped */
};

void table_fini(struct table *table);

/* Appends a cell; after `count` of them a new row begins. */
void table_cell(struct table *table, const char *bytes, size_t length);
void table_cell_string(struct table *table, const char *string);

static inline size_t table_rows(const struct table *table)
{
	return table->count > 0 ? table->cells / table->count : 0;
}

struct table_layout {
	bool shown[TABLE_COLUMNS];
	size_t widths[TABLE_COLUMNS];
	size_t width; /* of a line; 0: no bound */
};

/* Widths for all rows. `width` 0: as wide as it needs. */
void table_lay_out(const struct table *table, size_t width, struct table_layout *ret_layout);

/* Appends one row, without a line feed and without blanks at its end. */
void table_add_row(const struct table *table, const struct table_layout *layout, size_t row,
		   struct text *ret_text);

/* Every row as a line. */
void table_add(const struct table *table, size_t width, struct text *ret_text);
