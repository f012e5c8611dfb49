/* SPDX-License-Identifier: Apache-2.0 */

/* Requests: a line each for method, path?after&limit, Host, Origin, If-None-Match; then lines of
 * Accept, an empty line, and lines of Accept-Encoding. A missing line is a missing header. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>

#include "base/clock.h"
#include "base/log.h"
#include "exporters/exporter.h"
#include "model/share.h"
#include "web/answer.h"
#include "web/routes.h"

#define INPUT_BYTES_MAX 8192 /* headers of a connection have 64 KiB; the rest repeats itself */

static struct serving serving;

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	(void) fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void add_container(struct draft *draft, const char *id, const char *name, const char *path)
{
	struct row *row = draft_take(draft, ENTITY_CONTAINER);

	row->instance = strlen(path);
	draft_string(draft, row, ATTRIBUTE_ID, id);
	draft_string(draft, row, ATTRIBUTE_NAME, name);
	draft_string(draft, row, ATTRIBUTE_PATH, path);
	draft_string(draft, row, ATTRIBUTE_NETWORK, "host");
	draft_labels(draft, row, ATTRIBUTE_HINTS, "prometheus.io/scrape\0true\0", 27);
	row_set(row, METRIC_CPU_USAGE_NS, 1);
}

/* One published round with two containers, and one event, for all inputs. */
static void setup(void)
{
	static const char *const hosts[] = { "harbour", NULL };
	struct draft_limits limits = draft_limits_for(2);
	struct share *writer, *reader;
	struct draft *draft;

	log_init(LOG_LEVEL_ERROR);
	require(draft_new(&limits, &draft) == 0, "memory for a draft");
	add_container(draft, "4f2a01", "web", "/docker/4f2a01");
	add_container(draft, "4f2a02", "db", "/docker/4f2a02/inner");
	require(share_new(draft_bytes_max(draft), &writer) == 0, "shared memory");
	draft_begin(draft, 1, 1, NSEC_PER_SEC);
	clock_freeze(1, 1); /* the round stays fresh */
	event_add(share_event_ring(writer), &(struct event){ .type = EVENT_STARTED });
	share_publish(writer, draft);
	draft_free(draft);
	require(share_open(fcntl(share_fd(writer), F_DUPFD_CLOEXEC, 0), &reader) == 0, "reader");
	share_free(writer);
	serving.hosts = hosts;
	require(answers_new(reader, ANSWERS_BYTES_MAX, false, &serving.answers) == 0, "answers");
}

/* The next line as a string of its own, or NULL at the end. */
static char *line_take(char **rest)
{
	return *rest ? strsep(rest, "\n") : NULL;
}

static void check_reply(const struct reply *reply, const struct request *request)
{
	bool has_answer = reply->answer != NULL, has_file = reply->etag != NULL;

	require(reply->status >= 200 && reply->status < 600, "status");
	require(reply->content_type && reply->content_type[0], "content type");
	require(memchr(reply->text, '\0', sizeof(reply->text)), "the end of the text");
	require(!(has_answer && has_file), "one body");
	require(has_answer || has_file || reply->text[0], "a body or a sentence");
	require(!has_answer || reply->status == 200, "numbers come with 200");
	require(!has_answer ||
			accept_encoding_gzip(&request->accept_encoding) == reply->answer->gzip,
		"gzip as negotiated");
	require((reply->status == 405) == (reply->allow != NULL), "Allow with 405");
	/* Whatever a name in Host is made of, only known ones get through. */
	require(reply->status == 421 || !request->host || !strstr(request->host, "evil"),
		"no foreign host");
}

/* Takes the input apart, in place, and asks. */
static void ask(char *rest)
{
	struct request request = { 0 };
	const struct exporter *exporter;
	struct reply reply;
	char *line;

	request.method = line_take(&rest);
	request.path = line_take(&rest);
	request.host = line_take(&rest);
	request.origin = line_take(&rest);
	request.if_none_match = line_take(&rest);
	if (!request.path)
		return;
	if ((line = strchr(request.path, '?'))) {
		*line++ = '\0';
		request.after = strsep(&line, "&");
		request.limit = line;
	}
	while ((line = line_take(&rest)) && line[0] != '\0')
		accept_line(&request.accept, line);
	while ((line = line_take(&rest)))
		accept_encoding_line(&request.accept_encoding, line);

	exporter = accept_exporter(&request.accept);
	require(exporter == &exporter_prometheus || exporter == &exporter_openmetrics, "a format");
	route_request(&serving, &request, &reply);
	check_reply(&reply, &request);
	answer_unref(reply.answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *input;

	if (!serving.answers)
		setup();
	if (size > INPUT_BYTES_MAX)
		return 0;

	input = malloc(size + 1);
	require(input, "memory");
	memcpy(input, data, size);
	input[size] = '\0';
	ask(input);
	free(input);
	return 0;
}
