/* SPDX-License-Identifier: Apache-2.0 */

/* man: manual pages from the table of commands. Source: man(7), groff_man(7). */

#include "packaging/man/pages.h"

#include <ctype.h>
#include <string.h>

#include "cli/command.h"
#include "cli/session.h"
#include "cli/template.h"

/* Text in which nothing is a request or an escape: a dot or quote at the start of a line, a
 * backslash anywhere; dashes are those that a reader can copy. */
static void put(FILE *file, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if ((c == text || c[-1] == '\n') && (*c == '.' || *c == '\''))
			fputs("\\&", file);
		if (*c == '\\')
			fputs("\\e", file);
		else if (*c == '-')
			fputs("\\-", file);
		else if (*c == '\'')
			fputs("\\(aq", file);
		else if (*c == '`')
			fputs("\\(ga", file);
		else if (*c == '~')
			fputs("\\(ti", file);
		else if (*c == '^')
			fputs("\\(ha", file);
		else
			fputc(*c, file);
	}
}

static void put_bold(FILE *file, const char *text)
{
	fputs("\\fB", file);
	put(file, text);
	fputs("\\fR", file);
}

static void put_entry(FILE *file, const char *name, const char *help)
{
	fputs(".TP\n", file);
	put_bold(file, name);
	fputc('\n', file);
	put(file, help);
	fputs(".\n", file);
}

static void put_head(FILE *file, const char *name, const char *suffix, const char *summary)
{
	fputs(".TH PLIMSOLL", file);
	if (suffix[0] != '\0')
		fputs("\\-", file);
	for (; *suffix != '\0'; suffix++)
		fputc(toupper((unsigned char) *suffix), file);
	fputs(" 1 \"\" \"plimsoll " PLIMSOLL_VERSION "\" \"Plimsoll manual\"\n", file);
	fputs(".SH NAME\n", file);
	put(file, name);
	fputs(" \\- ", file);
	put(file, summary);
	fputc('\n', file);
}

static void put_flags(FILE *file, const struct flag *flags)
{
	for (; flags && flags->name; flags++) {
		fputs(".TP\n", file);
		if (flags->letter != 0) {
			char letter[] = { '-', flags->letter, '\0' };

			put_bold(file, letter);
			fputs(", ", file);
		}
		fputs("\\fB\\-\\-", file);
		put(file, flags->name);
		fputs("\\fR", file);
		if (flags->value) {
			fputs(" \\fI", file);
			put(file, flags->value);
			fputs("\\fR", file);
		}
		fputc('\n', file);
		put(file, flags->help);
		fputs(".\n", file);
	}
}

static void put_examples(FILE *file, const struct example *examples)
{
	fputs(".SH EXAMPLES\n", file);
	for (; examples && examples->line; examples++) {
		fputs(".TP\n\\fBplimsoll ", file);
		put(file, examples->line);
		fputs("\\fR\n", file);
		put(file, examples->what);
		fputs(".\n", file);
	}
}

/* Notes keep their lines: some are lists. */
static void put_notes(FILE *file, const char *notes)
{
	fputs(".SH NOTES\n.nf\n", file);
	put(file, notes);
	fputs(".fi\n", file);
}

static void put_functions(FILE *file)
{
	const char *name, *help;

	fputs(".SH TEMPLATES\n", file);
	put(file,
	    "A template is text with actions in double braces: {{.Field}}, {{if}}, {{range}}, "
	    "{{with}}, {{else}}, {{end}}, pipes, variables of {{range}}, and these "
	    "functions; \\t and \\n in the text are a tab and a line feed.\n");
	for (size_t i = 0; template_function(i, &name, &help); i++)
		put_entry(file, name, help);
}

static bool has_format(const struct command *command)
{
	for (const struct flag *flag = command->flags; flag && flag->name; flag++)
		if (strcmp(flag->name, "format") == 0)
			return true;
	return false;
}

static void put_end(FILE *file)
{
	fputs(".SH \"EXIT STATUS\"\n", file);
	put_entry(file, "0", "all is well");
	put_entry(file, "1", "something failed; why is on stderr");
	put_entry(file, "2", "the command line is wrong");
	fputs(".SH ENVIRONMENT\n", file);
	put_entry(file, "PLIMSOLL_SOCKET",
		  "socket of the agent; " SOCKET_DEFAULT " when neither it nor --socket is given");
	put_entry(file, "NO_COLOR", "no colour, whatever its value, unless it is empty");
	put_entry(file, "TERM", "dumb: no colour and no live view");
}

static void write_command(FILE *file, const struct command *command)
{
	char name[64];
	const char *field, *help;

	(void) snprintf(name, sizeof(name), "plimsoll-%s", command->name);
	put_head(file, name, command->name, command->summary);
	fputs(".SH SYNOPSIS\n", file);
	put_bold(file, "plimsoll ");
	put_bold(file, command->name);
	fputs(" [\\fIFLAG\\fR...]", file);
	if (command->usage) {
		fputc(' ', file);
		put(file, command->usage);
	}
	fputs("\n", file);
	put_examples(file, command->examples);
	fputs(".SH OPTIONS\n", file);
	put_flags(file, command->flags);
	put_flags(file, general_flags);
	if (command->notes)
		put_notes(file, command->notes);
	if (command->placeholder) {
		fputs(".SH FIELDS\nPlaceholders of templates, as in {{.Name}}.\n", file);
		for (size_t i = 0; command->placeholder(i, &field, &help); i++)
			put_entry(file, field, help);
	}
	if (has_format(command))
		put_functions(file);
	put_end(file);
	fputs(".SH \"SEE ALSO\"\n.BR plimsoll (1)\n", file);
}

static void write_program(FILE *file)
{
	put_head(file, "plimsoll", "", "containers of this host, whichever engine runs them");
	fputs(".SH SYNOPSIS\n\\fBplimsoll\\fR [\\fIFLAG\\fR...] \\fICOMMAND\\fR "
	      "[\\fIARGUMENT\\fR...]\n.SH DESCRIPTION\n",
	      file);
	put(file,
	    "Shows what the agent plimsolld knows of containers: who is there, what they use, "
	    "what happened, and what is measured. It asks the agent over a UNIX socket, which "
	    "root and members of the group plimsoll may use.\n");
	fputs(".SH COMMANDS\n", file);
	for (size_t i = 0; commands[i]; i++)
		put_entry(file, commands[i]->name, commands[i]->summary);
	fputs(".SH OPTIONS\n", file);
	put_flags(file, general_flags);
	put_end(file);
	fputs(".SH \"SEE ALSO\"\n", file);
	for (size_t i = 0; commands[i]; i++)
		fprintf(file, ".BR plimsoll\\-%s (1)%s\n", commands[i]->name,
			commands[i + 1] ? "," : "");
}

void man_write(FILE *file, const struct command *command)
{
	if (command)
		write_command(file, command);
	else
		write_program(file);
}
