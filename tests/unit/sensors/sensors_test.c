/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

/* What all sensors have in common, and every file of files.def filled with everything. */

static const struct {
	const char *directory, *file;
} files[] = {
#define DIRECTORY_UNIFIED                        CGROUP
#define DIRECTORY_V1_CPU                         TREE "v1/docker/one/"
#define DIRECTORY_V1_MEMORY                      TREE "v1/docker/one/"
#define DIRECTORY_V1_PIDS                        TREE "v1/docker/one/"
#define DIRECTORY_V1_BLKIO                       TREE "v1/docker/one/"
#define DIRECTORY_V1_HUGETLB                     TREE "v1/docker/one/"
#define DIRECTORY_V1_FREEZER                     TREE "v1/docker/one/"
#define DIRECTORY_PROCESS                        "proc/7/"
#define DIRECTORY_PROC                           "proc/"
#define DIRECTORY_SYS                            "sys/"
#define FILE_ROW(name, hierarchy, cadence, file) { DIRECTORY_##hierarchy, file },
#include "sensors/files.def"
#undef FILE_ROW
};

/* Trees of both kinds, and a process: every sensor finds what it wants. */
static struct fake *everything_new(const char *text, size_t length)
{
	struct fake *fake = fake_new();
	char path[256];

	fake_write(fake, "proc/self/mountinfo",
		   "1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
		   "2 0 0:2 / /sys/fs/cgroup/v1 rw - cgroup cgroup "
		   "rw,cpu,memory,pids,blkio,hugetlb,freezer\n");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		(void) snprintf(path, sizeof(path), "%s%s", files[i].directory, files[i].file);
		fake_write_bytes(fake, path, text, length);
	}
	fake_write(fake, CGROUP "cgroup.procs", "7\n");
	fake_write(fake, TREE "cgroup.procs", "1\n");
	fake_open_with_budget(fake, 500);
	site_find_process(&fake->site);
	fake->site.netns_owner = true;
	return fake;
}

static int sample_all(struct fake *fake)
{
	int failures = 0;

	for (size_t i = 0; sensors[i]; i++) {
		failures += fake_sample(fake, sensors[i]->name) < 0;
		if (sensors[i]->entity == ENTITY_CONTAINER)
			failures += fake_sample_root(fake, sensors[i]->name) < 0;
	}

	return failures;
}

static void every_sensor_says_what_it_is(void **state)
{
	(void) state;
	for (size_t i = 0; sensors[i]; i++) {
		assert_non_null(sensors[i]->name);
		assert_non_null(sensors[i]->needs);
		assert_non_null(sensors[i]->sample);
		assert_true(strlen(sensors[i]->name) < ROW_LABEL_BYTES);
		assert_true(sensors[i]->entity == ENTITY_CONTAINER ||
			    sensors[i]->entity == ENTITY_HOST);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(sensors[i]->name, sensors[j]->name);
	}
}

static void empty_host_is_absent_everywhere_and_no_failure(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	assert_int_equal(sample_all(fake), 0);
	for (enum metric metric = METRIC_FIRST_CONTAINER; metric < METRIC_END_CONTAINER; metric++) {
		assert_absent(fake->row, metric);
		assert_absent(fake->root_row, metric);
	}
	fake_free(fake);
}

/* Whatever stands in the files: no crash, and no cell out of it. */
static void garbage_becomes_absent(void **state)
{
	static const char *const garbage[] = {
		"\n",
		"x\n",
		"-1 -1\n",
		"99999999999999999999\n",
		"usage_usec 99999999999999999999\nanon -1\nsome total=x\ncpu x\n8:0 rbytes=x\n",
		"a\tb\tc\n \n\t\n:\n=\n",
		"\xff\xfe\x80\n",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		struct fake *fake = everything_new(garbage[i], strlen(garbage[i]));

		assert_true(sample_all(fake) > 10);
		for (enum metric metric = METRIC_FIRST_CONTAINER; metric < METRIC_END_CONTAINER;
		     metric++)
			if (metric != METRIC_PROCESSES) /* its file was not garbage */
				assert_absent(fake->row, metric);
		assert_int_equal(fake_count(fake, ENTITY_DEVICE), 0);
		assert_int_equal(fake_count(fake, ENTITY_DISK), 0);
		assert_int_equal(fake_count(fake, ENTITY_HUGEPAGE), 0);
		fake_free(fake);
	}
}

static void huge_files_are_failures_and_no_more(void **state)
{
	static const char fillers[] = { 'x', '7', '\n', ' ', '\0', ':' };
	size_t length = 300 * 1024UL;
	char *text = malloc(length);

	(void) state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(fillers); i++) {
		struct fake *fake;

		memset(text, fillers[i], length);
		text[length - 1] = '\n';
		fake = everything_new(text, length);
		assert_true(sample_all(fake) > 10);
		fake_free(fake);
	}
	free(text);
}

/* No descriptor is opened twice, none beyond the budget, and nothing is lost without it. */
static void steady_rounds_open_nothing(void **state)
{
	struct fake *fake = everything_new("1\n", 2);
	char inner[512];
	uint64_t opens;

	(void) state;
	/* Cgroups that a container makes below its own are walked at slow turns, with opens. */
	(void) snprintf(inner, sizeof(inner), "%s/" CGROUP "container", fake->path);
	assert_int_equal(nftw(inner, fake_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
	(void) sample_all(fake);
	opens = fake->host.opens;
	(void) sample_all(fake);
	assert_true(fake->host.opens - opens <= 2); /* /proc/7/fd is listed, and is not there */
	assert_int_equal(fake->host.over_budget, 0);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sensor_says_what_it_is),
		cmocka_unit_test(empty_host_is_absent_everywhere_and_no_failure),
		cmocka_unit_test(garbage_becomes_absent),
		cmocka_unit_test(huge_files_are_failures_and_no_more),
		cmocka_unit_test(steady_rounds_open_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
