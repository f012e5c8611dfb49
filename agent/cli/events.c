/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll events: what happened to containers, and what happens. */

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/escape.h"
#include "cli/format.h"
#include "cli/human.h"
#include "cli/moment.h"

#define ENGINE_LABEL "io.plimsoll.engine"

static const struct flag flags[] = {
	{ "since", 0, "TIME",
	  "begin with what happened since: 10m, 2026-01-02T03:04:05, or "
	  "seconds since 1970" },
	{ "until", 0, "TIME", "end there; without it, go on with what happens" },
	{ "filter", 'f', "KEY=VALUE",
	  "only those that match: container, event, image, label, engine",
	  "container= event= image= label= engine=" },
	{ "format", 0, "FORMAT", "table, json, jsonl, or a template for each event [table]",
	  "table json jsonl" },
	{ 0 },
};

static const struct example examples[] = {
	{ "events", "what happens from now on" },
	{ "events --since 1h --until 0s", "the last hour" },
	{ "events --since 24h --filter event=oom --filter event=die", "one or the other" },
	{ "events --filter container=web --format json", "a JSON object in each line" },
	{ "events --format '{{.Time}} {{.Action}} {{.Actor.Attributes.name}}'",
	  "docker's placeholders" },
	{ 0 },
};

static const char *const known_filters[] = { "container", "event", "image",  "label",
					     "engine",    "type",  "daemon", "network",
					     "volume",    "scope", NULL };

static void decref_p(json_t **value)
{
	json_decref(*value);
}

/* Adds "KEY=VALUE" to {"KEY": ["VALUE"]}. */
static int add_filter(json_t *filters, const char *text, struct problem *problem)
{
	const char *sign = strchr(text, '=');
	char key[32];
	size_t i = 0;
	json_t *values, *value;

	(void) snprintf(key, sizeof(key), "%.*s", (int) strcspn(text, "="), text);
	while (known_filters[i] && strcmp(known_filters[i], key) != 0)
		i++;
	if (!sign || !known_filters[i]) {
		(void) snprintf(problem->text, sizeof(problem->text),
				sign ? "unknown filter '%s'%s"
				     : "a filter is KEY=VALUE, for example event=die, not '%s'%s",
				key, sign ? suggestion(key, known_filters, "") : "");
		return -EINVAL;
	}
	if (strcmp(key, "engine") == 0) {
		(void) snprintf(key, sizeof(key), "label");
		value = json_pack("s++", ENGINE_LABEL, "=", sign + 1);
	} else {
		value = json_string(sign + 1);
	}
	values = json_object_get(filters, key);
	if (!values) {
		values = json_array();
		(void) json_object_set_new(filters, key, values);
	}
	if (json_array_append_new(values, value) < 0) {
		(void) snprintf(problem->text, sizeof(problem->text), "a filter is no valid UTF-8");
		return -EINVAL;
	}
	return 0;
}

static int add_moment(struct text *path, const struct arguments *arguments, const char *name,
		      char separator, struct problem *problem)
{
	const char *value = arguments_value(arguments, name);
	uint64_t ns;
	int r;

	if (!value)
		return 0;
	r = moment_parse(value, clock_realtime_ns(), &ns, problem);
	if (r < 0)
		return r;
	text_add_format(path, "%c%s=%llu.%09llu", separator, name,
			(unsigned long long) (ns / NSEC_PER_SEC),
			(unsigned long long) (ns % NSEC_PER_SEC));
	return 0;
}

/* The path to ask for, ended by NUL. */
static int make_path(const struct arguments *arguments, struct text *path, struct problem *problem)
{
	CLEANUP(decref_p) json_t *filters = json_object();
	CLEANUP(free_p) char *encoded = NULL;
	int r = 0;

	for (size_t i = 0; r == 0 && i < arguments->given_count; i++)
		if (strcmp(arguments->given[i].flag->name, "filter") == 0)
			r = add_filter(filters, arguments->given[i].value, problem);
	if (r < 0)
		return r;

	encoded = json_dumps(filters, JSON_COMPACT);
	TEXT_ADD(path, "/events?");
	query_add(path, "filters", encoded ? encoded : "{}");
	r = add_moment(path, arguments, "since", '&', problem);
	if (r == 0)
		r = add_moment(path, arguments, "until", '&', problem);
	text_add(path, "", 1);
	return r;
}

struct reader_state {
	struct session *session;
	const struct format *format;
	int code;
	bool closed; /* nobody reads stdout any more */
};

static void add_detail(struct text *text, json_t *attributes, const char *key, const char *name,
		       size_t start)
{
	const json_t *value = json_object_get(attributes, key);

	if (!json_is_string(value) || json_string_length(value) == 0)
		return;
	text_add_format(text, "%s%s ", text->length > start ? ", " : "", name);
	text_add_visible(text, json_string_value(value), json_string_length(value));
}

