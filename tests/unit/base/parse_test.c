/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

static struct slice slice_of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

#define assert_slice(slice, literal) assert_true(SLICE_IS(slice, literal))

static void digits_are_a_number(void **state)
{
	uint64_t value;

	(void) state;
	assert_int_equal(parse_u64(slice_of("0"), &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(parse_u64(slice_of("9999999999999999999"), &value), 0);
	assert_true(value == 9999999999999999999ULL);
	assert_int_equal(parse_u64(slice_of("18446744073709551615"), &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(parse_u64(slice_of("0000000000000000000000000007"), &value), 0);
	assert_int_equal(value, 7);
	assert_int_equal(parse_u64((struct slice){ "123", 2 }, &value), 0);
	assert_int_equal(value, 12);
}

static void what_is_no_number_is_told_apart_from_zero(void **state)
{
	static const char *const none[] = { "",     " ",   "-1",  "+1",  "1 ",
					    "0x10", "1e3", "1.5", "max", "99999999999999999999x" };
	uint64_t value = 42;

	(void) state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		int r = parse_u64(slice_of(none[i]), &value);

		assert_true(r == -EINVAL || r == -ERANGE);
		assert_int_equal(value, 42);
	}
	assert_int_equal(parse_u64(slice_of(""), &value), -EINVAL);
}

static void number_above_64_bits_is_out_of_range(void **state)
{
	uint64_t value = 42;

	(void) state;
	assert_int_equal(parse_u64(slice_of("18446744073709551616"), &value), -ERANGE);
	assert_int_equal(parse_u64(slice_of("99999999999999999999"), &value), -ERANGE);
	assert_int_equal(parse_u64(slice_of("100000000000000000000000000"), &value), -ERANGE);
	assert_int_equal(value, 42);
}

static void value_file_holds_a_number_or_max(void **state)
{
	uint64_t value;

	(void) state;
	assert_int_equal(parse_value("4096\n", &value), 0);
	assert_int_equal(value, 4096);
	assert_int_equal(parse_value("max\n", &value), 0);
	assert_true(value == PARSE_MAX);
	assert_int_equal(parse_value(" \t7 \n\n", &value), 0);
	assert_int_equal(value, 7);
	assert_int_equal(parse_value("", &value), -EINVAL);
	assert_int_equal(parse_value("\n", &value), -EINVAL);
	assert_int_equal(parse_value("1 2\n", &value), -EINVAL);
	assert_int_equal(parse_value("maximum", &value), -EINVAL);
	assert_int_equal(value, 7);
}

static void fractions_are_scaled_exactly(void **state)
{
	static const struct {
		const char *text;
		uint64_t scale, expected;
	} cases[] = {
		{ "0.52", 1000000000, 520000000 },
		{ "12", 1000, 12000 },
		{ "1.999", 100, 199 },
		{ "0.5", 1024, 512 },
		{ "0.000000001", 1000000000, 1 },
		{ "0.9999999999999999999999", 1000, 999 },
		{ "18446744073.709551615", 1000000000, UINT64_MAX },
		{ "0.1", 1, 0 },
	};
	uint64_t value;

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse_scaled(slice_of(cases[i].text), cases[i].scale, &value), 0);
		assert_true(value == cases[i].expected);
	}
}

static void bad_fractions_are_refused(void **state)
{
	static const char *const bad[] = {
		"",    ".",    ".5",  "1.",   "1.2.3",
		"1,5", "-1.5", "1e3", "1.5 ", "0.0000000000000000000000x"
	};
	uint64_t value = 42;

	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse_scaled(slice_of(bad[i]), 1000, &value), -EINVAL);
	assert_int_equal(parse_scaled(slice_of("18446744073709551615"), 2, &value), -ERANGE);
	assert_int_equal(parse_scaled(slice_of("18446744073.709551616"), 1000000000, &value),
			 -ERANGE);
	assert_int_equal(value, 42);
}

static void durations_have_units(void **state)
{
	static const struct {
		const char *text;
		uint64_t expected;
	} cases[] = {
		{ "1s", NSEC_PER_SEC },        { "1.5s", 3 * NSEC_PER_SEC / 2 },
		{ "500ms", NSEC_PER_SEC / 2 }, { "250us", 250 * NSEC_PER_USEC },
		{ "2m", 120 * NSEC_PER_SEC },  { "0.25h", 900 * NSEC_PER_SEC },
		{ "10", 10 * NSEC_PER_SEC },   { "0", 0 },
	};
	uint64_t value;

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse_duration(cases[i].text, &value), 0);
		assert_true(value == cases[i].expected);
	}
}

