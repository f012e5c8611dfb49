/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#include "sensors/mounts.h"

/* Opens a host with this mountinfo; returns what site_host_open does. */
static int open_host(struct fake *fake, const char *mountinfo, struct site_host *ret_host)
{
	fake_write(fake, "proc/self/mountinfo", mountinfo);
	return site_host_open(fake->root_fd, BUDGET, ret_host);
}

static bool same_directory(const struct fake *fake, int fd, const char *path)
{
	struct stat a, b;

	return fd >= 0 && fstat(fd, &a) == 0 && fstatat(fake->root_fd, path, &b, 0) == 0 &&
	       a.st_ino == b.st_ino;
}

static struct fake *hybrid_new(void)
{
	struct fake *fake = fake_new();

	fake_write(fake, TREE "unified/cgroup.controllers", "\n");
	fake_write(fake, TREE "cpu,cpuacct/cpu.stat", "");
	fake_write(fake, TREE "memory/memory.stat", "");
	fake_write(fake, TREE "pids/tasks", "");
	fake_write(fake, TREE "blkio/tasks", "");
	return fake;
}

static void pure_v2_host_has_one_tree(void **state)
{
	struct fake *fake = fake_new();
	struct site_host host;

	(void) state;
	assert_int_equal(open_host(fake,
				   "22 1 254:0 / / rw,relatime - ext4 /dev/root rw\n"
				   "31 21 0:26 / /sys/fs/cgroup rw,nosuid shared:10 - cgroup2 "
				   "cgroup2 rw,nsdelegate\n",
				   &host),
			 0);
	assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], "sys/fs/cgroup"));
	assert_false(site_host_hybrid(&host));
	site_host_close(&host);
	fake_free(fake);
}

static void controllers_are_found_by_super_options(void **state)
{
	struct fake *fake = hybrid_new();
	struct site_host host;

	(void) state;
	assert_int_equal(
		open_host(fake,
			  "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
			  "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:1 master:2 - "
			  "cgroup cgroup rw,cpu,cpuacct\n"
			  "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
			  "38 31 0:35 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio\n"
			  "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
			  "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup "
			  "rw,xattr,name=systemd\n"
			  "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
			  &host),
		0);
	assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], TREE "unified"));
	assert_true(same_directory(fake, host.trees[HIERARCHY_V1_CPU], TREE "cpu,cpuacct"));
	assert_true(same_directory(fake, host.trees[HIERARCHY_V1_MEMORY], TREE "memory"));
	assert_true(same_directory(fake, host.trees[HIERARCHY_V1_PIDS], TREE "pids"));
	assert_true(same_directory(fake, host.trees[HIERARCHY_V1_BLKIO], TREE "blkio"));
	assert_int_equal(host.trees[HIERARCHY_V1_HUGETLB], -1);
	assert_true(site_host_hybrid(&host));
	site_host_close(&host);
	fake_free(fake);
}

static void tree_mounted_from_its_root_is_preferred(void **state)
{
	static const char *const orders[] = {
		"1 0 0:1 /docker/x /part rw - cgroup2 cgroup2 rw\n"
		"2 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		"2 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
		"1 0 0:1 /docker/x /part rw - cgroup2 cgroup2 rw\n",
	};
	struct site_host host;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct fake *fake = fake_new();

		fake_write(fake, "part/cgroup.controllers", "");
		assert_int_equal(open_host(fake, orders[i], &host), 0);
		assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], "sys/fs/cgroup"));
		site_host_close(&host);
		fake_free(fake);
	}
}

static void part_of_a_tree_is_better_than_none(void **state)
{
	struct fake *fake = fake_new();
	struct site_host host;

	(void) state;
	fake_write(fake, "part/cgroup.controllers", "");
	assert_int_equal(open_host(fake, "1 0 0:1 /../.. /part rw - cgroup2 cgroup2 rw\n", &host),
			 0);
	assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], "part"));
	site_host_close(&host);
	fake_free(fake);
}

static void escaped_blanks_are_understood(void **state)
{
	struct fake *fake = fake_new();
	struct site_host host;

	(void) state;
	fake_write(fake, "a b\\c/cgroup.controllers", "");
	assert_int_equal(open_host(fake, "1 0 0:1 / /a\\040b\\134c rw - cgroup2 cgroup2 rw\n",
				   &host),
			 0);
	assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], "a b\\c"));
	site_host_close(&host);
	fake_free(fake);
}

