/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

/* Lines in the kernel's order, with some that are not wanted between them. */
#define STAT \
	"anon 1000\nfile 5000\nkernel 300\nkernel_stack 1\nshmem 2\nfile_mapped 40\n" \
	"file_dirty 50\nfile_writeback 60\ninactive_anon 8\ninactive_file 3000\n" \
	"active_file 2000\nworkingset_refault_anon 71\nworkingset_refault_file 72\n" \
	"pgscan_kswapd 9\npgscan 81\npgsteal 82\npgfault 91\npgmajfault 92\npgrefill 1\n"

static void usage_and_its_parts(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.stat", STAT);
	fake_write(fake, CGROUP "memory.current", "7000\n");
	fake_write(fake, CGROUP "memory.swap.current", "123\n");
	fake_write(fake, CGROUP "memory.peak", "9000\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory"), 0);
	assert_cell(fake->row, METRIC_MEMORY_USAGE_BYTES, 7000);
	assert_cell(fake->row, METRIC_MEMORY_WORKING_SET_BYTES, 4000);
	assert_cell(fake->row, METRIC_MEMORY_RSS_BYTES, 1000);
	assert_cell(fake->row, METRIC_MEMORY_CACHE_BYTES, 5000);
	assert_cell(fake->row, METRIC_MEMORY_KERNEL_BYTES, 300);
	assert_cell(fake->row, METRIC_MEMORY_MAPPED_BYTES, 40);
	assert_cell(fake->row, METRIC_MEMORY_DIRTY_BYTES, 50);
	assert_cell(fake->row, METRIC_MEMORY_WRITEBACK_BYTES, 60);
	assert_cell(fake->row, METRIC_MEMORY_INACTIVE_FILE_BYTES, 3000);
	assert_cell(fake->row, METRIC_MEMORY_ACTIVE_FILE_BYTES, 2000);
	assert_cell(fake->row, METRIC_MEMORY_REFAULT_ANON, 71);
	assert_cell(fake->row, METRIC_MEMORY_REFAULT_FILE, 72);
	assert_cell(fake->row, METRIC_MEMORY_PGSCAN, 81);
	assert_cell(fake->row, METRIC_MEMORY_PGSTEAL, 82);
	assert_cell(fake->row, METRIC_MEMORY_PGFAULT, 91);
	assert_cell(fake->row, METRIC_MEMORY_PGMAJFAULT, 92);
	assert_cell(fake->row, METRIC_MEMORY_SWAP_BYTES, 123);
	assert_cell(fake->row, METRIC_MEMORY_PEAK_BYTES, 9000);
	fake_free(fake);
}

static void working_set_is_never_below_zero(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.stat", STAT);
	fake_write(fake, CGROUP "memory.current", "2999\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory"), 0);
	assert_cell(fake->row, METRIC_MEMORY_WORKING_SET_BYTES, 0);
	fake_free(fake);
}

static void working_set_needs_both_of_its_parts(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.current", "7000\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory"), 0);
	assert_cell(fake->row, METRIC_MEMORY_USAGE_BYTES, 7000);
	assert_absent(fake->row, METRIC_MEMORY_WORKING_SET_BYTES);
	fake_free(fake);
}

static void absent_controller_is_not_zero(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (enum metric metric = METRIC_MEMORY_USAGE_BYTES; metric <= METRIC_MEMORY_REFAULT_ANON;
	     metric++)
		row_set(fake->row, metric, 1);
	assert_int_equal(fake_sample(fake, "memory"), 0);
	for (enum metric metric = METRIC_MEMORY_USAGE_BYTES; metric <= METRIC_MEMORY_REFAULT_ANON;
	     metric++)
		assert_absent(fake->row, metric);
	fake_free(fake);
}

/* memory.peak came with 5.19, "kernel" with 5.18: older kernels have neither. */
static void older_kernel_has_fewer_cells(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.stat", "anon 1000\nfile 5000\ninactive_file 0\n");
	fake_write(fake, CGROUP "memory.current", "7000\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory"), 0);
	assert_cell(fake->row, METRIC_MEMORY_WORKING_SET_BYTES, 7000);
	assert_absent(fake->row, METRIC_MEMORY_KERNEL_BYTES);
	assert_absent(fake->row, METRIC_MEMORY_PEAK_BYTES);
	fake_free(fake);
}