static void bad_durations_are_refused(void **state)
{
	static const char *const bad[] = { "", "s", "-1s", "1 s", "1d", "1sm", "1.s", "one", "1S" };
	uint64_t value = 42;

	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse_duration(bad[i], &value), -EINVAL);
	assert_int_equal(parse_duration("99999999999h", &value), -ERANGE);
	assert_int_equal(value, 42);
}

static void flat_file_is_read_line_by_line(void **state)
{
	const char *text = "usage_usec 17\nno_value\nlimit max\n\n leading 1\nword abc\nbig "
			   "18446744073709551616\nlast 3";
	struct keyed line;

	(void) state;
	assert_true(keyed_next(&text, &line));
	assert_slice(line.key, "usage_usec");
	assert_true(line.has_value);
	assert_int_equal(line.value, 17);

	assert_true(keyed_next(&text, &line));
	assert_slice(line.key, "no_value");
	assert_int_equal(line.rest.length, 0);
	assert_false(line.has_value);

	assert_true(keyed_next(&text, &line));
	assert_slice(line.key, "limit");
	assert_true(line.has_value && line.value == PARSE_MAX);

	assert_true(keyed_next(&text, &line)); /* the line that begins with a blank has no key */
	assert_slice(line.key, "word");
	assert_slice(line.rest, "abc");
	assert_false(line.has_value);
	assert_int_equal(line.value, 0);

	assert_true(keyed_next(&text, &line));
	assert_slice(line.key, "big");
	assert_false(line.has_value);

	assert_true(keyed_next(&text, &line));
	assert_slice(line.key, "last");
	assert_int_equal(line.value, 3);
	assert_false(keyed_next(&text, &line));
	assert_false(keyed_next(&text, &line));
}

static void nested_line_is_read_pair_by_pair(void **state)
{
	const char *text = "8:0 rbytes=1024 flag wbytes=max cost.vrate=100.00 =5 x=\n";
	struct keyed line, pair;

	(void) state;
	assert_true(keyed_next(&text, &line));
	assert_slice(line.key, "8:0");
	assert_false(line.has_value);

	assert_true(pair_next(&line.rest, &pair));
	assert_slice(pair.key, "rbytes");
	assert_true(pair.has_value && pair.value == 1024);
	assert_true(pair_next(&line.rest, &pair)); /* "flag" is no pair */
	assert_slice(pair.key, "wbytes");
	assert_true(pair.has_value && pair.value == PARSE_MAX);
	assert_true(pair_next(&line.rest, &pair));
	assert_slice(pair.key, "cost.vrate");
	assert_slice(pair.rest, "100.00");
	assert_false(pair.has_value);
	assert_true(pair_next(&line.rest, &pair));
	assert_int_equal(pair.key.length, 0);
	assert_true(pair_next(&line.rest, &pair));
	assert_slice(pair.key, "x");
	assert_false(pair.has_value);
	assert_false(pair_next(&line.rest, &pair));
}

static void words_are_separated_by_blanks_and_tabs(void **state)
{
	struct slice line = slice_of("  eth0:\t 12  34 \t");
	struct slice word;

	(void) state;
	assert_true(word_next(&line, &word));
	assert_slice(word, "eth0:");
	assert_true(word_next(&line, &word));
	assert_slice(word, "12");
	assert_true(word_next(&line, &word));
	assert_slice(word, "34");
	assert_false(word_next(&line, &word));
	assert_int_equal(line.length, 0);
}

static void lines_end_with_or_without_line_feed(void **state)
{
	const char *text = "one\n\nthree";
	struct slice line;

	(void) state;
	assert_true(line_next(&text, &line));
	assert_slice(line, "one");
	assert_true(line_next(&text, &line));
	assert_int_equal(line.length, 0);
	assert_true(line_next(&text, &line));
	assert_slice(line, "three");
	assert_false(line_next(&text, &line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_are_a_number),
		cmocka_unit_test(what_is_no_number_is_told_apart_from_zero),
		cmocka_unit_test(number_above_64_bits_is_out_of_range),
		cmocka_unit_test(value_file_holds_a_number_or_max),
		cmocka_unit_test(fractions_are_scaled_exactly),
		cmocka_unit_test(bad_fractions_are_refused),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test(bad_durations_are_refused),
		cmocka_unit_test(flat_file_is_read_line_by_line),
		cmocka_unit_test(nested_line_is_read_pair_by_pair),
		cmocka_unit_test(words_are_separated_by_blanks_and_tabs),
		cmocka_unit_test(lines_end_with_or_without_line_feed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
