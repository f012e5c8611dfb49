/* SPDX-License-Identifier: Apache-2.0 */

/* config: the table of settings, and what is done with all of them.
 *
 * One file does one step: config_kind.c the types, config_value.c one member, config_yaml.c a
 * text (config_walk.c and config_schema.c for it), config_file.c files, config_listen.c the
 * address, config_write.c the commented file, options.c the command line. */

#include "config.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "config_problem.h"
#include "config_value.h"
#include "base/nearest.h"

const struct setting settings[SETTINGS_COUNT] = {
#define SETTING(member_, key_, type_, fallback_, min_, max_, reload_, flag_, help_) \
	{ \
		.key = key_, \
		.type = SETTING_##type_, \
		.offset = offsetof(struct config, member_), \
		.fallback = fallback_, \
		.min = min_, \
		.max = max_, \
		.reloadable = reload_, \
		.flag = flag_, \
		.help = help_, \
	},
#include "settings.def"
#undef SETTING
};

#define FALLBACK_BYTES 256 /* the longest default of settings.def, and then some */
#define FALLBACK_ITEMS 8

/* Cuts "a, b" into items, in place; returns how many. */
static size_t fallback_split(char *text, const char *items[FALLBACK_ITEMS])
{
	size_t count = 0;
	char *rest = NULL;

	for (char *item = strtok_r(text, ", ", &rest); item && count < FALLBACK_ITEMS;
	     item = strtok_r(NULL, ", ", &rest))
		items[count++] = item;

	return count;
}

static int default_set(struct config *config, const struct setting *setting)
{
	struct problem problem;
	const char *items[FALLBACK_ITEMS];
	char text[FALLBACK_BYTES];

	if (!setting_is_list(setting))
		return config_set(config, setting, setting->key, setting->fallback, &problem);

	(void) snprintf(text, sizeof(text), "%s", setting->fallback);
	return value_parse(setting, &(struct value_source){ .name = setting->key }, items,
			   fallback_split(text, items), config, &problem);
}

int config_defaults(struct config *ret_config)
{
	struct config config = { 0 };
	int r;

	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		r = default_set(&config, &settings[i]);
		assert(r != -EINVAL); /* settings.def contradicts itself */
		if (r < 0) {
			config_fini(&config);
			return r;
		}
	}

	*ret_config = config;
	return 0;
}

void config_fini(struct config *config)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		value_fini(&settings[i], config);
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		free(config->origins[i].source);
	*config = (struct config){ 0 };
}

void config_set_origin(struct config *config, const struct setting *setting, const char *source,
		       unsigned line)
{
	struct origin *origin = &config->origins[setting - settings];

	free(origin->source);
	*origin = (struct origin){ .source = strdup(source), .line = line };
}

static void origin_swap(size_t i, struct config *a, struct config *b)
{
	struct origin kept = a->origins[i];

	a->origins[i] = b->origins[i];
	b->origins[i] = kept;
}

int config_set(struct config *config, const struct setting *setting, const char *name,
	       const char *text, struct problem *ret_problem)
{
	return value_parse(setting, &(struct value_source){ .name = name }, &text, 1, config,
			   ret_problem);
}

int config_check_names(const struct strings *strings, const char *key, const char *const *known,
		       struct problem *ret_problem)
{
	char shown[QUOTED_BYTES];

	for (size_t i = 0; i < strings->count; i++) {
		struct nearest nearest = { .word = strings->items[i] };

		for (const char *const *name = known; *name; name++)
			nearest_try(&nearest, *name);
		if (nearest.match && nearest.distance == 0)
			continue;
		quoted(strings->items[i], shown);
		if (nearest.match)
			return problem_set(ret_problem, 0,
					   "'%s' has an unknown name, '%s'; did you mean '%s'?",
					   key, shown, nearest.match);
		return problem_set(ret_problem, 0, "'%s' has an unknown name, '%s'", key, shown);
	}

	return 0;
}

const char *const *config_places(const struct config *config, const char *runtime)
{
	char prefix[64];

	(void) snprintf(prefix, sizeof(prefix), "runtimes.%s.", runtime);
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const struct strings *strings;

		if (settings[i].type != SETTING_PATHS ||
		    strncmp(settings[i].key, prefix, strlen(prefix)) != 0)
			continue;
		strings = (const void *) ((const char *) config + settings[i].offset);
		return strings->count > 0 ? (const char *const *) strings->items : NULL;
	}

	return NULL;
}

bool strings_contain(const struct strings *strings, const char *item)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcmp(strings->items[i], item) == 0)
			return true;

	return false;
}

size_t config_reload_differences(const struct config *now, const struct config *next,
				 char *ret_keys, size_t size)
{
	size_t count = 0, used = 0;

	ret_keys[0] = '\0';
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		if (settings[i].reloadable || value_equal(&settings[i], now, next))
			continue;
		if (used < size)
			used += (size_t) snprintf(ret_keys + used, size - used, "%s%s",
						  count > 0 ? ", " : "", settings[i].key);
		count++;
	}

	return count;
}

void config_reload(struct config *now, struct config *next)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (settings[i].reloadable) {
			value_swap(&settings[i], now, next);
			origin_swap(i, now, next);
		}
}
