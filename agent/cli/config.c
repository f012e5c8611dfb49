/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll config: what the agent goes by, and who said so. */

#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/escape.h"
#include "cli/format.h"

#define VALUE_MINIMUM 16 /* columns that a value keeps in a narrow terminal */

static const struct flag flags[] = {
	{ "origin", 'o', NULL, "also where each value comes from: a file and its line, or a flag" },
	{ "changed", 0, NULL, "only what is not the default" },
	{ "format", 'f', "FORMAT", "table, json, or a template for each setting [table]",
	  "table json" },
	{ 0 },
};

static const struct example examples[] = {
	{ "config show", "every setting and its value" },
	{ "config show --changed --origin", "what somebody set, and where" },
	{ "config show -f '{{.key}}={{json .value}}'", "one line for each" },
	{ 0 },
};

static void decref_p(json_t **value)
{
	json_decref(*value);
}

static void add_string(const json_t *value, struct text *text)
{
	text_add_visible(text, json_is_string(value) ? json_string_value(value) : "",
			 json_string_length(value));
}

/* A list is its items, with commas between them. */
static void add_value(const json_t *value, struct text *text)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(value)) {
		add_string(value, text);
		return;
	}
	json_array_foreach (value, i, item) {
		if (i > 0)
			TEXT_ADD(text, ", ");
		add_string(item, text);
	}
}

static void add_cell(struct table *table, const json_t *value)
{
	CLEANUP(text_fini) struct text text = { 0 };

	add_value(value, &text);
	table_cell(table, text.length > 0 ? text.bytes : "-", text.length > 0 ? text.length : 1);
}

static bool is_default(const json_t *setting)
{
	const char *origin = json_string_value(json_object_get(setting, "origin"));

	return origin && strcmp(origin, "default") == 0;
}

static void write_table(struct session *session, const json_t *settings, bool with_origin)
{
	CLEANUP(table_fini)
	struct table table = {
		.count = with_origin ? 3 : 2,
		.columns = { [1] = { .minimum = VALUE_MINIMUM } },
	};
	const json_t *setting;
	size_t i;

	table_cell_string(&table, "SETTING");
	table_cell_string(&table, "VALUE");
	if (with_origin)
		table_cell_string(&table, "FROM");
	json_array_foreach (settings, i, setting) {
		add_cell(&table, json_object_get(setting, "key"));
		add_cell(&table, json_object_get(setting, "value"));
		if (with_origin)
			add_cell(&table, json_object_get(setting, "origin"));
	}
	table_add(&table, session_width(session), &session->out);
}

static json_t *settings_fetch(struct session *session, bool changed)
{
	CLEANUP(text_fini) struct text body = { 0 };
	CLEANUP(decref_p) json_t *answer = NULL;
	json_t *settings;
	struct problem problem;

	if (client_fetch(session->socket_path, "/plimsoll/v1/config", &body, &problem) < 0) {
		(void) complain(EXIT_TROUBLE, "%s", problem.text);
		return NULL;
	}
	answer = json_loadb(body.bytes ? body.bytes : "", body.length, 0, NULL);
	settings = json_object_get(answer, "settings");
	if (!json_is_array(settings)) {
		(void) complain(EXIT_TROUBLE, "the agent's configuration cannot be read");
		return NULL;
	}
	for (size_t i = json_array_size(settings); changed && i > 0; i--)
		if (is_default(json_array_get(settings, i - 1)))
			(void) json_array_remove(settings, i - 1);
	return json_incref(settings);
}

static int show(struct session *session, const struct arguments *arguments,
		const struct format *format)
{
	CLEANUP(decref_p) json_t *settings = NULL;
	struct problem problem;
	json_t *setting;
	size_t i;

	settings = settings_fetch(session, arguments_have(arguments, "changed"));
	if (!settings)
		return EXIT_TROUBLE;
	if (format->form == FORM_JSON)
		json_write(settings, 2, &session->out);
	else if (format->form == FORM_TABLE)
		write_table(session, settings, arguments_have(arguments, "origin"));
	else
		json_array_foreach (settings, i, setting)
			if (template_write(format->template, setting, true, &session->out,
					   &problem) < 0)
				return complain(EXIT_TROUBLE, "%s", problem.text);
	return session_flush(session, NULL);
}

static int run(struct session *session, const struct arguments *arguments)
{
	static const char *const words[] = { "show", NULL };
	CLEANUP(format_fini) struct format format = { 0 };
	struct problem problem;

	if (strcmp(arguments->operands[0], words[0]) != 0)
		return complain(EXIT_USAGE, "unknown command 'config %.60s'%s",
				arguments->operands[0],
				suggestion(arguments->operands[0], words, "config "));
	if (format_parse(arguments_value(arguments, "format"), FORM(FORM_JSON) | FORM(FORM_TABLE),
			 &format, &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);
	if (format.form == FORM_TABLE && format.template)
		return complain(EXIT_USAGE, "settings have no table by template; use '{{...}}'");
	return show(session, arguments, &format);
}

const struct command command_config = {
	.name = "config",
	.summary = "show the agent's settings and where they come from",
	.usage = "show",
	.operands = OPERANDS_WORDS,
	.words = "show",
	.fewest = 1,
	.most = 1,
	.flags = flags,
	.examples = examples,
	.notes = "Templates know .key, .value, .default, .origin, .help and .reload.\n",
	.run = run,
};
