/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll doctor: what is measured here, what is not, why, and what to do. */

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/escape.h"
#include "cli/format.h"
#include "cli/human.h"

#define STATE_COLUMNS      11
#define SOURCE_COLUMNS_MAX 32 /* longer names push what follows to the right */
#define TEXT_COLUMNS       72 /* of sentences, where stdout does not tell */
#define TEXT_MINIMUM       24

static const struct flag flags[] = {
	{ "format", 'f', "FORMAT", "table, json, or a template [table]", "table json" },
	{ 0 },
};

static const struct example examples[] = {
	{ "doctor", "each source of numbers: live, degraded, impossible or off" },
	{ "doctor -f '{{range .checks}}{{.source}}={{.state}} {{end}}'", "for scripts" },
	{ "doctor --format json", "everything, with the agent's own cost" },
	{ 0 },
};

static void decref_p(json_t **value)
{
	json_decref(*value);
}

static enum style state_style(const char *state)
{
	if (strcmp(state, "live") == 0)
		return STYLE_GOOD;
	return strcmp(state, "degraded") == 0     ? STYLE_WARNING
	       : strcmp(state, "impossible") == 0 ? STYLE_BAD
						  : STYLE_FAINT;
}

static void add_blanks(struct text *text, size_t count)
{
	for (; count > 0; count--)
		TEXT_ADD(text, " ");
}

