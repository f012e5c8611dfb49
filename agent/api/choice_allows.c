/* SPDX-License-Identifier: Apache-2.0 */

/* choice_allows: whether a container fits, filter by filter: each has its own idea of that. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/choice.h"
#include "api/image_name.h"
#include "api/port.h"
#include "base/cleanup.h"

/* Whether one of the patterns is found in one of the texts; with no pattern, yes. */
static int search_any(const struct pattern *patterns, size_t count, const char *const texts[2])
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < 2; j++) {
			int r = pattern_search(&patterns[i], texts[j]);

			if (r != 0)
				return r;
		}

	return count == 0;
}

static int names_allow(const struct choice *choice, const struct container *container)
{
	char slashed[IDENTITY_TEXT_BYTES + 2], id[API_ID_BYTES];
	int r;

	(void) snprintf(slashed, sizeof(slashed), "/%s", container->identity.name);
	r = search_any(choice->patterns, choice->name_count,
		       (const char *const[2]){ slashed + 1, slashed });
	if (r <= 0)
		return r;
	return search_any(choice->patterns + choice->name_count,
			  choice->pattern_count - choice->name_count,
			  (const char *const[2]){ api_id(container, id), container->id });
}

static bool runs(enum container_state state)
{
	return state == STATE_RUNNING || state == STATE_PAUSED || state == STATE_RESTARTING;
}

static bool exit_allows(const struct choice *choice, const struct condition *condition,
			enum container_state state)
{
	size_t cursor = 0;
	const char *code;

	if (!api_filters_has(&choice->filters, "exited"))
		return true;
	if (runs(state) || !condition->has_exit_code)
		return false;
	while ((code = api_filters_next(&choice->filters, "exited", &cursor)))
		if (strtol(code, NULL, 10) == condition->exit_code)
			return true;

	return false;
}

/* A healthcheck that nobody knows of is none, as for Docker's clients. */
static const char *health_word(const struct condition *condition)
{
	return health_status_name(condition->health == HEALTH_UNKNOWN ? HEALTH_NONE
								      : condition->health);
}

static bool ancestor_allows(const struct choice *choice, const struct container *container)
{
	size_t cursor = 0;
	const char *image;

	if (!api_filters_has(&choice->filters, "ancestor"))
		return true;
	while ((image = api_filters_next(&choice->filters, "ancestor", &cursor)))
		if (image_name_fits(image, container->identity.image, container->identity.image_id))
			return true;

	return false;
}

static bool tasks_allow(const struct choice *choice)
{
	size_t cursor = 0;
	const char *value = api_filters_next(&choice->filters, "is-task", &cursor);

	/* Nothing here is a task of a swarm. */
	return !value || value[0] == '0' || value[0] == 'f' || value[0] == 'F';
}

int choice_allows(const struct choice *choice, const struct container *container)
{
	const struct condition *condition = &container->identity.condition;
	enum container_state state = container_state(container);
	uint64_t created_ns = view_created_ns(container);

	if (container->identity.infra || (!choice->all && !runs(state)) ||
	    (choice->after_ns > 0 && created_ns <= choice->after_ns) ||
	    (choice->before_ns > 0 && created_ns >= choice->before_ns) ||
	    !api_filters_allow(&choice->filters, "status", container_state_name(state)) ||
	    !api_filters_allow(&choice->filters, "health", health_word(condition)) ||
	    !api_filters_allow(&choice->filters, "isolation", "default") || !tasks_allow(choice) ||
	    !exit_allows(choice, condition, state) || !ancestor_allows(choice, container))
		return 0;
	return names_allow(choice, container);
}

static bool network_allows(const struct choice *choice, const struct view *view)
{
	const json_t *endpoint;
	const char *name, *wanted;

	if (!api_filters_has(&choice->filters, "network"))
		return true;
	if (api_filters_allow(&choice->filters, "network", view_network_mode(view)))
		return true;
	json_object_foreach (view->dossier->networks, name, endpoint) {
		const char *id = json_string_value(json_object_get(endpoint, "NetworkID"));
		size_t cursor = 0;

		while ((wanted = api_filters_next(&choice->filters, "network", &cursor)))
			if (strcmp(wanted, name) == 0 ||
			    (id && wanted[0] && strncmp(id, wanted, strlen(wanted)) == 0))
				return true;
	}

	return false;
}

static bool volume_allows(const struct choice *choice, const struct view *view)
{
	static const char *const members[] = { "Name", "Source", "Destination" };
	const json_t *mount;
	size_t i;

	if (!api_filters_has(&choice->filters, "volume"))
		return true;
	json_array_foreach (view->dossier->mounts, i, mount)
		for (size_t j = 0; j < ARRAY_SIZE(members); j++) {
			const char *text = json_string_value(json_object_get(mount, members[j]));

			if (text && api_filters_allow(&choice->filters, "volume", text))
				return true;
		}

	return false;
}

static bool port_fits(const struct choice *choice, const char *key, unsigned number,
		      const char *protocol)
{
	struct port_range range;
	size_t cursor = 0;
	const char *value;

	while ((value = api_filters_next(&choice->filters, key, &cursor)))
		if (port_range_parse(value, &range) == 0 && number >= range.first &&
		    number <= range.last &&
		    strcmp(range.protocol[0] ? range.protocol : "tcp", protocol) == 0)
			return true;

	return false;
}

/* `publish` is about numbers under which ports are reached from outside, `expose` about those that
 * the container has for them. */
static bool ports_allow(const struct choice *choice, const struct view *view, const char *key,
			bool published)
{
	struct port_cursor cursor = port_begin(view->dossier->ports);
	struct port port;

	if (!api_filters_has(&choice->filters, key))
		return true;
	while (port_next(&cursor, &port)) {
		unsigned number = published ? port.public_port : port.private_port;

		if (number > 0 && port_fits(choice, key, number, port.protocol))
			return true;
	}

	return false;
}

static const char *find_label(const void *labels, const char *key)
{
	return view_label(labels, key);
}

bool choice_allows_view(const struct choice *choice, const struct view *view)
{
	return api_filters_allow_labels(&choice->filters, "label", find_label, view) &&
	       network_allows(choice, view) && volume_allows(choice, view) &&
	       ports_allow(choice, view, "publish", true) &&
	       ports_allow(choice, view, "expose", false);
}
