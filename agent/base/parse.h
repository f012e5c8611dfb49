/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The shapes in which the kernel writes its small files, and the only place that looks at raw
 * text. Source: Documentation/admin-guide/cgroup-v2.rst, "Format": single value, flat keyed,
 * nested keyed. A number that does not fit, or that is none, is told apart from 0. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PARSE_MAX UINT64_MAX /* the word "max": no limit */

/* A piece of somebody else's text; not ended by a NUL byte. */
struct slice {
	const char *start;
	size_t length;
};

static inline bool slice_is(struct slice slice, const char *text, size_t length)
{
	return slice.length == length && memcmp(slice.start, text, length) == 0;
}
#define SLICE_IS(slice, literal) slice_is(slice, literal, sizeof(literal) - 1)

/* Decimal digits only. Returns 0, -EINVAL (no number) or -ERANGE (above 64 bits). */
int parse_u64(struct slice slice, uint64_t *ret_value);

/* A file with one value, which may be the word "max" (PARSE_MAX). Blanks around it are skipped. */
int parse_value(const char *text, uint64_t *ret_value);

/* A decimal number with fraction ("12.34"; "1e3", ".5" and "1." are none) times `scale`, rounded
 * towards zero. Returns 0, -EINVAL or -ERANGE. */
int parse_scaled(struct slice slice, uint64_t scale, uint64_t *ret_value);

/* "1.5s", "500ms", "2m", "1h" (a bare number: seconds) to nanoseconds. */
int parse_duration(const char *text, uint64_t *ret_ns);

/* One line of a flat keyed file ("KEY VALUE") or of a nested keyed one ("KEY SUB=VALUE ..."). */
struct keyed {
	struct slice key;
	struct slice rest; /* everything behind the blank, without the line's end */
	uint64_t value;    /* of a flat line; PARSE_MAX for "max"; 0 without has_value */
	bool has_value;    /* rest is one number or "max" */
};

/* Takes the next line off the text. Returns false at the end; lines without a key are skipped. */
bool keyed_next(const char **cursor, struct keyed *ret_line);

/* Takes the next word off a line: words are separated by blanks and tabs. */
bool word_next(struct slice *line, struct slice *ret_word);

/* Takes the next SUB=VALUE off a nested line; has_value as above; words without '=' are skipped. */
bool pair_next(struct slice *rest, struct keyed *ret_pair);

/* Takes the next line off a text of any shape; the line's end is not part of it. */
bool line_next(const char **cursor, struct slice *ret_line);
