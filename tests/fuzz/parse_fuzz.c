/* SPDX-License-Identifier: Apache-2.0 */

/* parse: every function of base/parse.h on any bytes, as numbers, as keyed lines and as words.
 * Beyond not crashing: every piece lies within the text, every loop ends, and a number means what
 * its digits say. */

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* Not assert(): it must also hold in builds with NDEBUG. */
#define HOLDS(condition) \
	do { \
		if (!(condition)) \
			abort(); \
	} while (0)

static const char *text, *text_end;

static void check_within(struct slice slice)
{
	HOLDS(slice.start >= text && slice.start <= text_end);
	HOLDS(slice.length <= (size_t) (text_end - slice.start));
}

static void check_number(struct slice slice)
{
	uint64_t value = 42;
	char digits[24];
	int r = parse_u64(slice, &value);

	if (r < 0) {
		HOLDS(value == 42);
		return;
	}
	while (slice.length > 1 && *slice.start == '0') {
		slice.start++;
		slice.length--;
	}
	HOLDS((size_t) snprintf(digits, sizeof(digits), "%" PRIu64, value) == slice.length);
	HOLDS(memcmp(digits, slice.start, slice.length) == 0);
}

static void check_scaled(struct slice slice)
{
	static const uint64_t scales[] = { 1, 1000, 1024, 1000000000, UINT64_MAX };
	uint64_t value, whole;

	for (size_t i = 0; i < ARRAY_SIZE(scales); i++) {
		const char *point = memchr(slice.start, '.', slice.length);

		if (parse_scaled(slice, scales[i], &value) < 0)
			continue;
		HOLDS(parse_u64((struct slice){ slice.start, point ? (size_t) (point - slice.start)
								   : slice.length },
				&whole) == 0);
		HOLDS(value / scales[i] == whole);
	}
}

static void check_keyed(const struct keyed *keyed)
{
	check_within(keyed->key);
	check_within(keyed->rest);
	if (keyed->has_value)
		HOLDS(SLICE_IS(keyed->rest, "max") ? keyed->value == PARSE_MAX
						   : keyed->rest.length > 0);
	else
		HOLDS(keyed->value == 0);
}

static void walk_keyed(void)
{
	const char *cursor = text;
	struct keyed line, pair;

	while (keyed_next(&cursor, &line)) {
		HOLDS(line.key.length > 0);
		check_keyed(&line);
		while (pair_next(&line.rest, &pair))
			check_keyed(&pair);
		HOLDS(line.rest.length == 0);
	}
	HOLDS(cursor == text_end);
}

static void walk_words(void)
{
	const char *cursor = text;
	struct slice line, word;

	while (line_next(&cursor, &line)) {
		check_within(line);
		HOLDS(!memchr(line.start, '\n', line.length));
		while (word_next(&line, &word)) {
			check_within(word);
			HOLDS(word.length > 0);
			check_number(word);
			check_scaled(word);
		}
	}
	HOLDS(cursor == text_end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(free_p) char *copy = malloc(size + 1);
	uint64_t value;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	copy[size] = '\0';
	text = copy;
	text_end = copy + strlen(copy);

	check_number((struct slice){ text, (size_t) (text_end - text) });
	check_scaled((struct slice){ text, (size_t) (text_end - text) });
	(void) parse_value(text, &value);
	(void) parse_duration(text, &value);
	walk_keyed();
	walk_words();
	return 0;
}
