/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

static void threads_limit_and_refusals(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "pids.current", "6\n");
	fake_write(fake, CGROUP "pids.max", "100\n");
	fake_write(fake, CGROUP "pids.events", "max 3\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "pids"), 0);
	assert_int_equal(fake_sample(fake, "pids_limits"), 0);
	assert_cell(fake->row, METRIC_THREADS, 6);
	assert_cell(fake->row, METRIC_THREADS_MAX, 100);
	assert_cell(fake->row, METRIC_PIDS_MAX_EVENTS, 3);
	fake_free(fake);
}

static void unlimited_is_zero(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "pids.max", "max\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "pids_limits"), 0);
	assert_cell(fake->row, METRIC_THREADS_MAX, 0);
	fake_free(fake);
}

static void absent_controller_is_not_zero(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, TREE "cgroup.controllers", "cpu memory\n");
	fake_open(fake);
	assert_int_equal(fake_probe(fake, "pids"), -EOPNOTSUPP);
	assert_int_equal(fake_sample(fake, "pids"), 0);
	assert_int_equal(fake_sample(fake, "pids_limits"), 0);
	assert_absent(fake->row, METRIC_THREADS);
	assert_absent(fake->row, METRIC_THREADS_MAX);
	assert_absent(fake->row, METRIC_PIDS_MAX_EVENTS);
	fake_free(fake);
}

/* A name that contains another one is not that one. */
static void controllers_are_whole_words(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, TREE "cgroup.controllers", "cpuset memory2 xpids\n");
	fake_open(fake);
	assert_int_equal(fake_probe(fake, "pids"), -EOPNOTSUPP);
	assert_int_equal(fake_probe(fake, "memory"), -EOPNOTSUPP);
	assert_int_equal(fake_probe(fake, "cpu_limits"), -EOPNOTSUPP);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_limit_and_refusals),
		cmocka_unit_test(unlimited_is_zero),
		cmocka_unit_test(absent_controller_is_not_zero),
		cmocka_unit_test(controllers_are_whole_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
