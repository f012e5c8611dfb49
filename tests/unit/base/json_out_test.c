/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/json_out.h"

static void assert_json(struct json_out *json, const char *expected)
{
	assert_int_equal(json->depth, 0);
	text_add(json->text, "", 1);
	assert_string_equal(json->text->bytes, expected);
	text_fini(json->text);
}

static void members_and_elements_are_separated_by_commas(void **state)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	json_open(&json, NULL, '{');
	json_u64(&json, "a", 1);
	json_open(&json, "b", '[');
	json_i64(&json, NULL, -2);
	json_bool(&json, NULL, true);
	json_open(&json, NULL, '{');
	json_close(&json, '}');
	json_close(&json, ']');
	json_bool(&json, "c", false);
	json_close(&json, '}');
	assert_json(&json, "{\"a\":1,\"b\":[-2,true,{}],\"c\":false}");
}

static void numbers_keep_their_digits(void **state)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	json_open(&json, NULL, '[');
	json_u64(&json, NULL, UINT64_MAX);
	json_i64(&json, NULL, INT64_MIN);
	json_nano(&json, NULL, 1500000000);
	json_double(&json, NULL, 0.25);
	json_close(&json, ']');
	assert_json(&json, "[18446744073709551615,-9223372036854775808,1.5,0.25]");
}

static void what_json_cannot_say_is_null(void **state)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	json_open(&json, NULL, '[');
	json_double(&json, NULL, NAN);
	json_double(&json, NULL, INFINITY);
	json_close(&json, ']');
	assert_json(&json, "[null,null]");
}

static void strings_are_escaped(void **state)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	json_open(&json, NULL, '[');
	json_text(&json, NULL, "");
	json_text(&json, NULL, "a\"b\\c\nd\te\x01\x7f");
	json_text(&json, NULL, "</script> \xc3\xa9 \xe2\x82\xac");
	json_close(&json, ']');
	assert_json(&json, "[\"\",\"a\\\"b\\\\c\\u000ad\\u0009e\\u0001\\u007f\","
			   "\"\\u003c/script> \xc3\xa9 \xe2\x82\xac\"]");
}

static void foreign_keys_are_escaped_like_strings(void **state)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	json_open(&json, NULL, '{');
	json_member_text(&json, "a\"b", "1");
	json_member_text(&json, "c\\", "2");
	json_close(&json, '}');
	assert_json(&json, "{\"a\\\"b\":\"1\",\"c\\\\\":\"2\"}");
}

static void the_deepest_nesting_is_written(void **state)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	for (unsigned i = 0; i < JSON_DEPTH; i++)
		json_open(&json, NULL, '[');
	for (unsigned i = 0; i < JSON_DEPTH; i++)
		json_close(&json, ']');
	assert_json(&json, "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]");
}

static void a_key_from_outside_takes_any_value(void **state)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	json_open(&json, NULL, '{');
	json_key(&json, "a\"b");
	json_open(&json, NULL, '[');
	json_u64(&json, NULL, 1);
	json_close(&json, ']');
	json_key(&json, "c");
	json_nothing(&json, NULL);
	json_nothing(&json, "d");
	json_close(&json, '}');
	assert_json(&json, "{\"a\\\"b\":[1],\"c\":null,\"d\":null}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_and_elements_are_separated_by_commas),
		cmocka_unit_test(a_key_from_outside_takes_any_value),
		cmocka_unit_test(numbers_keep_their_digits),
		cmocka_unit_test(what_json_cannot_say_is_null),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(foreign_keys_are_escaped_like_strings),
		cmocka_unit_test(the_deepest_nesting_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
