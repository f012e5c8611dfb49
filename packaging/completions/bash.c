/* SPDX-License-Identifier: Apache-2.0 */

/* bash: a completion function. Names of containers are somebody else's text: they are never handed
 * to compgen -W, which would expand them, but compared one by one and quoted by printf %q.
 *
 * Source: bash(1), "Programmable Completion". */

#include <stdio.h>

#include "cli/command.h"
#include "packaging/man/pages.h"

static void put_names(FILE *file)
{
	for (size_t i = 0; commands[i]; i++)
		fprintf(file, "%s%s%s%s", i > 0 ? " " : "", commands[i]->name,
			commands[i]->alias ? " " : "",
			commands[i]->alias ? commands[i]->alias : "");
}

static void put_flag_words(FILE *file, const struct flag *flags)
{
	for (; flags && flags->name; flags++)
		fprintf(file, " --%s", flags->name);
}

static void put_pattern(FILE *file, const struct command *command)
{
	fprintf(file, "%s", command->name);
	if (command->alias)
		fprintf(file, " | %s", command->alias);
}

/* case "COMMAND:FLAG" for flags whose values are known, or may be anything. */
static void put_value_cases(FILE *file, const char *name, const struct flag *flags)
{
	for (; flags && flags->name; flags++) {
		if (!flags->value)
			continue;
		fprintf(file, "\t%s:--%s", name, flags->name);
		if (flags->letter != 0)
			fprintf(file, " | %s:-%c", name, flags->letter);
		fprintf(file, ") values='%s' ;;\n", flags->words ? flags->words : "");
	}
}

static void put_cases(FILE *file)
{
	fputs("\tcase $command:$previous in\n"
	      "\t*:--socket)\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
	      "\t\treturn\n"
	      "\t\t;;\n",
	      file);
	for (size_t i = 0; commands[i]; i++)
		put_value_cases(file, commands[i]->name, commands[i]->flags);
	fputs("\t*) asked= ;;\n\tesac\n", file);

	fputs("\tcase $command in\n\t'')\n\t\twords='", file);
	put_names(file);
	fputs("'\n\t\tflags='", file);
	put_flag_words(file, general_flags);
	fputs("'\n\t\t;;\n", file);
	for (size_t i = 0; commands[i]; i++) {
		fputc('\t', file);
		put_pattern(file, commands[i]);
		fputs(")\n\t\tflags='", file);
		put_flag_words(file, commands[i]->flags);
		put_flag_words(file, general_flags);
		fputs("'\n", file);
		if (commands[i]->operands == OPERANDS_WORDS)
			fprintf(file, "\t\twords='%s'\n", commands[i]->words);
		if (commands[i]->operands == OPERANDS_CONTAINERS)
			fputs("\t\tcontainers=1\n", file);
		fputs("\t\t;;\n", file);
	}
	fputs("\tesac\n", file);
}

/* The command is the first word that is no flag and no value of --socket. */
static const char find_command[] = "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
				   "\t\tcase ${COMP_WORDS[i]} in\n"
				   "\t\t--socket) ((i++)) ;;\n"
				   "\t\t-*) ;;\n"
				   "\t\t*)\n"
				   "\t\t\tcommand=${COMP_WORDS[i]}\n"
				   "\t\t\tbreak\n"
				   "\t\t\t;;\n"
				   "\t\tesac\n"
				   "\tdone\n";

static const char find_socket[] =
	"\tfor ((i = 1; i < COMP_CWORD - 1; i++)); do\n"
	"\t\t[[ ${COMP_WORDS[i]} != --socket ]] || socket=(--socket \"${COMP_WORDS[i + 1]}\")\n"
	"\tdone\n";

static const char put_containers[] =
	"_plimsoll_containers() {\n"
	"\tlocal word=$1 name\n"
	"\tshift\n"
	"\twhile IFS= read -r name; do\n"
	"\t\t[[ $name != \"$word\"* ]] || COMPREPLY+=(\"$(printf %q \"$name\")\")\n"
	"\tdone < <(plimsoll \"$@\" ps -a --format '{{.Name}}' 2>/dev/null)\n"
	"}\n";

static const char finish[] = "\tif [[ -n $asked ]]; then\n"
			     "\t\tmapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$word\")\n"
			     "\t\t[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace\n"
			     "\telif [[ $word == -* ]]; then\n"
			     "\t\tmapfile -t COMPREPLY < <(compgen -W \"$flags\" -- \"$word\")\n"
			     "\telif [[ -n $containers ]]; then\n"
			     "\t\t_plimsoll_containers \"$word\" \"${socket[@]}\"\n"
			     "\telse\n"
			     "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
			     "\tfi\n"
			     "}\n\n"
			     "complete -F _plimsoll plimsoll\n";

void bash_write(FILE *file)
{
	fputs("# shellcheck shell=bash\n"
	      "# Completion of plimsoll for bash; made from its table of commands.\n\n",
	      file);
	fputs(put_containers, file);
	fputs("\n_plimsoll() {\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal command='' words='' flags='' values='' containers='' asked=1 i\n"
	      "\tlocal socket=()\n"
	      "\tCOMPREPLY=()\n",
	      file);
	fputs(find_command, file);
	fputs(find_socket, file);
	put_cases(file);
	fputs(finish, file);
}
