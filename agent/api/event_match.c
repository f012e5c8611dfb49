/* SPDX-License-Identifier: Apache-2.0 */

/* event_match: values of a key are alternatives, but for labels; keys all have to fit. All our
 * events are about containers. A key that names another kind of thing, as "volume", is compared
 * with the container's id and name all the same, since Docker does so. */

#include "api/event_match.h"

#include <string.h>

#include "api/event_json.h"
#include "api/image_name.h"
#include "base/cleanup.h"

#define IMAGE_BYTES EVENT_TEXT_BYTES

static const char *const known[] = {
	"config", "container", "daemon", "event",   "image", "label",  "network", "node",
	"plugin", "scope",     "secret", "service", "type",  "volume", NULL,
};
/* Those that are an id or a name, or a beginning of one. */
static const char *const things[] = {
	"config", "container", "daemon", "network", "node", "plugin", "secret", "service", "volume",
};

int event_match_parse(const char *text, struct event_match *ret_match, struct problem *ret_problem)
{
	static const char *const openings[] = { "health_status", "exec_create", "exec_start" };
	struct event_match match = { 0 };
	size_t cursor = 0;
	const char *action;
	int r = api_filters_parse(text, known, &match.filters, ret_problem);

	if (r < 0)
		return r;
	while ((action = api_filters_next(&match.filters, "event", &cursor)))
		for (size_t i = 0; i < ARRAY_SIZE(openings); i++)
			if (strcmp(action, openings[i]) == 0)
				match.actions_are_prefixes = true;
	*ret_match = match;
	return 0;
}

void event_match_fini(struct event_match *match)
{
	api_filters_fini(&match->filters);
}

/* Whether there is no such key, or one of its values begins one of the two texts. */
static bool begins(const struct filters *filters, const char *key, const char *one,
		   const char *other)
{
	size_t cursor = 0;
	const char *value;

	if (!api_filters_has(filters, key))
		return true;
	while ((value = api_filters_next(filters, key, &cursor)))
		if (strncmp(one, value, strlen(value)) == 0 ||
		    strncmp(other, value, strlen(value)) == 0)
			return true;

	return false;
}

static bool fits_action(const struct event_match *match, const struct event *event)
{
	char action[EVENT_ACTION_BYTES];

	if (!event_action_text(event, action))
		return false;
	return match->actions_are_prefixes ? begins(&match->filters, "event", action, action)
					   : api_filters_allow(&match->filters, "event", action);
}

/* The reference as configured, or as people write it, with its tag or without. */
static bool fits_image(const struct filters *filters, const struct event *event, const char *id)
{
	const char *familiar = image_name_familiar(event->image), *slash, *tag;
	char bare[IMAGE_BYTES];

	if (api_filters_allow(filters, "image", id) ||
	    api_filters_allow(filters, "image", event->image) ||
	    api_filters_allow(filters, "image", familiar))
		return true;
	slash = strrchr(familiar, '/');
	tag = strpbrk(slash ? slash : familiar, ":@");
	if (!tag)
		return false;
	memcpy(bare, familiar, (size_t) (tag - familiar));
	bare[tag - familiar] = '\0';
	return api_filters_allow(filters, "image", bare);
}

struct attributes {
	const struct event *event;
	const char *labels;
	char value[EVENT_VALUE_BYTES];
};

static const char *find_attribute(const void *userdata, const char *key)
{
	struct attributes *attributes = (struct attributes *) userdata; /* ours, below */

	return event_attribute_find(attributes->event, attributes->labels, key, attributes->value);
}

bool event_match_wants(const struct event_match *match, const struct event *event,
		       const char *labels)
{
	const struct filters *filters = &match->filters;
	struct attributes attributes = { .event = event, .labels = labels };
	char id[API_ID_BYTES];

	(void) event_id(event, id);
	if (!fits_action(match, event) || !api_filters_allow(filters, "type", "container") ||
	    !api_filters_allow(filters, "scope", "local") || !fits_image(filters, event, id))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(things); i++)
		if (!begins(filters, things[i], id, event->name))
			return false;

	return api_filters_allow_labels(filters, "label", find_attribute, &attributes);
}
