/* SPDX-License-Identifier: Apache-2.0 */

/* zsh: a completion function for the directory of $fpath. Names of containers go to compadd, which
 * takes them as they are.
 *
 * Source: zshcompsys(1), "_arguments". */

#include <stdio.h>

#include "cli/command.h"
#include "packaging/man/pages.h"

/* Within '...[HELP]': brackets and colons have a meaning to _arguments, quotes to the shell. */
static void put_help(FILE *file, const char *help)
{
	for (; *help != '\0'; help++) {
		if (*help == '\'') {
			fputs("'\\''", file);
			continue;
		}
		if (*help == '[' || *help == ']' || *help == ':' || *help == '\\')
			fputc('\\', file);
		fputc(*help, file);
	}
}

static void put_value(FILE *file, const struct flag *flag)
{
	if (!flag->value)
		return;
	fprintf(file, ":%s:", flag->value);
	if (flag->words)
		fprintf(file, "(%s)", flag->words);
	else if (flag->value[0] == 'P') /* PATH */
		fputs("_files", file);
	else
		fputs(" ", file);
}

static void put_flags(FILE *file, const struct flag *flags)
{
	for (; flags && flags->name; flags++) {
		fprintf(file, " \\\n\t\t\t'*--%s[", flags->name);
		put_help(file, flags->help);
		fputc(']', file);
		put_value(file, flags);
		fputc('\'', file);
		if (flags->letter == 0)
			continue;
		fprintf(file, " \\\n\t\t\t'*-%c[", flags->letter);
		put_help(file, flags->help);
		fputc(']', file);
		put_value(file, flags);
		fputc('\'', file);
	}
}

static void put_command(FILE *file, const struct command *command)
{
	fprintf(file, "\t%s", command->name);
	if (command->alias)
		fprintf(file, "|%s", command->alias);
	fputs(")\n\t\t_arguments", file);
	put_flags(file, command->flags);
	put_flags(file, general_flags);
	if (command->operands == OPERANDS_CONTAINERS)
		fputs(" \\\n\t\t\t'*:container:_plimsoll_containers'", file);
	if (command->operands == OPERANDS_WORDS)
		fprintf(file, " \\\n\t\t\t'1:%s:(%s)'", command->name, command->words);
	fputs("\n\t\t;;\n", file);
}

void zsh_write(FILE *file)
{
	fputs("#compdef plimsoll\n"
	      "# Completion of plimsoll for zsh; made from its table of commands.\n\n"
	      "_plimsoll_containers() {\n"
	      "\tlocal -a names\n"
	      "\tnames=(${(f)\"$(plimsoll ${opt_args[--socket]:+--socket "
	      "${(Q)opt_args[--socket]}} ps -a --format '{{.Name}}' 2>/dev/null)\"})\n"
	      "\tcompadd -a names\n"
	      "}\n\n"
	      "_plimsoll() {\n"
	      "\tlocal state state_descr line context curcontext=$curcontext\n"
	      "\ttypeset -A opt_args\n"
	      "\t_arguments -C",
	      file);
	put_flags(file, general_flags);
	fputs(" \\\n\t\t\t'1:command:->command' \\\n\t\t\t'*::argument:->argument' && return\n"
	      "\tif [[ $state == command ]]; then\n"
	      "\t\tlocal -a commands\n"
	      "\t\tcommands=(\n",
	      file);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(file, "\t\t\t'%s:", commands[i]->name);
		put_help(file, commands[i]->summary);
		fputs("'\n", file);
	}
	fputs("\t\t)\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tcase $words[1] in\n",
	      file);
	for (size_t i = 0; commands[i]; i++)
		put_command(file, commands[i]);
	fputs("\tesac\n}\n\n_plimsoll \"$@\"\n", file);
}
