/* SPDX-License-Identifier: Apache-2.0 */

/* command: from a command line to a row of the table.
 *
 * Source: getopt_long(3). It is silent here (opterr 0): the sentences are ours, because it knows
 * no suggestions. Flags may stand before the command, if they are general ones, and anywhere
 * behind it. */

#include "cli/command.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"

#define FLAGS_MAX   32
#define FIRST_VALUE 256 /* getopt_long's results for long flags: above every character */
#define WORD_SHOWN  60  /* of what somebody typed, in a sentence */

/* The flags of one command and the general ones, as getopt wants them. */
struct flag_set {
	const struct flag *flags[FLAGS_MAX];
	size_t count;
	struct option longs[FLAGS_MAX + 1];
	char letters[2 * FLAGS_MAX + 3];
};

static int refuse(struct problem *problem, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(struct problem *problem, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void) vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	problem->line = 0;
	return -EINVAL;
}

const char *suggestion(const char *word, const char *const *known, const char *prefix)
{
	static char text[NEAREST_BYTES + 32];
	struct nearest nearest = { .word = word };

	for (; *known; known++)
		nearest_try(&nearest, *known);
	if (!nearest.match)
		return "";

	(void) snprintf(text, sizeof(text), "; did you mean '%s%s'?", prefix, nearest.match);
	return text;
}

static void add_flags(struct flag_set *set, const struct flag *flags, char **letters)
{
	for (; flags && flags->name; flags++) {
		assert(set->count < FLAGS_MAX);
		set->longs[set->count] = (struct option){
			.name = flags->name,
			.has_arg = flags->value ? required_argument : no_argument,
			.val = FIRST_VALUE + (int) set->count,
		};
		set->flags[set->count++] = flags;
		if (flags->letter == 0)
			continue;
		*(*letters)++ = flags->letter;
		if (flags->value)
			*(*letters)++ = ':';
	}
}

/* `stop`: end at the first operand, which is the command's name. */
static void flag_set_fill(struct flag_set *set, const struct command *command, bool stop)
{
	char *letters = set->letters;

	*set = (struct flag_set){ 0 };
	*letters++ = stop ? '+' : '-';
	*letters++ = ':';
	add_flags(set, general_flags, &letters);
	if (command)
		add_flags(set, command->flags, &letters);
	*letters = '\0';
}

static const struct flag *flag_of(const struct flag_set *set, int result)
{
	if (result >= FIRST_VALUE)
		return set->flags[result - FIRST_VALUE];
	for (size_t i = 0; i < set->count; i++)
		if (set->flags[i]->letter == result)
			return set->flags[i];
	return NULL;
}

static int unknown_flag(const struct flag_set *set, const struct command *command, const char *word,
			struct problem *problem)
{
	const char *names[FLAGS_MAX + 1] = { 0 };
	char name[NEAREST_BYTES + 2], where[NEAREST_BYTES + 1] = "";

	if (word[0] != '-' || word[1] != '-')
		return refuse(problem, "unknown flag '-%c'; try 'plimsoll %s%s--help'",
			      optopt > ' ' && optopt < 127 ? optopt : '?',
			      command ? command->name : "", command ? " " : "");

	for (size_t i = 0; i < set->count; i++)
		names[i] = set->flags[i]->name;
	(void) snprintf(name, sizeof(name), "%.*s", (int) strcspn(word + 2, "="), word + 2);
	if (command)
		(void) snprintf(where, sizeof(where), "%s ", command->name);
	if (suggestion(name, names, "--")[0] == '\0')
		return refuse(problem, "unknown flag '--%s'; try 'plimsoll %s--help'", name, where);
	return refuse(problem, "unknown flag '--%s'%s", name, suggestion(name, names, "--"));
}

static int refuse_flag(const struct flag_set *set, const struct command *command, int result,
		       const char *word, struct problem *problem)
{
	const struct flag *flag;

	if (result != ':' && optopt < FIRST_VALUE)
		return unknown_flag(set, command, word, problem);
	flag = flag_of(set, optopt);
	if (!flag)
		return unknown_flag(set, command, word, problem);
	if (result == ':')
		return refuse(problem, "--%s needs a value: %s", flag->name, flag->value);
	return refuse(problem, "--%s takes no value", flag->name);
}

