/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll ps: who is there. */

#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/listing.h"

static const struct flag flags[] = {
	{ "all", 'a', NULL, "also those that do not run" },
	{ "quiet", 'q', NULL, "ids only" },
	{ "no-trunc", 0, NULL, "whole ids" },
	{ "filter", 'f', "KEY=VALUE",
	  "only those that match: name, id, image, engine, label, status, health, pod, project",
	  "name= id= image= engine= label= status= health= pod= project=" },
	{ "sort", 0, "ORDER", "order: name, started, engine, image, state, ... [name]",
	  "name started engine image state cpu mem net io pids" },
	{ "reverse", 'r', NULL, "the other way round" },
	{ "format", 0, "FORMAT", "table, json, jsonl, csv, or a template [table]",
	  "table json jsonl csv" },
	{ 0 },
};

static const struct example examples[] = {
	{ "ps", "what runs, of every engine" },
	{ "ps -a --filter status=exited", "what has ended" },
	{ "ps --filter health=unhealthy", "what its own check calls broken" },
	{ "ps --filter engine=podman --filter label=app=web", "both have to match" },
	{ "ps --format '{{.Name}} {{.Status}}'", "docker's placeholders, and ours" },
	{ "ps --format json", "one document, with numbers that are numbers" },
	{ 0 },
};

static const enum field column_fields[] = {
	FIELD_Name, FIELD_Engine, FIELD_Image, FIELD_Status, FIELD_ID, FIELD_Group,
};

static int write_ids(struct session *session, const struct listing *listing, bool whole)
{
	for (size_t i = 0; i < listing->count; i++) {
		field_show(FIELD_ID, &listing->items[i], whole, &session->out);
		TEXT_ADD(&session->out, "\n");
	}
	return 0;
}

static int ps(struct session *session, const struct arguments *arguments,
	      const struct wanted *wanted, const struct format *format)
{
	CLEANUP(listing_fini) struct listing listing = { 0 };
	bool whole = arguments_have(arguments, "no-trunc");
	const struct columns columns = {
		.fields = column_fields,
		.count = ARRAY_SIZE(column_fields),
		.key_fields = FIELDS_PS,
		.whole = whole,
	};
	struct problem problem;
	int r;

	r = wanted_fetch(wanted, session->socket_path, &listing, &problem);
	if (r == 0)
		r = arguments_have(arguments, "quiet")
			    ? write_ids(session, &listing, whole)
			    : listing_write(&listing, &columns, format,
					    whole ? 0 : session_width(session), &session->out,
					    &problem);
	if (r < 0)
		return complain(EXIT_TROUBLE, "%s", problem.text);
	return session_flush(session, NULL);
}

static int run(struct session *session, const struct arguments *arguments)
{
	CLEANUP(wanted_fini) struct wanted wanted = { 0 };
	CLEANUP(format_fini) struct format format = { 0 };
	struct problem problem;

	if (format_parse_fields(arguments_value(arguments, "format"), &format, &problem) < 0 ||
	    wanted_parse(arguments, &wanted, &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);
	return ps(session, arguments, &wanted, &format);
}

const struct command command_ps = {
	.name = "ps",
	.alias = "ls",
	.summary = "list containers, whichever engine runs them",
	.usage = "[NAME|ID...]",
	.operands = OPERANDS_CONTAINERS,
	.most = ARGUMENTS_OPERANDS,
	.flags = flags,
	.examples = examples,
	.notes = "Containers that are named are listed whether they run or not.\n"
		 "With several filters, values of one key are alternatives, and keys add up; each\n"
		 "label has to be there. name and image are regular expressions, id is the start\n"
		 "of an id.\n",
	.placeholder = field_placeholder,
	.run = run,
};
