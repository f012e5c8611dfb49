/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define LIMITS(soft) \
	"Limit                     Soft Limit           Hard Limit           Units     \n" \
	"Max cpu time              unlimited            unlimited            seconds   \n" \
	"Max open files            " soft "                 524288               files     \n" \
	"Max locked memory         8388608              8388608              bytes     \n"

/* A container with processes 7 and 8, the latter one level below. */
static struct fake *container_new(void)
{
	struct fake *fake = fake_new();

	fake_write(fake, CGROUP "cgroup.procs", "7\n");
	fake_write(fake, CGROUP "container/cgroup.procs", "8\n");
	fake_write(fake, "proc/7/fd/0", "");
	fake_write(fake, "proc/7/fd/1", "");
	fake_write(fake, "proc/8/fd/0", "");
	fake_write(fake, "proc/7/limits", LIMITS("1024"));
	fake_open(fake);
	site_find_process(&fake->site);
	return fake;
}

static void processes_below_are_counted(void **state)
{
	struct fake *fake = container_new();

	(void) state;
	assert_int_equal(fake_sample(fake, "processes"), 0);
	assert_cell(fake->row, METRIC_PROCESSES, 2);
	fake_free(fake);
}

static void tree_beyond_the_bounds_is_absent(void **state)
{
	struct fake *fake = container_new();

	(void) state;
	fake_write(fake, CGROUP "a/b/c/d/e/f/cgroup.procs", "9\n");
	row_set(fake->row, METRIC_PROCESSES, 1);
	row_set(fake->row, METRIC_DESCRIPTORS, 1);
	assert_int_equal(fake_sample(fake, "processes"), 0);
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_absent(fake->row, METRIC_PROCESSES);
	assert_absent(fake->row, METRIC_DESCRIPTORS);
	fake_free(fake);
}

/* Without the kernel's own count in st_size, entries are counted. */
static void descriptors_of_all_processes_are_added(void **state)
{
	struct fake *fake = container_new();

	(void) state;
	assert_false(fake->host.fd_counts);
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_cell(fake->row, METRIC_DESCRIPTORS, 3);
	assert_cell(fake->row, METRIC_ULIMIT_OPEN_FILES, 1024);
	fake_free(fake);
}

static void process_that_ended_meanwhile_holds_nothing(void **state)
{
	struct fake *fake = container_new();

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "7\n9\n");
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_cell(fake->row, METRIC_DESCRIPTORS, 3);
	fake_free(fake);
}

static void process_that_cannot_be_seen_makes_the_sum_absent(void **state)
{
	struct fake *fake = container_new();

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "7\n0\n");
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_absent(fake->row, METRIC_DESCRIPTORS);
	assert_int_equal(fake_sample(fake, "processes"), 0);
	assert_cell(fake->row, METRIC_PROCESSES, 3);
	fake_free(fake);
}

static void too_many_processes_make_the_sum_absent(void **state)
{
	struct fake *fake = container_new();
	char *text = calloc(1, 16 * 1024ULL), *end = text;

	(void) state;
	assert_non_null(text);
	for (int i = 0; i < 600; i++)
		end += sprintf(end, "%d\n", 1000 + i);
	fake_write(fake, CGROUP "cgroup.procs", text);
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_absent(fake->row, METRIC_DESCRIPTORS);
	assert_int_equal(fake_sample(fake, "processes"), 0);
	assert_cell(fake->row, METRIC_PROCESSES, 601);
	free(text);
	fake_free(fake);
}

static void empty_container_has_no_descriptors_cell(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "processes"), 0);
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_cell(fake->row, METRIC_PROCESSES, 0);
	assert_absent(fake->row, METRIC_DESCRIPTORS);
	assert_absent(fake->row, METRIC_ULIMIT_OPEN_FILES);
	fake_free(fake);
}

static void unlimited_is_minus_one(void **state)
{
	struct fake *fake = container_new();

	(void) state;
	fake_write(fake, "proc/7/limits", LIMITS("unlimited"));
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_cell(fake->row, METRIC_ULIMIT_OPEN_FILES, (uint64_t) -1);
	fake_free(fake);
}

static void absurd_limits_are_absent_and_an_error(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"Max open files \n",
		"Max open files\n",
		LIMITS("-1"),
		LIMITS("x"),
		LIMITS("9223372036854775808"),
		"Max open files            10",
	};
	struct fake *fake = container_new();

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fake_write(fake, "proc/7/limits", texts[i]);
		row_set(fake->row, METRIC_ULIMIT_OPEN_FILES, 1);
		assert_int_equal(fake_sample(fake, "descriptors"), -EBADMSG);
		assert_absent(fake->row, METRIC_ULIMIT_OPEN_FILES);
		assert_cell(fake->row, METRIC_DESCRIPTORS, 3);
	}
	fake_free(fake);
}

static void root_has_neither(void **state)
{
	struct fake *fake = container_new();

	(void) state;
	fake_write(fake, TREE "cgroup.procs", "1\n2\n");
	assert_int_equal(fake_sample_root(fake, "processes"), 0);
	assert_int_equal(fake_sample_root(fake, "descriptors"), 0);
	assert_absent(fake->root_row, METRIC_PROCESSES);
	assert_absent(fake->root_row, METRIC_DESCRIPTORS);
	fake_free(fake);
}

/* The kernel's count, and counting one by one, on the real /proc. */
static void both_ways_of_counting_agree(void **state)
{
	struct fake *fake = fake_new();
	uint64_t by_size = 0, by_entries = 0;
	char pid[16];

	(void) state;
	(void) snprintf(pid, sizeof(pid), "%d\n", getpid());
	fake_write(fake, CGROUP "cgroup.procs", pid);
	fake_open(fake);
	close(fake->host.proc_fd);
	fake->host.proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	fake->host.fd_counts = true;
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	if (!row_get(fake->row, METRIC_DESCRIPTORS, &by_size) || by_size == 0) {
		fake_free(fake);
		print_message("skipped: this kernel does not count in st_size (before 6.2)\n");
		skip();
		return;
	}
	fake->host.fd_counts = false;
	assert_int_equal(fake_sample(fake, "descriptors"), 0);
	assert_true(row_get(fake->row, METRIC_DESCRIPTORS, &by_entries));
	/* The directory that is being counted is one of them then. */
	assert_int_equal(by_entries, by_size + 1);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes_below_are_counted),
		cmocka_unit_test(tree_beyond_the_bounds_is_absent),
		cmocka_unit_test(descriptors_of_all_processes_are_added),
		cmocka_unit_test(process_that_ended_meanwhile_holds_nothing),
		cmocka_unit_test(process_that_cannot_be_seen_makes_the_sum_absent),
		cmocka_unit_test(too_many_processes_make_the_sum_absent),
		cmocka_unit_test(empty_container_has_no_descriptors_cell),
		cmocka_unit_test(unlimited_is_minus_one),
		cmocka_unit_test(absurd_limits_are_absent_and_an_error),
		cmocka_unit_test(root_has_neither),
		cmocka_unit_test(both_ways_of_counting_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
