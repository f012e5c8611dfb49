/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* --format: a word (table, json, jsonl, csv), or a template, or "table" and a template, whose tabs
 * then are columns. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "base/text.h"
#include "cli/field.h"
#include "cli/table.h"
#include "cli/template.h"

enum form { FORM_TABLE, FORM_JSON, FORM_JSONL, FORM_CSV, FORM_TEMPLATE };

struct format {
	enum form form;
	struct template
		*template; /* TEMPLATE; TABLE: of its rows, NULL: the command's own columns */
};

#define FORMS_ALL  0xffu
#define FORM(form) (1u << (form))

/* `text` NULL: a table. `forms`: those that the command has; a template is always fine. Returns 0,
 * or -EINVAL with a sentence. */
int format_parse(const char *text, unsigned forms, struct format *ret_format,
		 struct problem *ret_problem);
void format_fini(struct format *format);

/* Also checks the fields of a template against those of a container. */
int format_parse_fields(const char *text, struct format *ret_format, struct problem *ret_problem);

/* Which fields a table or CSV of containers shows. */
struct columns {
	const enum field *fields;
	size_t count;
	size_t key_fields; /* JSON and CSV: the first so many of fields.def */
	bool whole;        /* ids are not cut */
	bool no_titles;    /* CSV: they were written before */
};

/* A table of containers: a row of titles, then one row each. */
int listing_tabulate(const struct listing *listing, const struct columns *columns,
		     const struct format *format, struct table *ret_table,
		     struct problem *ret_problem);

/* Writes a listing in any format. Returns 0 or a negative errno with a sentence. `width` 0: tables
 * are as wide as they need. */
int listing_write(const struct listing *listing, const struct columns *columns,
		  const struct format *format, size_t width, struct text *ret_text,
		  struct problem *ret_problem);

/* A JSON document with a line feed, in one line when `indent` is 0. */
void json_write(const json_t *value, size_t indent, struct text *ret_text);

/* A JSON value through a template, and a line feed. `absent` as in template_scope. */
int template_write(const struct template *template, json_t *value, bool strict,
		   struct text *ret_text, struct problem *ret_problem);
