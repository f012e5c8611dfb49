/* SPDX-License-Identifier: Apache-2.0 */

/* columns: numbers by place into cells. Kernels append columns; those are not asked for. */

#include "sensors/proc/columns.h"

#include <errno.h>

int columns_parse(struct slice line, struct columns *ret_columns)
{
	struct columns columns = { .count = 0 };
	struct slice word;

	while (columns.count < COLUMNS_MAX && word_next(&line, &word))
		if (parse_u64(word, &columns.values[columns.count++]) < 0)
			return -EBADMSG;

	*ret_columns = columns;
	return 0;
}

bool columns_any(const struct columns *columns)
{
	for (unsigned i = 0; i < columns->count; i++)
		if (columns->values[i] > 0)
			return true;

	return false;
}

int columns_fill(const struct columns *columns, const struct column *table, size_t count,
		 struct row *row)
{
	int r = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t value;

		if (table[i].place < columns->count &&
		    !__builtin_mul_overflow(columns->values[table[i].place], table[i].scale,
					    &value)) {
			row_set(row, table[i].metric, value);
			continue;
		}
		row_clear(row, table[i].metric);
		r = -EBADMSG;
	}

	return r;
}
