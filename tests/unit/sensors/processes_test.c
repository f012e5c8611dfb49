/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#include "sensors/processes.h"

static void descendants_are_counted(void **state)
{
	struct fake *fake = fake_new();
	pid_t pids[3];
	struct processes processes = { .pids = pids, .size = ARRAY_SIZE(pids) };

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "1\n2\n");
	fake_write(fake, CGROUP "container/cgroup.procs", "3\n");
	fake_write(fake, CGROUP "container/init.scope/cgroup.procs", "4\n5\n");
	fake_open(fake);
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	assert_int_equal(processes.count, 5);
	assert_int_equal(pids[0], 1);
	assert_int_equal(pids[1], 2);
	assert_int_equal(pids[2], 3);
	fake_free(fake);
}

static void cgroup_without_children_is_not_listed(void **state)
{
	struct fake *fake = fake_new();
	struct processes processes = { .size = 0 };
	uint64_t opens;

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "1\n2\n");
	fake_open(fake);
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	opens = fake->host.opens;
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	assert_int_equal(processes.count, 2);
	assert_int_equal(fake->host.opens, opens);
	fake_free(fake);
}

static void absent_list_is_told_from_an_empty_one(void **state)
{
	struct fake *fake = fake_new();
	struct processes processes = { .size = 0 };

	(void) state;
	fake_open(fake);
	assert_int_equal(processes_list(&fake->site, &processes), -ENOENT);
	fake_write(fake, CGROUP "cgroup.procs", "");
	site_retry(&fake->site);
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	assert_int_equal(processes.count, 0);
	fake_free(fake);
}

static void tree_that_is_too_deep_is_refused(void **state)
{
	struct fake *fake = fake_new();
	struct processes processes = { .size = 0 };

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "1\n");
	fake_write(fake, CGROUP "a/b/c/d/e/cgroup.procs", "2\n");
	fake_open(fake);
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	assert_int_equal(processes.count, 2);
	fake_write(fake, CGROUP "a/b/c/d/e/f/cgroup.procs", "3\n");
	assert_int_equal(processes_list(&fake->site, &processes), -E2BIG);
	fake_free(fake);
}

static void tree_that_is_too_broad_is_refused(void **state)
{
	struct fake *fake = fake_new();
	struct processes processes = { .size = 0 };
	char path[128];

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "");
	for (int i = 0; i < PROCESSES_DIRECTORIES; i++) {
		(void) snprintf(path, sizeof(path), CGROUP "%d/cgroup.procs", i);
		fake_write(fake, path, "1\n");
	}
	fake_open(fake);
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	assert_int_equal(processes.count, PROCESSES_DIRECTORIES);
	fake_write(fake, CGROUP "more/cgroup.procs", "1\n");
	assert_int_equal(processes_list(&fake->site, &processes), -E2BIG);
	fake_free(fake);
}

static void links_are_not_followed(void **state)
{
	struct fake *fake = fake_new();
	struct processes processes = { .size = 0 };

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "1\n");
	fake_write(fake, CGROUP "a/cgroup.procs", "2\n");
	assert_int_equal(symlinkat("..", fake->root_fd, CGROUP "a/loop"), 0);
	fake_open(fake);
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	assert_int_equal(processes.count, 2);
	fake_free(fake);
}

static void absurd_numbers_are_processes_that_cannot_be_seen(void **state)
{
	struct fake *fake = fake_new();
	pid_t pids[8];
	struct processes processes = { .pids = pids, .size = ARRAY_SIZE(pids) };

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs",
		   "0\n-5\n99999999999999999999\n2147483648\nx\n\n7\n");
	fake_open(fake);
	assert_int_equal(processes_list(&fake->site, &processes), 0);
	assert_int_equal(processes.count, 6);
	for (int i = 0; i < 5; i++)
		assert_int_equal(pids[i], 0);
	assert_int_equal(pids[5], 7);
	fake_free(fake);
}

static void own_namespace_is_that_of_process_0(void **state)
{
	int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t own, by_number;

	(void) state;
	if (process_netns(proc_fd, 0, &own) < 0) {
		close(proc_fd);
		print_message("skipped: /proc/self/ns/net cannot be read here\n");
		skip();
		return;
	}
	assert_int_equal(process_netns(proc_fd, getpid(), &by_number), 0);
	assert_int_equal(own, by_number);
	assert_true(own > 0);
	close(proc_fd);
}

static void absurd_namespace_link_is_refused(void **state)
{
	static const char *const links[] = { "net:[]", "net:[x]", "mnt:[1]",
					     "net:[",  "x",       "net:[99999999999999999999]" };
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/5/ns/mnt", "");
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		uint64_t netns = 42;

		assert_int_equal(symlinkat(links[i], fake->root_fd, "proc/5/ns/net"), 0);
		assert_true(process_netns(fake->host.proc_fd, 5, &netns) < 0);
		assert_int_equal(netns, 42);
		fake_unlink(fake, "proc/5/ns/net");
	}
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descendants_are_counted),
		cmocka_unit_test(cgroup_without_children_is_not_listed),
		cmocka_unit_test(absent_list_is_told_from_an_empty_one),
		cmocka_unit_test(tree_that_is_too_deep_is_refused),
		cmocka_unit_test(tree_that_is_too_broad_is_refused),
		cmocka_unit_test(links_are_not_followed),
		cmocka_unit_test(absurd_numbers_are_processes_that_cannot_be_seen),
		cmocka_unit_test(own_namespace_is_that_of_process_0),
		cmocka_unit_test(absurd_namespace_link_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
