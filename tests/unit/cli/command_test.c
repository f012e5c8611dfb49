/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/commands.h"

#define WORDS_MAX 80

/* argv is changed by parsing: a copy for each. */
struct line {
	const char *words[WORDS_MAX];
	int count;
};

static int parse(struct line *line, struct arguments *arguments, struct problem *problem)
{
	memset(arguments, 0, sizeof(*arguments));
	return arguments_parse(line->count, (char **) line->words, arguments, problem);
}

#define LINE(...) \
	{ \
		.words = { "plimsoll", __VA_ARGS__ }, \
		.count = (int) ARRAY_SIZE(((const char *[]){ "plimsoll", __VA_ARGS__ })), \
	}

static void assert_refused(struct line line, const char *sentence)
{
	struct arguments arguments;
	struct problem problem;
	int r = parse(&line, &arguments, &problem);

	if (r == 0)
		r = arguments_check(&arguments, &problem);
	assert_int_equal(r, -EINVAL);
	if (!strstr(problem.text, sentence)) {
		print_message("%s\n", problem.text);
		fail();
	}
}

static void flags_and_operands_may_be_mixed(void **state)
{
	struct line line = LINE("--socket", "/a b", "ps", "web", "-a", "--filter", "name=x", "db",
				"-fid=1", "--format=json", "--", "-odd");
	struct arguments arguments;
	struct problem problem;

	(void) state;
	assert_int_equal(parse(&line, &arguments, &problem), 0);
	assert_ptr_equal(arguments.command, &command_ps);
	assert_string_equal(arguments_value(&arguments, "socket"), "/a b");
	assert_string_equal(arguments_value(&arguments, "format"), "json");
	assert_string_equal(arguments_value(&arguments, "filter"), "id=1"); /* the last */
	assert_true(arguments_have(&arguments, "all"));
	assert_false(arguments_have(&arguments, "quiet"));
	assert_int_equal(arguments.operand_count, 3);
	assert_string_equal(arguments.operands[0], "web");
	assert_string_equal(arguments.operands[1], "db");
	assert_string_equal(arguments.operands[2], "-odd");
}

static void a_general_flag_goes_behind_the_command_too(void **state)
{
	struct line line = LINE("stats", "--socket=/x", "--no-color");
	struct arguments arguments;
	struct problem problem;

	(void) state;
	assert_int_equal(parse(&line, &arguments, &problem), 0);
	assert_string_equal(arguments_value(&arguments, "socket"), "/x");
	assert_true(arguments_have(&arguments, "no-color"));
}

static void nothing_given_is_no_mistake(void **state)
{
	struct line line = { .words = { "plimsoll" }, .count = 1 };
	struct arguments arguments;
	struct problem problem;

	(void) state;
	assert_int_equal(parse(&line, &arguments, &problem), 0);
	assert_null(arguments.command);
	assert_int_equal(arguments.given_count, 0);
}

static void mistakes_come_with_a_suggestion(void **state)
{
	(void) state;
	assert_refused((struct line) LINE("stast"),
		       "unknown command 'stast'; did you mean 'stats'?");
	assert_refused((struct line) LINE("qqqqqq"), "'plimsoll --help' lists all");
	assert_refused((struct line) LINE("ps", "--fromat", "json"), "did you mean '--format'?");
	assert_refused((struct line) LINE("ps", "--fromat=json"), "did you mean '--format'?");
	assert_refused((struct line) LINE("--sokcet", "x"), "did you mean '--socket'?");
	assert_refused((struct line) LINE("ps", "--qqqqqq"), "try 'plimsoll ps --help'");
	assert_refused((struct line) LINE("ps", "-Z"), "unknown flag '-Z'");
	assert_refused((struct line) LINE("ps", "-aZ"), "unknown flag '-Z'");
	assert_refused((struct line) LINE("ps", "--filter"), "--filter needs a value: KEY=VALUE");
	assert_refused((struct line) LINE("ps", "-f"), "--filter needs a value: KEY=VALUE");
	assert_refused((struct line) LINE("ps", "--all=yes"), "--all takes no value");
	assert_refused((struct line) LINE("inspect"), "needs more: plimsoll inspect NAME|ID...");
	assert_refused((struct line) LINE("version", "now"), "'now' is too much");
}

static void too_many_flags_are_refused(void **state)
{
	struct line line = { .words = { "plimsoll", "ps" }, .count = 2 };

	(void) state;
	while (line.count < WORDS_MAX)
		line.words[line.count++] = "-a";
	assert_refused(line, "more than 64 flags");
}

static void aliases_are_the_same_command(void **state)
{
	(void) state;
	assert_ptr_equal(command_find("ls"), &command_ps);
	assert_null(command_find(""));
}

/* What help, manual pages and completions are made from. */
static void every_row_of_the_tables_is_whole(void **state)
{
	(void) state;
	for (size_t i = 0; commands[i]; i++) {
		const struct command *command = commands[i];

		assert_non_null(command->run);
		assert_non_null(command->examples);
		assert_non_null(command->examples[0].line);
		assert_ptr_equal(command_find(command->name), command);
		assert_true(command->fewest <= command->most);
		assert_int_equal(command->operands != OPERANDS_NONE, command->most > 0);
		for (const struct example *example = command->examples; example->line; example++)
			assert_int_equal(strncmp(example->line, command->name,
						 strlen(command->name)),
					 0);
		for (const struct flag *flag = command->flags; flag && flag->name; flag++) {
			assert_non_null(flag->help);
			for (const struct flag *other = flag + 1; other->name; other++) {
				assert_string_not_equal(flag->name, other->name);
				assert_true(flag->letter == 0 || flag->letter != other->letter);
			}
			for (const struct flag *other = general_flags; other->name; other++) {
				assert_string_not_equal(flag->name, other->name);
				assert_true(flag->letter == 0 || flag->letter != other->letter);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_and_operands_may_be_mixed),
		cmocka_unit_test(a_general_flag_goes_behind_the_command_too),
		cmocka_unit_test(nothing_given_is_no_mistake),
		cmocka_unit_test(mistakes_come_with_a_suggestion),
		cmocka_unit_test(too_many_flags_are_refused),
		cmocka_unit_test(aliases_are_the_same_command),
		cmocka_unit_test(every_row_of_the_tables_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
