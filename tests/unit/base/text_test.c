/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

static void assert_text(const struct text *text, const char *expected)
{
	assert_int_equal(text->length, strlen(expected));
	assert_memory_equal(text->bytes, expected, text->length);
}

static void pieces_are_appended_in_order(void **state)
{
	struct text text = { 0 };

	(void) state;
	text_add_string(&text, "");
	TEXT_ADD(&text, "one ");
	text_add_string(&text, "two ");
	text_add(&text, "three...", 5);
	assert_text(&text, "one two three");
	text_fini(&text);
	assert_null(text.bytes);
}

static void special_characters_are_escaped(void **state)
{
	struct text text = { 0 };

	(void) state;
	text_add_escaped(&text, "", "\\\n");
	text_add_escaped(&text, "plain ", "\\\n");
	text_add_escaped(&text, "a\\b\nc\"\n", "\\\n");
	text_add_escaped(&text, "\"d", "\\\"\n");
	assert_text(&text, "plain a\\\\b\\nc\"\\n\\\"d");
	text_fini(&text);
}

static void growth_keeps_what_was_written(void **state)
{
	struct text text = { 0 };

	(void) state;
	for (unsigned i = 0; i < 20000; i++)
		text_add_format(&text, "%05u", i);

	assert_false(text.overflowed);
	assert_int_equal(text.length, 100000);
	assert_memory_equal(text.bytes, "0000000001", 10);
	assert_memory_equal(text.bytes + text.length - 5, "19999", 5);
	text_fini(&text);
}

static void integers_are_exact_to_the_ends_of_their_range(void **state)
{
	struct text text = { 0 };

	(void) state;
	text_add_u64(&text, 0);
	TEXT_ADD(&text, " ");
	text_add_u64(&text, UINT64_MAX);
	TEXT_ADD(&text, " ");
	text_add_i64(&text, -1);
	TEXT_ADD(&text, " ");
	text_add_i64(&text, INT64_MIN);
	TEXT_ADD(&text, " ");
	text_add_i64(&text, INT64_MAX);
	assert_text(&text, "0 18446744073709551615 -1 -9223372036854775808 9223372036854775807");
	text_fini(&text);
}

static void nano_is_an_exact_decimal_without_trailing_zeros(void **state)
{
	static const struct {
		uint64_t value;
		const char *expected;
	} cases[] = {
		{ 0, "0" },
		{ 1, "0.000000001" },
		{ 1500000000, "1.5" },
		{ 2000000000, "2" },
		{ 999999999, "0.999999999" },
		{ 10000000010, "10.00000001" },
		{ 1700000000123456789, "1700000000.123456789" },
		{ UINT64_MAX, "18446744073.709551615" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = { 0 };

		text_add_nano(&text, cases[i].value);
		assert_text(&text, cases[i].expected);
		text_fini(&text);
	}
}

static void formatted_pieces_of_any_length_fit(void **state)
{
	struct text text = { 0 };
	char longer[1000];

	(void) state;
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	text_add_format(&text, "%d:", 7);
	text_add_format(&text, "%s", longer);
	assert_int_equal(text.length, 2 + sizeof(longer) - 1);
	assert_memory_equal(text.bytes, "7:xxx", 5);
	text_fini(&text);
}

static void text_stops_at_its_limit_and_says_so(void **state)
{
	struct text text = { .limit = 5000 };

	(void) state;
	for (unsigned i = 0; i < 4999; i++)
		TEXT_ADD(&text, "x");
	assert_false(text.overflowed);
	TEXT_ADD(&text, "y");
	assert_false(text.overflowed);
	TEXT_ADD(&text, "z");
	assert_true(text.overflowed);
	assert_int_equal(text.length, 5000);
	text_fini(&text);
}

static void nothing_is_added_behind_a_hole(void **state)
{
	struct text text = { .limit = 10 };

	(void) state;
	TEXT_ADD(&text, "begin");
	TEXT_ADD(&text, "does not fit");
	TEXT_ADD(&text, "end");
	assert_true(text.overflowed);
	assert_text(&text, "begin");
	text_fini(&text);
}

static void overflowed_text_can_be_used_again(void **state)
{
	struct text text = { .limit = 10 };

	(void) state;
	TEXT_ADD(&text, "a");
	TEXT_ADD(&text, "does not fit");
	text.length = 0;
	text.overflowed = false;
	TEXT_ADD(&text, "does fit");
	assert_false(text.overflowed);
	assert_text(&text, "does fit");
	text_fini(&text);
}

static void length_beyond_memory_is_refused(void **state)
{
	struct text text = { 0 };

	(void) state;
	TEXT_ADD(&text, "x");
	assert_false(text_reserve(&text, SIZE_MAX));
	assert_true(text.overflowed);
	assert_text(&text, "x");
	text_fini(&text);
}

static void durations_are_written_in_the_largest_whole_unit(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 1000, "1us" },
		{ 1500000000, "1500ms" },
		{ 60000000000, "1m" },
		{ 90000000000, "90s" },
		{ 7 * 24 * 3600 * 1000000000ULL, "168h" },
	};
	char text[DURATION_BYTES];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(duration_text(rows[i].ns, text), rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_appended_in_order),
		cmocka_unit_test(special_characters_are_escaped),
		cmocka_unit_test(growth_keeps_what_was_written),
		cmocka_unit_test(integers_are_exact_to_the_ends_of_their_range),
		cmocka_unit_test(nano_is_an_exact_decimal_without_trailing_zeros),
		cmocka_unit_test(formatted_pieces_of_any_length_fit),
		cmocka_unit_test(text_stops_at_its_limit_and_says_so),
		cmocka_unit_test(nothing_is_added_behind_a_hole),
		cmocka_unit_test(overflowed_text_can_be_used_again),
		cmocka_unit_test(length_beyond_memory_is_refused),
		cmocka_unit_test(durations_are_written_in_the_largest_whole_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
