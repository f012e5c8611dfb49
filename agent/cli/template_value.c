/* SPDX-License-Identifier: Apache-2.0 */

/* template_value: JSON values as a template sees and prints them. */

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/escape.h"
#include "cli/evaluation.h"

bool evaluation_holds(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return json_object_size(value) > 0;
	case JSON_ARRAY:
		return json_array_size(value) > 0;
	case JSON_STRING:
		return json_string_length(value) > 0;
	case JSON_INTEGER:
		return json_integer_value(value) != 0;
	case JSON_REAL:
		return json_real_value(value) < 0 || json_real_value(value) > 0;
	default:
		return json_is_true(value);
	}
}

static int on_json(const char *bytes, size_t length, void *userdata)
{
	text_add(userdata, bytes, length);
	return 0;
}

void evaluation_add_json(const json_t *value, size_t indent, struct text *ret_text)
{
	CLEANUP(text_fini) struct text raw = { .limit = 2 * EVALUATION_BYTES };
	size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) |
		       (indent > 0 ? JSON_INDENT(indent) : JSON_COMPACT);

	if (json_dump_callback(value, on_json, &raw, flags) < 0 || raw.overflowed)
		ret_text->overflowed = true;
	else
		text_add_visible_json(ret_text, raw.bytes, raw.length);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

const char **evaluation_keys(json_t *object)
{
	const char **keys = calloc(json_object_size(object) + 1, sizeof(*keys)), *key;
	size_t count = 0;
	json_t *value;

	if (!keys)
		return NULL;
	json_object_foreach (object, key, value)
		keys[count++] = key;
	qsort(keys, count, sizeof(*keys), compare_keys);
	return keys;
}

static void add_object(const json_t *object, struct text *text)
{
	CLEANUP(free_p) const char **keys = evaluation_keys((json_t *) object);

	TEXT_ADD(text, "map[");
	for (size_t i = 0; keys && keys[i]; i++) {
		if (i > 0)
			TEXT_ADD(text, " ");
		text_add_string(text, keys[i]);
		TEXT_ADD(text, ":");
		evaluation_add_raw(json_object_get(object, keys[i]), text);
	}
	TEXT_ADD(text, "]");
}

static void add_array(const json_t *array, struct text *text)
{
	json_t *item;
	size_t i;

	TEXT_ADD(text, "[");
	json_array_foreach (array, i, item) {
		if (i > 0)
			TEXT_ADD(text, " ");
		evaluation_add_raw(item, text);
	}
	TEXT_ADD(text, "]");
}

void evaluation_add_raw(const json_t *value, struct text *ret_text)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		add_object(value, ret_text);
		break;
	case JSON_ARRAY:
		add_array(value, ret_text);
		break;
	case JSON_STRING:
		text_add(ret_text, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		text_add_i64(ret_text, json_integer_value(value));
		break;
	case JSON_REAL:
		text_add_format(ret_text, "%.15g", json_real_value(value));
		break;
	case JSON_NULL:
		TEXT_ADD(ret_text, "<no value>");
		break;
	default:
		text_add_string(ret_text, json_is_true(value) ? "true" : "false");
	}
}
