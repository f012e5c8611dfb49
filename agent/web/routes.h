/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is answered to whom: from a request to a reply, without a word of HTTP's wire format.
 *
 * Everything is decided here and can be tested without a socket; http.c carries requests in and
 * replies out. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/negotiate.h"

struct answer;
struct answers;

struct request {
	const char *method;
	const char *path; /* without query; percent signs resolved */
	const char *host; /* headers: NULL when missing */
	const char *origin;
	const char *if_none_match;
	bool has_body;
	const char *after; /* arguments of the query: NULL when missing */
	const char *limit;
	struct accept accept;
	struct accept_encoding accept_encoding;
};

#define REPLY_TEXT_BYTES 500 /* a sentence, or the list of routes */

/* The body is `answer`, or `file_bytes`, or else `text`. */
struct reply {
	unsigned status;
	const char *content_type;
	const struct answer *answer;     /* a reference, to be given back with answer_unref */
	const unsigned char *file_bytes; /* constant */
	size_t file_length;
	char text[REPLY_TEXT_BYTES];

	const char *etag;  /* NULL: none, and nothing may be stored */
	const char *allow; /* with 405 */
	bool retry;        /* with 503: a second later it may be better */
	bool has_age;
	uint64_t age_s; /* of the numbers in the body */
};

struct serving {
	struct answers *answers;
	const char *const *hosts; /* as guard.h: names, NULL at the end */
};

/* Never fails: what goes wrong becomes a status and a sentence. */
void route_request(const struct serving *serving, const struct request *request,
		   struct reply *ret_reply);
