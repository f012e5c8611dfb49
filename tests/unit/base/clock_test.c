/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "base/clock.h"

static void boot_clock_never_goes_back(void **state)
{
	uint64_t before = clock_boottime_ns();

	(void) state;
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t now = clock_boottime_ns();

		assert_true(now >= before);
		before = now;
	}
}

static void wall_clock_is_that_of_the_system(void **state)
{
	uint64_t before_s = (uint64_t) time(NULL), now_ns = clock_realtime_ns();

	(void) state;
	assert_in_range(now_ns / NSEC_PER_SEC, before_s - 1, before_s + 60);
}

static void work_costs_process_time(void **state)
{
	uint64_t start = clock_process_cpu_ns();

	(void) state;
	for (uint64_t turns = 0; clock_process_cpu_ns() == start; turns++)
		assert_true(turns < 100000000);
	assert_true(clock_process_cpu_ns() > start);
}

static void frozen_clocks_stand_still_until_released(void **state)
{
	(void) state;
	clock_freeze(7, 9);
	assert_int_equal(clock_boottime_ns(), 7);
	assert_int_equal(clock_realtime_ns(), 9);
	clock_freeze(8, 10);
	assert_int_equal(clock_boottime_ns(), 8);
	assert_int_equal(clock_realtime_ns(), 10);
	clock_release();
	assert_true(clock_boottime_ns() > 8);
	assert_true(clock_realtime_ns() > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boot_clock_never_goes_back),
		cmocka_unit_test(wall_clock_is_that_of_the_system),
		cmocka_unit_test(work_costs_process_time),
		cmocka_unit_test(frozen_clocks_stand_still_until_released),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
