/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The store's insides: what its two threads share, and the loop of the one that may wait. */

#include <pthread.h>
#include <stdbool.h>

#include "store/database.h"
#include "store/event_table.h"
#include "store/store.h"

#define STORE_QUEUE_ITEMS 16384        /* a burst of 5,000 containers, each with a few events */
#define STORE_QUEUE_BYTES (16UL << 20) /* of labels in the queue */
#define STORE_BATCH       512          /* events in a transaction */
#define STORE_QUERIES     256          /* not answered yet */

/* Something to do, in the order in which it was asked. */
struct item {
	struct item *next;
	uint64_t ticket; /* of a query; 0: an event */
	union {
		struct stored_event stored; /* labels lie behind the item */
		struct {
			struct event_query query;
			store_events_handler handler; /* NULL: cancelled */
			void *userdata;
			int error;
			struct event_answer answer;
		};
	};
};

struct items {
	struct item *first, **end;
};

static inline void items_init(struct items *items)
{
	*items = (struct items){ NULL, &items->first };
}
void items_append(struct items *items, struct item *item);
struct item *items_take(struct items *items); /* the first; NULL: none */
void items_free(struct items *items);

struct store {
	struct store_options options;
	int dir_fd, event_fd;
	pthread_t thread;

	pthread_mutex_t mutex; /* guards the rest of this paragraph */
	pthread_cond_t changed;
	struct items queue, answered;
	size_t queued, queued_bytes; /* events, those in the batch included */
	struct item *queries[STORE_QUERIES];
	uint64_t tickets;
	bool stopping;
	struct store_stats stats;

	/* The worker's own. */
	struct database database;
	const struct stored_event *batch_events[STORE_BATCH];
	struct items batch; /* taken from the queue, and not written yet */
	size_t batch_count;
	int trouble;        /* negative errno of the last try; 0: all is well */
	uint64_t retry_ns;  /* monotonic; until then a batch that failed waits */
	uint64_t aside_ns;  /* when a broken file was last set aside; 0: never */
	uint64_t forget_ns; /* when to look for what is too old */
	unsigned written;   /* since it was last looked for */
};

/* Thread function; `argument` is the store. */
void *worker_run(void *argument);
