/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which containers a list is about: the filters of /containers/json. */

#include <stdbool.h>

#include "api/filters.h"
#include "api/pattern.h"
#include "api/view.h"

#define CHOICE_PATTERNS_MAX 16

struct choice {
	struct filters filters;
	struct pattern patterns[CHOICE_PATTERNS_MAX]; /* those of names first, then those of ids */
	size_t name_count, pattern_count;
	bool all;           /* also what does not run */
	uint64_t after_ns;  /* created after this: `since` */
	uint64_t before_ns; /* 0: no bound */
};

/* Takes the request's `filters`, `all`, `since`, `before` and `limit`. Returns false when it was
 * answered, with 400 or 404. */
bool choice_make(struct api *api, const struct api_request *request, struct choice *ret_choice,
		 struct reply *reply);
void choice_fini(struct choice *choice);

/* What can be told without reading a dossier. Returns 1 or 0; -E2BIG: a pattern takes too long. */
int choice_allows(const struct choice *choice, const struct container *container);

/* The rest. */
bool choice_allows_view(const struct choice *choice, const struct view *view);
