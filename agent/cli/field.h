/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The fields of a container, from fields.def: as a placeholder of a template, as a number or text
 * of JSON, and as a cell of a table. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "cli/container.h"
#include "cli/session.h"

struct text;
struct field_kind;

/* FIELDS_PS: so many of the first fields tell what a container is; the rest, what it uses. */
enum field {
#define FIELD(placeholder, ...) FIELD_##placeholder,
#define FIELDS_OF_PS            FIELDS_PS, FIELDS_PS_LAST = FIELDS_PS - 1,
#include "cli/fields.def"
	FIELD_COUNT,
};

struct field_info {
	const char *placeholder, *key, *title;
	const struct field_kind *kind;
	int first, second;
	unsigned priority;
	const char *help;
};

extern const struct field_info field_infos[FIELD_COUNT];

/* A placeholder's name, without dot; FIELD_COUNT: there is none of this name. */
enum field field_find(const char *placeholder);

/* For struct command: all placeholders. */
bool field_placeholder(size_t index, const char **ret_name, const char **ret_help);

/* For template_check and template_titles; "Label" is one, too. */
bool field_known(const char *placeholder);
const char *field_title(const char *placeholder);

/* Aligned at the right: numbers. */
bool field_is_right(enum field field);

/* What a template sees: docker's fields are texts, "--" when unknown; ours are numbers and texts,
 * null when unknown. A new reference, or NULL: no memory. */
json_t *field_value(enum field field, const struct container *container, bool whole);

/* What JSON says, for fields with a key; NULL: unknown. */
json_t *field_json(enum field field, const struct container *container);

/* Visible text for people: units, "-" when unknown. `whole`: ids are not cut. */
void field_show(enum field field, const struct container *container, bool whole,
		struct text *ret_text);

/* How its state is to be coloured. */
enum style container_style(const struct container *container);
