/* SPDX-License-Identifier: Apache-2.0 */

/* residents: a pool and three tables of containers. */

#include "residents.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/* The key of by_id: both members at once. */
#define ID_KEY_BYTES (sizeof(const struct runtime *) + RUNTIME_ID_BYTES)
static_assert(offsetof(struct container, id) ==
		      offsetof(struct container, runtime) + sizeof(const struct runtime *),
	      "runtime and id are one key");

int residents_init(struct residents *residents, uint32_t capacity)
{
	*residents = (struct residents){ 0 };

	return pool_init(&residents->pool, "containers", sizeof(struct resident), capacity);
}

static void clear(struct resident *resident)
{
	free(resident->container.path);
	identity_fini(&resident->container.identity);
	resident->used = false;
}

void residents_fini(struct residents *residents)
{
	HASH_CLEAR(by_path, residents->by_path);
	HASH_CLEAR(by_cgroup, residents->by_cgroup);
	HASH_CLEAR(by_id, residents->by_id);
	for (uint32_t i = 0; i < residents->high; i++) {
		struct resident *resident = pool_at(&residents->pool, i);

		if (resident->used)
			clear(resident);
	}
	pool_fini(&residents->pool);
}

struct resident *residents_find(const struct residents *residents, const char *path)
{
	struct resident *resident;

	HASH_FIND(by_path, residents->by_path, path, strlen(path), resident);
	return resident;
}

struct resident *residents_find_cgroup(const struct residents *residents, uint64_t cgroup_id)
{
	struct resident *resident;

	HASH_FIND(by_cgroup, residents->by_cgroup, &cgroup_id, sizeof(cgroup_id), resident);
	return resident;
}

struct resident *residents_find_id(const struct residents *residents, const struct runtime *runtime,
				   const char *id)
{
	struct {
		const struct runtime *runtime;
		char id[RUNTIME_ID_BYTES];
	} key = { .runtime = runtime };
	struct resident *resident;

	static_assert(sizeof(key) == ID_KEY_BYTES, "the key has no padding");
	strncpy(key.id, id, sizeof(key.id) - 1); /* and zeros behind, as in the pool's objects */
	HASH_FIND(by_id, residents->by_id, &key, sizeof(key), resident);
	return resident;
}

static void leave_cgroup_table(struct residents *residents, struct resident *resident)
{
	if (TABLE_HAS(resident, by_cgroup))
		HASH_DELETE(by_cgroup, residents->by_cgroup, resident);
	resident->by_cgroup.tbl = NULL;
}

static void leave_path_table(struct residents *residents, struct resident *resident)
{
	/* The analyser does not see that a table whose last element was taken has no other. */
	if (TABLE_HAS(resident, by_path))
		HASH_DELETE(by_path, residents->by_path, resident); /* NOLINT(clang-analyzer-*) */
	resident->by_path.tbl = NULL;
}

static void leave_queue(struct residents *residents, struct resident *resident)
{
	if (resident->phase == PHASE_ENDED)
		DL_DELETE2(residents->ended, resident, previous, next);
}

struct resident *residents_add(struct residents *residents, const struct runtime *runtime,
			       const char *id)
{
	struct resident *resident = pool_take(&residents->pool);
	struct container *container;

	if (!resident)
		return NULL;
	container = &resident->container;
	container->slot = pool_index(&residents->pool, resident);
	container->runtime = runtime;
	strncpy(container->id, id, sizeof(container->id) - 1); /* zeroed by the pool */
	resident->used = true;
	resident->phase = PHASE_UNFIT;
	if (residents->high <= container->slot)
		residents->high = container->slot + 1;
	residents->count[PHASE_UNFIT]++;

	HASH_ADD(by_id, residents->by_id, container.runtime, ID_KEY_BYTES, resident);
	if (!TABLE_HAS(resident, by_id)) {
		residents_remove(residents, resident);
		return NULL;
	}
	return resident;
}

void residents_remove(struct residents *residents, struct resident *resident)
{
	leave_queue(residents, resident);
	leave_cgroup_table(residents, resident);
	leave_path_table(residents, resident);
	if (TABLE_HAS(resident, by_id))
		HASH_DELETE(by_id, residents->by_id, resident);
	residents->count[resident->phase]--;
	clear(resident);
	pool_give(&residents->pool, resident);
}

int residents_set_cgroup(struct residents *residents, struct resident *resident, const char *path,
			 uint64_t cgroup_id)
{
	struct resident *former = residents_find(residents, path);
	struct container *container = &resident->container;
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	if (former)
		leave_path_table(residents, former);
	leave_path_table(residents, resident);
	leave_cgroup_table(residents, resident);
	free(container->path);
	container->path = copy;
	container->cgroup_id = cgroup_id;

	HASH_ADD_KEYPTR(by_path, residents->by_path, copy, strlen(copy), resident);
	if (!TABLE_HAS(resident, by_path))
		return -ENOMEM;
	/* Inodes are unique in cgroupfs; a recorded tree may say otherwise. */
	if (!residents_find_cgroup(residents, cgroup_id))
		HASH_ADD(by_cgroup, residents->by_cgroup, container.cgroup_id,
			 sizeof(container->cgroup_id), resident);
	return 0;
}

void residents_lose_cgroup(struct residents *residents, struct resident *resident)
{
	resident->waiting = false;
	leave_cgroup_table(residents, resident);
}

void residents_make(struct residents *residents, struct resident *resident, enum phase phase)
{
	leave_queue(residents, resident);
	residents->count[resident->phase]--;
	resident->phase = phase;
	residents->count[phase]++;
	if (!resident_has_cgroup(resident))
		leave_cgroup_table(residents, resident);
}

void residents_make_ended(struct residents *residents, struct resident *resident)
{
	residents_make(residents, resident, PHASE_ENDED);
	DL_APPEND2(residents->ended, resident, previous, next);
}

/* Never started ones count by when they were made. */
static uint64_t stopped_since(const struct resident *resident)
{
	const struct identity *identity = &resident->container.identity;

	return identity->condition.finished_ns > 0 ? identity->condition.finished_ns
						   : identity->created_ns;
}

struct resident *residents_least(const struct residents *residents)
{
	struct resident *resident = NULL, *stopped = NULL;

	if (residents->count[PHASE_UNFIT] == 0 && residents->ended)
		return residents->ended;
	while ((resident = residents_next(residents, resident)) != NULL) {
		if (resident->phase == PHASE_UNFIT)
			return resident;
		if (resident->phase == PHASE_STOPPED &&
		    (!stopped || stopped_since(resident) < stopped_since(stopped)))
			stopped = resident;
	}

	return stopped;
}

struct resident *residents_next(const struct residents *residents, const struct resident *after)
{
	for (uint32_t i = after ? after->container.slot + 1 : 0; i < residents->high; i++) {
		struct resident *resident = pool_at(&residents->pool, i);

		if (resident->used)
			return resident;
	}

	return NULL;
}
