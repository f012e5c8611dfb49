/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

static void reserved_pages_are_preferred(void **state)
{
	struct fake *fake = fake_new();
	const struct row *row;

	(void) state;
	fake_write(fake, CGROUP "hugetlb.2MB.rsvd.current", "4194304\n");
	fake_write(fake, CGROUP "hugetlb.2MB.current", "2097152\n");
	fake_write(fake, CGROUP "hugetlb.2MB.events", "max 7\n");
	fake_write(fake, CGROUP "hugetlb.1GB.current", "1073741824\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "hugetlb"), 0);
	assert_int_equal(fake_count(fake, ENTITY_HUGEPAGE), 2);
	row = fake_find(fake, ENTITY_HUGEPAGE, "2MB");
	assert_cell(row, METRIC_HUGETLB_USAGE_BYTES, 4194304);
	assert_cell(row, METRIC_HUGETLB_FAILCNT, 7);
	assert_absent(row, METRIC_HUGETLB_PEAK_BYTES);
	row = fake_find(fake, ENTITY_HUGEPAGE, "1GB");
	assert_cell(row, METRIC_HUGETLB_USAGE_BYTES, 1073741824);
	assert_absent(row, METRIC_HUGETLB_FAILCNT);
	fake_free(fake);
}

static void size_that_the_kernel_does_not_offer_has_no_row(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "hugetlb"), 0);
	assert_int_equal(fake_count(fake, ENTITY_HUGEPAGE), 0);
	fake_free(fake);
}

static void absurd_number_ends_the_row(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "hugetlb.2MB.current", "1\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "hugetlb"), 0);
	assert_int_equal(fake_count(fake, ENTITY_HUGEPAGE), 1);
	fake_write(fake, CGROUP "hugetlb.2MB.current", "99999999999999999999\n");
	assert_int_equal(fake_sample(fake, "hugetlb"), -EBADMSG);
	assert_int_equal(fake_count(fake, ENTITY_HUGEPAGE), 0);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reserved_pages_are_preferred),
		cmocka_unit_test(size_that_the_kernel_does_not_offer_has_no_row),
		cmocka_unit_test(absurd_number_ends_the_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
