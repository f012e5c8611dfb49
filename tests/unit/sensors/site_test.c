/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#include <sys/sysmacros.h>

#define TEXT_BYTES 256

static ssize_t read_file(struct site *site, enum site_file file)
{
	char text[TEXT_BYTES];

	return site_read(site, file, text, sizeof(text));
}

static void kept_file_is_opened_once_and_read_anew(void **state)
{
	struct fake *fake = fake_new();
	char text[TEXT_BYTES];
	uint64_t opens;

	(void) state;
	fake_write(fake, CGROUP "pids.current", "1\n");
	fake_open(fake);
	opens = fake->host.opens;
	for (int i = 0; i < 3; i++) {
		fake_write(fake, CGROUP "pids.current", i == 2 ? "22\n" : "1\n");
		assert_int_equal(site_read(&fake->site, FILE_PIDS_CURRENT, text, sizeof(text)),
				 i == 2 ? 3 : 2);
	}
	assert_string_equal(text, "22\n");
	assert_int_equal(fake->host.opens, opens + 1);
	assert_int_equal(fake->host.reads, 3);
	assert_int_equal(fake->host.over_budget, 0);
	fake_free(fake);
}

static void missing_file_is_not_tried_again_until_retry(void **state)
{
	struct fake *fake = fake_new();
	uint64_t opens;

	(void) state;
	fake_open(fake);
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_PEAK), -ENOENT);
	opens = fake->host.opens;
	fake_write(fake, CGROUP "memory.peak", "1\n");
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_PEAK), -ENOENT);
	assert_int_equal(fake->host.opens, opens);

	site_retry(&fake->site);
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_PEAK), 2);
	fake_free(fake);
}

static void beyond_the_budget_files_are_read_and_opens_counted(void **state)
{
	struct fake *fake = fake_new();
	uint64_t opens;

	(void) state;
	fake_write(fake, CGROUP "pids.current", "1\n");
	fake_write(fake, CGROUP "memory.current", "22\n");
	fake_open_with_budget(fake, 3); /* two directories and one file */
	opens = fake->host.opens;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(read_file(&fake->site, FILE_PIDS_CURRENT), 2);
		assert_int_equal(read_file(&fake->site, FILE_MEMORY_CURRENT), 3);
	}
	assert_int_equal(fake->host.fd_used, 3);
	assert_int_equal(fake->host.opens, opens + 1 + 5);
	assert_int_equal(fake->host.over_budget, 5);
	fake_free(fake);
}

static void without_any_budget_everything_is_read_by_path(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "pids.current", "1\n");
	fake_write(fake, TREE "cpu.stat", "usage_usec 5\n");
	fake_open_with_budget(fake, 0);
	assert_int_equal(fake->site.dir_fd, -1);
	assert_int_equal(read_file(&fake->site, FILE_PIDS_CURRENT), 2);
	assert_int_equal(read_file(&fake->root, FILE_CPU_STAT), 13);
	assert_int_equal(fake->host.fd_used, 0);
	fake_free(fake);
}

/* pids.max is read every ten seconds only: what each round needs comes first. */
static void slow_file_leaves_room_for_those_of_each_round(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "pids.max", "max\n");
	fake_write(fake, CGROUP "pids.current", "1\n");
	fake_write(fake, CGROUP "memory.current", "1\n");
	fake_open_with_budget(fake, 4); /* two of them for directories */
	assert_int_equal(read_file(&fake->site, FILE_PIDS_MAX), 4);
	assert_true(fake->site.files[FILE_PIDS_MAX] >= 0);
	assert_int_equal(read_file(&fake->site, FILE_PIDS_CURRENT), 2);
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_CURRENT), 2);
	assert_int_equal(fake->site.files[FILE_MEMORY_CURRENT], SITE_FILE_UNKEPT);
	assert_int_equal(fake->host.fd_wanted, 1);

	assert_int_equal(read_file(&fake->site, FILE_PIDS_MAX), 4); /* gives its descriptor back */
	assert_int_equal(fake->site.files[FILE_PIDS_MAX], SITE_FILE_UNOPENED);
	assert_int_equal(read_file(&fake->site, FILE_PIDS_MAX), 4);
	assert_int_equal(fake->site.files[FILE_PIDS_MAX], SITE_FILE_UNOPENED);
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_CURRENT), 2);
	assert_true(fake->site.files[FILE_MEMORY_CURRENT] >= 0);
	assert_int_equal(fake->host.fd_wanted, 0);
	fake_free(fake);
}

