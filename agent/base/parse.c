/* SPDX-License-Identifier: Apache-2.0 */

/* parse: numbers, words and keyed lines. Pure functions; nothing is copied. */

#include "base/parse.h"

#include <errno.h>

#include "base/clock.h"
#include "base/cleanup.h"

int parse_u64(struct slice slice, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (slice.length == 0)
		return -EINVAL;

	for (size_t i = 0; i < slice.length; i++) {
		unsigned digit = (unsigned) (unsigned char) slice.start[i] - '0';

		if (digit > 9)
			return -EINVAL;
		/* 19 digits always fit; only longer numbers need the careful way. */
		if (i < 19)
			value = value * 10 + digit;
		else if (__builtin_mul_overflow(value, 10, &value) ||
			 __builtin_add_overflow(value, digit, &value))
			return -ERANGE;
	}

	*ret_value = value;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice trim(struct slice slice)
{
	while (slice.length > 0 && (is_blank(*slice.start) || *slice.start == '\n')) {
		slice.start++;
		slice.length--;
	}
	while (slice.length > 0 &&
	       (is_blank(slice.start[slice.length - 1]) || slice.start[slice.length - 1] == '\n'))
		slice.length--;

	return slice;
}

static int parse_number_or_max(struct slice slice, uint64_t *ret_value)
{
	if (SLICE_IS(slice, "max")) {
		*ret_value = PARSE_MAX;
		return 0;
	}

	return parse_u64(slice, ret_value);
}

int parse_value(const char *text, uint64_t *ret_value)
{
	return parse_number_or_max(trim((struct slice){ text, strlen(text) }), ret_value);
}

/* ".5" times scale 1000 is 500. Digits behind the 18th cannot be seen in the result. */
static int parse_fraction(struct slice digits, uint64_t scale, uint64_t *ret_value)
{
	uint64_t fraction = 0, power = 1;

	if (digits.length == 0)
		return -EINVAL;

	for (size_t i = 0; i < digits.length; i++) {
		unsigned digit = (unsigned) (unsigned char) digits.start[i] - '0';

		if (digit > 9)
			return -EINVAL;
		if (i < 18) {
			fraction = fraction * 10 + digit;
			power *= 10;
		}
	}

	*ret_value = (uint64_t) ((unsigned __int128) fraction * scale / power);
	return 0;
}

int parse_scaled(struct slice slice, uint64_t scale, uint64_t *ret_value)
{
	const char *point = memchr(slice.start, '.', slice.length);
	size_t whole = point ? (size_t) (point - slice.start) : slice.length;
	uint64_t value, fraction = 0;
	int r;

	r = parse_u64((struct slice){ slice.start, whole }, &value);
	if (r < 0)
		return r;
	if (point)
		r = parse_fraction((struct slice){ point + 1, slice.length - whole - 1 }, scale,
				   &fraction);
	if (r < 0)
		return r;
	if (__builtin_mul_overflow(value, scale, &value) ||
	    __builtin_add_overflow(value, fraction, &value))
		return -ERANGE;

	*ret_value = value;
	return 0;
}

int parse_duration(const char *text, uint64_t *ret_ns)
{
	static const struct {
		const char *suffix;
		uint64_t scale;
	} units[] = {
		{ "ms", NSEC_PER_MSEC },    { "us", NSEC_PER_USEC },      { "s", NSEC_PER_SEC },
		{ "m", 60 * NSEC_PER_SEC }, { "h", 3600 * NSEC_PER_SEC }, { "", NSEC_PER_SEC },
	};
	size_t digits = strspn(text, "0123456789.");

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(text + digits, units[i].suffix) == 0)
			return parse_scaled((struct slice){ text, digits }, units[i].scale, ret_ns);

	return -EINVAL;
}

bool line_next(const char **cursor, struct slice *ret_line)
{
	const char *start = *cursor, *end;

	if (*start == '\0')
		return false;

	end = strchrnul(start, '\n');
	*ret_line = (struct slice){ start, (size_t) (end - start) };
	*cursor = *end ? end + 1 : end;
	return true;
}

static void set_value(struct keyed *keyed)
{
	keyed->value = 0;
	keyed->has_value = parse_number_or_max(keyed->rest, &keyed->value) == 0;
}

bool keyed_next(const char **cursor, struct keyed *ret_line)
{
	struct slice line;

	while (line_next(cursor, &line)) {
		const char *blank = memchr(line.start, ' ', line.length);
		size_t key_length = blank ? (size_t) (blank - line.start) : line.length;

		if (key_length == 0)
			continue;

		ret_line->key = (struct slice){ line.start, key_length };
		ret_line->rest = blank ? (struct slice){ blank + 1, line.length - key_length - 1 }
				       : (struct slice){ line.start + line.length, 0 };
		set_value(ret_line);
		return true;
	}

	return false;
}

bool word_next(struct slice *line, struct slice *ret_word)
{
	size_t length = 0;

	while (line->length > 0 && is_blank(*line->start)) {
		line->start++;
		line->length--;
	}
	while (length < line->length && !is_blank(line->start[length]))
		length++;
	if (length == 0)
		return false;

	*ret_word = (struct slice){ line->start, length };
	line->start += length;
	line->length -= length;
	return true;
}

bool pair_next(struct slice *rest, struct keyed *ret_pair)
{
	struct slice word;

	while (word_next(rest, &word)) {
		const char *equals = memchr(word.start, '=', word.length);

		if (!equals)
			continue;

		ret_pair->key = (struct slice){ word.start, (size_t) (equals - word.start) };
		ret_pair->rest =
			(struct slice){ equals + 1, word.length - ret_pair->key.length - 1 };
		set_value(ret_pair);
		return true;
	}

	return false;
}
