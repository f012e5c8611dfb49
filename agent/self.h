/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the agent itself uses: it is its own first container. */

#include <stdint.h>

struct row;

struct self {
	int statm_fd; /* /proc/self/statm, kept open; -1: cannot be read */
	uint64_t page_bytes;
	uint64_t start_ns; /* realtime */
};

void self_open(struct self *ret_self);
void self_close(struct self *self);

/* CPU time, resident memory and start time into the agent's row. */
void self_sample(const struct self *self, struct row *row);
