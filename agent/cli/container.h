/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What /plimsoll/v1/containers says about containers, taken out of its JSON: strings and numbers by
 * index. What the agent does not know is "" or not a number. */

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

enum container_string {
	STRING_ID,
	STRING_NAME,
	STRING_IMAGE,
	STRING_IMAGE_ID,
	STRING_ENGINE,
	STRING_CGROUP,
	STRING_POD,
	STRING_DETAIL,
	STRING_STATE,
	STRING_HEALTH,
	STRING_NETWORK,
	STRING_PROJECT, /* of compose, from its labels */
	STRING_SERVICE,
	CONTAINER_STRINGS,
};

enum container_number {
	NUMBER_STARTED, /* seconds since 1970, as the next two */
	NUMBER_CREATED,
	NUMBER_FINISHED,
	NUMBER_EXIT_CODE,
	NUMBER_RESTARTS,
	NUMBER_CPU_CORES,
	NUMBER_CPU_SECONDS,
	NUMBER_CPU_THROTTLED_SECONDS,
	NUMBER_CPU_LIMIT,
	NUMBER_MEMORY_USAGE,
	NUMBER_MEMORY_WORKING_SET,
	NUMBER_MEMORY_LIMIT,
	NUMBER_OOM_KILLS,
	NUMBER_RECEIVED,
	NUMBER_RECEIVE_RATE,
	NUMBER_SENT,
	NUMBER_SEND_RATE,
	NUMBER_READ,
	NUMBER_READ_RATE,
	NUMBER_WRITTEN,
	NUMBER_WRITE_RATE,
	NUMBER_PIDS,
	NUMBER_PRESSURE_CPU,
	NUMBER_PRESSURE_MEMORY,
	NUMBER_PRESSURE_IO,
	NUMBER_MEMORY_BOUND, /* the limit, else the host's memory */
	NUMBER_AGE,          /* seconds since its start, or since it ended */
	CONTAINER_NUMBERS,
};

struct container {
	const char *strings[CONTAINER_STRINGS]; /* borrowed from the document */
	double numbers[CONTAINER_NUMBERS];
	json_t *labels;    /* an object or NULL; borrowed */
	double now;        /* time of the round, seconds since 1970; not a number: unknown */
	const char *asked; /* the word by which it was asked for; NULL: by none */
};

struct listing {
	json_t *document;
	double time; /* of the round, seconds since 1970 */
	struct container *items;
	size_t count;
};

/* Takes an answer apart. `host_memory` is in bytes, not a number when unknown. Returns 0, -ENOMEM,
 * or -EPROTO with a sentence when it is not what we know. */
int listing_parse(const char *json, size_t length, double host_memory, struct listing *ret_listing,
		  struct problem *ret_problem);
void listing_fini(struct listing *listing);

static inline bool container_has(const struct container *container, enum container_number number)
{
	return !isnan(container->numbers[number]);
}

/* Whether it counts as running for a list without --all. */
bool container_is_up(const struct container *container);

/* Whether a word names it: its name, its id, or the first characters of the id. */
bool container_is(const struct container *container, const char *word);
