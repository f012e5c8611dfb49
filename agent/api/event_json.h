/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* An event as GET /events of the Docker Engine API shows it. */

#include <stdbool.h>

#include "api/internal.h"
#include "model/event.h"

struct text;

/* Docker's word: "die", "health_status: healthy". False: it has none for this, and readers are not
 * told of it. */
#define EVENT_ACTION_BYTES 48
bool event_action_text(const struct event *event, char ret_action[EVENT_ACTION_BYTES]);

/* The id by which clients know the container, as api_id. */
const char *event_id(const struct event *event, char ret_id[API_ID_BYTES]);

/* The value of an attribute: what the event itself says, else a label. `value` is where it may be
 * made. NULL: there is no such attribute. */
#define EVENT_VALUE_BYTES 32
const char *event_attribute_find(const struct event *event, const char *labels, const char *key,
				 char value[EVENT_VALUE_BYTES]);

/* Appends the object and a line feed. The event has an action. */
void event_write(const struct event *event, const char *labels, struct text *text);
