/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/condition.h"

static void each_name_leads_back_to_its_value(void **state)
{
	(void) state;
	for (unsigned i = 0; i < STATE_COUNT; i++)
		assert_int_equal(container_state_parse(container_state_name(i)), i);
	for (unsigned i = 0; i < HEALTH_COUNT; i++)
		assert_int_equal(health_status_parse(health_status_name(i)), i);
}

static void foreign_words_are_unknown(void **state)
{
	(void) state;
	assert_int_equal(container_state_parse(NULL), STATE_UNKNOWN);
	assert_int_equal(container_state_parse(""), STATE_UNKNOWN);
	assert_int_equal(container_state_parse("Running"), STATE_UNKNOWN);
	assert_int_equal(health_status_parse("running"), HEALTH_UNKNOWN);
}

static void each_member_counts_for_equality(void **state)
{
	const struct condition zero = { 0 }, others[] = {
		{ .state = STATE_EXITED }, { .health = HEALTH_NONE }, { .failing_streak = 1 },
		{ .oom_killed = true },    { .has_exit_code = true }, { .exit_code = 137 },
		{ .finished_ns = 1 },      { .has_restarts = true },  { .restarts = 1 },
	};

	(void) state;
	assert_true(condition_equal(&zero, &zero));
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_true(condition_equal(&others[i], &others[i]));
		assert_false(condition_equal(&zero, &others[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_leads_back_to_its_value),
		cmocka_unit_test(foreign_words_are_unknown),
		cmocka_unit_test(each_member_counts_for_equality),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