/* "2026-01-02 03:04:05  die           web  (exit code 137, image nginx, docker)". */
static void write_line(json_t *event, struct text *text)
{
	json_t *attributes = json_object_get(json_object_get(event, "Actor"), "Attributes");
	const char *action = json_string_value(json_object_get(event, "Action"));
	const char *name = json_string_value(json_object_get(attributes, "name"));
	const json_t *nanos = json_object_get(event, "timeNano");
	char buffer[HUMAN_BYTES];
	CLEANUP(text_fini) struct text details = { 0 };
	size_t start;

	text_add_string(text,
			human_time(json_is_integer(nanos)
					   ? (double) json_integer_value(nanos) / 1e9
					   : json_number_value(json_object_get(event, "time")),
				   buffer));
	TEXT_ADD(text, "  ");
	start = text->length;
	text_add_visible_string(text, action ? action : "-");
	do
		TEXT_ADD(text, " ");
	while (text->length < start + 10);
	TEXT_ADD(text, " ");
	text_add_visible_string(text, name ? name : "-");

	add_detail(&details, attributes, "exitCode", "exit code", 0);
	add_detail(&details, attributes, "execDuration", "seconds", 0);
	add_detail(&details, attributes, "image", "image", 0);
	add_detail(&details, attributes, ENGINE_LABEL, "engine", 0);
	if (details.length > 0) {
		TEXT_ADD(text, "  (");
		text_add(text, details.bytes, details.length);
		TEXT_ADD(text, ")");
	}
	TEXT_ADD(text, "\n");
}

static int on_line(char *line, size_t length, void *userdata)
{
	struct reader_state *state = userdata;
	CLEANUP(decref_p) json_t *event = json_loadb(line, length, 0, NULL);
	struct problem problem;

	if (!json_is_object(event)) {
		if (length == 0)
			return 0;
		state->code = complain(EXIT_TROUBLE, "an event of the agent cannot be read");
		return -EPROTO;
	}
	if (state->format->form == FORM_TABLE) {
		write_line(event, &state->session->out);
	} else if (state->format->form != FORM_TEMPLATE) {
		json_write(event, 0, &state->session->out);
	} else if (template_write(state->format->template, event, false, &state->session->out,
				  &problem) < 0) {
		state->code = complain(EXIT_TROUBLE, "%s", problem.text);
		return -EINVAL;
	}
	state->code = session_flush(state->session, &state->closed);
	return state->code == EXIT_FINE && !state->closed ? 0 : -EPIPE;
}

/* Fields of Docker's event; in any case, since templates do not mind. */
static bool is_field(const char *name)
{
	static const char *const names[] = { "Type",   "Action", "Actor",    "ID",   "From",
					     "Status", "Time",   "TimeNano", "scope" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

static int parse_format(const struct arguments *arguments, struct format *ret_format,
			struct problem *problem)
{
	static const char *const names[] = { "Type",   "Action", "Actor",    "ID", "From",
					     "Status", "Time",   "TimeNano", NULL };
	const char *field;
	int r;

	r = format_parse(arguments_value(arguments, "format"),
			 FORM(FORM_TABLE) | FORM(FORM_JSON) | FORM(FORM_JSONL), ret_format,
			 problem);
	if (r < 0)
		return r;
	if (ret_format->template && template_check(ret_format->template, is_field, &field) < 0) {
		(void) snprintf(problem->text, sizeof(problem->text), "unknown field '.%.60s'%s",
				field, suggestion(field, names, "."));
		return -EINVAL;
	}
	if (ret_format->template && ret_format->form == FORM_TABLE) {
		(void) snprintf(problem->text, sizeof(problem->text),
				"events come one by one and make no table; leave 'table' out");
		return -EINVAL;
	}
	return 0;
}

static int run(struct session *session, const struct arguments *arguments)
{
	CLEANUP(format_fini) struct format format = { 0 };
	CLEANUP(text_fini) struct text path = { 0 };
	struct reader_state state = { .session = session, .format = &format };
	struct problem problem;
	struct stream *stream;
	int r;

	if (parse_format(arguments, &format, &problem) < 0 ||
	    make_path(arguments, &path, &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);
	if (stream_open(session->socket_path, path.bytes, on_line, &state, &stream, &problem) < 0)
		return complain(EXIT_TROUBLE, "%s", problem.text);
	while ((r = stream_wait(stream, NULL, 0, -1, &problem)) > 0)
		;
	stream_close(stream);

	if (state.code != EXIT_FINE || state.closed || r == 0)
		return state.code;
	return complain(EXIT_TROUBLE, "%s", problem.text);
}

const struct command command_events = {
	.name = "events",
	.summary = "print what happens to containers",
	.flags = flags,
	.examples = examples,
	.notes = "Events are create, start, die, oom, health_status, pause, unpause, restart, "
		 "destroy.\n"
		 "Values of one filter are alternatives, filters add up. Times without a zone are\n"
		 "in yours. Templates know docker's fields: .Type .Action .Actor.ID\n"
		 ".Actor.Attributes .ID .From .Status .Time .TimeNano.\n",
	.run = run,
};
