/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A growing text that writers print into.
 *
 * Writers never check each call: a text that cannot grow (out of memory, or above its limit)
 * drops what follows and remembers it; the one who asked for the text checks `overflowed` once.
 * Content is raw bytes and not ended by NUL. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	char *bytes;
	size_t length;
	size_t capacity;
	size_t limit; /* bytes, at most this many; 0: none */
	bool overflowed;
};

void text_fini(struct text *text);

/* Makes room for `more` bytes. Returns false, and marks the text, when there is none. */
bool text_reserve(struct text *text, size_t more);

static inline void text_add(struct text *text, const char *bytes, size_t length)
{
	if (length == 0 || (text->capacity - text->length < length && !text_reserve(text, length)))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}
#define TEXT_ADD(text, literal) text_add(text, literal, sizeof(literal) - 1)

void text_add_string(struct text *text, const char *string);

/* The string with a backslash before each character of `special`; a line feed becomes "\n". */
void text_add_escaped(struct text *text, const char *string, const char *special);

void text_add_u64(struct text *text, uint64_t value);
void text_add_i64(struct text *text, int64_t value);

/* value / 10^9 as an exact decimal: 1500000000 is "1.5", 0 is "0". */
void text_add_nano(struct text *text, uint64_t value);

/* Nanoseconds in the largest unit that leaves a whole number, as parse_duration reads it: "1500ms",
 * "1h", "0". Returns text. */
#define DURATION_BYTES 24
const char *duration_text(uint64_t ns, char text[DURATION_BYTES]);

void text_add_format(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
