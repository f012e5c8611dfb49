/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Events as rows: written in batches, read by time and number, forgotten by age and count. */

#include "store/store.h"

struct database;

/* Adds all in one transaction, or none. Numbers are the rows'. Errors as database.h. */
int event_table_add(struct database *database, const struct stored_event *const *events,
		    size_t count);

struct event_answer {
	struct stored_event *events; /* oldest first */
	size_t count;
	char *labels; /* of all of them, one behind another */
};

#define EVENT_ANSWER_LABEL_BYTES (16UL << 20) /* what would come after that is left out */

/* On success the answer is the caller's to free by event_answer_fini. */
int event_table_query(struct database *database, const struct event_query *query,
		      struct event_answer *ret_answer);
void event_answer_fini(struct event_answer *answer);

/* Deletes at most `limit` events that are older than a realtime, and as many of the oldest beyond
 * max_events. Returns how many, or a negative errno. */
int event_table_forget(struct database *database, uint64_t older_than_ns, uint64_t max_events,
		       unsigned limit);
