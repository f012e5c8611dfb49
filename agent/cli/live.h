/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The live view of plimsoll stats: frames as the agent's rounds come, and keys. */

#include "cli/format.h"
#include "cli/listing.h"
#include "cli/session.h"

/* Until the user ends it. `listing` is what the agent said last; it is replaced. Returns an exit
 * code; what is wrong was said. */
int live_run(struct session *session, struct wanted *wanted, const struct columns *columns,
	     const struct format *format, struct listing *listing);
