/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define STAT \
	"usage_usec 8879724\nuser_usec 592589\nsystem_usec 8287135\nnice_usec 0\nnr_periods 90\n" \
	"nr_throttled 45\nthrottled_usec 2000001\nnr_bursts 3\nburst_usec 7\n"

static const enum metric throttling[] = {
	METRIC_CPU_PERIODS, METRIC_CPU_THROTTLED_PERIODS, METRIC_CPU_THROTTLED_NS,
	METRIC_CPU_BURSTS,  METRIC_CPU_BURST_NS,
};

static void times_are_in_nanoseconds(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.stat", STAT);
	fake_write(fake, CGROUP "cpu.max", "50000 100000\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_int_equal(fake_sample(fake, "cpu"), 0);
	assert_cell(fake->row, METRIC_CPU_USAGE_NS, 8879724000);
	assert_cell(fake->row, METRIC_CPU_USER_NS, 592589000);
	assert_cell(fake->row, METRIC_CPU_SYSTEM_NS, 8287135000);
	assert_cell(fake->row, METRIC_CPU_PERIODS, 90);
	assert_cell(fake->row, METRIC_CPU_THROTTLED_PERIODS, 45);
	assert_cell(fake->row, METRIC_CPU_THROTTLED_NS, 2000001000);
	assert_cell(fake->row, METRIC_CPU_BURSTS, 3);
	assert_cell(fake->row, METRIC_CPU_BURST_NS, 7000);
	fake_free(fake);
}

static void throttling_is_shown_only_while_a_quota_is_set(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.stat", STAT);
	fake_write(fake, CGROUP "cpu.max", "50000 100000\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_int_equal(fake_sample(fake, "cpu"), 0);
	assert_cell(fake->row, METRIC_CPU_PERIODS, 90);

	fake_write(fake, CGROUP "cpu.max", "max 100000\n");
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_int_equal(fake_sample(fake, "cpu"), 0);
	assert_cell(fake->row, METRIC_CPU_USAGE_NS, 8879724000);
	for (size_t i = 0; i < ARRAY_SIZE(throttling); i++)
		assert_absent(fake->row, throttling[i]);
	fake_free(fake);
}

static void absent_file_is_not_zero(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	row_set(fake->row, METRIC_CPU_USAGE_NS, 1);
	assert_int_equal(fake_sample(fake, "cpu"), 0);
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_absent(fake->row, METRIC_CPU_USAGE_NS);
	assert_absent(fake->row, METRIC_SPEC_CPU_PERIOD);
	assert_absent(fake->row, METRIC_SPEC_CPU_SHARES);
	fake_free(fake);
}

static void root_has_times_and_no_limits(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, TREE "cpu.stat", STAT);
	fake_open(fake);
	assert_int_equal(fake_sample_root(fake, "cpu_limits"), 0);
	assert_int_equal(fake_sample_root(fake, "cpu"), 0);
	assert_cell(fake->root_row, METRIC_CPU_USAGE_NS, 8879724000);
	assert_absent(fake->root_row, METRIC_CPU_PERIODS);
	assert_absent(fake->root_row, METRIC_SPEC_CPU_SHARES);
	fake_free(fake);
}

static void truncated_file_is_an_error(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.stat", "usage_usec 8879724\nuser_usec 59");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "cpu"), -EBADMSG);
	assert_absent(fake->row, METRIC_CPU_USAGE_NS);
	assert_absent(fake->row, METRIC_CPU_USER_NS);
	fake_free(fake);
}

static void quota_and_period_make_cores(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.max", "150000 100000\n");
	fake_write(fake, CGROUP "cpu.weight", "100\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_cell(fake->row, METRIC_SPEC_CPU_QUOTA, 150000);
	assert_cell(fake->row, METRIC_SPEC_CPU_PERIOD, 100000);
	assert_cell(fake->row, METRIC_CPU_LIMIT_CORES, 1500000000);

	fake_write(fake, CGROUP "cpu.max", "max 250000\n");
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_cell(fake->row, METRIC_SPEC_CPU_PERIOD, 250000);
	assert_absent(fake->row, METRIC_SPEC_CPU_QUOTA);
	assert_absent(fake->row, METRIC_CPU_LIMIT_CORES);
	fake_free(fake);
}

/* The expected shares are what cAdvisor shows for these weights. */
static void shares_follow_the_old_line(void **state)
{
	static const struct {
		const char *weight;
		uint64_t expected, shares;
	} cases[] = {
		{ "1\n", 1, 2 },
		{ "39\n", 39, 998 },
		{ "100\n", 100, 2597 },
		{ "10000\n", 10000, 262144 },
	};
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		fake_write(fake, CGROUP "cpu.weight", cases[i].weight);
		site_retry(&fake->site);
		assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
		assert_cell(fake->row, METRIC_CPU_WEIGHT, cases[i].expected);
		assert_cell(fake->row, METRIC_SPEC_CPU_SHARES, cases[i].shares);
	}
	fake_free(fake);
}

/* cpu.idle makes the weight 0, which is on no line. */
static void idle_weight_has_no_shares(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.weight", "0\n");
	fake_open(fake);
	row_set(fake->row, METRIC_SPEC_CPU_SHARES, 1);
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_cell(fake->row, METRIC_CPU_WEIGHT, 0);
	assert_absent(fake->row, METRIC_SPEC_CPU_SHARES);
	fake_free(fake);
}

static void absurd_limits_are_absent_and_an_error(void **state)
{
	static const char *const maxima[] = { "\n",
					      "max\n",
					      "x 100000\n",
					      "100000 max\n",
					      "-1 100000\n",
					      "99999999999999999999 1\n",
					      "1 99999999999999999999\n" };
	static const char *const weights[] = { "10001\n", "max\n", "-1\n",
					       "18446744073709551615\n" };
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(maxima); i++) {
		fake_write(fake, CGROUP "cpu.max", maxima[i]);
		site_retry(&fake->site);
		row_set(fake->row, METRIC_SPEC_CPU_QUOTA, 1);
		assert_int_equal(fake_sample(fake, "cpu_limits"), -EBADMSG);
		assert_absent(fake->row, METRIC_SPEC_CPU_QUOTA);
		assert_absent(fake->row, METRIC_CPU_LIMIT_CORES);
	}
	fake_write(fake, CGROUP "cpu.max", "max 100000\n");
	for (size_t i = 0; i < ARRAY_SIZE(weights); i++) {
		fake_write(fake, CGROUP "cpu.weight", weights[i]);
		site_retry(&fake->site);
		assert_int_equal(fake_sample(fake, "cpu_limits"), -EBADMSG);
		assert_absent(fake->row, METRIC_CPU_WEIGHT);
		assert_absent(fake->row, METRIC_SPEC_CPU_SHARES);
	}
	fake_free(fake);
}

static void limit_that_cannot_be_expressed_in_cores_is_absent(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.max", "18446744073709551614 0\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "cpu_limits"), 0);
	assert_absent(fake->row, METRIC_CPU_LIMIT_CORES);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_in_nanoseconds),
		cmocka_unit_test(throttling_is_shown_only_while_a_quota_is_set),
		cmocka_unit_test(absent_file_is_not_zero),
		cmocka_unit_test(root_has_times_and_no_limits),
		cmocka_unit_test(truncated_file_is_an_error),
		cmocka_unit_test(quota_and_period_make_cores),
		cmocka_unit_test(shares_follow_the_old_line),
		cmocka_unit_test(idle_weight_has_no_shares),
		cmocka_unit_test(absurd_limits_are_absent_and_an_error),
		cmocka_unit_test(limit_that_cannot_be_expressed_in_cores_is_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
