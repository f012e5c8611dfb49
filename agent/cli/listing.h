/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers from the agent: what ps and stats ask for. */

#include <stdbool.h>

#include "base/problem.h"
#include "cli/command.h"
#include "cli/container.h"
#include "cli/filter.h"
#include "cli/session.h"
#include "cli/sort.h"

struct text;

/* What of the listing is wanted, from a command line. */
struct wanted {
	bool all;
	struct filters filters;
	const struct order *order; /* NULL: by name */
	bool reverse;
	char *const *words; /* names and ids */
	size_t words_count;
	double host_memory; /* bytes; not a number: unknown, or not asked for */
};

/* --all, --filter, --sort and operands. Returns 0 or -EINVAL with a sentence. */
int wanted_parse(const struct arguments *arguments, struct wanted *ret_wanted,
		 struct problem *ret_problem);
void wanted_fini(struct wanted *wanted);

/* Asks the agent for the host's memory; it stays unknown when it does not tell. */
void wanted_ask_memory(struct wanted *wanted, const char *socket_path);

/* The path to ask for. `stream`: a document in a line after each round. */
void wanted_path(const struct wanted *wanted, bool stream, struct text *ret_path);

/* An answer into a listing: parsed, chosen, sorted. Returns 0; -ENOENT when a word names nothing,
 * or another negative errno, with a sentence. */
int wanted_take(const struct wanted *wanted, const char *json, size_t length,
		struct listing *ret_listing, struct problem *ret_problem);

/* All of it: asks and takes. */
int wanted_fetch(const struct wanted *wanted, const char *socket_path, struct listing *ret_listing,
		 struct problem *ret_problem);
