/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The registry's own view of the containers: a pool of them, found by cgroup path, by cgroup id,
 * and by runtime and id.
 *
 *	pending	 a cgroup that looks like a container, but is empty and unknown to its engine: one
 *		 that is just being made, or one that was left behind. The caller is not told.
 *	unfit	 without cgroup; its engine lists it, and does not say that it is stopped: it is
 *		 being started, or its files cannot be read. The caller is not told.
 *	live	 told by `came`
 *	ended	 told by `went`; in a queue, the one that ended first at its head
 *	stopped	 told by `went` or `listed`; its engine knows it */

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "containers/registry.h"
#include "containers/table.h"

struct watch;

enum phase { PHASE_PENDING, PHASE_UNFIT, PHASE_LIVE, PHASE_ENDED, PHASE_STOPPED, PHASE_COUNT };

struct resident {
	struct container container; /* first: the caller's pointer is to this */
	bool used;
	enum phase phase;
	struct runtime_state *state;    /* of its runtime, borrowed */
	uint64_t noticed_ns;            /* boottime at which it was first seen, or ended */
	uint64_t stamp;                 /* of the metadata as described; 0: to be read again */
	bool described;                 /* the metadata was read */
	bool known;                     /* to its engine: there is metadata, readable or not */
	bool complained;                /* about metadata that cannot be read; once is enough */
	bool populated;                 /* it has processes, as far as is known */
	bool emptied;                   /* ... and `emptied` was told since it had some */
	bool waiting;                   /* ended or stopped, and has a cgroup again: an empty one */
	uint32_t seen;                  /* number of the latest scan that found its cgroup */
	uint32_t listed;                /* number of its engine's latest list that had it */
	enum health_status told_health; /* by registry_set_health */
	uint32_t told_streak;
	struct watch *populated_watch;
	struct resident *previous, *next; /* ended queue */
	UT_hash_handle by_path, by_cgroup, by_id;
};

struct residents {
	struct pool pool;
	uint32_t high; /* slots in use are below it */
	struct resident *by_path, *by_cgroup, *by_id;
	struct resident *ended;
	uint32_t count[PHASE_COUNT];
};

/* Returns 0 or -ENOMEM. */
int residents_init(struct residents *residents, uint32_t capacity);
void residents_fini(struct residents *residents);

/* An unfit one, without cgroup. NULL: no slot is free (counted by the pool), or no memory. */
struct resident *residents_add(struct residents *residents, const struct runtime *runtime,
			       const char *id);

/* Accepts every phase; frees what the container owns. */
void residents_remove(struct residents *residents, struct resident *resident);

/* Gives it a cgroup instead of the one that it may have had; another one that had the same path is
 * not found by it any more. Returns 0 or -ENOMEM; then it cannot be found by a path. */
int residents_set_cgroup(struct residents *residents, struct resident *resident, const char *path,
			 uint64_t cgroup_id);

/* The cgroup that it waited in is gone. */
void residents_lose_cgroup(struct residents *residents, struct resident *resident);

/* Pending, unfit, live or stopped. */
void residents_make(struct residents *residents, struct resident *resident, enum phase phase);
void residents_make_ended(struct residents *residents, struct resident *resident);

struct resident *residents_find(const struct residents *residents, const char *path);
struct resident *residents_find_id(const struct residents *residents, const struct runtime *runtime,
				   const char *id);

/* Of those that have a cgroup now. */
struct resident *residents_find_cgroup(const struct residents *residents, uint64_t cgroup_id);

static inline bool resident_has_cgroup(const struct resident *resident)
{
	return resident->phase == PHASE_PENDING || resident->phase == PHASE_LIVE ||
	       resident->waiting;
}

/* Whose slot is given up first when there is no other: unfit, ended first, stopped first. NULL:
 * all have a cgroup. */
struct resident *residents_least(const struct residents *residents);

/* Steps through all of them, by slot; NULL to begin. The one at hand may be removed meanwhile. */
struct resident *residents_next(const struct residents *residents, const struct resident *after);
