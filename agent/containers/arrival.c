/* SPDX-License-Identifier: Apache-2.0 */

/* arrival: a cgroup, or an engine's list, names a container: who it is, and where it goes. */

#include "lifecycle.h"

#include "base/clock.h"
#include "base/log.h"
#include "containers/cgroup_name.h"

/* When all slots are used, one without cgroup is given up. */
static struct resident *take_slot(struct registry *registry, const struct engine *engine,
				  const char *id, bool urgent)
{
	struct residents *residents = &registry->residents;
	struct resident *resident;

	if (residents->pool.used == residents->pool.capacity && !urgent)
		return NULL;
	if (residents->pool.used == residents->pool.capacity) {
		resident = residents_least(residents);
		if (resident)
			lifecycle_forget(registry, resident);
	}

	resident = residents_add(residents, engine->runtime, id);
	if (resident) {
		resident->state = engine->state;
		resident->noticed_ns = clock_boottime_ns();
	}
	return resident;
}

static void refuse(struct registry *registry, const char *what)
{
	if (registry->stats.refused++ == 0)
		log_warning(0,
			    "no room for the container '%s' and others; raise the limit of "
			    "containers",
			    what);
}

/* Whoever has this id already: one that did not run, or whose cgroup is about to be found gone;
 * and what another engine calls its own, which never runs by itself (see listing.c). NULL: nobody,
 * *ret_taken: it has another cgroup. */
static struct resident *find_former(struct registry *registry, const char *path,
				    const struct engine *engine, const char *id, bool *ret_taken)
{
	struct resident *resident = NULL, *found = NULL;

	*ret_taken = false;
	for (const struct engine *other = registry->engines; other->runtime; other++) {
		resident = residents_find_id(&registry->residents, other->runtime, id);
		if (resident && other->runtime == engine->runtime)
			found = resident;
		else if (resident && !resident_has_cgroup(resident) && cgroup_is_id(id))
			lifecycle_forget(registry, resident);
	}
	if (!found || !resident_has_cgroup(found))
		return found;
	/* One that was left behind empty makes room (LXC's further tries). */
	if (found->waiting && lifecycle_read_events(registry, path).populated > 0)
		return found;

	*ret_taken =
		tree_inode(registry->tree, found->container.path) == found->container.cgroup_id;
	if (*ret_taken)
		return NULL;
	lifecycle_end(registry, found);
	return residents_find_id(&registry->residents, engine->runtime, id);
}

void lifecycle_admit(struct registry *registry, const char *path, uint64_t cgroup_id,
		     const struct engine *engine, const char *id)
{
	struct cgroup_events events;
	struct resident *resident;
	struct container before;
	bool taken;

	resident = find_former(registry, path, engine, id, &taken);
	if (taken)
		return; /* an inner cgroup of the same container */
	if (!resident)
		resident = take_slot(registry, engine, id, true);
	if (!resident) {
		refuse(registry, path);
		return;
	}
	resident->seen = registry->scan;
	resident->stamp = 0; /* a place to look at may say more */
	resident->waiting = resident->phase == PHASE_ENDED || resident->phase == PHASE_STOPPED;
	if (resident->phase == PHASE_UNFIT)
		residents_make(&registry->residents, resident, PHASE_PENDING);
	if (residents_set_cgroup(&registry->residents, resident, path, cgroup_id) < 0) {
		registry->stats.refused++; /* no memory; the next rescan tries again */
		lifecycle_end(registry, resident);
		return;
	}

	watches_remove(&registry->watches, resident->populated_watch);
	resident->populated_watch = NULL;
	lifecycle_watch(registry, resident);
	events = lifecycle_read_events(registry, path);
	resident->populated = events.populated != 0; /* unknown: yes */
	resident->container.frozen = events.frozen;
	lifecycle_describe(registry, resident, &before);
	if (resident->container.identity.name)
		lifecycle_settle(registry, resident, &before);
	else
		lifecycle_end(registry, resident); /* no memory, as above */
	identity_fini(&before.identity);
}

void lifecycle_list(struct registry *registry, const struct engine *engine, const char *id)
{
	struct resident *resident = residents_find_id(&registry->residents, engine->runtime, id);
	struct container before;

	if (!resident)
		resident = take_slot(registry, engine, id, false);
	if (!resident) {
		refuse(registry, id);
		return;
	}
	lifecycle_describe(registry, resident, &before);
	identity_fini(&before.identity);
	if (resident->phase == PHASE_ENDED) {
		if (resident->known)
			lifecycle_announce_stopped(registry, resident);
		return;
	}
	if (!resident->known || !resident->container.identity.name)
		lifecycle_unlist(registry, resident);
	else if (lifecycle_is_over(resident))
		lifecycle_announce_stopped(registry, resident);
}
