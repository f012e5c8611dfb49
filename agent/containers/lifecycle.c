/* SPDX-License-Identifier: Apache-2.0 */

/* lifecycle: pending, came, changed, emptied, went, stopped, removed, forgotten.
 *
 * An engine makes the cgroup before it puts a process there, and may leave an empty one behind; so
 * one that is empty and unknown to its engine, or known as one that does not run, has not come. */

#include "lifecycle.h"

#include "base/clock.h"

static void tell(struct registry *registry, void (*event)(struct container *, void *),
		 struct resident *resident)
{
	if (event)
		event(&resident->container, registry->events.userdata);
}

static void tell_changed(struct registry *registry, struct resident *resident,
			 struct container *before)
{
	if (before->identity.name && registry->events.changed)
		registry->events.changed(&resident->container, before, registry->events.userdata);
}

static void announce(struct registry *registry, struct resident *resident)
{
	struct container *container = &resident->container;

	if (container->starts == 0)
		lineage_take(&registry->lineage, container);
	else
		lineage_drop(&registry->lineage, container);
	container->starts++;
	container->came_ns = clock_realtime_ns();
	container->ended_ns = 0;
	container->stopped = false;
	resident->emptied = resident->waiting = false;
	residents_make(&registry->residents, resident, PHASE_LIVE);
	registry->stats.came++;
	tell(registry, registry->events.came, resident);
}

void lifecycle_announce_stopped(struct registry *registry, struct resident *resident)
{
	residents_make(&registry->residents, resident, PHASE_STOPPED);
	resident->container.stopped = true;
	tell(registry, registry->events.listed, resident);
}

/* It waited for a process, and has one now: what runs may be described in more detail. */
static void come_back(struct registry *registry, struct resident *resident)
{
	struct container before;

	resident->waiting = false;
	residents_make(&registry->residents, resident, PHASE_PENDING);
	lifecycle_describe(registry, resident, &before);
	identity_fini(&before.identity);
	announce(registry, resident);
}

void lifecycle_settle(struct registry *registry, struct resident *resident,
		      struct container *before)
{
	bool runs = resident->populated || (resident->known && !lifecycle_is_over(resident));

	if (runs && resident->waiting) {
		come_back(registry, resident);
	} else if (runs) {
		announce(registry, resident);
	} else if (resident->waiting) {
		tell_changed(registry, resident, before);
	} else if (resident->known) {
		resident->waiting = true;
		lifecycle_announce_stopped(registry, resident);
	}
}

void lifecycle_refresh(struct registry *registry, struct resident *resident)
{
	const struct container *container = &resident->container;
	struct container before = { 0 };

	if (resident->stamp == 0 ||
	    resident->stamp != container->runtime->stamp(resident->state, container->id,
							 lifecycle_path(resident)))
		lifecycle_describe(registry, resident, &before);

	switch (resident->phase) {
	case PHASE_PENDING:
		lifecycle_settle(registry, resident, &before);
		break;
	case PHASE_UNFIT:
	case PHASE_STOPPED:
		if (!resident->known)
			lifecycle_unlist(registry, resident);
		else if (resident->phase == PHASE_UNFIT && lifecycle_is_over(resident))
			lifecycle_announce_stopped(registry, resident);
		else if (resident->waiting)
			lifecycle_settle(registry, resident, &before);
		else if (resident->phase == PHASE_STOPPED)
			tell_changed(registry, resident, &before);
		break;
	case PHASE_LIVE:
		tell_changed(registry, resident, &before);
		break;
	case PHASE_ENDED:
	case PHASE_COUNT:
		break;
	}
	identity_fini(&before.identity);
}

static void note_frozen(struct registry *registry, struct resident *resident, bool frozen)
{
	struct container before = resident->container; /* its identity is the same one */

	if (frozen == before.frozen)
		return;
	resident->container.frozen = frozen;
	tell_changed(registry, resident, &before);
}

void lifecycle_populated(struct registry *registry, struct resident *resident)
{
	struct cgroup_events events = lifecycle_read_events(registry, resident->container.path);

	if (events.populated < 0)
		return; /* gone: the tree will say so */
	resident->populated = events.populated > 0;
	if (resident->populated)
		resident->emptied = false;

	if (resident->phase == PHASE_PENDING) {
		lifecycle_refresh(registry, resident);
	} else if (resident->phase != PHASE_LIVE) {
		if (resident->populated)
			come_back(registry, resident);
	} else {
		note_frozen(registry, resident, events.frozen);
		if (!resident->populated && !resident->emptied) {
			resident->emptied = true;
			tell(registry, registry->events.emptied, resident);
		}
	}
}

void lifecycle_check(struct registry *registry, struct resident *resident)
{
	if (!resident->populated_watch || registry->lost) {
		lifecycle_watch(registry, resident);
		lifecycle_populated(registry, resident);
	}
	lifecycle_refresh(registry, resident);

	if (resident->phase == PHASE_LIVE && !resident->populated &&
	    (!resident->known || lifecycle_is_over(resident)))
		lifecycle_end(registry, resident); /* left behind */
}

void lifecycle_end(struct registry *registry, struct resident *resident)
{
	struct container *container = &resident->container, before;
	bool was_known = resident->known;

	watches_remove(&registry->watches, resident->populated_watch);
	resident->populated_watch = NULL;
	resident->populated = false;
	residents_lose_cgroup(&registry->residents, resident);
	if (resident->phase == PHASE_PENDING) {
		residents_remove(&registry->residents, resident); /* nobody was told of it */
		return;
	}
	if (resident->phase != PHASE_LIVE)
		return; /* a cgroup that waited for a process */

	lineage_put(&registry->lineage, container);
	container->ended_ns = resident->noticed_ns = clock_boottime_ns();
	container->frozen = container->frozen_v1 = false;
	resident->told_health = HEALTH_UNKNOWN;
	resident->told_streak = 0;
	residents_make_ended(&registry->residents, resident);
	if (container->runtime->list) {
		lifecycle_describe(registry, resident, &before);
		identity_fini(&before.identity);
		container->stopped = resident->known;
	}
	if (container->stopped)
		residents_make(&registry->residents, resident, PHASE_STOPPED);
	registry->stats.went++;
	tell(registry, registry->events.went, resident);

	if (container->runtime->list && was_known && !container->stopped)
		lifecycle_unlist(registry, resident);
	else if (!container->stopped && registry->config.remember_ns == 0)
		lifecycle_forget(registry, resident);
}

void lifecycle_unlist(struct registry *registry, struct resident *resident)
{
	struct container *container = &resident->container;

	if (resident->phase == PHASE_UNFIT) {
		residents_remove(&registry->residents, resident); /* nobody was told of it */
		return;
	}
	container->stopped = false;
	tell(registry, registry->events.removed, resident);
	if (container->ended_ns > 0 && registry->config.remember_ns > 0 &&
	    clock_boottime_ns() - container->ended_ns <= registry->config.remember_ns)
		residents_make_ended(&registry->residents, resident);
	else
		lifecycle_forget(registry, resident);
}

void lifecycle_forget(struct registry *registry, struct resident *resident)
{
	watches_remove(&registry->watches, resident->populated_watch);
	if (resident->phase != PHASE_UNFIT)
		tell(registry, registry->events.forgotten, resident);
	residents_remove(&registry->residents, resident);
}
