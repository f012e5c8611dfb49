/* SPDX-License-Identifier: Apache-2.0 */

/* cgroup_pids: directories that look like cgroups. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/cgroup_pids.h"
#include "harness/fake_host.h"

static void processes_below_belong_to_it(void **state)
{
	struct fake_host host;
	struct cgroup_pids pids;

	(void) state;
	fake_host_init(&host);
	fake_host_write(&host, "box/cgroup.procs", "30\n4\n");
	fake_host_write(&host, "box/inner/cgroup.procs", "5\n0\n");
	fake_host_write(&host, "box/inner/deep/cgroup.procs", "4194304\n");
	fake_host_write(&host, "box/file", "99\n");
	fake_host_write(&host, "other/cgroup.procs", "1\n");
	fake_host_link(&host, "box/link", "../other");
	assert_int_equal(cgroup_pids_read(host.root_fd, "/box", &pids), 0);
	assert_int_equal(pids.count, 4);
	assert_int_equal(pids.pids[0], 4);
	assert_int_equal(pids.pids[3], 4194304);
	assert_true(cgroup_pids_has(&pids, 30));
	assert_false(cgroup_pids_has(&pids, 1));
	assert_false(cgroup_pids_has(&pids, 0));
	cgroup_pids_fini(&pids);
	assert_false(cgroup_pids_has(&pids, 30));
	fake_host_fini(&host);
}

static void a_cgroup_that_is_gone_is_an_error(void **state)
{
	struct fake_host host;
	struct cgroup_pids pids;

	(void) state;
	fake_host_init(&host);
	assert_int_equal(cgroup_pids_read(host.root_fd, "/box", &pids), -ENOENT);
	fake_host_write(&host, "box/file", "");
	assert_int_equal(cgroup_pids_read(host.root_fd, "/box", &pids), -ENOENT);
	fake_host_fini(&host);
}

static void numbers_may_lie_across_reads(void **state)
{
	static char text[64 * 1024];
	struct fake_host host;
	struct cgroup_pids pids;
	size_t length = 0;

	(void) state;
	for (unsigned i = 0; i < 5000; i++)
		length += (size_t) snprintf(text + length, sizeof(text) - length, "%u\n",
					    1000 + 7 * i);
	fake_host_init(&host);
	fake_host_write(&host, "box/cgroup.procs", text);
	assert_int_equal(cgroup_pids_read(host.root_fd, "/box", &pids), 0);
	assert_int_equal(pids.count, 5000);
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(pids.pids[i], 1000 + 7 * i);
	cgroup_pids_fini(&pids);
	fake_host_fini(&host);
}

static void depth_and_number_are_bounded(void **state)
{
	static char text[7 * (CGROUP_PIDS_MAX + 10)];
	struct fake_host host;
	struct cgroup_pids pids;
	char path[256] = "box";
	size_t length = 0;

	(void) state;
	fake_host_init(&host);
	fake_host_write(&host, "box/cgroup.procs", "1\n");
	for (unsigned i = 1; i <= 2 * CGROUP_PIDS_DEPTH; i++) {
		char file[300];

		strcat(path, "/d");
		snprintf(file, sizeof(file), "%s/cgroup.procs", path);
		fake_host_write(&host, file, "1\n");
	}
	assert_int_equal(cgroup_pids_read(host.root_fd, "/box", &pids), 0);
	assert_int_equal(pids.count, 1 + CGROUP_PIDS_DEPTH);
	cgroup_pids_fini(&pids);

	for (unsigned i = 0; i < CGROUP_PIDS_MAX + 10; i++)
		length += (size_t) snprintf(text + length, sizeof(text) - length, "%u\n", 1 + i);
	fake_host_write(&host, "many/cgroup.procs", text);
	assert_int_equal(cgroup_pids_read(host.root_fd, "/many", &pids), 0);
	assert_int_equal(pids.count, CGROUP_PIDS_MAX);
	cgroup_pids_fini(&pids);
	fake_host_fini(&host);
}

static void what_is_no_pid_is_left_out(void **state)
{
	struct fake_host host;
	struct cgroup_pids pids;

	(void) state;
	fake_host_init(&host);
	fake_host_write(&host, "box/cgroup.procs",
			"x\n99999999999999999999999999\n-5\n2147483648\n6");
	assert_int_equal(cgroup_pids_read(host.root_fd, "/box", &pids), 0);
	assert_true(cgroup_pids_has(&pids, 6));
	for (size_t i = 0; i < pids.count; i++)
		assert_true(pids.pids[i] > 0);
	cgroup_pids_fini(&pids);
	fake_host_fini(&host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes_below_belong_to_it),
		cmocka_unit_test(a_cgroup_that_is_gone_is_an_error),
		cmocka_unit_test(numbers_may_lie_across_reads),
		cmocka_unit_test(depth_and_number_are_bounded),
		cmocka_unit_test(what_is_no_pid_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