static void one_kernel_number_feeds_two_names(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.events",
		   "low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\nsock_throttled 0\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory"), 0);
	assert_cell(fake->row, METRIC_MEMORY_EVENTS_LOW, 1);
	assert_cell(fake->row, METRIC_MEMORY_EVENTS_HIGH, 2);
	assert_cell(fake->row, METRIC_MEMORY_EVENTS_MAX, 3);
	assert_cell(fake->row, METRIC_MEMORY_FAILCNT, 3);
	assert_cell(fake->row, METRIC_MEMORY_EVENTS_OOM, 4);
	assert_cell(fake->row, METRIC_MEMORY_EVENTS_OOM_KILL, 5);
	assert_cell(fake->row, METRIC_OOM_EVENTS, 5);
	assert_cell(fake->row, METRIC_MEMORY_EVENTS_OOM_GROUP_KILL, 6);

	fake_write(fake, CGROUP "memory.events", "low 1\n");
	assert_int_equal(fake_sample(fake, "memory"), 0);
	assert_absent(fake->row, METRIC_OOM_EVENTS);
	assert_absent(fake->row, METRIC_MEMORY_FAILCNT);
	fake_free(fake);
}

static void root_usage_is_anonymous_memory_and_page_cache(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, TREE "memory.stat", STAT);
	fake_write(fake, "proc/meminfo", "MemTotal:       24684096 kB\nMemFree: 1 kB\n");
	fake_open(fake);
	assert_int_equal(fake_sample_root(fake, "memory"), 0);
	assert_cell(fake->root_row, METRIC_MEMORY_USAGE_BYTES, 6000);
	assert_cell(fake->root_row, METRIC_MEMORY_WORKING_SET_BYTES, 3000);
	assert_absent(fake->root_row, METRIC_MEMORY_SWAP_BYTES);
	assert_int_equal(fake_sample_root(fake, "memory_limits"), 0);
	assert_cell(fake->root_row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 24684096ULL * 1024);
	fake_free(fake);
}

static void limits_that_are_not_set(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.max", "max\n");
	fake_write(fake, CGROUP "memory.swap.max", "max\n");
	fake_write(fake, CGROUP "memory.high", "max\n");
	fake_write(fake, CGROUP "memory.low", "0\n");
	fake_write(fake, CGROUP "memory.min", "0\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory_limits"), 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_SWAP_LIMIT_BYTES, 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_RESERVATION_BYTES, 0);
	assert_absent(fake->row, METRIC_MEMORY_HIGH_BYTES);
	assert_absent(fake->row, METRIC_MEMORY_LOW_BYTES);
	assert_absent(fake->row, METRIC_MEMORY_MIN_BYTES);
	fake_free(fake);
}

static void limits_that_are_set(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.max", "67108864\n");
	fake_write(fake, CGROUP "memory.swap.max", "0\n");
	fake_write(fake, CGROUP "memory.high", "50000000\n");
	fake_write(fake, CGROUP "memory.low", "4096\n");
	fake_write(fake, CGROUP "memory.min", "8192\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory_limits"), 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 67108864);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_SWAP_LIMIT_BYTES, 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_RESERVATION_BYTES, 8192);
	assert_cell(fake->row, METRIC_MEMORY_HIGH_BYTES, 50000000);
	assert_cell(fake->row, METRIC_MEMORY_LOW_BYTES, 4096);
	assert_cell(fake->row, METRIC_MEMORY_MIN_BYTES, 8192);
	fake_free(fake);
}

static void huge_garbage_is_an_error_and_hurts_nobody_else(void **state)
{
	struct fake *fake = fake_new();
	char *huge = malloc(100 * 1024ULL);

	(void) state;
	assert_non_null(huge);
	memset(huge, 'x', 100 * 1024ULL);
	huge[100 * 1024 - 1] = '\n';
	fake_write_bytes(fake, CGROUP "memory.stat", huge, 100 * 1024ULL);
	fake_write(fake, CGROUP "memory.current", "7000\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "memory"), -EFBIG);
	assert_cell(fake->row, METRIC_MEMORY_USAGE_BYTES, 7000);
	assert_absent(fake->row, METRIC_MEMORY_RSS_BYTES);
	free(huge);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usage_and_its_parts),
		cmocka_unit_test(working_set_is_never_below_zero),
		cmocka_unit_test(working_set_needs_both_of_its_parts),
		cmocka_unit_test(absent_controller_is_not_zero),
		cmocka_unit_test(older_kernel_has_fewer_cells),
		cmocka_unit_test(one_kernel_number_feeds_two_names),
		cmocka_unit_test(root_usage_is_anonymous_memory_and_page_cache),
		cmocka_unit_test(limits_that_are_not_set),
		cmocka_unit_test(limits_that_are_set),
		cmocka_unit_test(huge_garbage_is_an_error_and_hurts_nobody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
