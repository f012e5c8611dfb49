/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* --filter KEY=VALUE, with docker's meaning: values of one key are alternatives, keys add up, but
 * every label has to be there. */

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "cli/command.h"
#include "cli/container.h"

struct filter {
	unsigned key;      /* index of the table in filter.c */
	const char *value; /* borrowed */
	regex_t pattern;   /* of those that take one */
	bool has_pattern;
};

struct filters {
	struct filter items[ARGUMENTS_FLAGS];
	size_t count;
};

/* From every --filter of a command line. Returns 0, or -EINVAL with a sentence. */
int filters_parse(const struct arguments *arguments, struct filters *ret_filters,
		  struct problem *ret_problem);
void filters_fini(struct filters *filters);

bool filters_match(const struct filters *filters, const struct container *container);

/* Whether they ask for containers that do not run: status=exited and the like. */
bool filters_ask_for_all(const struct filters *filters);

/* Moves what matches, and is up unless `all`, to the front. With words, only what they name: then
 * also what is not up. Returns NULL, or the word that names none. */
const char *listing_select(struct listing *listing, const struct filters *filters, bool all,
			   char *const *words, size_t words_count);
