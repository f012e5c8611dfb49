/* SPDX-License-Identifier: Apache-2.0 */

/* registry: joins the cgroup tree with the engines' files.
 *
 * Everything happens in registry_rescan and registry_dispatch: a directory of the tree is matched
 * by each runtime in turn, and what inotify tells is passed on to the one whom it concerns. */

#include "registry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "containers/lifecycle.h"
#include "containers/listing.h"

/* Engines write a container's files for some time after they made its cgroup. */
#define RECENT_NS (60 * NSEC_PER_SEC)

/* The container that has this cgroup, which is marked as seen; NULL: none. */
static const struct resident *see_known(struct registry *registry, const char *path, uint64_t inode)
{
	struct resident *resident = residents_find(&registry->residents, path);

	if (!resident || !resident_has_cgroup(resident) || resident->container.cgroup_id != inode)
		return NULL;

	resident->seen = registry->scan;
	return resident;
}

static bool on_known(const char *path, uint64_t inode, void *userdata)
{
	const struct resident *known = see_known(userdata, path, inode);

	return known && !known->container.runtime->outer;
}

/* Ended, but its directory is still there: it was left behind, and is so as long as it is empty. */
static bool is_left_behind(struct registry *registry, const struct resident *resident,
			   uint64_t inode)
{
	return !resident_has_cgroup(resident) && resident->container.cgroup_id == inode &&
	       lifecycle_read_events(registry, resident->container.path).populated == 0;
}

static bool on_found(const char *path, uint64_t inode, void *userdata)
{
	struct registry *registry = userdata;
	struct resident *resident = residents_find(&registry->residents, path);
	const struct resident *known = see_known(registry, path, inode);
	const struct engine *engine;
	struct match found;

	if (known)
		return !known->container.runtime->outer;
	if (resident && is_left_behind(registry, resident, inode))
		return true;

	if (resident && resident_has_cgroup(resident))
		lifecycle_end(registry, resident); /* another cgroup of the same name */
	engine = engines_match(registry->engines, path, &found);
	if (found.kind == MATCH_NONE)
		return false;
	if (!engine || !engine->wanted)
		return true;

	lifecycle_admit(registry, path, inode, engine, found.id);
	return !engine->runtime->outer;
}

static void on_gone(const char *path, void *userdata)
{
	struct registry *registry = userdata;
	struct resident *resident = residents_find(&registry->residents, path);

	/* An event may be older than what is there now. */
	if (resident && resident_has_cgroup(resident) &&
	    tree_inode(registry->tree, path) != resident->container.cgroup_id)
		lifecycle_end(registry, resident);
}

static int open_parts(struct registry *registry)
{
	const struct tree_events events = {
		.known = on_known,
		.found = on_found,
		.gone = on_gone,
		.userdata = registry,
	};
	int r = residents_init(&registry->residents, registry->config.max_containers);

	if (r >= 0)
		r = tree_new(registry->config.cgroup_fd, &registry->watches, &events,
			     &registry->tree);
	if (r >= 0)
		r = engines_open(&registry->config, &registry->watches, &registry->engines);
	return r;
}

int registry_new(const struct registry_config *config, const struct registry_events *events,
		 struct registry **ret_registry)
{
	struct registry *registry = calloc(1, sizeof(*registry));
	int r;

	if (!registry)
		return -ENOMEM;
	registry->config = *config;
	registry->events = *events;

	r = watches_init(&registry->watches);
	if (r < 0)
		log_warning(r, "no inotify (fs.inotify.max_user_instances may be too low); "
			       "containers are found by rescans only");
	r = open_parts(registry);
	if (r < 0) {
		registry_free(registry);
		return r;
	}

	*ret_registry = registry;
	return 0;
}

void registry_free(struct registry *registry)
{
	if (!registry)
		return;
	engines_close(registry->engines);
	tree_free(registry->tree);
	residents_fini(&registry->residents);
	lineage_fini(&registry->lineage);
	watches_fini(&registry->watches);
	free(registry);
}

int registry_rescan(struct registry *registry)
{
	struct resident *resident = NULL;
	int r;

	registry->scan_again = false;
	registry->stats.rescans++;
	registry->scan++;
	engines_refresh(registry->engines);
	r = tree_scan(registry->tree);
	if (r < 0)
		return r;

	while ((resident = residents_next(&registry->residents, resident)) != NULL) {
		const struct container *container = &resident->container;

		if (!resident_has_cgroup(resident))
			continue;
		/* When not everything could be listed, not finding it is no proof. */
		if (resident->seen != registry->scan &&
		    (r == 0 || tree_inode(registry->tree, container->path) != container->cgroup_id))
			lifecycle_end(registry, resident);
		else if (!resident->waiting)
			lifecycle_check(registry, resident);
	}
	listing_scan(registry);
	registry->lost = false;

	return 0;
}

static bool is_recent(const struct resident *resident, uint64_t now_ns)
{
	return resident->stamp == 0 || now_ns - resident->noticed_ns < RECENT_NS;
}

/* Somebody's metadata may be other than what was read. */
static void refresh_recent(struct registry *registry, const struct engine *engine)
{
	uint64_t now_ns = clock_boottime_ns();
	struct resident *resident = NULL;

	while ((resident = residents_next(&registry->residents, resident)) != NULL)
		if (resident->container.runtime == engine->runtime && is_recent(resident, now_ns))
			lifecycle_refresh(registry, resident);
}

static void on_change(struct engine *engine, const struct change *change, void *userdata)
{
	struct registry *registry = userdata;
	struct resident *resident;

	switch (change->kind) {
	case CHANGE_NONE:
		break;
	case CHANGE_ENGINE:
		registry->scan_again = true;
		break;
	case CHANGE_CGROUP:
		tree_look(registry->tree, change->text);
		resident = residents_find(&registry->residents, change->text);
		if (resident && resident_has_cgroup(resident))
			lifecycle_refresh(registry, resident);
		break;
	case CHANGE_CONTAINER:
		listing_look(registry, engine, change->text);
		break;
	case CHANGE_RECENT:
		refresh_recent(registry, engine);
		engine->list_again = true;
		break;
	}
}

static void on_watch(const struct watch *watch, uint32_t mask, const char *name, void *userdata)
{
	struct registry *registry = userdata;
	struct resident *resident;

	if (!watch) {
		registry->scan_again = registry->lost = true;
		return;
	}

	switch (watch->kind) {
	case WATCH_TREE:
		tree_on_event(registry->tree, watch, mask, name);
		break;
	case WATCH_POPULATED:
		resident = watch->owner;
		if (mask & IN_IGNORED)
			resident->populated_watch = NULL;
		else
			lifecycle_populated(registry, resident);
		break;
	case WATCH_ENGINE:
		if (!(mask & IN_IGNORED))
			engines_changed(registry->engines, watch->path, name, on_change, registry);
		break;
	}
}

int registry_fd(const struct registry *registry)
{
	return registry->watches.fd;
}

int registry_dispatch(struct registry *registry)
{
	int r = watches_dispatch(&registry->watches, on_watch, registry);

	if (r >= 0 && registry->scan_again)
		return registry_rescan(registry);
	listing_update(registry);
	return r;
}

void registry_expire(struct registry *registry, uint64_t now_ns)
{
	struct resident *first;

	while ((first = registry->residents.ended) != NULL && now_ns > first->container.ended_ns &&
	       now_ns - first->container.ended_ns > registry->config.remember_ns)
		lifecycle_forget(registry, first);
}
