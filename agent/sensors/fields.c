/* SPDX-License-Identifier: Apache-2.0 */

/* fields: tables of keys against flat keyed text.
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Format". What was learned is a hint only. Each
 * line where a key is expected is compared with that key; the others can hold only keys whose line
 * is not known, and are compared with those. So a text that passes gives what a full search gives,
 * and any other text is searched. */

#include "sensors/fields.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct fill {
	struct fields *fields;
	struct row *row;
	uint64_t found; /* bit i: the key of rows[i] was in the text */
	uint64_t bad;   /* bit i: its value was no number */
};

/* Where the value begins, when the line has this key; else NULL. */
static const char *value_of(const char *line, const char *key)
{
	for (; *key; key++, line++)
		if (*line != *key)
			return NULL;

	return *line == ' ' ? line + 1 : NULL;
}

/* parse_u64 needs to know where a number ends; here that is found on the way. */
static bool parse_number(const char *text, uint64_t scale, uint64_t *ret_value)
{
	uint64_t value = 0;
	const char *digit;

	text += strspn(text, " \t");
	for (digit = text; *digit >= '0' && *digit <= '9'; digit++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t) (*digit - '0'), &value))
			return false;
	if (digit == text || (*digit != '\n' && *digit != ' ' && *digit != '\0'))
		return false;

	return !__builtin_mul_overflow(value, scale, ret_value);
}

static void take(struct fill *fill, unsigned i, const char *value)
{
	const struct field *field = &fill->fields->rows[i];
	uint64_t number;

	fill->found |= 1ULL << i;
	if (parse_number(value, field->scale, &number))
		row_set(fill->row, field->metric, number);
	else
		fill->bad |= 1ULL << i;
}

/* Compares one line with the keys of `wanted`. Returns which it was, or -1. */
static int search(struct fill *fill, uint64_t wanted, const char *line)
{
	for (uint64_t left = wanted; left; left &= left - 1) {
		unsigned i = (unsigned) __builtin_ctzll(left);
		const char *value = value_of(line, fill->fields->rows[i].key);

		if (value) {
			take(fill, i, value);
			return (int) i;
		}
	}

	return -1;
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : "";
}

static uint64_t all_rows(const struct fields *fields)
{
	return fields->count == FIELDS_MAX ? UINT64_MAX : (1ULL << fields->count) - 1;
}

/* Returns false when the text is not as remembered; then fill is worth nothing. */
static bool fill_as_learned(struct fill *fill, const char *line)
{
	const struct fields *fields = fill->fields;
	uint64_t missing = all_rows(fields) & ~fields->placed;

	for (unsigned n = 0; *line && (missing || n < fields->end); n++, line = next_line(line)) {
		unsigned expected = n < FIELDS_LINES ? fields->at[n] : 0;

		/* Mostly nothing is missing. */
		(void) search(fill, expected ? 1ULL << (expected - 1) : missing, line);
	}

	return (fill->found & fields->placed) == fields->placed;
}

/* Keys that turned up in lines where none was known: worth another search, with the next text. */
static void forget_if_grown(struct fill *fill)
{
	if (fill->found & ~fill->fields->placed)
		fill->fields->placed = 0;
}

static void fill_and_learn(struct fill *fill, const char *line)
{
	struct fields *fields = fill->fields;

	memset(fields->at, 0, sizeof(fields->at));
	fields->placed = 0;
	fields->end = 0;
	for (unsigned n = 0; *line; n++, line = next_line(line)) {
		int i = search(fill, all_rows(fields) & ~fill->found, line);

		if (i < 0 || n >= FIELDS_LINES)
			continue;
		fields->at[n] = (uint8_t) (i + 1);
		fields->placed |= 1ULL << i;
		fields->end = n + 1;
	}
}

int fields_fill(struct fields *fields, const char *text, struct row *row)
{
	struct fill fill = { .fields = fields, .row = row };
	uint64_t absent;

	assert(fields->count <= FIELDS_MAX);
	if (fields->placed > 0 && fill_as_learned(&fill, text)) {
		forget_if_grown(&fill);
	} else {
		fill.found = fill.bad = 0;
		fill_and_learn(&fill, text);
	}

	absent = (all_rows(fields) & ~fill.found) | fill.bad;
	for (; absent; absent &= absent - 1)
		row_clear(row, fields->rows[__builtin_ctzll(absent)].metric);

	return fill.found == 0 || fill.bad ? -EBADMSG : 0;
}

void fields_clear(const struct fields *fields, struct row *row)
{
	for (unsigned i = 0; i < fields->count; i++)
		row_clear(row, fields->rows[i].metric);
}

int fields_sample(struct fields *fields, struct site *site, enum site_file file, struct row *row)
{
	char text[FIELDS_BYTES];
	ssize_t n;

	n = site_read(site, file, text, sizeof(text));
	if (n < 0) {
		fields_clear(fields, row);
		return site_is_absence(n) ? 0 : (int) n;
	}

	return fields_fill(fields, text, row);
}
