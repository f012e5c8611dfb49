/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#include "sensors/fields.h"

static const struct field rows[] = {
	{ "usage", METRIC_CPU_USAGE_NS, 1000 },
	{ "user", METRIC_CPU_USER_NS, 1000 },
	{ "oom", METRIC_MEMORY_EVENTS_OOM, 1 },
	{ "oom_kill", METRIC_MEMORY_EVENTS_OOM_KILL, 1 },
};
static struct fields fields;

static struct draft *draft;
static struct row *row;

static int set_up(void **state)
{
	struct draft_limits limits = draft_limits_for(1);

	(void) state;
	assert_int_equal(draft_new(&limits, &draft), 0);
	row = draft_take(draft, ENTITY_CONTAINER);
	fields = (struct fields) FIELDS(rows);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	draft_free(draft);
	return 0;
}

static void values_are_scaled(void **state)
{
	(void) state;
	assert_int_equal(fields_fill(&fields, "usage 7\nuser 0\noom 1\noom_kill 2\n", row), 0);
	assert_cell(row, METRIC_CPU_USAGE_NS, 7000);
	assert_cell(row, METRIC_CPU_USER_NS, 0);
	assert_cell(row, METRIC_MEMORY_EVENTS_OOM, 1);
	assert_cell(row, METRIC_MEMORY_EVENTS_OOM_KILL, 2);
}

static void key_that_begins_like_another_is_told_apart(void **state)
{
	(void) state;
	assert_int_equal(fields_fill(&fields, "oom_kill 2\n", row), 0);
	assert_absent(row, METRIC_MEMORY_EVENTS_OOM);
	assert_cell(row, METRIC_MEMORY_EVENTS_OOM_KILL, 2);
}

static void missing_key_makes_its_cell_absent(void **state)
{
	(void) state;
	assert_int_equal(fields_fill(&fields, "usage 7\nuser 1\n", row), 0);
	assert_int_equal(fields_fill(&fields, "user 2\n", row), 0);
	assert_absent(row, METRIC_CPU_USAGE_NS);
	assert_cell(row, METRIC_CPU_USER_NS, 2000);
}

/* Every text gives the same result whatever was learned before. */
static void learned_order_does_not_matter(void **state)
{
	static const char *const texts[] = {
		"usage 1\nuser 2\noom 3\noom_kill 4\n",
		"oom_kill 4\noom 3\nuser 2\nusage 1\n",
		"new 9\nusage 1\nuser 2\noom 3\noom_kill 4\n",
		"usage 1\nx 0\ny 0\nuser 2\noom 3\noom_kill 4\nz 1\n",
		"user 2\nusage 1\noom 3\noom_kill 4\n",
		"usage 1\nx 0\ny 0\nuser 2\nz 1\noom 3\noom_kill 4\n",
		"usage 1\noom 3\noom_kill 4\nuser 2\n",
	};

	(void) state;
	for (size_t before = 0; before < ARRAY_SIZE(texts); before++)
		for (size_t now = 0; now < ARRAY_SIZE(texts); now++) {
			assert_int_equal(fields_fill(&fields, texts[before], row), 0);
			row_clear_all(row);
			assert_int_equal(fields_fill(&fields, texts[now], row), 0);
			assert_cell(row, METRIC_CPU_USAGE_NS, 1000);
			assert_cell(row, METRIC_CPU_USER_NS, 2000);
			assert_cell(row, METRIC_MEMORY_EVENTS_OOM, 3);
			assert_cell(row, METRIC_MEMORY_EVENTS_OOM_KILL, 4);
		}
}

/* The root cgroup's cpu.stat is shorter than a container's, and may be read first. */
static void key_that_was_not_there_at_first_is_found_later(void **state)
{
	(void) state;
	assert_int_equal(fields_fill(&fields, "usage 1\nuser 2\n", row), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fields_fill(&fields, "usage 1\nuser 2\nx 1\noom 5\n", row), 0);
		assert_cell(row, METRIC_MEMORY_EVENTS_OOM, 5);
		assert_int_equal(fields_fill(&fields, "usage 1\nuser 2\n", row), 0);
		assert_absent(row, METRIC_MEMORY_EVENTS_OOM);
	}
}

static void line_beyond_what_is_remembered_is_found(void **state)
{
	char text[FIELDS_LINES * 4 + 64], *end = text;

	(void) state;
	for (int i = 0; i < FIELDS_LINES + 2; i++)
		end += sprintf(end, "a 1\n");
	(void) sprintf(end, "usage 3\n");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fields_fill(&fields, text, row), 0);
		assert_cell(row, METRIC_CPU_USAGE_NS, 3000);
	}
}

static void absurd_numbers_are_absent_and_an_error(void **state)
{
	static const char *const values[] = {
		"-1",
		"99999999999999999999",
		"18446744073709551616",
		"x",
		"1x",
		"0x10",
		"1.5",
		"+1",
		"",
		"18446744073709552", /* fits, but not 1000 times */
	};
	char text[128];

	(void) state;
	for (int learned = 0; learned < 2; learned++)
		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			(void) snprintf(text, sizeof(text), "user 1\nusage %s\n", values[i]);
			row_set(row, METRIC_CPU_USAGE_NS, 1);
			assert_int_equal(fields_fill(&fields, text, row), -EBADMSG);
			assert_absent(row, METRIC_CPU_USAGE_NS);
			assert_cell(row, METRIC_CPU_USER_NS, 1000);
		}
}

static void largest_number_is_kept(void **state)
{
	(void) state;
	assert_int_equal(fields_fill(&fields, "oom 18446744073709551615\n", row), 0);
	assert_cell(row, METRIC_MEMORY_EVENTS_OOM, UINT64_MAX);
}

static void text_without_any_key_is_an_error(void **state)
{
	static const char *const texts[] = { "",      "\n",       "\n\n\n", "nothing here",
					     "usage", "usag 1\n", " " };

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		row_set(row, METRIC_CPU_USAGE_NS, 1);
		assert_int_equal(fields_fill(&fields, texts[i], row), -EBADMSG);
		assert_absent(row, METRIC_CPU_USAGE_NS);
	}
}

static void unit_behind_a_number_is_passed_over(void **state)
{
	(void) state;
	assert_int_equal(fields_fill(&fields, "oom       12 kB\n", row), 0);
	assert_cell(row, METRIC_MEMORY_EVENTS_OOM, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(values_are_scaled),
		TEST(key_that_begins_like_another_is_told_apart),
		TEST(missing_key_makes_its_cell_absent),
		TEST(learned_order_does_not_matter),
		TEST(key_that_was_not_there_at_first_is_found_later),
		TEST(line_beyond_what_is_remembered_is_found),
		TEST(absurd_numbers_are_absent_and_an_error),
		TEST(largest_number_is_kept),
		TEST(text_without_any_key_is_an_error),
		TEST(unit_behind_a_number_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
