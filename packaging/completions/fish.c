/* SPDX-License-Identifier: Apache-2.0 */

/* fish: one `complete` line per flag. Names of containers are lines of a command's output, which
 * fish does not expand.
 *
 * Source: fish documentation, "complete". */

#include <stdio.h>

#include "cli/command.h"
#include "packaging/man/pages.h"

static void put_quoted(FILE *file, const char *text)
{
	fputc('\'', file);
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', file);
		fputc(*text, file);
	}
	fputc('\'', file);
}

static void put_condition(FILE *file, const struct command *command)
{
	if (!command)
		return;
	fprintf(file, " -n '__fish_seen_subcommand_from %s%s%s'", command->name,
		command->alias ? " " : "", command->alias ? command->alias : "");
}

static void put_flags(FILE *file, const struct command *command, const struct flag *flags)
{
	for (; flags && flags->name; flags++) {
		fputs("complete -c plimsoll", file);
		put_condition(file, command);
		fprintf(file, " -l %s", flags->name);
		if (flags->letter != 0)
			fprintf(file, " -s %c", flags->letter);
		if (flags->value)
			fputs(flags->value[0] == 'P' ? " -r -F" : " -x", file);
		if (flags->words) {
			fputs(" -a ", file);
			put_quoted(file, flags->words);
		}
		fputs(" -d ", file);
		put_quoted(file, flags->help);
		fputc('\n', file);
	}
}

static void put_operands(FILE *file, const struct command *command)
{
	if (command->operands == OPERANDS_NONE)
		return;
	fputs("complete -c plimsoll", file);
	put_condition(file, command);
	fputs(" -a ", file);
	put_quoted(file, command->operands == OPERANDS_WORDS ? command->words
							     : "(__plimsoll_containers)");
	fputc('\n', file);
}

void fish_write(FILE *file)
{
	fputs("# Completion of plimsoll for fish; made from its table of commands.\n\n"
	      "function __plimsoll_containers\n"
	      "    plimsoll ps -a --format '{{.Name}}' 2>/dev/null\n"
	      "end\n\n"
	      "complete -c plimsoll -f\n",
	      file);
	put_flags(file, NULL, general_flags);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(file, "complete -c plimsoll -n __fish_use_subcommand -a %s -d ",
			commands[i]->name);
		put_quoted(file, commands[i]->summary);
		fputc('\n', file);
	}
	for (size_t i = 0; commands[i]; i++) {
		put_flags(file, commands[i], commands[i]->flags);
		put_operands(file, commands[i]);
	}
}
