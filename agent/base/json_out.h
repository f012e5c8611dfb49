/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Streaming JSON into a text (RFC 8259). Commas and nesting are kept track of, so that writers
 * read like the document. jansson is for reading only: building a tree for each answer would
 * cost more than the answer. Keys are our own literals; values are escaped. */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define JSON_DEPTH 16

struct json_out {
	struct text *text;
	unsigned depth;
	bool has_member[JSON_DEPTH];
};

/* `key` is NULL inside of an array and for the outermost value. */
void json_open(struct json_out *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json_out *json, char bracket);                 /* '}' or ']' */
void json_text(struct json_out *json, const char *key, const char *value);
void json_u64(struct json_out *json, const char *key, uint64_t value);
void json_i64(struct json_out *json, const char *key, int64_t value);
void json_nano(struct json_out *json, const char *key, uint64_t value); /* value / 10^9 */
void json_double(struct json_out *json, const char *key, double value); /* null when not finite */
void json_bool(struct json_out *json, const char *key, bool value);
void json_nothing(struct json_out *json, const char *key); /* null */

/* A key that comes from outside, escaped like a string. */
void json_member_text(struct json_out *json, const char *foreign_key, const char *value);

/* Such a key alone: the value is what is written next, with a key of NULL. */
void json_key(struct json_out *json, const char *foreign_key);
