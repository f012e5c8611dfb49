/* SPDX-License-Identifier: Apache-2.0 */

/* engines: the list of runtimes at work. */

#include "engines.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "containers/registry.h"

static int open_engine(const struct registry_config *config, struct watches *watches,
		       const struct runtime *runtime, struct engine *engine)
{
	struct runtime_place place = { .root_fd = config->root_fd, .watches = watches };
	int r;

	if (config->places)
		place.places = config->places(runtime->name, config->userdata);
	r = runtime->open(&place, &engine->state);
	if (r < 0)
		return r;

	engine->runtime = runtime;
	engine->wanted = config->wanted ? config->wanted(runtime->name, config->userdata)
					: !runtime->optional;
	return 0;
}

int engines_open(const struct registry_config *config, struct watches *watches,
		 struct engine **ret_engines)
{
	struct engine *engines;
	size_t count = 0;

	while (runtimes[count])
		count++;
	engines = calloc(count + 1, sizeof(*engines));
	if (!engines)
		return -ENOMEM;

	for (size_t i = 0; i < count; i++) {
		int r = open_engine(config, watches, runtimes[i], &engines[i]);

		if (r < 0) {
			engines_close(engines);
			return r;
		}
	}

	*ret_engines = engines;
	return 0;
}

void engines_close(struct engine *engines)
{
	for (struct engine *engine = engines; engine && engine->runtime; engine++)
		engine->runtime->close(engine->state);
	free(engines);
}

void engines_refresh(struct engine *engines)
{
	for (struct engine *engine = engines; engine->runtime; engine++) {
		int r = engine->wanted ? engine->runtime->refresh(engine->state) : -ENOENT;

		if (r < 0 && r != -ENOENT)
			log_warning(r, "cannot list %s's files; names may be missing",
				    engine->runtime->name);
		engine->found = r != -ENOENT;
	}
}

const struct engine *engines_match(const struct engine *engines, const char *path,
				   struct match *ret_match)
{
	ret_match->kind = runtimes_helper(path);
	for (; engines->runtime && ret_match->kind == MATCH_NONE; engines++) {
		if (engines->runtime->optional && !engines->wanted)
			continue;
		engines->runtime->match(engines->state, path, ret_match);
		if (ret_match->kind == MATCH_CONTAINER)
			return engines;
	}

	return NULL;
}

void engines_changed(struct engine *engines, const char *directory, const char *name,
		     change_handler handler, void *userdata)
{
	for (; engines->runtime; engines++) {
		struct change change;

		if (!engines->wanted)
			continue;
		change.kind = CHANGE_NONE; /* the text is long: it is set only with a kind */
		engines->runtime->changed(engines->state, directory, name, &change);
		if (change.kind != CHANGE_NONE)
			handler(engines, &change, userdata);
	}
}
