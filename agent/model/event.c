/* SPDX-License-Identifier: Apache-2.0 */

/* event: the ring. Event number n lives in slot (n - 1) % EVENT_RING until n + EVENT_RING comes. */

#include "model/event.h"

#include <assert.h>

static const char *const type_names[] = { "started", "renamed", "emptied", "ended" };
static_assert(sizeof(type_names) / sizeof(type_names[0]) == EVENT_TYPE_COUNT,
	      "an event type lacks its name");

const char *event_type_name(enum event_type type)
{
	return type_names[type];
}

void event_add(struct event_ring *ring, const struct event *event)
{
	struct event *slot = &ring->events[ring->newest % EVENT_RING];

	*slot = *event;
	slot->number = ++ring->newest;
	ring->counts[event->type]++;
}

const struct event *event_next(const struct event_ring *ring, uint64_t after, uint64_t *ret_missed)
{
	uint64_t oldest = ring->newest > EVENT_RING ? ring->newest - EVENT_RING + 1 : 1;

	if (after >= ring->newest)
		return NULL;

	*ret_missed = after + 1 < oldest ? oldest - after - 1 : 0;
	return &ring->events[(after + *ret_missed) % EVENT_RING];
}
