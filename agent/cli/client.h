/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The agent's socket: HTTP over a UNIX socket, by libcurl. Answers are bounded, and what goes wrong
 * is one sentence that says what to do. */

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "base/text.h"

#define ANSWER_BYTES_MAX ((size_t) 64 << 20) /* 16,384 containers with labels are a third of it */

/* GET. Appends the body to ret_body and returns the HTTP status (100 to 599), or a negative errno
 * with a sentence: nobody answers, it takes more than 30 s, the answer has no end. */
int client_get(const char *socket_path, const char *path, struct text *ret_body,
	       struct problem *ret_problem);

/* The same, for what has to be 200: another status is -EPROTO, or -ENOENT for 404, with the agent's
 * own "message" as sentence. */
int client_fetch(const char *socket_path, const char *path, struct text *ret_body,
		 struct problem *ret_problem);

/* An answer that has no end: one line after the other.
 *
 *	stream_open(socket_path, path, on_line, userdata, &stream, &problem);
 *	while ((r = stream_wait(stream, NULL, 0, -1, &problem)) > 0)
 *		;
 *	stream_close(stream); */
struct stream;

/* The line is without its line feed, and is followed by a NUL byte. Returns 0, or a negative errno,
 * which ends the stream. */
typedef int (*stream_line)(char *line, size_t length, void *userdata);

int stream_open(const char *socket_path, const char *path, stream_line on_line, void *userdata,
		struct stream **ret_stream, struct problem *ret_problem);
void stream_close(struct stream *stream);

/* Waits until lines came, `also` is ready (its revents are set), or the time is over (-1: none).
 * Returns 1, 0: the agent ended the answer, or a negative errno with a sentence. */
int stream_wait(struct stream *stream, struct pollfd *also, unsigned also_count, int timeout_ms,
		struct problem *ret_problem);

/* Appends "KEY=VALUE" of a query, escaped. */
void query_add(struct text *path, const char *key, const char *value);
