/* SPDX-License-Identifier: Apache-2.0 */

/* format_list: containers as a table, JSON, CSV, or through a template. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/escape.h"
#include "cli/evaluation.h"
#include "cli/format.h"

#define NAME_MINIMUM   12 /* columns that a name or image keeps in a narrow terminal */
#define TEMPLATE_GAP   3  /* docker's tables: cells of at least ten columns, three between */
#define TEMPLATE_LEAST 10

static void decref_p(json_t **value)
{
	json_decref(*value);
}

/* Everything that a template may ask for. NULL: no memory. */
static json_t *container_object(const struct container *container, bool whole)
{
	json_t *object = json_object();

	for (enum field field = 0; field < FIELD_COUNT; field++)
		if (json_object_set_new(object, field_infos[field].placeholder,
					field_value(field, container, whole)) < 0) {
			json_decref(object);
			return NULL;
		}

	return object;
}

static int add_templated(const struct container *container, const struct template *template,
			 bool whole, struct text *text, struct problem *problem)
{
	CLEANUP(decref_p) json_t *object = container_object(container, whole);
	struct template_scope scope = {
		.dot = object,
		.labels = container->labels,
		.absent = "--",
		.strict = true,
	};

	(void) snprintf(problem->text, sizeof(problem->text), "out of memory");
	return object ? template_run(template, &scope, text, problem) : -ENOMEM;
}

/* One line, with tabs between its cells, as a row; missing cells are empty. */
static void add_line(struct table *table, const char *line, size_t length)
{
	for (size_t i = 0; i < table->count; i++) {
		const char *tab = length > 0 ? memchr(line, '\t', length) : NULL;
		size_t cell = tab && i + 1 < table->count ? (size_t) (tab - line) : length;
		struct text text = { 0 };

		text_add_visible(&text, line,
				 cell); /* no tab or line feed of the last cell's own */
		table_cell(table, text.length > 0 ? text.bytes : "", text.length);
		text_fini(&text);
		line += cell + (tab != NULL && cell < length);
		length -= cell + (tab != NULL && cell < length);
	}
}

static size_t count_cells(const struct text *titles)
{
	size_t count = 1;

	for (size_t i = 0; i < titles->length; i++)
		count += titles->bytes[i] == '\t';
	return count < TABLE_COLUMNS ? count : TABLE_COLUMNS;
}

static int tabulate_template(const struct listing *listing, const struct format *format, bool whole,
			     struct table *table, struct problem *problem)
{
	CLEANUP(text_fini) struct text line = { 0 };
	int r = 0;

	template_titles(format->template, field_title, &line);
	table->count = count_cells(&line);
	table->gap = TEMPLATE_GAP;
	table->least = TEMPLATE_LEAST;
	add_line(table, line.bytes, line.length);
	for (size_t i = 0; r == 0 && i < listing->count; i++) {
		line.length = 0;
		r = add_templated(&listing->items[i], format->template, whole, &line, problem);
		if (r == 0)
			add_line(table, line.bytes, line.length);
	}

	return r;
}

static void tabulate_fields(const struct listing *listing, const struct columns *columns,
			    struct table *table)
{
	CLEANUP(text_fini) struct text cell = { 0 };

	table->count = columns->count;
	for (size_t i = 0; i < columns->count; i++) {
		enum field field = columns->fields[i];

		table->columns[i] = (struct table_column){
			.right = field_is_right(field),
			.priority = field_infos[field].priority,
			.minimum =
				field == FIELD_Name || field == FIELD_Image || field == FIELD_Group
					? NAME_MINIMUM
					: 0,
		};
		table_cell_string(table, field_infos[field].title);
	}
	for (size_t row = 0; row < listing->count; row++)
		for (size_t i = 0; i < columns->count; i++) {
			cell.length = 0;
			field_show(columns->fields[i], &listing->items[row], columns->whole, &cell);
			table_cell(table, cell.bytes, cell.length);
		}
}

int listing_tabulate(const struct listing *listing, const struct columns *columns,
		     const struct format *format, struct table *ret_table,
		     struct problem *ret_problem)
{
	if (format->template)
		return tabulate_template(listing, format, columns->whole, ret_table, ret_problem);
	tabulate_fields(listing, columns, ret_table);
	return 0;
}

