/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The query parameter `filters` of lists and events: {"name": ["web"]} or {"name": {"web": true}},
 * which different clients write. Values of one key are alternatives unless its meaning says else;
 * keys all have to fit. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

#define FILTER_VALUES_MAX 1024 /* of all keys together */

struct filters {
	json_t *root; /* owned; NULL: none */
};

/* Sets filters from JSON text; NULL or "" is none. `known` are the keys that there are, NULL at the
 * end. Returns 0, -EINVAL with ret_problem, or -ENOMEM. */
int api_filters_parse(const char *text, const char *const *known, struct filters *ret_filters,
		      struct problem *ret_problem);
void api_filters_fini(struct filters *filters);

bool api_filters_has(const struct filters *filters, const char *key);

/* Steps through the values of a key: begin with *cursor 0. NULL at the end. */
const char *api_filters_next(const struct filters *filters, const char *key, size_t *cursor);

/* Whether there is no such key, or `value` is one of its values. */
bool api_filters_allow(const struct filters *filters, const char *key, const char *value);

/* Whether every value of `key` ("k" or "k=v") fits: `find` gives the value of a label, or NULL. */
bool api_filters_allow_labels(const struct filters *filters, const char *key,
			      const char *(*find)(const void *labels, const char *label),
			      const void *labels);
