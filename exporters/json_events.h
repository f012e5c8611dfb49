/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Events as JSON, for a client that asks again and again with the number of the last one it knows:
 *
 * {"events": [{"number", "time", "type": "died", "action": "die", "id", "name", "image", "engine",
 *	"exit_code", "health"}], "missed", "newest"}
 *
 * `action` is the word of the Docker Engine API. What is unknown is left out. `missed` is how many
 * after the wanted one were overwritten before they were read. `newest` is the number of the
 * newest event that there is; when it is below what the client knows, the agent was started anew
 * and counts from 1 again. */

#include <stdint.h>

struct event_ring;
struct text;

/* Appends events from number `after` + 1 on, at most `limit` of them. The ring may be written to
 * meanwhile by another process (event_copy). */
void json_events_write(const struct event_ring *ring, uint64_t after, uint64_t limit,
		       struct text *ret_text);
