/* SPDX-License-Identifier: Apache-2.0 */

/* event: the ring. Event number n lives in slot (n - 1) % EVENT_RING until n + EVENT_RING comes.
 *
 * A slot's number is 0 while it is being written: a reader in another process copies the slot, and
 * takes the copy when the number was the wanted one before and after. */

#include "model/event.h"

#include <assert.h>
#include <string.h>

static const struct {
	const char *name, *action;
} types[] = {
	[EVENT_CREATED] = { "created", "create" },      [EVENT_STARTED] = { "started", "start" },
	[EVENT_RENAMED] = { "renamed", NULL }, /* Docker's "rename" is about the name alone */
	[EVENT_EMPTIED] = { "emptied", NULL },          [EVENT_DIED] = { "died", "die" },
	[EVENT_RESTARTED] = { "restarted", "restart" }, [EVENT_PAUSED] = { "paused", "pause" },
	[EVENT_UNPAUSED] = { "unpaused", "unpause" },   [EVENT_OOM] = { "oom", "oom" },
	[EVENT_HEALTH] = { "health", "health_status" }, [EVENT_REMOVED] = { "removed", "destroy" },
};
static_assert(sizeof(types) / sizeof(types[0]) == EVENT_TYPE_COUNT, "an event type lacks its name");

const char *event_type_name(enum event_type type)
{
	return types[type].name;
}

const char *event_action(enum event_type type)
{
	return types[type].action;
}

void event_add(struct event_ring *ring, const struct event *event)
{
	struct event *slot = &ring->events[ring->newest % EVENT_RING];
	const size_t behind = offsetof(struct event, realtime_ns);

	__atomic_store_n(&slot->number, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* mark first, then data */
	memcpy((char *) slot + behind, (const char *) event + behind, sizeof(*slot) - behind);
	__atomic_store_n(&slot->number, ring->newest + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&ring->newest, ring->newest + 1, __ATOMIC_RELEASE);
	ring->counts[event->type]++;
}

static uint64_t missed_after(uint64_t newest, uint64_t after)
{
	uint64_t oldest = newest > EVENT_RING ? newest - EVENT_RING + 1 : 1;

	return after + 1 < oldest ? oldest - after - 1 : 0;
}

const struct event *event_next(const struct event_ring *ring, uint64_t after, uint64_t *ret_missed)
{
	if (after >= ring->newest)
		return NULL;

	*ret_missed = missed_after(ring->newest, after);
	return &ring->events[(after + *ret_missed) % EVENT_RING];
}

static void end_texts(struct event *event)
{
	event->id[sizeof(event->id) - 1] = '\0';
	event->name[sizeof(event->name) - 1] = '\0';
	event->image[sizeof(event->image) - 1] = '\0';
	event->runtime[sizeof(event->runtime) - 1] = '\0';
	if ((unsigned) event->type >= EVENT_TYPE_COUNT)
		event->type = EVENT_RENAMED; /* the memory is not ours: nothing in it is trusted */
	if ((unsigned) event->health >= HEALTH_COUNT)
		event->health = HEALTH_UNKNOWN;
}

int event_copy(const struct event_ring *ring, uint64_t after, struct event *ret_event,
	       uint64_t *ret_missed)
{
	for (;;) {
		uint64_t newest = __atomic_load_n(&ring->newest, __ATOMIC_ACQUIRE), missed, number;
		const struct event *slot;
		struct event copy;

		if (after >= newest)
			return 0;
		missed = missed_after(newest, after);
		number = after + missed + 1;
		slot = &ring->events[(number - 1) % EVENT_RING];

		if (__atomic_load_n(&slot->number, __ATOMIC_ACQUIRE) == number) {
			memcpy(&copy, slot, sizeof(copy));
			__atomic_thread_fence(__ATOMIC_ACQUIRE); /* data, then the mark again */
			if (__atomic_load_n(&slot->number, __ATOMIC_RELAXED) == number) {
				copy.number = number;
				end_texts(&copy);
				*ret_event = copy;
				*ret_missed = missed;
				return 1;
			}
		}
		if (__atomic_load_n(&ring->newest, __ATOMIC_ACQUIRE) == newest)
			return 0; /* no writer overtook us: the memory is not a ring */
	}
}
