/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define SOME "some avg10=66.16 avg60=53.10 avg300=19.51 total=70261814\n"
#define FULL "full avg10=0.00 avg60=0.06 avg300=0.05 total=637612\n"

static void totals_are_in_nanoseconds(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.pressure", SOME FULL);
	fake_write(fake, CGROUP "memory.pressure", SOME FULL);
	fake_write(fake, CGROUP "io.pressure", SOME FULL);
	fake_write(fake, CGROUP "irq.pressure", FULL);
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "pressure"), 0);
	assert_cell(fake->row, METRIC_CPU_SOME_NS, 70261814000);
	assert_cell(fake->row, METRIC_CPU_FULL_NS, 637612000);
	assert_cell(fake->row, METRIC_MEMORY_SOME_NS, 70261814000);
	assert_cell(fake->row, METRIC_MEMORY_FULL_NS, 637612000);
	assert_cell(fake->row, METRIC_IO_SOME_NS, 70261814000);
	assert_cell(fake->row, METRIC_IO_FULL_NS, 637612000);
	assert_cell(fake->row, METRIC_IRQ_FULL_NS, 637612000);
	fake_free(fake);
}

/* Before 5.13, cpu.pressure had no line "full". */
static void missing_line_is_absent(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cpu.pressure", SOME);
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "pressure"), 0);
	assert_cell(fake->row, METRIC_CPU_SOME_NS, 70261814000);
	assert_absent(fake->row, METRIC_CPU_FULL_NS);
	assert_absent(fake->row, METRIC_IRQ_FULL_NS);
	fake_free(fake);
}

/* For the whole system the kernel writes a 0 that means nothing. */
static void root_has_no_full_cpu_stall(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, TREE "cpu.pressure",
		   SOME "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
	fake_write(fake, TREE "memory.pressure", SOME FULL);
	fake_open(fake);
	assert_int_equal(fake_sample_root(fake, "pressure"), 0);
	assert_cell(fake->root_row, METRIC_CPU_SOME_NS, 70261814000);
	assert_absent(fake->root_row, METRIC_CPU_FULL_NS);
	assert_cell(fake->root_row, METRIC_MEMORY_FULL_NS, 637612000);
	fake_free(fake);
}

static void host_that_does_not_count_is_told_by_the_probe(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	assert_int_equal(fake_probe(fake, "pressure"), -EOPNOTSUPP);
	assert_int_equal(fake_probe(fake, "host_pressure"), -EOPNOTSUPP);
	fake_write(fake, "proc/pressure/cpu", SOME FULL);
	site_retry(&fake->root);
	assert_int_equal(fake_probe(fake, "pressure"), 0);
	assert_int_equal(fake_probe(fake, "host_pressure"), 0);
	fake_free(fake);
}

static void absurd_text_is_absent_and_an_error(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"some\n",
		"some avg10=0.00 avg60=0.00 avg300=0.00\n",
		"some total=\n",
		"some total=-1\n",
		"some total=99999999999999999999\n",
		"some total=18446744073709551615\n",
		"some total=1\nfull total=x\n",
		"some total=1\nfull avg10=0.0",
	};
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fake_write(fake, CGROUP "cpu.pressure", texts[i]);
		site_retry(&fake->site);
		row_set(fake->row, METRIC_CPU_SOME_NS, 1);
		assert_int_equal(fake_sample(fake, "pressure"), -EBADMSG);
		assert_absent(fake->row, METRIC_CPU_SOME_NS);
		assert_absent(fake->row, METRIC_CPU_FULL_NS);
	}
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(totals_are_in_nanoseconds),
		cmocka_unit_test(missing_line_is_absent),
		cmocka_unit_test(root_has_no_full_cpu_stall),
		cmocka_unit_test(host_that_does_not_count_is_told_by_the_probe),
		cmocka_unit_test(absurd_text_is_absent_and_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
