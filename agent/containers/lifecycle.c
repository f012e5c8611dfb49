/* SPDX-License-Identifier: Apache-2.0 */

/* lifecycle: pending, came, changed, emptied, went, forgotten.
 *
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "cgroup.events": `populated` is 1 while the
 * cgroup or one below has a process; a change makes an inotify event. An engine makes the cgroup
 * before it puts a process there, and may leave an empty one behind; so one that is empty and
 * unknown to its engine is no container yet. */

#include "lifecycle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/parse.h"
#include "containers/metadata.h"

#define CGROUP_EVENTS_BYTES 512 /* two short lines today */
#define SHORT_ID_DIGITS     12  /* how people shorten ids, and how docker ps prints them */

static void tell(struct registry *registry, void (*event)(struct container *, void *),
		 struct resident *resident)
{
	if (event)
		event(&resident->container, registry->events.userdata);
}

static bool events_path(const char *path, char *ret_path, size_t size)
{
	return snprintf(ret_path, size, "%s/cgroup.events", path + 1) < (int) size;
}

int lifecycle_read_populated(const struct registry *registry, const char *path)
{
	char file[RUNTIME_PATH_BYTES], text[CGROUP_EVENTS_BYTES];
	const char *cursor = text;
	struct keyed line;

	if (!events_path(path, file, sizeof(file)) ||
	    fd_read_at(registry->config.cgroup_fd, file, text, sizeof(text)) < 0)
		return -1;
	while (keyed_next(&cursor, &line))
		if (SLICE_IS(line.key, "populated") && line.has_value)
			return line.value > 0;

	return -1;
}

static void watch_populated(struct registry *registry, struct resident *resident)
{
	char file[RUNTIME_PATH_BYTES];

	if (!resident->populated_watch && events_path(resident->container.path, file, sizeof(file)))
		resident->populated_watch =
			watches_add(&registry->watches, registry->config.cgroup_fd, file,
				    WATCH_POPULATED, resident);
}

static void complain(struct registry *registry, struct resident *resident, int r,
		     const struct identity *identity)
{
	registry->stats.metadata_errors++;
	if (!resident->complained)
		log_warning(0, "%s container %.12s: metadata is incomplete: %s",
			    resident->container.runtime->name, resident->container.id,
			    identity->detail ? identity->detail : strerror(-r));
	resident->complained = true;
}

/* Reads the metadata. Returns what struct runtime's describe does; *ret_changed tells whether the
 * identity is another one now. What was known is not given up for a file that cannot be read. */
static int describe(struct registry *registry, struct resident *resident, bool *ret_changed)
{
	struct container *container = &resident->container;
	const struct runtime *runtime = container->runtime;
	struct identity identity = { 0 };
	bool was_described = resident->described;
	uint64_t stamp = runtime->stamp(resident->state, container->id, container->path);
	int r = runtime->describe(resident->state, container->id, container->path, &identity);

	*ret_changed = false;
	if (r < 0 && r != -ENOENT)
		complain(registry, resident, r, &identity);
	resident->stamp = metadata_is_final(r) ? stamp : 0;
	resident->described |= r >= 0;
	if (!identity.name)
		(void) identity_set(&identity.name, container->id,
				    strnlen(container->id, SHORT_ID_DIGITS)); /* asked below */
	if (!identity.name || (r < 0 && was_described) ||
	    identity_equal(&identity, &container->identity)) {
		identity_fini(&identity);
		return r;
	}

	identity_fini(&container->identity);
	container->identity = identity;
	*ret_changed = true;
	return r;
}

static void announce(struct registry *registry, struct resident *resident)
{
	residents_make_live(&registry->residents, resident);
	resident->container.came_ns = clock_realtime_ns();
	registry->stats.came++;
	tell(registry, registry->events.came, resident);
}

/* When all slots are used, the one that ended first is forgotten early. */
static struct resident *take_slot(struct registry *registry, const char *path, uint64_t cgroup_id)
{
	struct residents *residents = &registry->residents;

	if (residents->pool.used == residents->pool.capacity && residents->ended)
		lifecycle_forget(registry, residents->ended);

	return residents_add(residents, path, cgroup_id);
}

void lifecycle_admit(struct registry *registry, const char *path, uint64_t cgroup_id,
		     const struct engine *engine, const char *id)
{
	struct resident *resident = take_slot(registry, path, cgroup_id);
	bool changed;

	if (!resident) {
		if (registry->stats.refused++ == 0)
			log_warning(0,
				    "no room for the container at '%s' and others; raise the limit "
				    "of containers",
				    path);
		return;
	}
	resident->container.runtime = engine->runtime;
	(void) snprintf(resident->container.id, sizeof(resident->container.id), "%s", id);
	resident->state = engine->state;
	resident->noticed_ns = clock_boottime_ns();
	resident->seen = registry->scan;

	watch_populated(registry, resident);
	resident->populated = lifecycle_read_populated(registry, path) != 0; /* not known: yes */
	resident->known = describe(registry, resident, &changed) != -ENOENT;
	if (!resident->container.identity.name) {
		registry->stats.refused++; /* no memory; the next rescan tries again */
		lifecycle_end(registry, resident);
		return;
	}
	if (resident->populated || resident->known)
		announce(registry, resident);
}

void lifecycle_refresh(struct registry *registry, struct resident *resident)
{
	const struct container *container = &resident->container;
	bool changed = false;

	if (resident->stamp == 0 ||
	    resident->stamp !=
		    container->runtime->stamp(resident->state, container->id, container->path))
		resident->known = describe(registry, resident, &changed) != -ENOENT;

	if (resident->phase == PHASE_PENDING && (resident->known || resident->populated)) {
		announce(registry, resident);
	} else if (changed && resident->phase == PHASE_LIVE) {
		tell(registry, registry->events.changed, resident);
	}
}

void lifecycle_populated(struct registry *registry, struct resident *resident)
{
	int populated = lifecycle_read_populated(registry, resident->container.path);

	if (populated < 0)
		return; /* gone: the tree will say so */
	resident->populated = populated > 0;
	if (resident->populated)
		resident->emptied = false;

	if (resident->phase == PHASE_PENDING) {
		lifecycle_refresh(registry, resident);
	} else if (!resident->populated && !resident->emptied) {
		resident->emptied = true;
		tell(registry, registry->events.emptied, resident);
	}
}

void lifecycle_check(struct registry *registry, struct resident *resident)
{
	if (!resident->populated_watch || registry->lost) {
		watch_populated(registry, resident);
		lifecycle_populated(registry, resident);
	}
	lifecycle_refresh(registry, resident);

	if (resident->phase == PHASE_LIVE && !resident->populated && !resident->known)
		lifecycle_end(registry, resident); /* left behind */
}

void lifecycle_end(struct registry *registry, struct resident *resident)
{
	watches_remove(&registry->watches, resident->populated_watch);
	resident->populated_watch = NULL;
	if (resident->phase == PHASE_PENDING) {
		residents_remove(&registry->residents, resident); /* nobody was told of it */
		return;
	}

	residents_make_ended(&registry->residents, resident, clock_boottime_ns());
	registry->stats.went++;
	tell(registry, registry->events.went, resident);
	if (registry->config.remember_ns == 0)
		lifecycle_forget(registry, resident);
}

void lifecycle_forget(struct registry *registry, struct resident *resident)
{
	tell(registry, registry->events.forgotten, resident);
	residents_remove(&registry->residents, resident);
}
