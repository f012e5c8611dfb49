/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which events a reader of /events wants: its filters, with the meaning that Docker gives them. */

#include <stdbool.h>

#include "api/filters.h"
#include "model/event.h"

struct event_match {
	struct filters filters;
	bool actions_are_prefixes; /* one is "health_status", "exec_create" or "exec_start" */
};

/* As api_filters_parse. */
int event_match_parse(const char *text, struct event_match *ret_match, struct problem *ret_problem);
void event_match_fini(struct event_match *match);

/* `labels` as in store.h; NULL: none. An event without action (event_json.h) is never wanted. */
bool event_match_wants(const struct event_match *match, const struct event *event,
		       const char *labels);
