/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"

#define BAD "\xef\xbf\xbd"

static void assert_copy(const char *bytes, size_t length, size_t max_bytes, const char *expected)
{
	CLEANUP(free_p) char *given = malloc(length + 1), *copy = NULL;

	/* From the heap without a NUL behind it, so that a read too far is seen. */
	memcpy(given, bytes, length);
	given = realloc(given, length > 0 ? length : 1);
	copy = utf8_copy(given, length, max_bytes);
	assert_non_null(copy);
	assert_string_equal(copy, expected);
	assert_true(strlen(copy) <= max_bytes);
}

static void valid_text_stays_as_it_is(void **state)
{
	static const char text[] = "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x9a\xa2";

	(void) state;
	assert_copy(text, sizeof(text) - 1, 100, text);
	assert_copy("", 0, 100, "");
}

static void each_byte_that_is_not_utf8_is_replaced(void **state)
{
	(void) state;
	assert_copy("a\xff\xfe"
		    "b",
		    4, 100, "a" BAD BAD "b");
	assert_copy("\xc0\xaf", 2, 100, BAD BAD);                 /* overlong slash */
	assert_copy("\xed\xa0\x80", 3, 100, BAD BAD BAD);         /* surrogate */
	assert_copy("\xf4\x90\x80\x80", 4, 100, BAD BAD BAD BAD); /* above U+10FFFF */
	assert_copy("a\xe2\x82", 3, 100, "a" BAD BAD);            /* cut at the end */
	assert_copy("\x80", 1, 100, BAD);
}

static void nul_inside_does_not_end_the_text(void **state)
{
	(void) state;
	assert_copy("a\0b", 3, 100, "a" BAD "b");
}

static void a_cut_never_splits_a_character(void **state)
{
	(void) state;
	assert_copy("ab\xe2\x82\xac", 5, 4, "ab");
	assert_copy("ab\xe2\x82\xac", 5, 5, "ab\xe2\x82\xac");
	assert_copy("ab\xff", 3, 4, "ab");
	assert_copy("abc", 3, 0, "");
}

static void long_text_is_cut(void **state)
{
	static char text[64 * 1024];
	CLEANUP(free_p) char *copy = NULL;

	(void) state;
	memset(text, 0xff, sizeof(text));
	copy = utf8_copy(text, sizeof(text), 1024);
	assert_non_null(copy);
	assert_int_equal(strlen(copy), 1023); /* 341 replacements of three bytes */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_text_stays_as_it_is),
		cmocka_unit_test(each_byte_that_is_not_utf8_is_replaced),
		cmocka_unit_test(nul_inside_does_not_end_the_text),
		cmocka_unit_test(a_cut_never_splits_a_character),
		cmocka_unit_test(long_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
