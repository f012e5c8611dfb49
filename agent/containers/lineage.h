/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What outlives a container: how often those of its runtime, owner, pod and name started, and how
 * many processes of theirs were killed for lack of memory. A container that is removed and made
 * anew under the same name goes on counting where the one before it ended.
 *
 * A container that is there counts itself; here are the counts of those that ended. At most
 * LINEAGE_MAX are kept, the oldest are given up. */

#include <stdint.h>

#include "containers/table.h"

#define LINEAGE_MAX 4096

struct container;

struct lineage {
	struct ancestor *ancestors;
};

void lineage_fini(struct lineage *lineage);

/* It ended. No memory: its counts are not kept. */
void lineage_put(struct lineage *lineage, const struct container *container);

/* It began: adds what its forerunner left. */
void lineage_take(struct lineage *lineage, struct container *container);

/* It began again, and knows its counts itself. */
void lineage_drop(struct lineage *lineage, const struct container *container);