/* A file that lacks room may go away, and then wants none any more. */
static void vanished_file_wants_no_room(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.current", "1\n");
	fake_open_with_budget(fake, 2);
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_CURRENT), 2);
	assert_int_equal(fake->host.fd_wanted, 1);
	fake_unlink(fake, CGROUP "memory.current");
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_CURRENT), -ENOENT);
	assert_int_equal(fake->host.fd_wanted, 0);
	fake_free(fake);
}

static void cgroup_that_is_gone_is_not_opened(void **state)
{
	struct fake *fake = fake_new();
	struct site site = { 0 };

	(void) state;
	fake_write(fake, TREE "docker/file", "");
	fake_open(fake);
	assert_int_equal(site_open(&fake->host, "/docker/two", &site), -ENOENT);
	assert_int_equal(site_open(&fake->host, "/docker/file", &site), -ENOENT);
	fake->host.fd_budget = 0;
	assert_int_equal(site_open(&fake->host, "/docker/two", &site), -ENOENT);
	assert_null(site.host);
	site_close(&site); /* empty: nothing happens */
	fake_free(fake);
}

static void cut_text_is_refused(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.current", "1234567");
	fake_open(fake);
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_CURRENT), -EBADMSG);
	fake_free(fake);
}

static void text_that_does_not_fit_is_refused(void **state)
{
	struct fake *fake = fake_new();
	char text[16];

	(void) state;
	fake_write(fake, CGROUP "memory.stat", "anon 1234567890\nfile 1\n");
	fake_open(fake);
	assert_int_equal(site_read(&fake->site, FILE_MEMORY_STAT, text, sizeof(text)), -EFBIG);
	fake_free(fake);
}

static void something_else_than_a_file_is_no_disaster(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.stat/x", "");
	assert_int_equal(mkfifoat(fake->root_fd, CGROUP "io.stat", 0644), 0);
	assert_int_equal(symlinkat("/etc/passwd", fake->root_fd, CGROUP "cpu.stat"), 0);
	fake_open(fake);
	assert_int_equal(read_file(&fake->site, FILE_MEMORY_STAT), -EISDIR);
	assert_true(read_file(&fake->site, FILE_IO_STAT) <= 0);
	assert_int_equal(read_file(&fake->site, FILE_CPU_STAT), -ELOOP);
	fake_free(fake);
}

static void process_is_found_level_by_level(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "");
	fake_write(fake, CGROUP "a/cgroup.procs", "");
	fake_write(fake, CGROUP "a/b/cgroup.procs", "33\n34\n");
	fake_write(fake, CGROUP "z/cgroup.procs", "44\n");
	fake_write(fake, "proc/44/comm", "x\n");
	fake_write(fake, "proc/44/ns/mnt", "");
	assert_int_equal(symlinkat("net:[4026531999]", fake->root_fd, "proc/44/ns/net"), 0);
	fake_open(fake);
	site_find_process(&fake->site);
	assert_int_equal(fake->site.pid, 44);
	assert_int_equal(fake->site.netns, 4026531999);
	fake_free(fake);
}

static void without_process_there_is_none(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "0\n"); /* one that cannot be seen from here */
	fake_open(fake);
	site_find_process(&fake->site);
	assert_int_equal(fake->site.pid, 0);
	assert_int_equal(fake->site.netns, 0);
	assert_int_equal(read_file(&fake->site, FILE_LIMITS), -ESRCH);
	fake_free(fake);
}

static void number_given_to_another_process_is_noticed(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "cgroup.procs", "7\n");
	fake_write(fake, "proc/7/limits", "x\n");
	fake_write(fake, "proc/7/ns/mnt", "");
	assert_int_equal(symlinkat("net:[1]", fake->root_fd, "proc/7/ns/net"), 0);
	fake_open(fake);
	site_find_process(&fake->site);
	assert_int_equal(fake->site.netns, 1);
	assert_int_equal(read_file(&fake->site, FILE_LIMITS), 2);

	fake_unlink(fake, "proc/7/ns/net");
	assert_int_equal(symlinkat("net:[2]", fake->root_fd, "proc/7/ns/net"), 0);
	assert_int_equal(read_file(&fake->site, FILE_LIMITS), -ESRCH);
	assert_int_equal(fake->site.files[FILE_LIMITS], SITE_FILE_UNOPENED);
	site_find_process(&fake->site);
	assert_int_equal(fake->site.netns, 2);
	fake_free(fake);
}

/* Processes 7 in namespace 1, and 8 in this one. */
static struct fake *two_processes_new(const char *namespace_of_8)
{
	struct fake *fake = fake_new();

