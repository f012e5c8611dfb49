/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Things that happened, in a ring: the newest EVENT_RING are kept, older ones are overwritten,
 * and whoever reads too late is told how many were missed. */

#include <stddef.h>
#include <stdint.h>

#define EVENT_RING 1024 /* a burst of 1000 containers at start-up fits */

enum event_type {
	EVENT_STARTED, /* a container's cgroup appeared */
	EVENT_RENAMED, /* its identity became known or changed */
	EVENT_EMPTIED, /* its last process ended */
	EVENT_ENDED,   /* its cgroup went away */
	EVENT_TYPE_COUNT,
};

struct event {
	uint64_t number; /* from 1, without gaps */
	uint64_t realtime_ns;
	enum event_type type;
	uint64_t instance; /* cgroup id */
	char id[128];
	char name[128]; /* cut, not ended within a UTF-8 character */
	char runtime[24];
	uint64_t cpu_usage_ns; /* EMPTIED, ENDED: of the last sample; else 0 */
};

struct event_ring {
	struct event events[EVENT_RING];
	uint64_t newest; /* number of the newest event, 0: none yet */
	uint64_t counts[EVENT_TYPE_COUNT];
};

const char *event_type_name(enum event_type type);

/* Copies the event in; number is set here. */
void event_add(struct event_ring *ring, const struct event *event);

/* The event after number `after`; NULL when there is none yet. *ret_missed is how many between
 * were overwritten. */
const struct event *event_next(const struct event_ring *ring, uint64_t after, uint64_t *ret_missed);
