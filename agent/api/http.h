/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One request, and the answer to it: what a handler of the API sees of HTTP.
 *
 * A handler is a row in routes.c. It reads the request and does one of three things with the reply,
 * all in the loop's own thread:
 *
 *	answers	    reply_json(), reply_text() or reply_error(), before it returns
 *	defers	    reply_on_close(), returns, and answers later: from a timer, from store_dispatch
 *	streams	    reply_on_close(), reply_stream(): the headers go out; then reply_write() from
 *		    anywhere, as often as it likes, and reply_end()
 *
 * A reply that was answered or ended is no longer the handler's. So is one whose client went away:
 * on_close tells, once, and is the last that is heard of it. A handler that returns without any of
 * the three is answered 500. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

#define API_VERSION_MAJOR     1
#define API_VERSION_MINOR     47 /* the newest we speak, and that of requests without version */
#define API_VERSION_MINOR_MIN 24
#define API_VERSION_TEXT      "1.47"
#define API_VERSION_MIN_TEXT  "1.24"

#define REQUEST_SEGMENTS 16 /* names of images have slashes */
#define REQUEST_PAIRS    64 /* of the query; more is 400 */

#define REQUEST_BODY_BYTES 1048576

enum api_role {
	ROLE_VIEW,  /* sees no environment and no command line */
	ROLE_ADMIN, /* root, or in the socket's group */
};

struct request_pair {
	const char *key;
	const char *value; /* "" when there is none */
};

/* Texts have no NUL inside, but may be any other bytes. All borrowed, until the reply is done with.
 */
struct api_request {
	const char *method; /* "GET" */
	const char *path;   /* decoded, without the version: "/containers/web/json" */
	const char *segments[REQUEST_SEGMENTS]; /* "containers", "web", "json" */
	size_t segment_count;
	unsigned minor; /* of the version asked for, 24 to 47; the major is 1 */
	struct request_pair pairs[REQUEST_PAIRS];
	size_t pair_count;
	const char *body; /* ended by a NUL that is not counted */
	size_t body_length;
	bool body_cut; /* it was larger than REQUEST_BODY_BYTES, and the rest was thrown away */
	enum api_role role;
	uid_t uid;
	pid_t pid;
};

/* The first value of a query parameter; NULL: it is not there. */
const char *request_value(const struct api_request *request, const char *key);

/* Docker's booleans: "", "0", "no", "false" and "none" in any case are false, all else is true.
 * `fallback` when the parameter is not there. */
bool request_flag(const struct api_request *request, const char *key, bool fallback);

/* A number of seconds since 1970, maybe with a fraction ("1700000000.25"), in nanoseconds. Returns
 * 0, -ENOENT when the parameter is not there or empty, or -EINVAL. */
int request_time(const struct api_request *request, const char *key, uint64_t *ret_ns);

struct reply;

/* Answers. `text` is freed, or sent and then freed; one that overflowed becomes a 500. */
void reply_json(struct reply *reply, unsigned status, struct text *text);
void reply_text(struct reply *reply, unsigned status, const char *content_type, const char *text);

/* {"message": "..."}, as the stock CLI prints it behind "Error response from daemon: ". */
void reply_error(struct reply *reply, unsigned status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Called when the client went away, or the API closes, before the reply was answered or ended. */
typedef void (*reply_closed)(void *userdata);
void reply_on_close(struct reply *reply, reply_closed on_close, void *userdata);

/* Begins a stream: status 200, chunked. The headers are sent although nothing was written yet. */
void reply_stream(struct reply *reply, const char *content_type);

/* Queues bytes, all or none: false when the client is so slow that they would exceed
 * REPLY_STREAM_BYTES, or there is no memory. May be called in on_close's absence only. */
#define REPLY_STREAM_BYTES 1048576
bool reply_write(struct reply *reply, const char *bytes, size_t length);

/* Bytes that were written and that the client did not take yet. */
size_t reply_pending(const struct reply *reply);

/* What was written is still sent; on_close is not called any more. */
void reply_end(struct reply *reply);
