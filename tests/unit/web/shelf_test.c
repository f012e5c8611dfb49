/* SPDX-License-Identifier: Apache-2.0 */

#include "web/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void memory_comes_back_empty(void **state)
{
	struct shelf shelf;
	struct text text;
	const char *bytes;

	(void) state;
	shelf_init(&shelf);
	text = shelf_take(&shelf, 1000);
	TEXT_ADD(&text, "what was said");
	bytes = text.bytes;
	shelf_give(&shelf, &text);
	assert_null(text.bytes);

	text = shelf_take(&shelf, 2000);
	assert_ptr_equal(text.bytes, bytes);
	assert_int_equal(text.length, 0);
	assert_int_equal(text.limit, 2000);
	text_fini(&text);
	shelf_fini(&shelf);
}

static void a_text_that_overflowed_is_usable_again(void **state)
{
	struct shelf shelf;
	struct text text;

	(void) state;
	shelf_init(&shelf);
	text = shelf_take(&shelf, 4);
	TEXT_ADD(&text, "more than four");
	assert_true(text.overflowed);
	shelf_give(&shelf, &text);

	text = shelf_take(&shelf, 0);
	TEXT_ADD(&text, "more than four");
	assert_false(text.overflowed);
	assert_int_equal(text.length, 14);
	text_fini(&text);
	shelf_fini(&shelf);
}

static void one_text_is_kept_and_others_are_freed(void **state)
{
	struct shelf shelf;
	struct text first, second;

	(void) state;
	shelf_init(&shelf);
	first = shelf_take(&shelf, 0);
	second = shelf_take(&shelf, 0);
	TEXT_ADD(&first, "first");
	TEXT_ADD(&second, "second");
	shelf_give(&shelf, &first);
	shelf_give(&shelf, &second); /* the leak checker looks for the other one */

	first = shelf_take(&shelf, 0);
	second = shelf_take(&shelf, 0);
	assert_non_null(first.bytes);
	assert_null(second.bytes);
	shelf_give(&shelf, &first);
	shelf_clear(&shelf);
	first = shelf_take(&shelf, 0);
	assert_null(first.bytes);
	shelf_fini(&shelf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_comes_back_empty),
		cmocka_unit_test(a_text_that_overflowed_is_usable_again),
		cmocka_unit_test(one_text_is_kept_and_others_are_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
