/* SPDX-License-Identifier: Apache-2.0 */

/* stream: lines of an answer without end, beside whatever else is waited for.
 *
 * Source: libcurl-multi(3), curl_multi_poll(3). */

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/client.h"
#include "cli/transfer.h"

#define ALSO_MAX 4

struct stream {
	CURLM *multi;
	CURL *curl;
	const char *socket_path;
	struct text pending; /* the line that has no end yet */
	stream_line on_line;
	void *userdata;
	int error; /* of on_line */
};

/* Hands out the lines that are whole; what is left begins the next one. */
static void take_lines(struct stream *stream)
{
	char *start = stream->pending.bytes, *end = start + stream->pending.length, *feed;

	while (stream->error == 0 && (feed = memchr(start, '\n', (size_t) (end - start)))) {
		*feed = '\0';
		stream->error = stream->on_line(start, (size_t) (feed - start), stream->userdata);
		start = feed + 1;
	}
	stream->pending.length = (size_t) (end - start);
	memmove(stream->pending.bytes, start, stream->pending.length);
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *userdata)
{
	struct stream *stream = userdata;
	long status = 0;

	text_add(&stream->pending, bytes, size * count);
	if (stream->pending.overflowed)
		return 0;
	(void) curl_easy_getinfo(stream->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200 && memchr(bytes, '\n', size * count))
		take_lines(stream);
	return stream->error == 0 ? size * count : 0;
}

int stream_open(const char *socket_path, const char *path, stream_line on_line, void *userdata,
		struct stream **ret_stream, struct problem *ret_problem)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	(void) snprintf(ret_problem->text, sizeof(ret_problem->text), "out of memory");
	if (!stream)
		return -ENOMEM;
	*stream = (struct stream){
		.socket_path = socket_path,
		.pending = { .limit = ANSWER_BYTES_MAX },
		.on_line = on_line,
		.userdata = userdata,
		.multi = curl_multi_init(),
		.curl = transfer_new(socket_path, path, ret_problem),
	};
	if (!stream->multi || !stream->curl) {
		stream_close(stream);
		return -EINVAL;
	}
	(void) curl_easy_setopt(stream->curl, CURLOPT_WRITEFUNCTION, on_bytes);
	(void) curl_easy_setopt(stream->curl, CURLOPT_WRITEDATA, stream);
	if (curl_multi_add_handle(stream->multi, stream->curl) != CURLM_OK) {
		stream_close(stream);
		return -ENOMEM;
	}

	*ret_stream = stream;
	return 0;
}

void stream_close(struct stream *stream)
{
	if (!stream)
		return;
	if (stream->multi && stream->curl)
		(void) curl_multi_remove_handle(stream->multi, stream->curl);
	curl_easy_cleanup(stream->curl);
	curl_multi_cleanup(stream->multi);
	text_fini(&stream->pending);
	free(stream);
}

static int stream_end(struct stream *stream, CURLcode code, struct problem *problem)
{
	long status = 0;

	if (stream->error < 0)
		return stream->error; /* whoever said so has said why */
	if (code != CURLE_OK)
		return problem_transfer(stream->curl, code, stream->socket_path, problem);
	(void) curl_easy_getinfo(stream->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return problem_status((int) status,
				      stream->pending.bytes ? stream->pending.bytes : "",
				      stream->pending.length, problem);
	return 0;
}

static int poll_with(struct stream *stream, struct pollfd *also, unsigned also_count,
		     int timeout_ms)
{
	struct curl_waitfd extra[ALSO_MAX];

	for (unsigned i = 0; i < also_count; i++)
		extra[i] = (struct curl_waitfd){ .fd = also[i].fd, .events = CURL_WAIT_POLLIN };
	/* Without a timeout: an hour, and then the caller comes again. */
	if (curl_multi_poll(stream->multi, extra, also_count,
			    timeout_ms < 0 ? 3600 * 1000 : timeout_ms, NULL) != CURLM_OK)
		return -EIO;
	for (unsigned i = 0; i < also_count; i++)
		also[i].revents = extra[i].revents;
	return 0;
}

int stream_wait(struct stream *stream, struct pollfd *also, unsigned also_count, int timeout_ms,
		struct problem *ret_problem)
{
	int running = 0, queued = 0;
	CURLMsg *message;

	if (also_count > ALSO_MAX)
		return -EINVAL;
	if (curl_multi_perform(stream->multi, &running) != CURLM_OK ||
	    (running > 0 && poll_with(stream, also, also_count, timeout_ms) < 0) ||
	    curl_multi_perform(stream->multi, &running) != CURLM_OK) {
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
				"cannot wait for the agent: %s", strerror(errno));
		return -EIO;
	}
	if (running > 0)
		return 1;

	message = curl_multi_info_read(stream->multi, &queued);
	return stream_end(stream, message ? message->data.result : CURLE_OK, ret_problem);
}