static void without_mountinfo_the_usual_place_is_taken(void **state)
{
	struct fake *fake = fake_new();
	struct site_host host;

	(void) state;
	assert_int_equal(site_host_open(fake->root_fd, BUDGET, &host), 0);
	assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], "sys/fs/cgroup"));
	site_host_close(&host);
	fake_free(fake);
}

/* The host's "/" below another directory: mountinfo speaks of places that root_fd does not have. */
static void mount_out_of_reach_falls_back_to_the_usual_place(void **state)
{
	struct fake *fake = fake_new();
	struct site_host host;

	(void) state;
	assert_int_equal(open_host(fake, "1 0 0:1 / /host/sys/fs/cgroup rw - cgroup2 none rw\n",
				   &host),
			 0);
	assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], "sys/fs/cgroup"));
	site_host_close(&host);
	fake_free(fake);
}

static void host_without_v2_is_refused(void **state)
{
	struct fake *fake = fake_new();
	struct site_host host = { .proc_fd = 77 };

	(void) state;
	fake_unlink(fake, TREE "cgroup.controllers");
	fake_write(fake, TREE "memory/memory.stat", "");
	assert_int_equal(
		open_host(fake,
			  "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
			  "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
			  &host),
		-ENOENT);
	assert_int_equal(host.proc_fd, 77); /* untouched */
	fake_free(fake);
}

static void lines_that_make_no_sense_are_passed_over(void **state)
{
	struct fake *fake = fake_new();
	struct site_host host;
	char *long_line = malloc(200000);

	(void) state;
	assert_non_null(long_line);
	memset(long_line, 'x', 200000);
	(void) snprintf(long_line + 100000, 100000, "%s",
			"\n\n - \n1 2 3\n- - - - - - - - -\n1 0 0:1 / /a rw\n"
			"1 0 0:1 / /a rw -\n1 0 0:1 / /a rw - cgroup2\n"
			"1 0 0:1 / /a rw - cgroup2 x\n1 0 0:1 / /\\777\\ rw - cgroup2 x y\n"
			"9 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
	assert_int_equal(open_host(fake, long_line, &host), 0);
	assert_true(same_directory(fake, host.trees[HIERARCHY_UNIFIED], "sys/fs/cgroup"));
	site_host_close(&host);
	free(long_line);
	fake_free(fake);
}

/* On a host that is hybrid in form only, v2 serves what the unified tree has. */
static void controller_is_served_by_one_of_both(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, "proc/self/mountinfo",
		   "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
		   "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
		   "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
	fake_write(fake, TREE "unified/cgroup.controllers", "io pids\n");
	fake_write(fake, TREE "unified/docker/one/cpu.stat", "");
	fake_open(fake);
	assert_int_equal(fake_probe(fake, "memory"), -EOPNOTSUPP);
	assert_int_equal(fake_probe(fake, "v1_memory"), 0);
	assert_int_equal(fake_probe(fake, "pids"), 0);
	assert_int_equal(fake_probe(fake, "v1_pids"), -EOPNOTSUPP);
	assert_int_equal(fake_probe(fake, "io"), 0);
	assert_int_equal(fake_probe(fake, "v1_io"), -EOPNOTSUPP);
	assert_int_equal(fake_probe(fake, "cpu_limits"), -EOPNOTSUPP);
	assert_int_equal(fake_probe(fake, "v1_cpu_limits"), -EOPNOTSUPP);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pure_v2_host_has_one_tree),
		cmocka_unit_test(controllers_are_found_by_super_options),
		cmocka_unit_test(tree_mounted_from_its_root_is_preferred),
		cmocka_unit_test(part_of_a_tree_is_better_than_none),
		cmocka_unit_test(escaped_blanks_are_understood),
		cmocka_unit_test(without_mountinfo_the_usual_place_is_taken),
		cmocka_unit_test(mount_out_of_reach_falls_back_to_the_usual_place),
		cmocka_unit_test(host_without_v2_is_refused),
		cmocka_unit_test(lines_that_make_no_sense_are_passed_over),
		cmocka_unit_test(controller_is_served_by_one_of_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
