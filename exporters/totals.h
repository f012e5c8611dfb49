/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What all interfaces and all devices of a container moved together, and how fast. */

#include <stdbool.h>
#include <stdint.h>

struct export;

enum total {
	TOTAL_RECEIVE_BYTES,
	TOTAL_TRANSMIT_BYTES,
	TOTAL_READ_BYTES,
	TOTAL_WRITE_BYTES,
	TOTAL_COUNT,
};

struct sum {
	uint64_t value;
	double per_second; /* of the children that have a rate; a new one counts from next time */
	bool has_value, has_rate;
};

struct totals {
	struct sum (*sums)[TOTAL_COUNT]; /* by index of the container row */
};

/* One pass over all children. Returns 0 or -ENOMEM. */
int totals_init(struct totals *totals, const struct export *export);
void totals_fini(struct totals *totals);
