/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll inspect: all that is known of a container, in the shape of docker inspect. */

#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/listing.h"

static const struct flag flags[] = {
	{ "format", 'f', "FORMAT", "json, jsonl, or a template for each container [json]",
	  "json jsonl" },
	{ 0 },
};

static const struct example examples[] = {
	{ "inspect web", "everything, as JSON" },
	{ "inspect -f '{{.State.Status}}' web db", "one line for each" },
	{ "inspect -f '{{json .Config.Env}}' web", "a part of it, as JSON" },
	{ "inspect -f '{{range .Mounts}}{{println .Source .Destination}}{{end}}' web",
	  "a line for each mount" },
	{ 0 },
};

static void decref_p(json_t **value)
{
	json_decref(*value);
}

/* "no such container", with the nearest name if there is one. */
static void explain_missing(const char *socket_path, char *word, struct problem *problem)
{
	CLEANUP(listing_fini) struct listing listing = { 0 };
	struct wanted wanted = { .words = &word, .words_count = 1, .host_memory = NAN };
	struct problem better;

	if (wanted_fetch(&wanted, socket_path, &listing, &better) == -ENOENT)
		*problem = better;
}

/* Returns NULL after saying why. */
static json_t *fetch_one(struct session *session, char *word)
{
	CLEANUP(text_fini) struct text path = { 0 }, body = { 0 };
	struct problem problem;
	json_t *container;
	int r;

	TEXT_ADD(&path, "/containers/");
	query_add(&path, "", word);
	text_add(&path, "/json", sizeof("/json"));
	r = client_fetch(session->socket_path, path.bytes, &body, &problem);
	if (r == -ENOENT)
		explain_missing(session->socket_path, word, &problem);
	if (r < 0) {
		(void) complain(EXIT_TROUBLE, "%s", problem.text);
		return NULL;
	}

	container = json_loadb(body.bytes ? body.bytes : "", body.length, 0, NULL);
	if (!json_is_object(container)) {
		json_decref(container);
		(void) complain(EXIT_TROUBLE, "the agent's answer for '%s' cannot be read", word);
		return NULL;
	}
	return container;
}

/* What was found is printed even when others were not. */
static int write_found(struct session *session, const struct format *format, json_t *found)
{
	struct problem problem;
	json_t *container;
	size_t i;

	if (format->form == FORM_JSON) {
		json_write(found, json_array_size(found) > 0 ? 4 : 0, &session->out);
		return EXIT_FINE;
	}
	json_array_foreach (found, i, container) {
		if (format->form == FORM_JSONL)
			json_write(container, 0, &session->out);
		else if (template_write(format->template, container, true, &session->out,
					&problem) < 0)
			return complain(EXIT_TROUBLE, "%s", problem.text);
	}
	return EXIT_FINE;
}

static int run(struct session *session, const struct arguments *arguments)
{
	CLEANUP(format_fini) struct format format = { 0 };
	CLEANUP(decref_p) json_t *found = json_array();
	const char *text = arguments_value(arguments, "format");
	struct problem problem;
	int code = EXIT_FINE, written;

	if (format_parse(text ? text : "json", FORM(FORM_JSON) | FORM(FORM_JSONL), &format,
			 &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);

	for (size_t i = 0; i < arguments->operand_count; i++) {
		json_t *container = fetch_one(session, arguments->operands[i]);

		if (!container || json_array_append_new(found, container) < 0)
			code = EXIT_TROUBLE;
	}
	written = write_found(session, &format, found);
	if (written == EXIT_FINE)
		written = session_flush(session, NULL);
	return code != EXIT_FINE ? code : written;
}

const struct command command_inspect = {
	.name = "inspect",
	.summary = "print all that is known of containers, as JSON",
	.usage = "NAME|ID...",
	.operands = OPERANDS_CONTAINERS,
	.fewest = 1,
	.most = ARGUMENTS_OPERANDS,
	.flags = flags,
	.examples = examples,
	.notes = "The document has the shape of docker inspect, for containers of every engine.\n"
		 "What the engine does not tell is not in it. When a container is missing, the\n"
		 "others are printed, and the exit code is 1.\n",
	.run = run,
};
