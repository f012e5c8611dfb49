/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What has to be remembered, in SQLite (state directory, plimsoll.db, WAL mode): events.
 *
 * A disk may be slow or full. So one thread does everything that touches it, in the order in which
 * it was asked; the caller only queues, and is called back from store_dispatch in its own thread.
 * The queue is bounded: what does not fit is counted and dropped. A database that cannot be opened
 * or is broken is set aside (plimsoll.db.broken-TIME) and begun anew; with no database at all the
 * agent runs on, and events live in the ring only.
 *
 *	store_open(dir_fd, &options, &store);
 *	store_add_event(store, &event, labels, labels_length);
 *	store_query_events(store, &query, on_events, userdata);
 *	... store_fd() is readable: store_dispatch(store) */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/event.h"

struct store;

struct store_options {
	uint64_t retention_ns; /* older events are deleted */
	uint64_t max_events;   /* and the oldest beyond so many */
};

/* An event as stored, with the labels that the container had then: pairs "key\0value\0", an empty
 * key ends them (entity.h); never NULL. */
struct stored_event {
	struct event event; /* number is the row's, which grows for ever, across restarts */
	const char *labels;
	size_t labels_length;
};

struct event_query {
	uint64_t since_ns, until_ns; /* realtime, both inclusive; 0: no bound */
	uint64_t after;              /* only rows with a greater number */
	size_t limit;                /* the newest so many; 0: STORE_QUERY_MAX */
	bool oldest;                 /* the oldest so many, to go through all in steps */
};

#define STORE_QUERY_MAX 10000 /* events in one answer */

/* Oldest first; borrowed for the call. `error` is 0 or a negative errno, then count is 0. */
typedef void (*store_events_handler)(int error, const struct stored_event *events, size_t count,
				     void *userdata);

/* dir_fd is borrowed. Returns 0 also when the database cannot be used, which store_stats tells; or
 * a negative errno when there is no memory, descriptor or thread. */
int store_open(int dir_fd, const struct store_options *options, struct store **ret_store);

/* Writes what is queued, waits for it (at most 5 s), and frees. NULL is fine. Queries that were not
 * answered yet are told -ECANCELED. */
void store_close(struct store *store);

/* Readable when store_dispatch has answers to hand out. */
int store_fd(const struct store *store);
void store_dispatch(struct store *store);

/* Copies what it is given. Never waits. */
void store_add_event(struct store *store, const struct event *event, const char *labels,
		     size_t labels_length);

/* Returns a ticket to cancel with, or 0: the queue is full, or no memory; then the handler is not
 * called. */
uint64_t store_query_events(struct store *store, const struct event_query *query,
			    store_events_handler handler, void *userdata);

/* The handler will not be called any more. */
void store_cancel(struct store *store, uint64_t ticket);

struct store_stats {
	uint64_t written, dropped, errors;
	uint64_t queued;   /* now */
	char trouble[160]; /* why nothing can be stored; "": all is well */
};
void store_stats_get(struct store *store, struct store_stats *ret_stats);
