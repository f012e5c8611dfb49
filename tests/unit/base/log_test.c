/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"

/* stderr goes into a file of memory while a line is printed. */
static char printed[4096];
static int real_stderr, capture;

static void capture_begin(void)
{
	real_stderr = dup(STDERR_FILENO);
	capture = memfd_create("log", MFD_CLOEXEC);
	assert_true(real_stderr >= 0 && capture >= 0);
	assert_int_equal(dup2(capture, STDERR_FILENO), STDERR_FILENO);
}

static void capture_end(void)
{
	ssize_t length;

	assert_int_equal(dup2(real_stderr, STDERR_FILENO), STDERR_FILENO);
	length = pread(capture, printed, sizeof(printed) - 1, 0);
	assert_true(length >= 0);
	printed[length] = '\0';
	close(real_stderr);
	close(capture);
}

#define CAPTURE(call) \
	do { \
		capture_begin(); \
		call; \
		capture_end(); \
	} while (0)

static int forget_journal(void **state)
{
	(void) state;
	unsetenv("JOURNAL_STREAM");
	log_init(LOG_LEVEL_INFO);
	return 0;
}

static void levels_are_read_by_name(void **state)
{
	enum log_level level = LOG_LEVEL_INFO;

	(void) state;
	assert_int_equal(log_level_parse("debug", &level), 0);
	assert_int_equal(level, LOG_LEVEL_DEBUG);
	assert_int_equal(log_level_parse("error", &level), 0);
	assert_int_equal(level, LOG_LEVEL_ERROR);
	assert_int_equal(log_level_parse("loud", &level), -EINVAL);
	assert_int_equal(log_level_parse("", &level), -EINVAL);
	assert_int_equal(level, LOG_LEVEL_ERROR);
}

static void failure_is_described_and_returned(void **state)
{
	int r = 0;

	(void) state;
	CAPTURE(r = log_error(-ENOENT, "cannot open '%s'", "x"));
	assert_int_equal(r, -ENOENT);
	assert_string_equal(printed, "error: cannot open 'x': No such file or directory\n");
}

static void what_is_no_error_returns_zero(void **state)
{
	int r = -1;

	(void) state;
	CAPTURE(r = log_warning(0, "careful"));
	assert_int_equal(r, 0);
	assert_string_equal(printed, "warning: careful\n");
	CAPTURE(r = log_warning(7, "a count is no error"));
	assert_int_equal(r, 0);
	CAPTURE(r = log_info("hello"));
	assert_int_equal(r, 0);
	assert_string_equal(printed, "hello\n");
}

static void lines_above_the_level_are_dropped(void **state)
{
	int r = 0;

	(void) state;
	CAPTURE(r = log_debug(-EIO, "detail"));
	assert_string_equal(printed, "");
	assert_int_equal(r, -EIO);
	log_init(LOG_LEVEL_DEBUG);
	CAPTURE(log_debug(0, "detail"));
	assert_string_equal(printed, "debug: detail\n");
}

static void journal_gets_priorities(void **state)
{
	(void) state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_init(LOG_LEVEL_INFO);
	CAPTURE(log_warning(0, "careful"));
	assert_string_equal(printed, "<4>careful\n");
	CAPTURE(log_info("hello"));
	assert_string_equal(printed, "<6>hello\n");
}

static void a_name_cannot_forge_a_line_or_a_sequence(void **state)
{
	(void) state;
	CAPTURE(log_info("name '%s'", "a\nerror: b\x1b[31m\x7f \xc3\xa9 \xc2\x9b"
				      "31m"));
	assert_string_equal(printed, "name 'a?error: b?[31m? \xc3\xa9 \xc2?31m'\n");
}

static void a_message_that_is_too_long_is_cut(void **state)
{
	char name[3000];

	(void) state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	CAPTURE(log_error(-ENAMETOOLONG, "%s", name));
	assert_true(strlen(printed) < 1200);
	assert_non_null(strstr(printed, "nnn: File name too long\n"));
}

static void a_call_site_that_repeats_is_held_back_and_counted(void **state)
{
	struct log_site site = { 0 };

	(void) state;
	for (unsigned i = 0; i < LOG_BURST; i++) {
		CAPTURE(log_print(&site, LOG_LEVEL_ERROR, 0, "again"));
		assert_string_equal(printed, "error: again\n");
	}
	for (unsigned i = 0; i < 3; i++) {
		CAPTURE(log_print(&site, LOG_LEVEL_ERROR, -EIO, "again"));
		assert_string_equal(printed, "");
	}

	site.window_start -= LOG_WINDOW_S;
	CAPTURE(log_print(&site, LOG_LEVEL_ERROR, -EIO, "again"));
	assert_string_equal(printed, "error: again: Input/output error (3 like this held back)\n");
	CAPTURE(log_print(&site, LOG_LEVEL_ERROR, 0, "again"));
	assert_string_equal(printed, "error: again\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(levels_are_read_by_name, forget_journal),
		cmocka_unit_test_setup(failure_is_described_and_returned, forget_journal),
		cmocka_unit_test_setup(what_is_no_error_returns_zero, forget_journal),
		cmocka_unit_test_setup(lines_above_the_level_are_dropped, forget_journal),
		cmocka_unit_test_setup(journal_gets_priorities, forget_journal),
		cmocka_unit_test_setup(a_name_cannot_forge_a_line_or_a_sequence, forget_journal),
		cmocka_unit_test_setup(a_message_that_is_too_long_is_cut, forget_journal),
		cmocka_unit_test_setup(a_call_site_that_repeats_is_held_back_and_counted,
				       forget_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
