/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Two samples in, a rate out. A counter that went back was reset (the container was restarted
 * under the same path): then there is no rate, not a negative and not a huge one. */

#include <stdbool.h>

#include "model/snapshot.h"

/* Units of the cell per second: for a cell in nanoseconds this is a ratio (CPU time: cores).
 * Returns false when there is none: other instance, absent cell, reset, no time between. */
bool rate_get(const struct snapshot *now, const struct row *row_now, const struct snapshot *before,
	      const struct row *row_before, enum metric metric, double *ret_per_second);
