/* SPDX-License-Identifier: Apache-2.0 */

/* docker_health: answers of Docker's API, read. */

#include "docker_health.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

static json_t *load(const char *text, size_t length)
{
	struct identity unused = { 0 };
	json_t *json = NULL;

	(void) metadata_parse(text, length, "answer", &unused, &json); /* NULL then */
	identity_fini(&unused);
	return json;
}

static bool take_id(const char *id, struct docker_health *health)
{
	if (!id || !cgroup_is_id(id))
		return false;
	memcpy(health->id, id, sizeof(health->id));
	return true;
}

/* {"Status": "healthy", "FailingStreak": 0}; null without a healthcheck. */
static void take_health(const json_t *object, struct docker_health *health)
{
	const json_t *streak = json_object_get(object, "FailingStreak");

	health->status = health_status_parse(metadata_string(object, "Status"));
	if (json_is_integer(streak) && json_integer_value(streak) >= 0 &&
	    json_integer_value(streak) <= UINT32_MAX) {
		health->has_streak = true;
		health->streak = (uint32_t) json_integer_value(streak);
	}
}

/* "Up 2 hours (healthy)": all that older versions tell in a list. */
static enum health_status status_of(const char *text)
{
	static const struct {
		const char *mark;
		enum health_status status;
	} marks[] = {
		{ "(healthy)", HEALTH_HEALTHY },
		{ "(unhealthy)", HEALTH_UNHEALTHY },
		{ "(health: starting)", HEALTH_STARTING },
	};

	for (size_t i = 0; text && i < ARRAY_SIZE(marks); i++)
		if (strstr(text, marks[i].mark))
			return marks[i].status;

	return HEALTH_UNKNOWN;
}

int docker_health_list(const char *text, size_t length,
		       void (*found)(const struct docker_health *health, void *userdata),
		       void *userdata)
{
	CLEANUP(json_decref_p) json_t *list = load(text, length);
	const json_t *container;
	size_t i;

	if (!json_is_array(list))
		return -EBADMSG;

	json_array_foreach (list, i, container) {
		struct docker_health health = { 0 };

		if (!take_id(metadata_string(container, "Id"), &health))
			continue;
		take_health(json_object_get(container, "Health"), &health);
		if (health.status == HEALTH_UNKNOWN)
			health.status = status_of(metadata_string(container, "Status"));
		if (health.status != HEALTH_UNKNOWN)
			found(&health, userdata);
	}

	return 0;
}

int docker_health_inspect(const char *text, size_t length, struct docker_health *ret_health)
{
	CLEANUP(json_decref_p) json_t *container = load(text, length);
	struct docker_health health = { 0 };

	if (!take_id(metadata_string(container, "Id"), &health))
		return -EBADMSG;
	take_health(json_object_get(json_object_get(container, "State"), "Health"), &health);
	*ret_health = health;
	return 0;
}

int docker_health_event(const char *text, size_t length, struct docker_health *ret_health)
{
	static const char prefix[] = "health_status: ";
	CLEANUP(json_decref_p) json_t *event = load(text, length);
	const char *action = metadata_string(event, "Action");
	struct docker_health health = { 0 };

	if (!take_id(metadata_string(json_object_get(event, "Actor"), "ID"), &health) &&
	    !take_id(metadata_string(event, "id"), &health))
		return -EBADMSG;
	if (action && strncmp(action, prefix, strlen(prefix)) == 0)
		health.status = health_status_parse(action + strlen(prefix));
	*ret_health = health;
	return 0;
}
