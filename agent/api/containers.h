/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One item of a list of containers. */

#include "api/view.h"
#include "base/json_out.h"

/* An object; `now_ns` is realtime. */
void container_item_write(struct json_out *json, const struct view *view, enum api_role role,
			  uint64_t now_ns);

/* The program and its arguments as people read them, in one line: "sh -c 'sleep 1'". */
void command_write(const json_t *args, struct text *text);
