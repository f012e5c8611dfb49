/* SPDX-License-Identifier: Apache-2.0 */

/* view: where each thing that clients ask for is known from, and what stands in for it. */

#include "api/view.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/dossiers.h"
#include "api/lookup.h"
#include "base/clock.h"
#include "containers/cgroup_name.h"

struct view view_of(struct api *api, const struct container *container)
{
	struct view view = {
		.container = container,
		.dossier = dossiers_get(api->dossiers, container),
		.state = container_state(container),
	};

	(void) api_id(container, view.id);
	return view;
}

const struct container *view_next(const struct api *api, const struct container *after)
{
	do
		after = registry_next(api->host.registry, after);
	while (after && !container_is_shown(after));
	return after;
}

uint64_t view_created_ns(const struct container *container)
{
	if (container->identity.created_ns > 0)
		return container->identity.created_ns;
	return container->identity.started_ns > 0 ? container->identity.started_ns
						  : container->came_ns;
}

/* What runs and was there before us, by nobody's word, began when it was first seen at the latest:
 * better than nothing where clients need a time. */
uint64_t view_started_ns(const struct container *container)
{
	if (container->identity.started_ns > 0)
		return container->identity.started_ns;
	return container->ended_ns == 0 && !container->stopped ? container->came_ns : 0;
}

const char *view_image(const struct container *container)
{
	const struct identity *identity = &container->identity;

	if (identity->image)
		return identity->image;
	return identity->image_id ? identity->image_id : "";
}

const char *view_image_id(const struct container *container, char ret_id[IMAGE_ID_BYTES])
{
	const char *id = container->identity.image_id;

	(void) snprintf(ret_id, IMAGE_ID_BYTES, "%s%s", id && cgroup_is_id(id) ? "sha256:" : "",
			id ? id : "");
	return ret_id;
}

const char *view_network_mode(const struct view *view)
{
	const char *mode =
		json_string_value(json_object_get(view->dossier->host_config, "NetworkMode"));

	if (mode && mode[0])
		return strcmp(mode, "default") == 0 ? "bridge" : mode;
	return view->container->identity.host_network ? "host" : "";
}

/* All labels, from the engine's own file; the identity's are cut where they are many. */
static const json_t *labels_of(const struct view *view)
{
	const json_t *labels = json_object_get(view->dossier->config, "Labels");

	return json_is_object(labels) ? labels : NULL;
}

static bool identity_label_next(const char **cursor, const char **ret_key, const char **ret_value)
{
	if (!*cursor || **cursor == '\0')
		return false;
	*ret_key = *cursor;
	*ret_value = *ret_key + strlen(*ret_key) + 1;
	*cursor = *ret_value + strlen(*ret_value) + 1;
	return true;
}

const char *view_label(const struct view *view, const char *key)
{
	const char *cursor = view->container->identity.labels, *at, *value;

	if (strcmp(key, LABEL_ENGINE) == 0)
		return view->container->runtime->name;
	if (labels_of(view))
		return json_string_value(json_object_get(labels_of(view), key));
	while (identity_label_next(&cursor, &at, &value))
		if (strcmp(at, key) == 0)
			return value;

	return NULL;
}

static void write_file_labels(struct json_out *json, const json_t *labels)
{
	const char *key;
	const json_t *value;

	json_object_foreach ((json_t *) labels, key, value)
		if (json_is_string(value) && strcmp(key, LABEL_ENGINE) != 0)
			json_member_text(json, key, json_string_value(value));
}

static void write_identity_labels(struct json_out *json, const char *cursor)
{
	const char *key, *value;

	while (identity_label_next(&cursor, &key, &value))
		if (strcmp(key, LABEL_ENGINE) != 0)
			json_member_text(json, key, value);
}

void view_write_labels(struct json_out *json, const char *key, const struct view *view)
{
	json_open(json, key, '{');
	if (labels_of(view))
		write_file_labels(json, labels_of(view));
	else
		write_identity_labels(json, view->container->identity.labels);
	json_text(json, LABEL_ENGINE, view->container->runtime->name);
	json_close(json, '}');
}

/* Whoever is unhealthy has failed: a streak of 0 is one that the engine did not tell. */
void view_write_health(struct json_out *json, const struct condition *condition)
{
	json_text(json, "Status", health_status_name(condition->health));
	if (condition->failing_streak > 0 || condition->health != HEALTH_UNHEALTHY)
		json_u64(json, "FailingStreak", condition->failing_streak);
}

const char *view_time(uint64_t ns, char ret_text[VIEW_TIME_BYTES])
{
	time_t seconds = (time_t) (ns / NSEC_PER_SEC);
	struct tm tm;
	size_t length;

	if (ns == 0 || !gmtime_r(&seconds, &tm)) {
		(void) snprintf(ret_text, VIEW_TIME_BYTES, "0001-01-01T00:00:00Z");
		return ret_text;
	}
	length = strftime(ret_text, VIEW_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);
	(void) snprintf(ret_text + length, VIEW_TIME_BYTES - length, ".%09lluZ",
			(unsigned long long) (ns % NSEC_PER_SEC));
	return ret_text;
}
