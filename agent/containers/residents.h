/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The registry's own view of the containers: a pool of them, found by cgroup path and by cgroup id.
 *
 *	pending	 a cgroup that looks like a container, but is empty and unknown to its engine: one
 *		 that is just being made, or one that was left behind. The caller is not told.
 *	live	 told by `came`
 *	ended	 told by `went`; in a queue, the one that ended first at its head */

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "containers/registry.h"
#include "containers/table.h"

struct watch;

enum phase { PHASE_PENDING, PHASE_LIVE, PHASE_ENDED };

struct resident {
	struct container container; /* first: the caller's pointer is to this */
	bool used;
	enum phase phase;
	struct runtime_state *state; /* of its runtime, borrowed */
	uint64_t noticed_ns;         /* boottime at which it was first seen */
	uint64_t stamp;              /* of the metadata as described; 0: to be read again */
	bool described;              /* the metadata was read */
	bool known;                  /* to its engine: there is metadata, readable or not */
	bool complained;             /* about metadata that cannot be read; once is enough */
	bool populated;              /* it has processes, as far as is known */
	bool emptied;                /* ... and `emptied` was told since it had some */
	uint32_t seen;               /* number of the latest scan that found it */
	struct watch *populated_watch;
	struct resident *previous, *next; /* ended queue */
	UT_hash_handle by_path, by_cgroup;
};

struct residents {
	struct pool pool;
	uint32_t high; /* slots in use are below it */
	struct resident *by_path, *by_cgroup;
	struct resident *ended;
	uint32_t count[PHASE_ENDED + 1];
};

/* Returns 0 or -ENOMEM. */
int residents_init(struct residents *residents, uint32_t capacity);
void residents_fini(struct residents *residents);

/* A pending one. NULL: no slot is free (counted by the pool), or no memory. */
struct resident *residents_add(struct residents *residents, const char *path, uint64_t cgroup_id);

/* Accepts every phase; frees what the container owns. */
void residents_remove(struct residents *residents, struct resident *resident);

void residents_make_live(struct residents *residents, struct resident *resident);
void residents_make_ended(struct residents *residents, struct resident *resident,
			  uint64_t ended_ns);

struct resident *residents_find(const struct residents *residents, const char *path);

/* Of pending and live ones. */
struct resident *residents_find_cgroup(const struct residents *residents, uint64_t cgroup_id);

/* Steps through all of them, by slot; NULL to begin. The one at hand may be removed meanwhile. */
struct resident *residents_next(const struct residents *residents, const struct resident *after);
