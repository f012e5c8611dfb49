/* SPDX-License-Identifier: Apache-2.0 */

/* ps: words in, table out. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "api/ps.h"

static pid_t some_pids[] = { 7, 10, 4000000 };
static const struct cgroup_pids pids = { .pids = some_pids, .count = 3 };

static void words_are_split_at_blanks(void **state)
{
	struct ps_arguments arguments;
	struct problem problem;

	(void) state;
	assert_int_equal(ps_arguments_init(&arguments, "  -eo  pid,comm;id $(x) ", &pids, &problem),
			 0);
	assert_int_equal(arguments.count, 4);
	assert_string_equal(arguments.argv[0], "ps");
	assert_string_equal(arguments.argv[1], "-eo");
	assert_string_equal(arguments.argv[2], "pid,comm;id"); /* no shell will see it */
	assert_string_equal(arguments.argv[3], "$(x)");
	assert_string_equal(arguments.argv[4], "-q7,10,4000000");
	assert_null(arguments.argv[5]);
	ps_arguments_fini(&arguments);
}

static void too_many_pids_for_an_argument_are_not_one(void **state)
{
	static pid_t many[CGROUP_PIDS_MAX];
	const struct cgroup_pids all = { .pids = many, .count = CGROUP_PIDS_MAX };
	struct ps_arguments arguments;
	struct problem problem;

	(void) state;
	for (size_t i = 0; i < CGROUP_PIDS_MAX; i++)
		many[i] = 4000000;
	assert_int_equal(ps_arguments_init(&arguments, "-ef", &all, &problem), 0);
	assert_int_equal(arguments.pids.length, 0);
	assert_null(arguments.argv[arguments.count]);
	ps_arguments_fini(&arguments);

	assert_int_equal(ps_arguments_init(&arguments, "-ef", &(struct cgroup_pids){ 0 }, &problem),
			 0);
	assert_int_equal(arguments.pids.length, 0);
	ps_arguments_fini(&arguments);
}

static void what_may_not_be_asked_is_refused(void **state)
{
	static char long_text[PS_ARGUMENTS_BYTES + 1], many_words[2 * PS_ARGUMENTS_MAX + 3];
	const char *const cases[] = {
		"-e\nf",
		"-e\x1b[2J",
		"\x7f",
		"-o ppid=PID",
		"-o pid -o ppid=PID",
		"-o pid=X,ppid=PID",
		"-o uid= PID",
		long_text,
		many_words,
	};
	struct ps_arguments arguments;
	struct problem problem;

	(void) state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	for (size_t i = 0; i + 1 < sizeof(many_words); i++)
		many_words[i] = i % 2 ? ' ' : 'e';
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		problem.text[0] = '\0';
		if (ps_arguments_init(&arguments, cases[i], &pids, &problem) != -EINVAL)
			fail_msg("\"%.20s\" is allowed", cases[i]);
		assert_true(problem.text[0] != '\0');
	}
	assert_int_equal(ps_arguments_init(&arguments, "-o pid=PID,comm=X", &pids, &problem), 0);
	ps_arguments_fini(&arguments);
}

static void assert_table(const char *output, const char *expected)
{
	struct text text = { 0 };

	assert_int_equal(ps_output_write(output, &pids, &text), 0);
	text_add(&text, "", 1);
	assert_string_equal(text.bytes, expected);
	text_fini(&text);
}

static void only_the_container_s_lines_are_shown(void **state)
{
	(void) state;
	assert_table("UID   PID  PPID CMD\n"
		     "root    7     1 nginx:  master\tprocess \n"
		     "root    8     1 other\n"
		     "root   10     7 sh -c \"x\"\n",
		     "{\"Titles\":[\"UID\",\"PID\",\"PPID\",\"CMD\"],\"Processes\":["
		     "[\"root\",\"7\",\"1\",\"nginx: master process\"],"
		     "[\"root\",\"10\",\"7\",\"sh -c \\\"x\\\"\"]]}\n");
}

static void threads_follow_their_process(void **state)
{
	(void) state;
	assert_table(
		"PID TID\n"
		"- 1\n"
		"7 -\n"
		"- 71\n"
		"8 -\n"
		"- 81\n",
		"{\"Titles\":[\"PID\",\"TID\"],\"Processes\":[[\"7\",\"-\"],[\"-\",\"71\"]]}\n");
}

static void strange_lines_are_left_out(void **state)
{
	(void) state;
	assert_table("PID CMD\n"
		     "\n"
		     "seven x\n"
		     "99999999999999999999999 x\n"
		     "-7 x\n"
		     "4000000\n"
		     "7",
		     "{\"Titles\":[\"PID\",\"CMD\"],\"Processes\":[[\"4000000\",\"\"],"
		     "[\"7\",\"\"]]}\n");
}

static void without_a_pid_column_there_is_no_table(void **state)
{
	static const char *const outputs[] = { "", "\n", "CMD USER\nx y\n", "PIDX\n7\n" };
	struct text text = { 0 };

	(void) state;
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		assert_int_equal(ps_output_write(outputs[i], &pids, &text), -EBADMSG);
	assert_int_equal(text.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_at_blanks),
		cmocka_unit_test(too_many_pids_for_an_argument_are_not_one),
		cmocka_unit_test(what_may_not_be_asked_is_refused),
		cmocka_unit_test(only_the_container_s_lines_are_shown),
		cmocka_unit_test(threads_follow_their_process),
		cmocka_unit_test(strange_lines_are_left_out),
		cmocka_unit_test(without_a_pid_column_there_is_no_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
