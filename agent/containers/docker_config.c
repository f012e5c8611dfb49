/* SPDX-License-Identifier: Apache-2.0 */

/* docker_config: who a container of dockerd is and how it is doing, by its files.
 *
 * Nothing here depends on where its layers are stored: images of the containerd store leave no
 * layer id in these files, and nobody needs one.
 * Health is not in them: what State.Health says is as old as the last change of state. */

#include "docker.h"

#include <errno.h>
#include <string.h>

#include "containers/metadata.h"
#include "containers/runtime.h"

static bool is_set(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

/* In the order in which docker ps decides. */
static enum container_state state_of(const json_t *state)
{
	if (!json_is_object(state))
		return STATE_UNKNOWN;
	if (is_set(state, "Running"))
		return is_set(state, "Paused")       ? STATE_PAUSED
		       : is_set(state, "Restarting") ? STATE_RESTARTING
						     : STATE_RUNNING;
	if (is_set(state, "RemovalInProgress"))
		return STATE_REMOVING;
	if (is_set(state, "Dead"))
		return STATE_DEAD;
	return metadata_time(metadata_string(state, "StartedAt")) > 0 ? STATE_EXITED
								      : STATE_CREATED;
}

static void take_condition(const json_t *config, const json_t *state, struct condition *condition)
{
	const json_t *code = json_object_get(state, "ExitCode");
	const json_t *restarts = json_object_get(config, "RestartCount");
	json_int_t exit_code = json_integer_value(code);

	condition->state = state_of(state);
	condition->finished_ns = metadata_time(metadata_string(state, "FinishedAt"));
	condition->oom_killed = is_set(state, "OOMKilled");
	/* It is set to 0 when the container starts again. */
	if (condition->state != STATE_RUNNING && condition->state != STATE_PAUSED &&
	    condition->finished_ns > 0 && json_is_integer(code) && exit_code >= INT32_MIN &&
	    exit_code <= INT32_MAX) {
		condition->has_exit_code = true;
		condition->exit_code = (int32_t) exit_code;
	}
	if (json_is_integer(restarts) && json_integer_value(restarts) >= 0) {
		condition->has_restarts = true;
		condition->restarts = (uint64_t) json_integer_value(restarts);
	}
}

static bool has_healthcheck(const json_t *inner)
{
	const json_t *test = json_object_get(json_object_get(inner, "Healthcheck"), "Test");
	const char *kind = metadata_text(json_array_get(test, 0));

	return kind && strcmp(kind, "NONE") != 0;
}

/* The first one, which is the only one as a rule. */
static int take_address(const json_t *config, struct identity *identity)
{
	static const char *const keys[] = { "IPAddress", "GlobalIPv6Address" };
	json_t *networks = json_object_get(json_object_get(config, "NetworkSettings"), "Networks");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		void *member = json_object_iter(networks);

		for (; member; member = json_object_iter_next(networks, member)) {
			int r = metadata_take(json_object_iter_value(member), keys[i],
					      &identity->address);

			if (r < 0 || identity->address)
				return r;
		}
	}

	return 0;
}

static int take_names(const json_t *config, const json_t *inner, struct identity *identity)
{
	const char *name = metadata_string(config, "Name");
	int r = 0;

	if (name && name[0] == '/')
		name++;
	if (name && name[0] != '\0')
		r = identity_set(&identity->name, name, strlen(name));
	if (r >= 0)
		r = metadata_take(inner, "Image", &identity->image);
	if (r >= 0)
		r = metadata_take(config, "Image", &identity->image_id);
	return r;
}

int docker_config_parse(const json_t *config, const char *id, bool has_cgroup,
			struct identity *identity)
{
	const json_t *inner = json_object_get(config, "Config");
	const json_t *state = json_object_get(config, "State");
	const json_t *labels = json_object_get(inner, "Labels");
	const char *file_id = metadata_string(config, "ID");
	int r;

	if (!json_is_object(inner)) {
		identity_explain(identity, "config.v2.json: not what Docker writes");
		return -EBADMSG;
	}
	if (file_id && strcmp(file_id, id) != 0) {
		identity_explain(identity, "config.v2.json: describes another container");
		return -EBADMSG;
	}

	identity->created_ns = metadata_time(metadata_string(config, "Created"));
	/* While it is being started again the file has the time of the run before. */
	if (!has_cgroup || is_set(state, "Running"))
		identity->started_ns = metadata_time(metadata_string(state, "StartedAt"));
	take_condition(config, state, &identity->condition);
	if (!has_healthcheck(inner))
		identity->condition.health = HEALTH_NONE;
	r = take_names(config, inner, identity);
	if (r >= 0)
		r = metadata_labels(labels, identity);
	/* Kubernetes through cri-dockerd. */
	if (r >= 0)
		r = metadata_take(labels, "io.kubernetes.pod.name", &identity->pod);
	if (r >= 0)
		r = take_address(config, identity);
	if (r >= 0 && !identity->name)
		identity_explain(identity, "config.v2.json: has no name");
	return r;
}

void docker_hostconfig_parse(const json_t *hostconfig, struct identity *identity)
{
	const char *mode = metadata_string(hostconfig, "NetworkMode");

	identity->host_network = mode && strcmp(mode, "host") == 0;
}
