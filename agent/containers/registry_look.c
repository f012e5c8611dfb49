/* SPDX-License-Identifier: Apache-2.0 */

/* registry_look: questions to the registry, and what others tell it about health. */

#include "registry.h"

#include <errno.h>
#include <string.h>

#include "containers/lifecycle.h"

static bool is_told(const struct resident *resident)
{
	return resident->phase != PHASE_PENDING && resident->phase != PHASE_UNFIT;
}

struct container *registry_next(const struct registry *registry, const struct container *after)
{
	struct resident *resident = (struct resident *) after; /* it is its first member */

	do {
		resident = residents_next(&registry->residents, resident);
	} while (resident && !is_told(resident));

	return resident ? &resident->container : NULL;
}

struct container *registry_find_cgroup(const struct registry *registry, uint64_t cgroup_id)
{
	struct resident *resident = residents_find_cgroup(&registry->residents, cgroup_id);

	return resident && resident->phase == PHASE_LIVE ? &resident->container : NULL;
}

void registry_stats_get(const struct registry *registry, struct registry_stats *ret_stats)
{
	struct tree_stats tree;

	tree_stats_get(registry->tree, &tree);
	*ret_stats = registry->stats;
	ret_stats->live = registry->residents.count[PHASE_LIVE];
	ret_stats->ended = registry->residents.count[PHASE_ENDED];
	ret_stats->stopped = registry->residents.count[PHASE_STOPPED];
	ret_stats->pending = registry->residents.count[PHASE_PENDING];
	ret_stats->watches_refused = registry->watches.refused;
	ret_stats->directories = tree.directories;
	ret_stats->directories_refused = tree.refused;
}

bool registry_runtime_found(const struct registry *registry, const struct runtime *runtime)
{
	for (const struct engine *engine = registry->engines; engine->runtime; engine++)
		if (engine->runtime == runtime)
			return engine->found;

	return false;
}

enum container_state container_state(const struct container *container)
{
	enum container_state said = container->identity.condition.state;
	bool has_cgroup =
		container->cgroup_id > 0 && container->ended_ns == 0 && !container->stopped;

	if (has_cgroup)
		return container->frozen || container->frozen_v1 || said == STATE_PAUSED
			       ? STATE_PAUSED
			       : STATE_RUNNING;
	if (container->ended_ns > 0 && !container->stopped)
		return STATE_EXITED; /* and its engine says nothing of it any more */
	if (said != STATE_RUNNING && said != STATE_PAUSED && said != STATE_UNKNOWN)
		return said;
	return container->came_ns > 0 ? STATE_EXITED : STATE_UNKNOWN;
}

/* How well a word fits, 0: not at all. */
static unsigned rank(const struct container *container, const char *word)
{
	if (strcmp(container->id, word) == 0)
		return 3;
	if (strcmp(container->identity.name, word) == 0)
		return 2;
	return strncmp(container->id, word, strlen(word)) == 0 ? 1 : 0;
}

/* Takes "RUNTIME:" off the word. NULL: it has none. */
static const struct runtime *take_runtime(const struct registry *registry, const char **word)
{
	for (const struct engine *engine = registry->engines; engine->runtime; engine++) {
		size_t length = strlen(engine->runtime->name);

		if (strncmp(*word, engine->runtime->name, length) == 0 && (*word)[length] == ':') {
			*word += length + 1;
			return engine->runtime;
		}
	}

	return NULL;
}

int registry_lookup(const struct registry *registry, const char *word,
		    struct container **ret_container)
{
	const struct runtime *runtime = take_runtime(registry, &word);
	struct container *container = NULL, *found = NULL;
	unsigned best = 0, fits = 0;

	if (word[0] == '\0')
		return -ENOENT;
	while ((container = registry_next(registry, container)) != NULL) {
		unsigned fit = rank(container, word);

		/* What ended and is known to nobody else is not there any more. */
		if (fit == 0 || fit < best || (container->ended_ns > 0 && !container->stopped) ||
		    (runtime && container->runtime != runtime))
			continue;
		fits = fit > best ? 1 : fits + 1;
		best = fit;
		found = container;
	}
	if (fits != 1)
		return fits == 0 ? -ENOENT : -EEXIST;

	*ret_container = found;
	return 0;
}

int registry_inspect(const struct registry *registry, const struct container *container,
		     struct dossier *ret_dossier)
{
	const struct resident *resident = (const struct resident *) container; /* first member */

	(void) registry;
	if (!container->runtime->inspect)
		return -EOPNOTSUPP;
	return container->runtime->inspect(resident->state, container->id, lifecycle_path(resident),
					   ret_dossier);
}

uint64_t registry_stamp(const struct registry *registry, const struct container *container)
{
	const struct resident *resident = (const struct resident *) container; /* first member */

	(void) registry;
	return container->runtime->stamp(resident->state, container->id, lifecycle_path(resident));
}

static struct resident *find_live(const struct registry *registry, const char *runtime,
				  const char *id)
{
	for (const struct engine *engine = registry->engines; engine->runtime; engine++) {
		struct resident *resident;

		if (strcmp(engine->runtime->name, runtime) != 0)
			continue;
		resident = residents_find_id(&registry->residents, engine->runtime, id);
		return resident && resident->phase == PHASE_LIVE ? resident : NULL;
	}

	return NULL;
}

void registry_set_frozen(struct registry *registry, struct container *container, bool frozen)
{
	struct container before = *container; /* the strings are the same */

	if (frozen == before.frozen_v1)
		return;
	container->frozen_v1 = frozen;
	if (registry->events.changed)
		registry->events.changed(container, &before, registry->events.userdata);
}

int registry_set_health(struct registry *registry, const char *runtime, const char *id,
			enum health_status health, uint32_t failing_streak)
{
	struct resident *resident = find_live(registry, runtime, id);
	struct condition *condition;
	struct container before;

	if (!resident)
		return -ENOENT;
	before = resident->container; /* the strings are the same */
	condition = &resident->container.identity.condition;
	if (condition->health != HEALTH_UNKNOWN && condition->health != resident->told_health)
		return 0; /* the files tell, and are newer at any time */

	condition->health = resident->told_health = health;
	condition->failing_streak = resident->told_streak = failing_streak;
	if (registry->events.changed && !condition_equal(condition, &before.identity.condition))
		registry->events.changed(&resident->container, &before, registry->events.userdata);
	return 0;
}