	fake_write(fake, CGROUP "cgroup.procs", "7\n8\n");
	fake_write(fake, "proc/7/limits", "first\n");
	fake_write(fake, "proc/8/limits", "second one\n");
	fake_write(fake, "proc/7/ns/mnt", "");
	fake_write(fake, "proc/8/ns/mnt", "");
	assert_int_equal(symlinkat("net:[1]", fake->root_fd, "proc/7/ns/net"), 0);
	assert_int_equal(symlinkat(namespace_of_8, fake->root_fd, "proc/8/ns/net"), 0);
	fake_open(fake);
	site_find_process(&fake->site);
	assert_int_equal(fake->site.pid, 7);
	assert_int_equal(read_file(&fake->site, FILE_LIMITS), 6);
	return fake;
}

static void end_process_7(struct fake *fake)
{
	fake_unlink(fake, "proc/7/ns/net");
	fake_write(fake, CGROUP "cgroup.procs", "8\n");
}

/* Whoever reports a namespace goes on when only the process that was looked at has ended. */
static void other_process_of_the_same_namespace_takes_over(void **state)
{
	struct fake *fake = two_processes_new("net:[1]");

	(void) state;
	end_process_7(fake);
	assert_int_equal(read_file(&fake->site, FILE_LIMITS), 11);
	assert_int_equal(fake->site.pid, 8);
	fake_free(fake);
}

static void process_of_another_namespace_does_not_take_over(void **state)
{
	struct fake *fake = two_processes_new("net:[2]");

	(void) state;
	end_process_7(fake);
	assert_int_equal(read_file(&fake->site, FILE_LIMITS), -ESRCH);
	assert_int_equal(fake->site.netns, 1); /* until somebody asks for a process */
	site_find_process(&fake->site);
	assert_int_equal(fake->site.pid, 8);
	assert_int_equal(fake->site.netns, 2);
	fake_free(fake);
}

static void root_is_in_the_namespace_of_process_1(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/1/ns/mnt", "");
	assert_int_equal(symlinkat("net:[4026531840]", fake->root_fd, "proc/1/ns/net"), 0);
	fake_open(fake);
	assert_int_equal(fake->host.netns, 4026531840);
	assert_true(fake->root.root);
	assert_false(fake->site.root);
	assert_int_equal(fake->root.netns, 4026531840);
	assert_int_equal(fake->site.netns, 0);
	fake_free(fake);
}

/* On a real kernel: what a removed cgroup's open files answer. */
static void removed_cgroup_is_an_absence(void **state)
{
	struct site_host host = { 0 };
	char name[64], path[80];
	struct site site;
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void) state;
	(void) snprintf(name, sizeof(name), "plimsoll-unit-%d", getpid());
	(void) snprintf(path, sizeof(path), "/%s", name);
	if (site_host_open(root_fd, BUDGET, &host) < 0) {
		close(root_fd);
		print_message("skipped: no cgroup v2 tree is mounted here\n");
		skip();
		return;
	}
	close(root_fd);
	if (mkdirat(host.trees[HIERARCHY_UNIFIED], name, 0755) < 0) {
		site_host_close(&host);
		print_message("skipped: cannot make a cgroup here\n");
		skip();
		return;
	}

	assert_int_equal(site_open(&host, path, &site), 0);
	assert_true(read_file(&site, FILE_CPU_STAT) > 0);
	assert_int_equal(unlinkat(host.trees[HIERARCHY_UNIFIED], name, AT_REMOVEDIR), 0);
	assert_int_equal(read_file(&site, FILE_CPU_STAT), -ENODEV);
	assert_true(site_is_absence(read_file(&site, FILE_CGROUP_EVENTS)));
	site_close(&site);
	site_host_close(&host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_file_is_opened_once_and_read_anew),
		cmocka_unit_test(missing_file_is_not_tried_again_until_retry),
		cmocka_unit_test(beyond_the_budget_files_are_read_and_opens_counted),
		cmocka_unit_test(without_any_budget_everything_is_read_by_path),
		cmocka_unit_test(slow_file_leaves_room_for_those_of_each_round),
		cmocka_unit_test(vanished_file_wants_no_room),
		cmocka_unit_test(cgroup_that_is_gone_is_not_opened),
		cmocka_unit_test(cut_text_is_refused),
		cmocka_unit_test(text_that_does_not_fit_is_refused),
		cmocka_unit_test(something_else_than_a_file_is_no_disaster),
		cmocka_unit_test(process_is_found_level_by_level),
		cmocka_unit_test(without_process_there_is_none),
		cmocka_unit_test(number_given_to_another_process_is_noticed),
		cmocka_unit_test(other_process_of_the_same_namespace_takes_over),
		cmocka_unit_test(process_of_another_namespace_does_not_take_over),
		cmocka_unit_test(root_is_in_the_namespace_of_process_1),
		cmocka_unit_test(removed_cgroup_is_an_absence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
