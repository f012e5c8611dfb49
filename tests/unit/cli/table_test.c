/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/escape.h"
#include "cli/table.h"

static struct table sample(void)
{
	struct table table = {
		.count = 3,
		.columns = { { .minimum = 4 },
			     { .right = true, .priority = 1 },
			     { .priority = 2 } },
	};
	static const char *const cells[] = { "NAME",     "CPU %", "IMAGE",   "database", "1.00%",
					     "postgres", "w",     "100.00%", "nginx" };

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		table_cell_string(&table, cells[i]);
	return table;
}

static void assert_table(size_t width, const char *expected)
{
	struct table table = sample();
	struct text text = { 0 };

	table_add(&table, width, &text);
	text_add(&text, "", 1);
	assert_string_equal(text.bytes, expected);
	text_fini(&text);
	table_fini(&table);
}

static void columns_are_as_wide_as_their_cells(void **state)
{
	(void) state;
	assert_table(0, "NAME        CPU %  IMAGE\n"
			"database    1.00%  postgres\n"
			"w         100.00%  nginx\n");
}

static void elastic_columns_give_way_first(void **state)
{
	(void) state;
	assert_table(25, "NAME      CPU %  IMAGE\n"
			 "datab\xe2\x80\xa6    1.00%  postgres\n"
			 "w       100.00%  nginx\n");
}

static void the_least_important_column_goes_next_and_room_is_given_back(void **state)
{
	(void) state;
	assert_table(20, "NAME        CPU %\n"
			 "database    1.00%\n"
			 "w         100.00%\n");
	assert_table(7, "NAME\n"
			"databa\xe2\x80\xa6\n"
			"w\n");
}

static void no_line_is_wider_than_asked(void **state)
{
	(void) state;
	for (size_t width = 1; width < 40; width++) {
		struct table table = sample();
		struct text text = { 0 };
		struct table_layout layout;

		table_lay_out(&table, width, &layout);
		for (size_t row = 0; row < table_rows(&table); row++) {
			text.length = 0;
			table_add_row(&table, &layout, row, &text);
			assert_true(text_width(text.bytes, text.length) <= width);
		}
		text_fini(&text);
		table_fini(&table);
	}
}

static void wide_characters_count_as_two_columns(void **state)
{
	struct table table = { .count = 2 };
	struct text text = { 0 };

	(void) state;
	table_cell_string(&table, "\xe6\x97\xa5");
	table_cell_string(&table, "x");
	table_cell_string(&table, "abc");
	table_cell_string(&table, "y");
	table_add(&table, 0, &text);
	text_add(&text, "", 1);
	assert_string_equal(text.bytes, "\xe6\x97\xa5   x\nabc  y\n");
	text_fini(&text);
	table_fini(&table);
}

static void a_column_can_have_a_least_width(void **state)
{
	struct table table = { .count = 2, .gap = 3, .least = 10 };
	struct text text = { 0 };

	(void) state;
	table_cell_string(&table, "ab");
	table_cell_string(&table, "c");
	table_add(&table, 0, &text);
	text_add(&text, "", 1);
	assert_string_equal(text.bytes, "ab        c\n");
	text_fini(&text);
	table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_as_wide_as_their_cells),
		cmocka_unit_test(elastic_columns_give_way_first),
		cmocka_unit_test(the_least_important_column_goes_next_and_room_is_given_back),
		cmocka_unit_test(no_line_is_wider_than_asked),
		cmocka_unit_test(wide_characters_count_as_two_columns),
		cmocka_unit_test(a_column_can_have_a_least_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
