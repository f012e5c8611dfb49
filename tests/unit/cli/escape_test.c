/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/escape.h"

static void assert_text(struct text *text, const char *expected)
{
	text_add(text, "", 1);
	assert_string_equal(text->bytes, expected);
	text_fini(text);
}

static void what_moves_a_terminal_is_shown_as_what_it_is(void **state)
{
	static const struct {
		const char *bytes, *shown;
	} rows[] = {
		{ "web", "web" },
		{ "", "" },
		{ "w\xc3\xa4hrung \xe6\x97\xa5", "w\xc3\xa4hrung \xe6\x97\xa5" },
		{ "\033[31m", "\\x1b[31m" },
		{ "a\nb\tc\rd", "a\\nb\\tc\\x0dd" },
		{ "\x7f", "\\x7f" },
		{ "\xc2\x9b", "\\u009b" },             /* CSI in one character */
		{ "\xe2\x80\xae", "\\u202e" },         /* right-to-left override */
		{ "\xe2\x81\xa6", "\\u2066" },         /* isolate */
		{ "\xe2\x80\x8b", "\\u200b" },         /* no width */
		{ "\xe2\x80\xa8", "\\u2028" },         /* line separator */
		{ "\xf3\xa0\x81\x81", "\\U000e0041" }, /* a tag */
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xc3", "\\xc3" },                   /* cut in the middle */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
		{ "\xc0\xaf", "\\xc0\\xaf" },          /* too long */
		{ "dev-\\x2d.mount", "dev-\\x2d.mount" },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct text text = { 0 };

		text_add_visible_string(&text, rows[i].bytes);
		assert_text(&text, rows[i].shown);
	}
}

static void every_byte_and_every_low_character_comes_out_printable(void **state)
{
	char bytes[256];

	(void) state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (char) i;
	struct text text = { 0 };

	text_add_visible(&text, bytes, sizeof(bytes));
	for (size_t i = 0; i < text.length; i++)
		assert_true((unsigned char) text.bytes[i] >= ' ' && text.bytes[i] != 0x7f);
	text_fini(&text);
}

static void json_stays_the_same_document(void **state)
{
	struct text text = { 0 };
	const char *json = "{\n \"a\": \"\xe2\x80\xae\x7f\xf3\xa0\x81\x81\"\n}";

	(void) state;
	text_add_visible_json(&text, json, strlen(json));
	assert_text(&text, "{\n \"a\": \"\\u202e\\u007f\\udb40\\udc41\"\n}");
}

static void width_is_columns_not_bytes(void **state)
{
	(void) state;
	assert_int_equal(text_width("abc", 3), 3);
	assert_int_equal(text_width("\xe6\x97\xa5\xe6\x9c\xac", 6), 4);
	assert_int_equal(text_width("e\xcc\x81", 3), 1); /* a combining accent */
	assert_int_equal(text_width("", 0), 0);
}

static void a_cut_never_splits_a_character_nor_exceeds_its_columns(void **state)
{
	static const struct {
		const char *bytes;
		size_t width;
		const char *cut;
		size_t used;
	} rows[] = {
		{ "abcdef", 6, "abcdef", 6 },
		{ "abcdef", 5, "abcd\xe2\x80\xa6", 5 },
		{ "abcdef", 1, "\xe2\x80\xa6", 1 },
		{ "abcdef", 0, "", 0 },
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, "\xe6\x97\xa5\xe2\x80\xa6", 3 },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 4, "\xe6\x97\xa5\xe6\x9c\xac", 4 },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct text text = { 0 };
		size_t used =
			text_add_cut(&text, rows[i].bytes, strlen(rows[i].bytes), rows[i].width);

		assert_int_equal(used, rows[i].used);
		assert_text(&text, rows[i].cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_moves_a_terminal_is_shown_as_what_it_is),
		cmocka_unit_test(every_byte_and_every_low_character_comes_out_printable),
		cmocka_unit_test(json_stays_the_same_document),
		cmocka_unit_test(width_is_columns_not_bytes),
		cmocka_unit_test(a_cut_never_splits_a_character_nor_exceeds_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
