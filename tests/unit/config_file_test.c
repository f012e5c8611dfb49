/* SPDX-License-Identifier: Apache-2.0 */

/* Files in a directory of their own, made and removed by each test. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "config.h"

static char directory[sizeof("/tmp/plimsoll-config-XXXXXX")];

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void) status;
	(void) type;
	(void) place;
	return remove(path);
}

static int directory_make(void **state)
{
	char drop_ins[64];

	(void) state;
	(void) snprintf(directory, sizeof(directory), "/tmp/plimsoll-config-XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	(void) snprintf(drop_ins, sizeof(drop_ins), "%s/conf.d", directory);
	return mkdir(drop_ins, 0700);
}

static int directory_remove(void **state)
{
	(void) state;
	return nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *path_of(const char *name)
{
	static char path[128];

	(void) snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int load_directory(struct config *ret_config, struct problem *ret_problem)
{
	assert_int_equal(config_defaults(ret_config), 0);
	return config_load_directory(directory, ret_config, ret_problem);
}

static void missing_files_are_all_defaults(void **state)
{
	struct problem problem = { 0 };
	struct config config;

	(void) state;
	assert_int_equal(load_directory(&config, &problem), 0);
	assert_int_equal(config.interval_ns, NSEC_PER_SEC);
	config_fini(&config);

	assert_int_equal(rmdir(path_of("conf.d")), 0);
	assert_int_equal(load_directory(&config, &problem), 0);
	config_fini(&config);

	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_load_directory(path_of("nowhere"), &config, &problem), 0);
	config_fini(&config);
}

static void drop_ins_come_after_the_file_in_the_order_of_names(void **state)
{
	struct problem problem = { 0 };
	struct config config;

	(void) state;
	write_file("conf.d/20-b.yaml", "interval: 20s\nweb: { user: b }\n");
	write_file("conf.d/10-a.yaml", "interval: 10s\nrescan: 10s\n");
	write_file("plimsoll.yaml", "interval: 1s\nrescan: 1s\nlog_level: debug\n");
	assert_int_equal(load_directory(&config, &problem), 0);
	assert_int_equal(config.interval_ns, 20 * NSEC_PER_SEC);
	assert_int_equal(config.rescan_ns, 10 * NSEC_PER_SEC);
	assert_int_equal(config.log_level, LOG_LEVEL_DEBUG);
	assert_string_equal(config.web.user, "b");
	config_fini(&config);
}

static void files_of_other_names_are_left_alone(void **state)
{
	struct problem problem = { 0 };
	struct config config;

	(void) state;
	write_file("conf.d/.hidden.yaml", "wrong\n");
	write_file("conf.d/a.yaml~", "wrong\n");
	write_file("conf.d/a.yaml.dpkg-new", "wrong\n");
	write_file("conf.d/README", "wrong\n");
	write_file("other.yaml", "wrong\n");
	assert_int_equal(load_directory(&config, &problem), 0);
	config_fini(&config);
}

static void a_mistake_names_its_file_and_line(void **state)
{
	struct problem problem = { 0 };
	struct config config;
	char sentence[200];

	(void) state;
	write_file("conf.d/10-a.yaml", "rescan: 10s\n");
	write_file("conf.d/20-b.yaml", "# b\nintervall: 20s\n");
	assert_int_equal(load_directory(&config, &problem), -EINVAL);
	(void) snprintf(sentence, sizeof(sentence),
			"%s/conf.d/20-b.yaml, line 2: unknown key 'intervall'; did you mean "
			"'interval'?",
			directory);
	assert_string_equal(problem.text, sentence);
	assert_int_equal(problem.line, 2);
	config_fini(&config);
}

static void a_long_path_leaves_room_for_the_sentence(void **state)
{
	struct problem problem = { 0 };
	struct config config;
	char name[120], path[256];
	FILE *file;

	(void) state;
	memset(name, 'x', sizeof(name));
	(void) snprintf(path, sizeof(path), "%s/%.*s.yaml", directory, (int) sizeof(name), name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs("metrics:\n  lables: []\n", file) >= 0);
	assert_int_equal(fclose(file), 0);

	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_load(path, &config, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "xxx.yaml, line 2: unknown key 'lables' below "
					     "'metrics'; did you mean 'labels'?"));
	config_fini(&config);
}

static void a_named_file_has_to_be_there(void **state)
{
	struct problem problem = { 0 };
	struct config config;

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_load(path_of("missing.yaml"), &config, &problem), -ENOENT);
	assert_non_null(strstr(problem.text, "cannot read '"));
	assert_non_null(strstr(problem.text, "missing.yaml': No such file or directory"));
	assert_int_equal(config_load(directory, &config, &problem), -EISDIR);

	write_file("there.yaml", "interval: 3s\n");
	assert_int_equal(config_load(path_of("there.yaml"), &config, &problem), 0);
	assert_int_equal(config.interval_ns, 3 * NSEC_PER_SEC);
	config_fini(&config);
}

static void a_file_without_end_is_refused(void **state)
{
	struct problem problem = { 0 };
	struct config config;

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_load("/dev/zero", &config, &problem), -EINVAL);
	assert_string_equal(problem.text, "/dev/zero: this is longer than 256 KiB");
	config_fini(&config);
}

static void a_pipe_is_read_to_its_end(void **state)
{
	struct problem problem = { 0 };
	struct config config;
	char path[64];
	int ends[2];

	(void) state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "interval: 4s\n", 13), 13);
	assert_int_equal(close(ends[1]), 0);
	(void) snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_load(path, &config, &problem), 0);
	assert_int_equal(config.interval_ns, 4 * NSEC_PER_SEC);
	config_fini(&config);
	assert_int_equal(close(ends[0]), 0);
}

static void what_cannot_be_read_is_an_error_even_in_the_directory(void **state)
{
	struct problem problem = { 0 };
	struct config config;

	(void) state;
	assert_int_equal(mkdir(path_of("conf.d/a.yaml"), 0700), 0);
	assert_int_equal(load_directory(&config, &problem), -EISDIR);
	assert_non_null(strstr(problem.text, "a.yaml': Is a directory"));
	config_fini(&config);
}

int main(void)
{
#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, directory_make, directory_remove)
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(missing_files_are_all_defaults),
		IN_DIRECTORY(drop_ins_come_after_the_file_in_the_order_of_names),
		IN_DIRECTORY(files_of_other_names_are_left_alone),
		IN_DIRECTORY(a_mistake_names_its_file_and_line),
		IN_DIRECTORY(a_long_path_leaves_room_for_the_sentence),
		IN_DIRECTORY(a_named_file_has_to_be_there),
		IN_DIRECTORY(a_file_without_end_is_refused),
		IN_DIRECTORY(a_pipe_is_read_to_its_end),
		IN_DIRECTORY(what_cannot_be_read_is_an_error_even_in_the_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
