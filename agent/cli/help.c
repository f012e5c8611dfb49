/* SPDX-License-Identifier: Apache-2.0 */

/* help: examples first, because that is what people look for. */

#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/template.h"

#define HELP_COLUMNS  80
#define FLAG_COLUMNS  22 /* of flags, before what they do */
#define FIELD_COLUMNS 20

static void add_title(struct session *session, const char *title)
{
	text_add_string(&session->out, "\n");
	session_add(session, STYLE_BOLD, title);
	text_add_string(&session->out, "\n");
}

static void add_blanks(struct text *text, size_t count)
{
	for (; count > 0; count--)
		TEXT_ADD(text, " ");
}

/* Words of a sentence from column `indent` on, never behind the 80th. */
static void add_wrapped(struct text *text, const char *sentence, size_t indent, size_t at)
{
	while (*sentence != '\0') {
		size_t length = strcspn(sentence, " ");

		if (at > indent && at + 1 + length > HELP_COLUMNS) {
			TEXT_ADD(text, "\n");
			add_blanks(text, indent);
			at = indent;
		} else if (at > indent) {
			TEXT_ADD(text, " ");
			at++;
		}
		text_add(text, sentence, length);
		at += length;
		sentence += length + (sentence[length] == ' ');
	}
	TEXT_ADD(text, "\n");
}

/* "  NAME   what it does". */
static void add_entry(struct text *text, const char *name, const char *help, size_t columns)
{
	size_t length = strlen(name);

	TEXT_ADD(text, "  ");
	text_add_string(text, name);
	if (length + 2 > columns) {
		TEXT_ADD(text, "\n");
		length = 0;
		add_blanks(text, 2);
	}
	add_blanks(text, columns + 2 - length);
	add_wrapped(text, help, columns + 4, columns + 4);
}

static void add_flags(struct text *text, const struct flag *flags)
{
	char name[64];

	for (; flags && flags->name; flags++) {
		if (flags->letter != 0)
			(void) snprintf(name, sizeof(name), "-%c, --%s%s%s", flags->letter,
					flags->name, flags->value ? " " : "",
					flags->value ? flags->value : "");
		else
			(void) snprintf(name, sizeof(name), "    --%s%s%s", flags->name,
					flags->value ? " " : "", flags->value ? flags->value : "");
		add_entry(text, name, flags->help, FLAG_COLUMNS);
	}
}

static void add_examples(struct session *session, const struct example *examples)
{
	add_title(session, "Examples:");
	for (; examples->line; examples++) {
		text_add_format(&session->out, "  plimsoll %s\n", examples->line);
		text_add_format(&session->out, "      %s\n", examples->what);
	}
}

static void add_commands(struct session *session)
{
	char name[32];

	add_title(session, "Commands:");
	for (size_t i = 0; commands[i]; i++) {
		(void) snprintf(name, sizeof(name), "%s%s%s", commands[i]->name,
				commands[i]->alias ? ", " : "",
				commands[i]->alias ? commands[i]->alias : "");
		add_entry(&session->out, name, commands[i]->summary, 10);
	}
}

void help_short(struct session *session)
{
	text_add_string(&session->out, "plimsoll: containers of this host, whichever engine runs "
				       "them\n");
	add_commands(session);
	text_add_string(&session->out, "\n'plimsoll stats' is a good start; 'plimsoll COMMAND "
				       "--help' says more.\n");
}

void help_all(struct session *session)
{
	static const struct example examples[] = {
		{ "stats", "what every container uses, live" },
		{ "ps -a", "all of them, also those that do not run" },
		{ "inspect web", "all that is known of one" },
		{ "events --since 10m", "what happened lately, and what happens" },
		{ "doctor", "what is measured here, what is not, and why" },
		{ 0 },
	};

	text_add_string(&session->out, "Usage: plimsoll [FLAG...] COMMAND [ARGUMENT...]\n\n"
				       "Containers of this host, whichever engine runs them, as "
				       "plimsolld sees them.\n");
	add_examples(session, examples);
	add_commands(session);
	add_title(session, "Flags:");
	add_flags(&session->out, general_flags);
	text_add_string(&session->out,
			"\nExit codes: 0 all is well, 1 something failed, 2 the command line is "
			"wrong.\n'plimsoll COMMAND --help' and 'man plimsoll-COMMAND' say more.\n");
}

static void add_functions(struct session *session)
{
	const char *name, *help;

	add_title(session, "Functions of templates:");
	for (size_t i = 0; template_function(i, &name, &help); i++)
		add_entry(&session->out, name, help, FIELD_COLUMNS);
	text_add_string(&session->out,
			"\nTemplates are Go's, as far as docker's users know them: {{.Field}}, "
			"{{if}},\n{{range}}, {{with}}, {{else}}, {{end}}, pipes, variables of "
			"{{range}}; \\t and \\n.\n");
}

static bool has_flag(const struct command *command, const char *name)
{
	for (const struct flag *flag = command->flags; flag && flag->name; flag++)
		if (strcmp(flag->name, name) == 0)
			return true;
	return false;
}

void help_command(struct session *session, const struct command *command)
{
	const char *name, *help;

	text_add_format(&session->out, "Usage: plimsoll %s [FLAG...]%s%s\n\n", command->name,
			command->usage ? " " : "", command->usage ? command->usage : "");
	text_add_format(&session->out, "Plimsoll %s: %s.\n", command->name, command->summary);
	if (command->alias)
		text_add_format(&session->out, "The same as: plimsoll %s\n", command->alias);
	add_examples(session, command->examples);
	add_title(session, "Flags:");
	add_flags(&session->out, command->flags);
	add_flags(&session->out, general_flags);
	if (command->notes)
		text_add_format(&session->out, "\n%s", command->notes);
	if (command->placeholder) {
		add_title(session, "Fields of templates, {{.Name}} and so on:");
		for (size_t i = 0; command->placeholder(i, &name, &help); i++)
			add_entry(&session->out, name, help, FIELD_COLUMNS);
	}
	if (has_flag(command, "format"))
		add_functions(session);
	text_add_format(&session->out, "\nMore: man plimsoll-%s\n", command->name);
}