static const char *string_of(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

/* A cell of fixed width, in a style, and a blank at least. */
static void add_cell(struct session *session, enum style style, const char *string, size_t columns)
{
	CLEANUP(text_fini) struct text cell = { 0 };
	size_t width;

	text_add_visible_string(&cell, string);
	width = cell.length > 0 ? text_width(cell.bytes, cell.length) : 0;
	text_add_styled(&session->out, session->colour, style, cell.length > 0 ? cell.bytes : "",
			cell.length);
	add_blanks(&session->out, width < columns ? columns - width : 1);
}

/* A sentence, wrapped; what follows the first line is indented. */
static void add_sentence(struct session *session, const char *sentence, size_t indent, size_t width)
{
	struct text *text = &session->out;
	size_t at = 0;

	while (*sentence != '\0') {
		CLEANUP(text_fini) struct text word = { 0 };
		size_t length = strcspn(sentence, " "), columns;

		text_add_visible(&word, sentence, length);
		columns = word.length > 0 ? text_width(word.bytes, word.length) : 0;
		if (at > 0 && at + 1 + columns > width) {
			TEXT_ADD(text, "\n");
			add_blanks(text, indent);
			at = 0;
		} else if (at > 0) {
			TEXT_ADD(text, " ");
			at++;
		}
		text_add(text, word.length > 0 ? word.bytes : "", word.length);
		at += columns;
		sentence += length + (sentence[length] == ' ');
	}
}

static void write_check(struct session *session, const json_t *check, size_t columns, size_t width)
{
	const char *state = string_of(check, "state"), *why = string_of(check, "why");
	const char *fix = string_of(check, "fix");
	size_t indent = columns + STATE_COLUMNS + 1;

	add_cell(session, STYLE_PLAIN, string_of(check, "source"), columns);
	add_cell(session, state_style(state), state, STATE_COLUMNS + 1);
	add_sentence(session, why, indent, width);
	TEXT_ADD(&session->out, "\n");
	if (fix[0] == '\0')
		return;
	add_blanks(&session->out, indent);
	TEXT_ADD(&session->out, "fix: ");
	add_sentence(session, fix, indent + 5, width > 5 ? width - 5 : width);
	TEXT_ADD(&session->out, "\n");
}

static void write_cost(struct session *session, const json_t *cost)
{
	const json_t *share = json_object_get(cost, "cpu_share");
	const json_t *memory = json_object_get(cost, "memory_bytes");
	const json_t *round = json_object_get(cost, "round_seconds");
	const json_t *count = json_object_get(cost, "containers");
	struct text *text = &session->out;
	char buffer[HUMAN_BYTES];

	if (!json_is_object(cost))
		return;
	TEXT_ADD(text, "\nThe agent itself:");
	if (json_is_number(share))
		text_add_format(text, " %s of a core,",
				human_percent(json_number_value(share), buffer));
	if (json_is_number(memory))
		text_add_format(text, " %s of memory,",
				human_binary(json_number_value(memory), buffer));
	if (json_is_number(round))
		text_add_format(text, " %.3g ms per round,", 1000 * json_number_value(round));
	if (json_is_number(count))
		text_add_format(text, " %.0f containers,", json_number_value(count));
	text->bytes[text->length - 1] = text->bytes[text->length - 1] == ',' ? '.' : ':';
	TEXT_ADD(text, "\n");
}

/* Of the longest name of a source, and two blanks. */
static size_t source_columns(const json_t *checks)
{
	size_t columns = strlen("SOURCE"), i;
	const json_t *check;

	json_array_foreach (checks, i, check) {
		const char *source = string_of(check, "source");
		size_t width = text_width(source, strlen(source));

		columns = width > columns && width <= SOURCE_COLUMNS_MAX ? width : columns;
	}
	return columns + 2;
}

static void write_table(struct session *session, const json_t *answer)
{
	size_t columns = source_columns(json_object_get(answer, "checks"));
	size_t total = session_width(session), indent = columns + STATE_COLUMNS + 1;
	size_t width = total > indent + TEXT_MINIMUM ? total - indent
		       : total == 0                  ? TEXT_COLUMNS
						     : TEXT_MINIMUM;
	const json_t *check;
	char buffer[HUMAN_BYTES];
	size_t i;

	text_add_format(&session->out, "plimsolld %s, up for ", string_of(answer, "version"));
	text_add_string(&session->out,
			human_duration(json_number_value(json_object_get(answer, "uptime_seconds")),
				       buffer));
	TEXT_ADD(&session->out, "\n\n");
	add_cell(session, STYLE_BOLD, "SOURCE", columns);
	add_cell(session, STYLE_BOLD, "STATE", STATE_COLUMNS + 1);
	session_add(session, STYLE_BOLD, "WHY");
	TEXT_ADD(&session->out, "\n");
	json_array_foreach (json_object_get(answer, "checks"), i, check)
		write_check(session, check, columns, width);
	write_cost(session, json_object_get(answer, "cost"));
}

/* Nobody answers: what can be seen from here. Sentences on stderr, since there is no data. */
static void look_around(const struct session *session)
{
	struct stat status;
	char directory[4096], *slash;

	if (stat(session->socket_path, &status) == 0 && !S_ISSOCK(status.st_mode))
		(void) complain(0, "%s is no socket", session->socket_path);
	else if (stat(session->socket_path, &status) == 0)
		(void) complain(0, "the socket is there, mode %03o, uid %u, gid %u; you are uid %u",
				(unsigned) status.st_mode & 0777, status.st_uid, status.st_gid,
				geteuid());

	(void) snprintf(directory, sizeof(directory), "%s", session->socket_path);
	slash = strrchr(directory, '/');
	if (slash && slash != directory) {
		*slash = '\0';
		if (stat(directory, &status) < 0)
			(void) complain(0, "its directory %s cannot be looked at: %s", directory,
					strerror(errno));
		else if (access(session->socket_path, F_OK) < 0)
			(void) complain(0,
					"its directory %s is there, the socket is not: an agent "
					"with api.enabled: false, or with another run_dir?",
					directory);
	}
	if (strcmp(session->socket_path, SOCKET_DEFAULT) != 0 && access(SOCKET_DEFAULT, F_OK) == 0)
		(void) complain(0,
				"there is one at %s, though: try without --socket and "
				"$PLIMSOLL_SOCKET",
				SOCKET_DEFAULT);
}

static int run(struct session *session, const struct arguments *arguments)
{
	CLEANUP(format_fini) struct format format = { 0 };
	CLEANUP(text_fini) struct text body = { 0 };
	CLEANUP(decref_p) json_t *answer = NULL;
	struct problem problem;

	if (format_parse(arguments_value(arguments, "format"), FORM(FORM_TABLE) | FORM(FORM_JSON),
			 &format, &problem) < 0)
		return complain(EXIT_USAGE, "%s", problem.text);
	if (client_fetch(session->socket_path, "/plimsoll/v1/doctor", &body, &problem) < 0) {
		(void) complain(EXIT_TROUBLE, "%s", problem.text);
		look_around(session);
		return EXIT_TROUBLE;
	}

	answer = json_loadb(body.bytes ? body.bytes : "", body.length, 0, NULL);
	if (!json_is_object(answer))
		return complain(EXIT_TROUBLE, "the agent's answer cannot be read");
	if (format.form == FORM_JSON)
		json_write(answer, 2, &session->out);
	else if (!format.template)
		write_table(session, answer);
	else if (template_write(format.template, answer, true, &session->out, &problem) < 0)
		return complain(EXIT_TROUBLE, "%s", problem.text);
	return session_flush(session, NULL);
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "say what is measured here, what is not, why, and what to do",
	.flags = flags,
	.examples = examples,
	.notes = "live        measured as meant\n"
		 "degraded    measured, but by a slower or coarser way, or in part\n"
		 "impossible  this host does not offer it\n"
		 "off         switched off, or nobody needs it here\n"
		 "\n"
		 "The exit code is 0 when the agent answers, whatever it says, and 1 when it does\n"
		 "not; then what can be seen from here is on stderr.\n",
	.run = run,
};
