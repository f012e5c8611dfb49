/* SPDX-License-Identifier: Apache-2.0 */

/* residents: a pool and two tables of containers. */

#include "residents.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

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

static void leave_cgroup_table(struct residents *residents, struct resident *resident)
{
	if (TABLE_HAS(resident, by_cgroup))
		HASH_DELETE(by_cgroup, residents->by_cgroup, resident);
	resident->by_cgroup.tbl = NULL;
}

struct resident *residents_add(struct residents *residents, const char *path, uint64_t cgroup_id)
{
	struct resident *resident = pool_take(&residents->pool);
	struct container *container;

	if (!resident)
		return NULL;
	container = &resident->container;
	container->slot = pool_index(&residents->pool, resident);
	container->cgroup_id = cgroup_id;
	container->path = strdup(path);
	resident->used = true;
	if (residents->high <= container->slot)
		residents->high = container->slot + 1;
	residents->count[PHASE_PENDING]++;

	if (container->path)
		HASH_ADD_KEYPTR(by_path, residents->by_path, container->path, strlen(path),
				resident);
	if (!TABLE_HAS(resident, by_path)) {
		residents_remove(residents, resident);
		return NULL;
	}
	/* Inodes are unique in cgroupfs; a recorded tree may say otherwise. */
	if (!residents_find_cgroup(residents, cgroup_id))
		HASH_ADD(by_cgroup, residents->by_cgroup, container.cgroup_id,
			 sizeof(container->cgroup_id), resident);
	return resident;
}

void residents_remove(struct residents *residents, struct resident *resident)
{
	if (resident->phase == PHASE_ENDED)
		DL_DELETE2(residents->ended, resident, previous, next);
	leave_cgroup_table(residents, resident);
	if (TABLE_HAS(resident, by_path))
		HASH_DELETE(by_path, residents->by_path, resident);
	residents->count[resident->phase]--;
	clear(resident);
	pool_give(&residents->pool, resident);
}

static void change_phase(struct residents *residents, struct resident *resident, enum phase phase)
{
	residents->count[resident->phase]--;
	resident->phase = phase;
	residents->count[phase]++;
}

void residents_make_live(struct residents *residents, struct resident *resident)
{
	change_phase(residents, resident, PHASE_LIVE);
}

void residents_make_ended(struct residents *residents, struct resident *resident, uint64_t ended_ns)
{
	change_phase(residents, resident, PHASE_ENDED);
	leave_cgroup_table(residents, resident);
	resident->container.ended_ns = ended_ns;
	DL_APPEND2(residents->ended, resident, previous, next);
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
