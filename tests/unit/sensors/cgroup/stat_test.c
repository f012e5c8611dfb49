/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

static void state_and_descendants(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cgroup.events", "populated 1\nfrozen 0\n");
	fake_write(fake, CGROUP "cgroup.stat",
		   "nr_descendants 3\nnr_subsys_cpuset 1\nnr_dying_descendants 2\n"
		   "nr_dying_subsys_cpuset 9\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "state"), 0);
	assert_int_equal(fake_sample(fake, "descendants"), 0);
	assert_cell(fake->row, METRIC_POPULATED, 1);
	assert_cell(fake->row, METRIC_FROZEN, 0);
	assert_cell(fake->row, METRIC_DESCENDANTS, 3);
	assert_cell(fake->row, METRIC_DYING_DESCENDANTS, 2);

	fake_write(fake, CGROUP "cgroup.events", "populated 0\nfrozen 1\n");
	assert_int_equal(fake_sample(fake, "state"), 0);
	assert_cell(fake->row, METRIC_POPULATED, 0);
	assert_cell(fake->row, METRIC_FROZEN, 1);
	fake_free(fake);
}

static void root_has_no_state(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, TREE "cgroup.stat", "nr_descendants 28\nnr_dying_descendants 0\n");
	fake_open(fake);
	assert_int_equal(fake_sample_root(fake, "state"), 0);
	assert_int_equal(fake_sample_root(fake, "descendants"), 0);
	assert_absent(fake->root_row, METRIC_POPULATED);
	assert_absent(fake->root_row, METRIC_FROZEN);
	assert_cell(fake->root_row, METRIC_DESCENDANTS, 28);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_and_descendants),
		cmocka_unit_test(root_has_no_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
