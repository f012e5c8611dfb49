/* SPDX-License-Identifier: Apache-2.0 */

/* listing: one question and its answer. */

#include "cli/listing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/client.h"

int wanted_parse(const struct arguments *arguments, struct wanted *ret_wanted,
		 struct problem *ret_problem)
{
	const char *sort = arguments_value(arguments, "sort");
	struct wanted wanted = {
		.all = arguments_have(arguments, "all"),
		.reverse = arguments_have(arguments, "reverse"),
		.words = arguments->operands,
		.words_count = arguments->operand_count,
		.host_memory = NAN,
	};
	int r;

	if (sort) {
		wanted.order = order_find(sort, ret_problem);
		if (!wanted.order)
			return -EINVAL;
	}
	r = filters_parse(arguments, &wanted.filters, ret_problem);
	if (r < 0)
		return r;

	*ret_wanted = wanted;
	return 0;
}

void wanted_fini(struct wanted *wanted)
{
	filters_fini(&wanted->filters);
}

void wanted_ask_memory(struct wanted *wanted, const char *socket_path)
{
	CLEANUP(text_fini) struct text body = { 0 };
	struct problem problem;
	json_t *info, *memory;

	if (client_fetch(socket_path, "/info", &body, &problem) < 0 || body.length == 0)
		return; /* whoever asks next will hear why */
	info = json_loadb(body.bytes, body.length, 0, NULL);
	memory = json_object_get(info, "MemTotal");
	if (json_number_value(memory) > 0)
		wanted->host_memory = json_number_value(memory);
	json_decref(info);
}

static bool asks_for_all(const struct wanted *wanted)
{
	return wanted->all || wanted->words_count > 0 || filters_ask_for_all(&wanted->filters);
}

void wanted_path(const struct wanted *wanted, bool stream, struct text *ret_path)
{
	bool all = asks_for_all(wanted);

	text_add_string(ret_path, "/plimsoll/v1/containers");
	text_add_string(ret_path, all && stream ? "?all=1&stream=1"
				  : all         ? "?all=1"
				  : stream      ? "?stream=1"
						: "");
	text_add(ret_path, "", 1);
}

static int no_such(const struct listing *listing, const char *word, struct problem *problem)
{
	struct nearest nearest = { .word = word };

	for (size_t i = 0; i < listing->count; i++)
		nearest_try(&nearest, listing->items[i].strings[STRING_NAME]);
	(void) snprintf(problem->text, sizeof(problem->text),
			nearest.match ? "no such container: %.80s; did you mean '%.80s'?"
				      : "no such container: %.80s",
			word, nearest.match);
	return -ENOENT;
}

int wanted_take(const struct wanted *wanted, const char *json, size_t length,
		struct listing *ret_listing, struct problem *ret_problem)
{
	struct listing listing;
	const char *missing;
	int r;

	r = listing_parse(json, length, wanted->host_memory, &listing, ret_problem);
	if (r < 0)
		return r;
	missing = listing_select(&listing, &wanted->filters, asks_for_all(wanted), wanted->words,
				 wanted->words_count);
	if (missing) {
		r = no_such(&listing, missing, ret_problem);
		listing_fini(&listing);
		return r;
	}
	listing_sort(&listing, wanted->order ? wanted->order : &orders[0], wanted->reverse);

	*ret_listing = listing;
	return 0;
}

int wanted_fetch(const struct wanted *wanted, const char *socket_path, struct listing *ret_listing,
		 struct problem *ret_problem)
{
	CLEANUP(text_fini) struct text path = { 0 }, body = { 0 };
	int r;

	wanted_path(wanted, false, &path);
	if (path.overflowed) {
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text), "out of memory");
		return -ENOMEM;
	}
	r = client_fetch(socket_path, path.bytes, &body, ret_problem);
	if (r < 0)
		return r;
	return wanted_take(wanted, body.bytes ? body.bytes : "", body.length, ret_listing,
			   ret_problem);
}
