/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The inside of a reply: what a handler said, until HTTP has taken it (exchange.c), or a test. */

#include "api/http.h"

enum reply_state {
	REPLY_WAITING,   /* the handler has not answered yet */
	REPLY_ANSWERED,  /* `body` is all of it */
	REPLY_STREAMING, /* `body` is what was written and not taken yet */
	REPLY_ENDED,     /* a stream that gets no more */
	REPLY_CLOSED,    /* the client went away first */
};

struct reply {
	enum reply_state state;
	unsigned status;
	const char *content_type;
	struct text body;
	size_t taken; /* of the body, by the client */

	reply_closed on_close; /* NULL: the handler does not answer later */
	void *userdata;

	/* Something is there to be sent, or nothing more will come. NULL: nobody wants to know. */
	void (*wake)(struct reply *reply);
};

void reply_fini(struct reply *reply);

/* Moves up to `size` bytes of a stream out. Returns how many. */
size_t reply_take(struct reply *reply, char *bytes, size_t size);

/* The client went away: the handler is told, if it still holds the reply. */
void reply_close(struct reply *reply);
