/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* GET /events: what happened since a time, then what happens, until a time or for ever.
 *
 * A reader goes through three states. History is read from the store in pages, each asked for when
 * the one before was taken; what happens meanwhile is held back. A page that is not full is the
 * last one: the store answers in the order in which it was asked, so that what was added before the
 * question is in the answer, and what was held since is not. Then the reader is live. Without a
 * store that works, history is the ring's. */

#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "api/event_match.h"
#include "api/internal.h"
#include "store/store.h"

#define EVENT_HELD_BYTES REPLY_STREAM_BYTES

enum event_feed_state {
	FEED_HISTORY, /* a page was asked for */
	FEED_PAUSED,  /* history goes on when the client has taken what it got */
	FEED_LIVE,
};

/* A reader. */
struct event_feed {
	struct event_feed *prev, *next;
	struct event_feeds *feeds;
	struct reply *reply;
	struct event_match match;
	enum event_feed_state state;
	bool has_until, from_ring;
	uint64_t since_ns, until_ns;
	uint64_t after;  /* number of the last event that was looked at: the row's, or the ring's */
	uint64_t ticket; /* of the store; 0: none */
	uint64_t paused_ns; /* boottime */
	struct text held;   /* objects of what happened since the page was asked for */
	bool held_lost;     /* it did not fit: one more page has it */
	sd_event_source *end_timer;
};

struct event_feeds {
	struct api *api;
	struct event_feed *first;
	sd_event_source *pause_timer; /* on while anybody pauses */
	struct text object;           /* scratch */
	uint64_t lost;                /* readers that did not read */
};

/* Ends the feed: what was written is sent, then the stream ends. */
void event_feed_end(struct event_feed *feed);

/* The same for one that does not read. */
void event_feed_lose(struct event_feed *feed);

/* Whether the event is wanted; then its object is in feeds->object. */
bool event_feed_wants(struct event_feed *feed, const struct event *event, const char *labels);

/* event_history.c: begins to read history, or goes on after a pause. The feed may have ended when
 * these return. */
void event_history_start(struct event_feed *feed);
void event_history_go_on(struct event_feed *feed);

/* Something happened while history is read. */
void event_history_hold(struct event_feed *feed, const struct event *event, const char *labels);
