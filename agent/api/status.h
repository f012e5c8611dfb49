/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The words of `docker ps` in its column STATUS, which clients take apart: exactly Docker's. */

#include <stdint.h>

#include "model/condition.h"

#define STATUS_BYTES 128

/* "Less than a second", "5 minutes", "About an hour". */
void status_duration(uint64_t ns, char ret_text[STATUS_BYTES]);

/* `started_ns` and `now_ns` since 1970; a start of 0 is unknown, and then no time is said. So is
 * an exit code that is not known. */
void status_text(enum container_state state, const struct condition *condition, uint64_t started_ns,
		 uint64_t now_ns, char ret_text[STATUS_BYTES]);
