/* SPDX-License-Identifier: Apache-2.0 */

/* filter: keys as a table. */

#include "cli/filter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

struct filter_key {
	const char *name;
	bool (*matches)(const struct filter *filter, const struct container *container);
	enum container_string string;
	bool pattern;      /* a regular expression, as docker's */
	bool add_up;       /* each of several has to match */
	const char *words; /* the only values it may have; NULL: any */
};

static bool matches_pattern(const struct filter *filter, const struct container *container);
static bool matches_word(const struct filter *filter, const struct container *container);
static bool matches_start(const struct filter *filter, const struct container *container);
static bool matches_label(const struct filter *filter, const struct container *container);

static const struct filter_key keys[] = {
	{ "name", matches_pattern, STRING_NAME, true },
	{ "id", matches_start, STRING_ID },
	{ "image", matches_pattern, STRING_IMAGE, true },
	{ "ancestor", matches_pattern, STRING_IMAGE, true },
	{ "engine", matches_word, STRING_ENGINE },
	{ "label", matches_label, .add_up = true },
	{ "status", matches_word, STRING_STATE,
	  .words = " created running paused restarting removing exited dead " },
	{ "health", matches_word, STRING_HEALTH, .words = " starting healthy unhealthy none " },
	{ "pod", matches_word, STRING_POD },
	{ "project", matches_word, STRING_PROJECT },
};

static const char *string_of(const struct filter *filter, const struct container *container)
{
	return container->strings[keys[filter->key].string];
}

static bool matches_pattern(const struct filter *filter, const struct container *container)
{
	return regexec(&filter->pattern, string_of(filter, container), 0, NULL, 0) == 0;
}

static bool matches_word(const struct filter *filter, const struct container *container)
{
	return strcmp(string_of(filter, container), filter->value) == 0;
}

static bool matches_start(const struct filter *filter, const struct container *container)
{
	return strncmp(string_of(filter, container), filter->value, strlen(filter->value)) == 0;
}

/* "k" or "k=v"; a label's name may hold '=' in theory, not in practice. */
static bool matches_label(const struct filter *filter, const struct container *container)
{
	const char *sign = strchr(filter->value, '='), *value;
	size_t length = sign ? (size_t) (sign - filter->value) : strlen(filter->value);
	json_t *label = json_object_getn(container->labels, filter->value, length);

	if (!label || !sign)
		return label != NULL;
	value = json_string_value(label);
	return value && strcmp(value, sign + 1) == 0;
}

static int refuse_key(const char *text, struct problem *problem)
{
	const char *names[ARRAY_SIZE(keys) + 1] = { 0 };
	char key[64];
	const char *hint;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		names[i] = keys[i].name;
	(void) snprintf(key, sizeof(key), "%.*s", (int) strcspn(text, "="), text);
	hint = suggestion(key, names, "");
	(void) snprintf(problem->text, sizeof(problem->text), "unknown filter '%s'%s", key,
			hint[0] != '\0' ? hint
					: "; there are name, id, image, engine, label, status, "
					  "health, pod and project");
	return -EINVAL;
}

static bool is_word_of(const char *words, const char *word)
{
	const char *found = words;
	size_t length = strlen(word);

	while (length > 0 && (found = strstr(found, word))) {
		if (found[-1] == ' ' && found[length] == ' ')
			return true;
		found++;
	}
	return false;
}

static int filter_parse(const char *text, struct filter *ret_filter, struct problem *problem)
{
	const char *sign = strchr(text, '=');
	struct filter filter = { .value = sign ? sign + 1 : "" };
	const struct filter_key *key;

	if (!sign) {
		(void) snprintf(problem->text, sizeof(problem->text),
				"a filter is KEY=VALUE, for example name=web, not '%.100s'", text);
		return -EINVAL;
	}
	while (filter.key < ARRAY_SIZE(keys) &&
	       (strlen(keys[filter.key].name) != (size_t) (sign - text) ||
		strncmp(keys[filter.key].name, text, (size_t) (sign - text)) != 0))
		filter.key++;
	if (filter.key == ARRAY_SIZE(keys))
		return refuse_key(text, problem);

	key = &keys[filter.key];
	if (key->words && !is_word_of(key->words, filter.value)) {
		(void) snprintf(problem->text, sizeof(problem->text),
				"'%.60s' is no %s; it is one of:%.*s", filter.value, key->name,
				(int) strlen(key->words) - 1, key->words);
		return -EINVAL;
	}
	if (key->pattern && regcomp(&filter.pattern, filter.value, REG_EXTENDED | REG_NOSUB) != 0) {
		(void) snprintf(problem->text, sizeof(problem->text),
				"'%.100s' is no regular expression", filter.value);
		return -EINVAL;
	}
	filter.has_pattern = key->pattern;

	*ret_filter = filter;
	return 0;
}

int filters_parse(const struct arguments *arguments, struct filters *ret_filters,
		  struct problem *ret_problem)
{
	struct filters filters = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < arguments->given_count; i++) {
		if (strcmp(arguments->given[i].flag->name, "filter") != 0)
			continue;
		r = filter_parse(arguments->given[i].value, &filters.items[filters.count],
				 ret_problem);
		filters.count += r == 0;
	}
	if (r < 0) {
		filters_fini(&filters);
		return r;
	}

	*ret_filters = filters;
	return 0;
}

void filters_fini(struct filters *filters)
{
	for (size_t i = 0; i < filters->count; i++)
		if (filters->items[i].has_pattern)
			regfree(&filters->items[i].pattern);
	filters->count = 0;
}

bool filters_match(const struct filters *filters, const struct container *container)
{
	bool asked[ARRAY_SIZE(keys)] = { 0 }, matched[ARRAY_SIZE(keys)] = { 0 };

	for (size_t i = 0; i < filters->count; i++) {
		const struct filter *filter = &filters->items[i];
		bool matches = keys[filter->key].matches(filter, container);

		if (keys[filter->key].add_up && !matches)
			return false;
		asked[filter->key] = true;
		matched[filter->key] |= matches;
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (asked[i] && !matched[i])
			return false;
	return true;
}

bool filters_ask_for_all(const struct filters *filters)
{
	for (size_t i = 0; i < filters->count; i++)
		if (strcmp(keys[filters->items[i].key].name, "status") == 0)
			return true;
	return false;
}

/* A name goes before ids that begin with it, as in the engine's API. */
static bool has_name(const struct listing *listing, const char *word)
{
	for (size_t i = 0; i < listing->count; i++)
		if (strcmp(listing->items[i].strings[STRING_NAME], word) == 0)
			return true;
	return false;
}

/* Marks what a word asks for. Returns whether it is anything. */
static bool mark(struct listing *listing, const char *word)
{
	bool by_name = has_name(listing, word), found = false;

	for (size_t i = 0; i < listing->count; i++) {
		struct container *container = &listing->items[i];

		if (by_name ? strcmp(container->strings[STRING_NAME], word) != 0
			    : !container_is(container, word))
			continue;
		container->asked = word;
		found = true;
	}
	return found;
}

const char *listing_select(struct listing *listing, const struct filters *filters, bool all,
			   char *const *words, size_t words_count)
{
	size_t kept = 0;

	for (size_t i = 0; i < words_count; i++)
		if (!mark(listing, words[i]))
			return words[i];

	for (size_t i = 0; i < listing->count; i++) {
		struct container *container = &listing->items[i];

		if (words_count > 0 ? !container->asked : !all && !container_is_up(container))
			continue;
		if (filters_match(filters, container))
			listing->items[kept++] = *container;
	}
	listing->count = kept;
	return NULL;
}
