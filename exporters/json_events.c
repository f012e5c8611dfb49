/* SPDX-License-Identifier: Apache-2.0 */

/* json_events: the ring of events as a list. Source of the actions: Docker Engine API, "Monitor
 * events". */

#include "exporters/json_events.h"

#include <stdio.h>

#include "base/json_out.h"
#include "model/event.h"

#define ACTION_BYTES 64

static void add_text(struct json_out *json, const char *key, const char *value)
{
	if (value && value[0] != '\0')
		json_text(json, key, value);
}

/* Docker says "health_status: healthy" in one. */
static void add_action(struct json_out *json, const struct event *event)
{
	const char *action = event_action(event->type);
	char with_status[ACTION_BYTES];

	if (event->type == EVENT_HEALTH) {
		(void) snprintf(with_status, sizeof(with_status), "%s: %s", action,
				health_status_name(event->health)); /* fits: both are ours */
		action = with_status;
	}
	add_text(json, "action", action);
}

static void add_event(struct json_out *json, const struct event *event)
{
	json_open(json, NULL, '{');
	json_u64(json, "number", event->number);
	json_nano(json, "time", event->realtime_ns);
	json_text(json, "type", event_type_name(event->type));
	add_action(json, event);
	add_text(json, "id", event->id);
	add_text(json, "name", event->name);
	add_text(json, "image", event->image);
	add_text(json, "engine", event->runtime);
	if (event->type == EVENT_DIED && event->has_exit_code)
		json_i64(json, "exit_code", event->exit_code);
	if (event->type == EVENT_HEALTH)
		json_text(json, "health", health_status_name(event->health));
	json_close(json, '}');
}

void json_events_write(const struct event_ring *ring, uint64_t after, uint64_t limit,
		       struct text *ret_text)
{
	struct json_out json = { .text = ret_text };
	uint64_t missed, missed_in_all = 0;
	struct event event;

	json_open(&json, NULL, '{');
	json_open(&json, "events", '[');
	for (; limit > 0 && event_copy(ring, after, &event, &missed) > 0; limit--) {
		add_event(&json, &event);
		after = event.number;
		missed_in_all += missed;
	}
	json_close(&json, ']');
	json_u64(&json, "missed", missed_in_all);
	json_u64(&json, "newest", __atomic_load_n(&ring->newest, __ATOMIC_ACQUIRE));
	json_close(&json, '}');
}
