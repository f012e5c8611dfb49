/* SPDX-License-Identifier: Apache-2.0 */

/* json_out: JSON as it is written. */

#include "base/json_out.h"

#include <assert.h>
#include <math.h>

/* '<' too, so that a document pasted into a page cannot open a tag. */
static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7f;
}

static void add_escaped(struct text *text, const char *value)
{
	TEXT_ADD(text, "\"");
	while (*value) {
		const char *plain = value;

		while (is_plain((unsigned char) *value))
			value++;
		text_add(text, plain, (size_t) (value - plain));
		if (*value == '"' || *value == '\\')
			text_add(text, (const char[]){ '\\', *value++ }, 2);
		else if (*value)
			text_add_format(text, "\\u%04x", (unsigned char) *value++);
	}
	TEXT_ADD(text, "\"");
}

static void add_key(struct json_out *json, const char *key)
{
	if (json->depth > 0) {
		if (json->has_member[json->depth - 1])
			TEXT_ADD(json->text, ",");
		json->has_member[json->depth - 1] = true;
	}
	if (key) {
		TEXT_ADD(json->text, "\"");
		text_add_string(json->text, key);
		TEXT_ADD(json->text, "\":");
	}
}

void json_open(struct json_out *json, const char *key, char bracket)
{
	assert(json->depth < JSON_DEPTH);
	add_key(json, key);
	text_add(json->text, &bracket, 1);
	json->has_member[json->depth++] = false;
}

void json_close(struct json_out *json, char bracket)
{
	assert(json->depth > 0);
	json->depth--;
	text_add(json->text, &bracket, 1);
}

void json_text(struct json_out *json, const char *key, const char *value)
{
	add_key(json, key);
	add_escaped(json->text, value);
}

void json_u64(struct json_out *json, const char *key, uint64_t value)
{
	add_key(json, key);
	text_add_u64(json->text, value);
}

void json_i64(struct json_out *json, const char *key, int64_t value)
{
	add_key(json, key);
	text_add_i64(json->text, value);
}

void json_nano(struct json_out *json, const char *key, uint64_t value)
{
	add_key(json, key);
	text_add_nano(json->text, value);
}

void json_double(struct json_out *json, const char *key, double value)
{
	add_key(json, key);
	if (isfinite(value))
		text_add_format(json->text, "%.6g", value);
	else
		TEXT_ADD(json->text, "null");
}

void json_bool(struct json_out *json, const char *key, bool value)
{
	add_key(json, key);
	text_add_string(json->text, value ? "true" : "false");
}

void json_nothing(struct json_out *json, const char *key)
{
	add_key(json, key);
	TEXT_ADD(json->text, "null");
}

void json_key(struct json_out *json, const char *foreign_key)
{
	assert(json->depth > 0);
	add_key(json, NULL);
	add_escaped(json->text, foreign_key);
	TEXT_ADD(json->text, ":");
	json->has_member[json->depth - 1] = false; /* the value takes no comma */
}

void json_member_text(struct json_out *json, const char *foreign_key, const char *value)
{
	add_key(json, NULL);
	add_escaped(json->text, foreign_key);
	TEXT_ADD(json->text, ":");
	add_escaped(json->text, value);
}
