/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which container rows an answer shows: all, or the one that was asked for.
 *
 * A container that ended is remembered for a while. When one of the same cgroup path came after
 * it, only the one that was seen last is shown: the path is what tells series apart. A row whose
 * path is unknown, because the string area was full, cannot be told apart and is not shown. */

#include <stdbool.h>
#include <stdint.h>

#include "model/condition.h"
#include "model/snapshot.h"

struct export;

struct selection {
	bool *shown; /* by index of the container row */
	uint32_t rows;
	bool is_one; /* one container was asked for: rows of other things do not belong to it */
};

/* Returns 0, -ENOMEM, or what selection_find says. */
int selection_init(struct selection *selection, const struct export *export);
void selection_fini(struct selection *selection);

static inline bool selection_has(const struct selection *selection, uint32_t index)
{
	return index < selection->rows && selection->shown[index];
}

/* The container with this cgroup path, runtime's id or name, or else the only one whose id begins
 * with `which` (at least SELECTION_PREFIX_MIN characters). One that is there is preferred to one
 * that ended. The root cgroup is no container. Returns 0, -ENOENT, or -EEXIST for several. */
int selection_find(const struct snapshot *snapshot, const char *which, const struct row **ret_row);

#define SELECTION_PREFIX_MIN 4

/* The row of the root cgroup, "/". */
bool row_is_root(const struct snapshot *snapshot, const struct row *row);

/* What the row says of its container's state: STATE_UNKNOWN for a row that says nothing of it. */
enum container_state row_state(const struct row *row);

/* It does not run: by its state, or because nothing is known any more but when it was last seen and
 * how it ended. */
bool row_has_ended(const struct row *row);
