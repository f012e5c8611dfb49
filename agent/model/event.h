/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Things that happened, in a ring: the newest EVENT_RING are kept, older ones are overwritten,
 * and whoever reads too late is told how many were missed. One writer; the ring may lie in memory
 * that other processes read (share.h). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/condition.h"

#define EVENT_RING       1024 /* a burst of 1000 containers at start-up fits */
#define EVENT_TEXT_BYTES 128  /* longer ones are cut, not within a UTF-8 character */

/* In words of the Docker Engine API where it has one: event_action(). */
enum event_type {
	EVENT_CREATED,   /* its engine knows it; told only of those that came while we looked */
	EVENT_STARTED,   /* its cgroup appeared */
	EVENT_RENAMED,   /* its identity became known or changed */
	EVENT_EMPTIED,   /* its last process ended; ours alone */
	EVENT_DIED,      /* it ended, with its exit code if that becomes known in time */
	EVENT_RESTARTED, /* it started again after it had died */
	EVENT_PAUSED,
	EVENT_UNPAUSED,
	EVENT_OOM,     /* a process of it was killed for lack of memory */
	EVENT_HEALTH,  /* its healthcheck's status changed */
	EVENT_REMOVED, /* its engine forgot it */
	EVENT_TYPE_COUNT,
};

struct event {
	uint64_t number; /* from 1, without gaps */
	uint64_t realtime_ns;
	enum event_type type;
	uint64_t instance; /* cgroup id; 0: none */
	char id[EVENT_TEXT_BYTES];
	char name[EVENT_TEXT_BYTES];
	char image[EVENT_TEXT_BYTES];
	char runtime[24];
	uint64_t cpu_usage_ns; /* EMPTIED, DIED: of the last sample; else 0 */
	bool has_exit_code;    /* DIED */
	int32_t exit_code;
	uint64_t duration_ns;      /* DIED: how long it ran; 0: unknown */
	enum health_status health; /* HEALTH */
};

struct event_ring {
	struct event events[EVENT_RING];
	uint64_t newest; /* number of the newest event, 0: none yet */
	uint64_t counts[EVENT_TYPE_COUNT];
};

/* "started": our own word. */
const char *event_type_name(enum event_type type);

/* "start": Docker's, "health_status: healthy" as far as the colon; NULL: it has none for this. */
const char *event_action(enum event_type type);

/* Copies the event in; number is set here. */
void event_add(struct event_ring *ring, const struct event *event);

/* The event after number `after`; NULL when there is none yet. *ret_missed is how many between
 * were overwritten. For the process that writes. */
const struct event *event_next(const struct event_ring *ring, uint64_t after, uint64_t *ret_missed);

/* The same for a process beside it: copies, and takes the copy only if it was not overwritten
 * meanwhile. Returns 1 with *ret_event, or 0: none yet. What is read from the ring is bounded and
 * every text ended, whatever is in the memory. */
int event_copy(const struct event_ring *ring, uint64_t after, struct event *ret_event,
	       uint64_t *ret_missed);
