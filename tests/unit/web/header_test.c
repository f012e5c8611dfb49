/* SPDX-License-Identifier: Apache-2.0 */

#include "web/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "base/cleanup.h"

#define TEXT(literal) ((struct slice){ literal, sizeof(literal) - 1 })

static void assert_slice(struct slice slice, const char *expected)
{
	assert_int_equal(slice.length, strlen(expected));
	assert_memory_equal(slice.start, expected, slice.length);
}

static void pieces_are_trimmed_and_may_be_empty(void **state)
{
	struct slice rest = TEXT(" a\t, ,b,"), piece;

	(void) state;
	assert_true(piece_next(&rest, ',', &piece));
	assert_slice(piece, "a");
	assert_true(piece_next(&rest, ',', &piece));
	assert_slice(piece, "");
	assert_true(piece_next(&rest, ',', &piece));
	assert_slice(piece, "b");
	assert_false(piece_next(&rest, ',', &piece));
}

static void separators_in_quotes_do_not_separate(void **state)
{
	struct slice rest = TEXT("x=\"a,b\\\",c\",d"), piece;

	(void) state;
	assert_true(piece_next(&rest, ',', &piece));
	assert_slice(piece, "x=\"a,b\\\",c\"");
	assert_true(piece_next(&rest, ',', &piece));
	assert_slice(piece, "d");
}

static void an_open_quote_or_a_last_backslash_ends_with_the_text(void **state)
{
	struct slice open = TEXT("x=\"a,b"), backslash = TEXT("x=\"a\\"), piece;

	(void) state;
	assert_true(piece_next(&open, ',', &piece));
	assert_slice(piece, "x=\"a,b");
	assert_false(piece_next(&open, ',', &piece));
	assert_true(piece_next(&backslash, ',', &piece));
	assert_slice(piece, "x=\"a\\");
	assert_false(piece_next(&backslash, ',', &piece));
}

static void parameters_lose_quotes_and_may_lack_a_value(void **state)
{
	struct slice rest = TEXT("version = \"1.0.0\" ;flag; q="), name, value;

	(void) state;
	assert_true(parameter_next(&rest, &name, &value));
	assert_slice(name, "version");
	assert_slice(value, "1.0.0");
	assert_true(parameter_next(&rest, &name, &value));
	assert_slice(name, "flag");
	assert_slice(value, "");
	assert_true(parameter_next(&rest, &name, &value));
	assert_slice(name, "q");
	assert_slice(value, "");
	assert_false(parameter_next(&rest, &name, &value));
}

static void weights_are_thousandths(void **state)
{
	static const struct {
		struct slice text;
		int result;
		unsigned weight;
	} cases[] = {
		{ TEXT("1"), 0, 1000 },     { TEXT("0"), 0, 0 },        { TEXT("0.6"), 0, 600 },
		{ TEXT("0.123"), 0, 123 },  { TEXT("1.000"), 0, 1000 }, { TEXT("0.0009"), 0, 0 },
		{ TEXT("1.001"), -EINVAL }, { TEXT("2"), -EINVAL },     { TEXT("-0.5"), -EINVAL },
		{ TEXT(""), -EINVAL },      { TEXT("high"), -EINVAL },  { TEXT("1e-3"), -EINVAL },
		{ TEXT("0.5 x"), -EINVAL },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned weight = 7;

		assert_int_equal(weight_parse(cases[i].text, &weight), cases[i].result);
		assert_int_equal(weight, cases[i].result == 0 ? cases[i].weight : 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_trimmed_and_may_be_empty),
		cmocka_unit_test(separators_in_quotes_do_not_separate),
		cmocka_unit_test(an_open_quote_or_a_last_backslash_ends_with_the_text),
		cmocka_unit_test(parameters_lose_quotes_and_may_lack_a_value),
		cmocka_unit_test(weights_are_thousandths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
