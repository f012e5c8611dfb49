/* SPDX-License-Identifier: Apache-2.0 */

/* listing: engines' lists against who is there.
 *
 * A list costs one pass over the engine's directory or table. Files of containers that are known
 * are read again only when their stamp changed. */

#include "listing.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "containers/cgroup_name.h"
#include "containers/lifecycle.h"

struct listing {
	struct registry *registry;
	struct engine *engine;
	size_t count, max;
};

/* One component of a path, valid UTF-8, and short enough to be kept whole. */
static bool is_sane(const char *id)
{
	CLEANUP(free_p) char *clean = NULL;
	size_t length = strnlen(id, RUNTIME_ID_BYTES);

	if (length == 0 || length == RUNTIME_ID_BYTES || strchr(id, '/') || id[0] == '.')
		return false;
	clean = utf8_copy(id, length, RUNTIME_ID_BYTES);
	return clean && strcmp(clean, id) == 0;
}

/* Podman's containers are known to crun, too. Ids of 64 digits are unique among engines; who comes
 * first in runtimes[] has it. */
static bool is_others(const struct registry *registry, const struct engine *engine, const char *id)
{
	if (!cgroup_is_id(id))
		return false;
	for (const struct engine *other = registry->engines; other->runtime; other++)
		if (other != engine && residents_find_id(&registry->residents, other->runtime, id))
			return true;

	return false;
}

void listing_look(struct registry *registry, const struct engine *engine, const char *id)
{
	struct resident *resident = residents_find_id(&registry->residents, engine->runtime, id);

	if (resident && resident->phase != PHASE_ENDED)
		lifecycle_refresh(registry, resident);
	else if (engine->runtime->list && is_sane(id) && !is_others(registry, engine, id))
		lifecycle_list(registry, engine, id);
}

static void on_found(const char *id, void *userdata)
{
	struct listing *listing = userdata;
	struct registry *registry = listing->registry;
	struct resident *resident;

	if (listing->count++ >= listing->max)
		return;
	resident = residents_find_id(&registry->residents, listing->engine->runtime, id);
	if (!resident || resident->phase == PHASE_ENDED) {
		listing_look(registry, listing->engine, id);
		resident = residents_find_id(&registry->residents, listing->engine->runtime, id);
	}
	if (resident)
		resident->listed = listing->engine->asks;
}

static void ask(struct registry *registry, struct engine *engine)
{
	struct listing listing = {
		.registry = registry,
		.engine = engine,
		.max = registry->config.max_containers,
	};
	int r;

	engine->asks++;
	engine->complete = engine->list_again = false;
	if (!engine->wanted || !engine->found || !engine->runtime->list)
		return;
	r = engine->runtime->list(engine->state, listing.max, on_found, &listing);
	if (r < 0 && r != -ENOENT)
		log_warning(r, "cannot list %s's containers; stopped ones may be missing",
			    engine->runtime->name);
	engine->complete = r >= 0 && listing.count < listing.max;
}

/* Of an engine that was just asked. */
static bool is_unlisted(const struct engine *engine, const struct resident *resident)
{
	return resident->container.runtime == engine->runtime && engine->complete &&
	       (resident->phase == PHASE_STOPPED || resident->phase == PHASE_UNFIT) &&
	       resident->listed != engine->asks;
}

static void unlist(struct registry *registry, const struct engine *engine)
{
	struct resident *resident = NULL;

	while ((resident = residents_next(&registry->residents, resident)) != NULL)
		if (is_unlisted(engine, resident))
			lifecycle_unlist(registry, resident);
}

void listing_scan(struct registry *registry)
{
	struct resident *resident = NULL;

	for (struct engine *engine = registry->engines; engine->runtime; engine++) {
		ask(registry, engine);
		if (engine->complete)
			unlist(registry, engine);
	}

	while ((resident = residents_next(&registry->residents, resident)) != NULL) {
		if (resident->phase != PHASE_STOPPED && resident->phase != PHASE_UNFIT)
			continue;
		if (resident->waiting)
			lifecycle_populated(registry, resident);
		else
			lifecycle_refresh(registry, resident);
	}
}

void listing_update(struct registry *registry)
{
	for (struct engine *engine = registry->engines; engine->runtime; engine++) {
		if (!engine->list_again)
			continue;
		ask(registry, engine);
		unlist(registry, engine);
	}
}
