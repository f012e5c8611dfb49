/* SPDX-License-Identifier: Apache-2.0 */

/* event_json: `status`, `id` and `from` are what clients older than API 1.22 read, and some still
 * do. Attributes are the container's labels, and over them what the event itself says. */

#include "api/event_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/view.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "containers/registry.h"
#include "model/snapshot.h"

bool event_action_text(const struct event *event, char ret_action[EVENT_ACTION_BYTES])
{
	const char *action = event_action(event->type);
	bool is_health = event->type == EVENT_HEALTH;

	if (!action)
		return false;
	/* A check that begins anew, or is no more, is no event to Docker. */
	if (is_health && event->health != HEALTH_HEALTHY && event->health != HEALTH_UNHEALTHY)
		return false;
	(void) snprintf(ret_action, EVENT_ACTION_BYTES, "%s%s%s", action, is_health ? ": " : "",
			is_health ? health_status_name(event->health) : "");
	return true;
}

const char *event_id(const struct event *event, char ret_id[API_ID_BYTES])
{
	const struct runtime runtime = { .name = event->runtime };
	struct container container = { .runtime = &runtime };

	(void) snprintf(container.id, sizeof(container.id), "%s", event->id);
	return api_id(&container, ret_id);
}

static const char *get_image(const struct event *event, char value[EVENT_VALUE_BYTES])
{
	(void) value;
	return event->image;
}

static const char *get_name(const struct event *event, char value[EVENT_VALUE_BYTES])
{
	(void) value;
	return event->name;
}

static const char *get_engine(const struct event *event, char value[EVENT_VALUE_BYTES])
{
	(void) value;
	return event->runtime;
}

static const char *get_exit_code(const struct event *event, char value[EVENT_VALUE_BYTES])
{
	if (event->type != EVENT_DIED || !event->has_exit_code)
		return "";
	(void) snprintf(value, EVENT_VALUE_BYTES, "%" PRId32, event->exit_code);
	return value;
}

static const char *get_duration(const struct event *event, char value[EVENT_VALUE_BYTES])
{
	if (event->type != EVENT_DIED || event->duration_ns == 0)
		return "";
	(void) snprintf(value, EVENT_VALUE_BYTES, "%" PRIu64,
			event->duration_ns / (uint64_t) NSEC_PER_SEC);
	return value;
}

/* What the event says of itself. `value` is where numbers are made; "" is no attribute. */
static const struct {
	const char *key;
	const char *(*get)(const struct event *event, char value[EVENT_VALUE_BYTES]);
} attributes[] = {
	{ "exitCode", get_exit_code }, { "execDuration", get_duration },
	{ "image", get_image },        { LABEL_ENGINE, get_engine },
	{ "name", get_name },
};

/* NULL: the event does not say. */
static const char *own_attribute(const struct event *event, const char *key,
				 char value[EVENT_VALUE_BYTES])
{
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++)
		if (strcmp(attributes[i].key, key) == 0) {
			const char *found = attributes[i].get(event, value);

			return found[0] ? found : NULL;
		}

	return NULL;
}

const char *event_attribute_find(const struct event *event, const char *labels, const char *key,
				 char value[EVENT_VALUE_BYTES])
{
	const char *own = own_attribute(event, key, value), *label, *label_value;

	if (own)
		return own;
	while (labels && snapshot_label_next(&labels, &label, &label_value))
		if (strcmp(label, key) == 0)
			return label_value;

	return NULL;
}

static void add_attributes(struct json_out *json, const struct event *event, const char *labels)
{
	char value[EVENT_VALUE_BYTES];
	const char *label, *label_value;

	json_open(json, "Attributes", '{');
	while (labels && snapshot_label_next(&labels, &label, &label_value))
		if (!own_attribute(event, label, value))
			json_member_text(json, label, label_value);
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		const char *own = attributes[i].get(event, value);

		if (own[0])
			json_text(json, attributes[i].key, own);
	}
	json_close(json, '}');
}

void event_write(const struct event *event, const char *labels, struct text *text)
{
	struct json_out json = { .text = text };
	char action[EVENT_ACTION_BYTES] = "", id[API_ID_BYTES];

	(void) event_action_text(event, action); /* it has one */
	(void) event_id(event, id);
	json_open(&json, NULL, '{');
	json_text(&json, "status", action);
	json_text(&json, "id", id);
	if (event->image[0])
		json_text(&json, "from", event->image);
	json_text(&json, "Type", "container");
	json_text(&json, "Action", action);
	json_open(&json, "Actor", '{');
	json_text(&json, "ID", id);
	add_attributes(&json, event, labels);
	json_close(&json, '}');
	json_text(&json, "scope", "local");
	json_u64(&json, "time", event->realtime_ns / NSEC_PER_SEC);
	json_u64(&json, "timeNano", event->realtime_ns);
	json_close(&json, '}');
	TEXT_ADD(text, "\n");
}
