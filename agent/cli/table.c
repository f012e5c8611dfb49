/* SPDX-License-Identifier: Apache-2.0 */

/* table: columns that fit. */

#include "cli/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/escape.h"

#define DEFAULT_GAP 2

void table_fini(struct table *table)
{
	text_fini(&table->bytes);
	free(table->ends);
	*table = (struct table){ 0 };
}

static bool make_room(struct table *table)
{
	size_t room = table->room > 0 ? 2 * table->room : 256;
	size_t *ends;

	if (table->cells < table->room)
		return true;
	ends = reallocarray(table->ends, room, sizeof(*ends));
	if (!ends)
		return false;
	table->ends = ends;
	table->room = room;
	return true;
}

void table_cell(struct table *table, const char *bytes, size_t length)
{
	assert(table->count > 0 && table->count <= TABLE_COLUMNS);
	if (table->failed)
		return;
	if (!make_room(table) || !text_reserve(&table->bytes, length)) {
		table->failed = true;
		return;
	}
	text_add(&table->bytes, bytes, length);
	table->ends[table->cells++] = table->bytes.length;
}

void table_cell_string(struct table *table, const char *string)
{
	table_cell(table, string, strlen(string));
}

static const char *cell_at(const struct table *table, size_t row, size_t column, size_t *ret_length)
{
	size_t cell = row * table->count + column;
	size_t start = cell > 0 ? table->ends[cell - 1] : 0;

	*ret_length = table->ends[cell] - start;
	return *ret_length > 0 ? table->bytes.bytes + start : "";
}

static size_t natural_width(const struct table *table, size_t column)
{
	size_t width = 0, length, rows = table_rows(table);

	for (size_t row = 0; row < rows; row++) {
		const char *bytes = cell_at(table, row, column, &length);
		size_t cell = text_width(bytes, length);

		width = cell > width ? cell : width;
	}

	return width;
}

static size_t gap_of(const struct table *table)
{
	return table->gap > 0 ? table->gap : DEFAULT_GAP;
}

static size_t total_width(const struct table *table, const struct table_layout *layout)
{
	size_t total = 0;

	for (size_t i = 0; i < table->count; i++)
		if (layout->shown[i])
			total += (total > 0 ? gap_of(table) : 0) + layout->widths[i];

	return total;
}

/* Takes up to `excess` columns off the widest elastic column. Returns what it took. */
static size_t squeeze(const struct table *table, struct table_layout *layout, size_t excess)
{
	size_t best = table->count, slack = 0;

	for (size_t i = 0; i < table->count; i++) {
		size_t minimum = table->columns[i].minimum;

		if (!layout->shown[i] || minimum == 0 || layout->widths[i] <= minimum)
			continue;
		if (layout->widths[i] - minimum > slack) {
			slack = layout->widths[i] - minimum;
			best = i;
		}
	}
	if (best == table->count)
		return 0;

	slack = slack < excess ? slack : excess;
	layout->widths[best] -= slack;
	return slack;
}

static bool leave_one_out(const struct table *table, struct table_layout *layout)
{
	size_t worst = table->count;

	for (size_t i = 0; i < table->count; i++)
		if (layout->shown[i] && table->columns[i].priority > 0 &&
		    (worst == table->count ||
		     table->columns[i].priority >= table->columns[worst].priority))
			worst = i;
	if (worst == table->count)
		return false;

	layout->shown[worst] = false;
	return true;
}

/* Elastic columns that were cut grow again into what is left. */
static void stretch(const struct table *table, const size_t *natural, struct table_layout *layout)
{
	for (size_t i = 0; i < table->count; i++) {
		size_t total = total_width(table, layout);
		size_t more = natural[i] - layout->widths[i];

		if (!layout->shown[i] || total >= layout->width)
			continue;
		layout->widths[i] += more < layout->width - total ? more : layout->width - total;
	}
}

void table_lay_out(const struct table *table, size_t width, struct table_layout *ret_layout)
{
	struct table_layout layout = { .width = width };
	size_t natural[TABLE_COLUMNS];

	for (size_t i = 0; i < table->count; i++) {
		layout.shown[i] = true;
		natural[i] = natural_width(table, i);
		if (i + 1 < table->count && natural[i] + gap_of(table) < table->least)
			natural[i] = table->least - gap_of(table);
		layout.widths[i] = natural[i];
	}

	while (width > 0) {
		size_t total = total_width(table, &layout);

		if (total <= width ||
		    (squeeze(table, &layout, total - width) == 0 && !leave_one_out(table, &layout)))
			break;
	}
	if (width > 0)
		stretch(table, natural, &layout);

	*ret_layout = layout;
}

static void add_blanks(struct text *text, size_t count)
{
	for (; count > 0; count--)
		TEXT_ADD(text, " ");
}

void table_add_row(const struct table *table, const struct table_layout *layout, size_t row,
		   struct text *ret_text)
{
	size_t at = 0, start = 0, length; /* columns written; where the next cell begins */

	for (size_t i = 0; i < table->count; i++) {
		const char *bytes = cell_at(table, row, i, &length);
		size_t width = text_width(bytes, length), indent = 0;
		size_t room = layout->widths[i];

		if (!layout->shown[i])
			continue;
		if (layout->width > 0 && start + room > layout->width)
			room = layout->width > start ? layout->width - start : 0;
		if (table->columns[i].right && width < room)
			indent = room - width;
		if (length > 0 && room > 0) {
			add_blanks(ret_text, start + indent - at);
			at = start + indent + text_add_cut(ret_text, bytes, length, room);
		}
		start += layout->widths[i] + gap_of(table);
	}
}

void table_add(const struct table *table, size_t width, struct text *ret_text)
{
	struct table_layout layout;

	table_lay_out(table, width, &layout);
	for (size_t row = 0; row < table_rows(table); row++) {
		table_add_row(table, &layout, row, ret_text);
		TEXT_ADD(ret_text, "\n");
	}
}
