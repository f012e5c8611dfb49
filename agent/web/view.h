/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* This process's own copies of shared snapshots: the newest, and an older one for rates. Copies
 * are made when somebody asks and a newer round is there; memory is kept. Not for several threads
 * at a time: answer.h has the lock. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct share;
struct snapshot;

struct view {
	const struct share *share; /* borrowed */
	struct snapshot *now, *before;
	size_t now_capacity, before_capacity;
	bool now_valid;
	uint64_t before_for; /* sequence of `now` for which `before` was looked for; 0: none */
	bool before_valid;
};

void view_init(struct view *view, const struct share *share);
void view_fini(struct view *view);

/* Makes view->now the newest snapshot. Returns 0, -ENODATA (nothing published yet), or what
 * share_copy returns; then there is none. */
int view_refresh(struct view *view);

/* The snapshot to compute rates of view->now with; NULL when none is left. */
const struct snapshot *view_before(struct view *view);
