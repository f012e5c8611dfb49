/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll version: of this command and of the agent. */

#include <jansson.h>

#include "base/cleanup.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/escape.h"
#include "cli/format.h"

static const struct flag flags[] = {
	{ "format", 'f', "FORMAT", "json, or a template [text]", "json" },
	{ 0 },
};

static const struct example examples[] = {
	{ "version", "of this command and of the agent" },
	{ "version -f '{{.Agent.version}}'", "the agent's alone" },
	{ 0 },
};

static void decref_p(json_t **value)
{
	json_decref(*value);
}

/* {"Client": {"version"}, "Agent": {...}}; Agent is missing when nobody answers. */
static json_t *versions_fetch(struct session *session, int *ret_code)
{
	CLEANUP(text_fini) struct text body = { 0 };
	struct problem problem;
	json_t *versions = json_pack("{s:{s:s}}", "Client", "version", PLIMSOLL_VERSION), *agent;

	*ret_code = EXIT_FINE;
	if (client_fetch(session->socket_path, "/plimsoll/v1/version", &body, &problem) < 0) {
		*ret_code = complain(EXIT_TROUBLE, "%s", problem.text);
		return versions;
	}
	agent = json_loadb(body.bytes ? body.bytes : "", body.length, 0, NULL);
	if (!json_is_object(agent) || json_object_set(versions, "Agent", agent) < 0)
		*ret_code = complain(EXIT_TROUBLE, "the agent's version cannot be read");
	json_decref(agent);
	return versions;
}

static void add_line(struct text *text, const char *name, const json_t *value)
{
	if (!json_is_string(value))
		return;
	text_add_format(text, "%-9s ", name);
	text_add_visible_string(text, json_string_value(value));
	TEXT_ADD(text, "\n");
}

static void write_lines(json_t *versions, struct text *text)
{
	json_t *agent = json_object_get(versions, "Agent");

	add_line(text, "plimsoll", json_object_get(json_object_get(versions, "Client"), "version"));
	add_line(text, "plimsolld", json_object_get(agent, "version"));
	add_line(text, "API", json_object_get(agent, "api"));
	add_line(text, "kernel", json_object_get(agent, "kernel"));
	add_line(text, "cgroups", json_object_get(agent, "cgroups"));
}

static int run(struct session *session, const struct arguments *arguments)
{
	CLEANUP(format_fini) struct format format = { 0 };
	CLEANUP(decref_p) json_t *versions = NULL;
	struct problem problem;
	int code, written;

	if (format_parse(arguments_value(arguments, "format"), FORM(FORM_JSON), &format, &problem) <
	    0)
		return complain(EXIT_USAGE, "%s", problem.text);

	versions = versions_fetch(session, &code);
	if (format.form == FORM_JSON)
		json_write(versions, 2, &session->out);
	else if (format.form == FORM_TABLE)
		write_lines(versions, &session->out);
	else if (code == EXIT_FINE &&
		 template_write(format.template, versions, true, &session->out, &problem) < 0)
		return complain(EXIT_TROUBLE, "%s", problem.text);
	written = session_flush(session, NULL);
	return code != EXIT_FINE ? code : written;
}

const struct command command_version = {
	.name = "version",
	.summary = "print the versions of this command and of the agent",
	.flags = flags,
	.examples = examples,
	.run = run,
};
