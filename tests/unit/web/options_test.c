/* SPDX-License-Identifier: Apache-2.0 */

#include "web/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define WORDS_MAX 32

/* Parses words up to NULL; what it prints is thrown away. */
static int parse(struct web_options *ret_options, const char *const *words)
{
	const char *argv[WORDS_MAX] = { "plimsoll-web" };
	int argc = 1, r, saved[2];

	while (*words)
		argv[argc++] = *words++;

	(void) fflush(NULL);
	saved[0] = dup(STDOUT_FILENO);
	saved[1] = dup(STDERR_FILENO);
	assert_non_null(freopen("/dev/null", "w", stdout));
	assert_non_null(freopen("/dev/null", "w", stderr));
	r = web_options_parse(argc, (char **) argv, ret_options);
	(void) fflush(NULL);
	assert_int_equal(dup2(saved[0], STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(dup2(saved[1], STDERR_FILENO), STDERR_FILENO);
	(void) close(saved[0]);
	(void) close(saved[1]);
	return r;
}

#define PARSE(options, ...) parse(options, (const char *const[]){ __VA_ARGS__, NULL })
#define NEEDED              "--listen-fd", "3", "--snapshot-fd", "4"

static void what_is_needed_is_enough(void **state)
{
	struct web_options options;

	(void) state;
	assert_int_equal(PARSE(&options, NEEDED), 0);
	assert_int_equal(options.listen_count, 1);
	assert_int_equal(options.listen_fds[0], 3);
	assert_int_equal(options.snapshot_fd, 4);
	assert_int_equal(options.alive_fd, -1);
	assert_false(options.identity.given);
	assert_int_equal(options.log_level, LOG_LEVEL_INFO);
	assert_null(options.hosts[0]);
	web_options_fini(&options);
}

static void everything_can_be_given(void **state)
{
	struct web_options options;

	(void) state;
	assert_int_equal(PARSE(&options, NEEDED, "--listen-fd=7", "--alive-fd", "5", "--uid",
			       "65534", "--gid", "65533", "--log-level", "debug", "--host", "a",
			       "--host", "b.example"),
			 0);
	assert_int_equal(options.listen_count, 2);
	assert_int_equal(options.listen_fds[1], 7);
	assert_int_equal(options.alive_fd, 5);
	assert_true(options.identity.given);
	assert_int_equal(options.identity.uid, 65534);
	assert_int_equal(options.identity.gid, 65533);
	assert_int_equal(options.log_level, LOG_LEVEL_DEBUG);
	assert_string_equal(options.hosts[0], "a");
	assert_string_equal(options.hosts[1], "b.example");
	assert_null(options.hosts[2]);
	web_options_fini(&options);
}

static void root_is_no_identity(void **state)
{
	struct web_options options = { .snapshot_fd = 77 };

	(void) state;
	assert_int_equal(PARSE(&options, NEEDED, "--uid", "0", "--gid", "1"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--uid", "1", "--gid", "0"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--uid", "1"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--gid", "1"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--uid", "4294967295", "--gid", "1"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--uid", "nobody", "--gid", "1"), -EINVAL);
	assert_int_equal(options.snapshot_fd, 77);
}

static void mistakes_are_refused(void **state)
{
	struct web_options options;

	(void) state;
	assert_int_equal(PARSE(&options, "--listen-fd", "3"), -EINVAL);
	assert_int_equal(PARSE(&options, "--snapshot-fd", "3"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--listen-fd", "-1"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--listen-fd", "1024"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--alive-fd", ""), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--host", ""), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--log-level", "loud"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--unheard-of"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "word"), -EINVAL);
	assert_int_equal(PARSE(&options, NEEDED, "--uid"), -EINVAL);
}

static void more_sockets_than_there_is_room_for_are_refused(void **state)
{
	const char *words[2 * OPTIONS_LISTEN_FDS + 5] = { "--snapshot-fd", "4" };
	struct web_options options;
	size_t count = 2;

	(void) state;
	for (unsigned i = 0; i < OPTIONS_LISTEN_FDS; i++) {
		words[count++] = "--listen-fd";
		words[count++] = "3";
	}
	assert_int_equal(parse(&options, words), 0);
	web_options_fini(&options);
	words[count++] = "--listen-fd";
	words[count++] = "3";
	assert_int_equal(parse(&options, words), -EINVAL);
}

static void help_and_version_end_the_program(void **state)
{
	struct web_options options;

	(void) state;
	assert_int_equal(PARSE(&options, "--help"), 1);
	assert_int_equal(PARSE(&options, "--version", "word"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_needed_is_enough),
		cmocka_unit_test(everything_can_be_given),
		cmocka_unit_test(root_is_no_identity),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(more_sockets_than_there_is_room_for_are_refused),
		cmocka_unit_test(help_and_version_end_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