static int take(struct arguments *arguments, const struct flag *flag, const char *value,
		struct problem *problem)
{
	if (arguments->given_count == ARGUMENTS_FLAGS)
		return refuse(problem, "more than %d flags", ARGUMENTS_FLAGS);
	arguments->given[arguments->given_count].flag = flag;
	arguments->given[arguments->given_count++].value = value;
	return 0;
}

/* Goes through argv from optind. Operands are moved together to the front of argv, from `front`
 * on; with `stop`, the first one ends it. */
static int parse_flags(int argc, char **argv, const struct command *command, bool stop,
		       struct arguments *arguments, struct problem *problem)
{
	struct flag_set set;
	int result, at = optind > 0 ? optind : 1, r;
	size_t front = (size_t) at;

	flag_set_fill(&set, command, stop);
	arguments->operands = argv + front;
	while ((result = getopt_long(argc, argv, set.letters, set.longs, NULL)) != -1) {
		if (result == 1) { /* '-' in letters: operands come in their place, as this */
			argv[front++] = optarg;
		} else if (result == '?' || result == ':') {
			return refuse_flag(&set, command, result, argv[at], problem);
		} else {
			r = take(arguments, flag_of(&set, result), optarg, problem);
			if (r < 0)
				return r;
		}
		at = optind;
	}
	for (int i = optind; !stop && i < argc; i++) /* behind "--" */
		argv[front++] = argv[i];
	if (!stop)
		arguments->operand_count = (size_t) (argv + front - (char **) arguments->operands);

	return 0;
}

const struct command *command_find(const char *word)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, word) == 0 ||
		    (commands[i]->alias && strcmp(commands[i]->alias, word) == 0))
			return commands[i];
	return NULL;
}

static int unknown_command(const char *word, struct problem *problem)
{
	const char *names[FLAGS_MAX] = { 0 };
	size_t count = 0;

	for (size_t i = 0; commands[i]; i++) {
		names[count++] = commands[i]->name;
		if (commands[i]->alias)
			names[count++] = commands[i]->alias;
	}
	assert(count < FLAGS_MAX);
	if (suggestion(word, names, "")[0] == '\0')
		return refuse(problem, "unknown command '%.*s'; 'plimsoll --help' lists all",
			      WORD_SHOWN, word);
	return refuse(problem, "unknown command '%.*s'%s", WORD_SHOWN, word,
		      suggestion(word, names, ""));
}

int arguments_parse(int argc, char **argv, struct arguments *ret_arguments,
		    struct problem *ret_problem)
{
	struct arguments arguments = { 0 };
	int r;

	opterr = 0;
	optind = 0; /* glibc: begin anew */
	r = parse_flags(argc, argv, NULL, true, &arguments, ret_problem);
	if (r < 0)
		return r;

	if (optind < argc) {
		arguments.command = command_find(argv[optind]);
		if (!arguments.command)
			return unknown_command(argv[optind], ret_problem);
		argv += optind; /* the command's name is the program's for the second pass */
		argc -= optind;
		optind = 0;
		r = parse_flags(argc, argv, arguments.command, false, &arguments, ret_problem);
		if (r < 0)
			return r;
	}

	*ret_arguments = arguments;
	return 0;
}

int arguments_check(const struct arguments *arguments, struct problem *ret_problem)
{
	const struct command *command = arguments->command;

	if (arguments->operand_count < command->fewest)
		return refuse(ret_problem, "'%s' needs more: plimsoll %s %s", command->name,
			      command->name, command->usage ? command->usage : "");
	if (arguments->operand_count > command->most)
		return refuse(ret_problem, "'%.*s' is too much; try 'plimsoll %s --help'",
			      WORD_SHOWN, arguments->operands[command->most], command->name);
	return 0;
}

bool arguments_have(const struct arguments *arguments, const char *flag)
{
	for (size_t i = 0; i < arguments->given_count; i++)
		if (strcmp(arguments->given[i].flag->name, flag) == 0)
			return true;
	return false;
}

const char *arguments_value(const struct arguments *arguments, const char *flag)
{
	for (size_t i = arguments->given_count; i > 0; i--)
		if (strcmp(arguments->given[i - 1].flag->name, flag) == 0)
			return arguments->given[i - 1].value;
	return NULL;
}
