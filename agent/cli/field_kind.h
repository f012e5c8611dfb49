/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Kinds of fields: how they print, and what they are in JSON. */

#include <stdbool.h>

#include "cli/field.h"

struct text;

/* Appends text for people, not escaped. Returns false, with nothing appended, when unknown. */
typedef bool (*field_print)(const struct field_info *info, const struct container *container,
			    struct text *text);

/* Three ways in which fields become JSON. */
enum value_form { VALUE_TEXT, VALUE_INTEGER, VALUE_REAL };

struct field_kind {
	field_print print;
	enum value_form form; /* of JSON, and of what templates see */
	const char *unknown;  /* in templates; NULL: null */
	bool right;
	bool is_id;     /* shown short */
	bool is_labels; /* an object in JSON */
};