static int write_table(const struct listing *listing, const struct columns *columns,
		       const struct format *format, size_t width, struct text *text,
		       struct problem *problem)
{
	CLEANUP(table_fini) struct table table = { 0 };
	int r = listing_tabulate(listing, columns, format, &table, problem);

	if (r < 0)
		return r;
	table_add(&table, width, text);
	text->overflowed |= table.failed;
	return 0;
}

/* Keys and what is known of their values. NULL: no memory. */
static json_t *keyed_object(const struct container *container, size_t fields)
{
	json_t *object = json_object();

	for (enum field field = 0; field < fields; field++) {
		json_t *value = field_infos[field].key ? field_json(field, container) : NULL;

		if (value && json_object_set_new(object, field_infos[field].key, value) < 0) {
			json_decref(object);
			return NULL;
		}
	}

	return object;
}

static int write_json(const struct listing *listing, const struct columns *columns, bool lines,
		      struct text *text)
{
	CLEANUP(decref_p) json_t *array = json_array();

	for (size_t i = 0; i < listing->count; i++) {
		json_t *object = keyed_object(&listing->items[i], columns->key_fields);

		if (object && lines)
			json_write(object, 0, text);
		if (json_array_append_new(array, object) < 0)
			return -ENOMEM;
	}
	if (!lines)
		json_write(array, listing->count > 0 ? 2 : 0, text);

	return 0;
}

/* RFC 4180: quotes around what has a quote, a comma or a line's end in it (there is none after
 * escaping), quotes doubled. */
static void add_csv(struct text *text, const char *value, size_t length)
{
	bool quote = memchr(value, ',', length) || memchr(value, '"', length);

	if (quote)
		TEXT_ADD(text, "\"");
	for (size_t i = 0; i < length; i++) {
		if (value[i] == '"')
			TEXT_ADD(text, "\"");
		text_add(text, value + i, 1);
	}
	if (quote)
		TEXT_ADD(text, "\"");
}

static void add_csv_value(const json_t *value, struct text *text)
{
	CLEANUP(text_fini) struct text cell = { 0 };

	if (json_is_string(value))
		text_add_visible(&cell, json_string_value(value), json_string_length(value));
	else if (value)
		evaluation_add_json(value, 0, &cell);
	if (cell.length > 0)
		add_csv(text, cell.bytes, cell.length);
}

static void write_csv_titles(const struct columns *columns, struct text *text)
{
	bool first = true;

	for (enum field field = 0; field < columns->key_fields; field++) {
		if (!field_infos[field].key)
			continue;
		if (!first)
			TEXT_ADD(text, ",");
		text_add_string(text, field_infos[field].key);
		first = false;
	}
	TEXT_ADD(text, "\n");
}

static void write_csv(const struct listing *listing, const struct columns *columns,
		      struct text *text)
{
	if (!columns->no_titles)
		write_csv_titles(columns, text);
	for (size_t i = 0; i < listing->count; i++) {
		bool first = true;

		for (enum field field = 0; field < columns->key_fields; field++) {
			CLEANUP(decref_p) json_t *value = NULL;

			if (!field_infos[field].key)
				continue;
			value = field_json(field, &listing->items[i]);
			if (!first)
				TEXT_ADD(text, ",");
			add_csv_value(value, text);
			first = false;
		}
		TEXT_ADD(text, "\n");
	}
}

int listing_write(const struct listing *listing, const struct columns *columns,
		  const struct format *format, size_t width, struct text *ret_text,
		  struct problem *ret_problem)
{
	int r = 0;

	(void) snprintf(ret_problem->text, sizeof(ret_problem->text), "out of memory");
	switch (format->form) {
	case FORM_TABLE:
		return write_table(listing, columns, format, width, ret_text, ret_problem);
	case FORM_JSON:
	case FORM_JSONL:
		return write_json(listing, columns, format->form == FORM_JSONL, ret_text);
	case FORM_CSV:
		write_csv(listing, columns, ret_text);
		return 0;
	case FORM_TEMPLATE:
		for (size_t i = 0; r == 0 && i < listing->count; i++) {
			r = add_templated(&listing->items[i], format->template, columns->whole,
					  ret_text, ret_problem);
			TEXT_ADD(ret_text, "\n");
		}
		return r;
	}
	return r;
}
