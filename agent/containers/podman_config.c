/* SPDX-License-Identifier: Apache-2.0 */

/* podman_config: podman's JSON documents about one container, wherever they are kept. */

#include "podman.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

/* libpod's numbers (define/containerstate.go). Stopped: conmon has not been cleaned up yet. */
static const enum container_state states[] = {
	[0] = STATE_UNKNOWN, [1] = STATE_CREATED,                     /* configured */
	[2] = STATE_CREATED, [3] = STATE_RUNNING, [4] = STATE_EXITED, /* stopped */
	[5] = STATE_PAUSED,  [6] = STATE_EXITED,  [7] = STATE_REMOVING,
	[8] = STATE_RUNNING, /* stopping */
};

#define PAUSE_IMAGE "localhost/podman-pause"

static bool uses_host_network(const json_t *config, const json_t *spec)
{
	const json_t *namespaces = json_object_get(json_object_get(spec, "linux"), "namespaces");
	const char *mode = metadata_string(config, "networkMode");

	if (mode)
		return strcmp(mode, "host") == 0;
	/* The network of another container or pod stands elsewhere. */
	return json_is_array(namespaces) && !metadata_string(config, "netNsCtr") &&
	       !metadata_has_namespace(namespaces, "network");
}

int podman_config_parse(const json_t *config, struct identity *identity)
{
	int r = 0;

	identity->created_ns = metadata_time(metadata_string(config, "createdTime"));
	identity->host_network = uses_host_network(config, json_object_get(config, "spec"));
	identity->infra = json_is_true(json_object_get(config, "pause")); /* IsInfra */
	identity->condition.health =
		podman_config_has_healthcheck(config) ? HEALTH_UNKNOWN : HEALTH_NONE;

	if (!identity->name)
		r = metadata_take(config, "name", &identity->name);
	if (r >= 0 && !identity->pod)
		r = metadata_take(config, "pod", &identity->pod);
	if (r >= 0)
		r = metadata_take(config, "rootfsImageName", &identity->image);
	if (r >= 0 && !identity->image)
		r = metadata_take(config, "RawImageName", &identity->image);
	if (r >= 0)
		r = metadata_take(config, "rootfsImageID", &identity->image_id);
	if (r >= 0)
		r = metadata_labels(json_object_get(config, "labels"), identity);
	return r;
}

/* How the last run ended; while another one runs, podman has forgotten. */
static void take_ending(const json_t *state, struct condition *condition)
{
	json_int_t code = json_integer_value(json_object_get(state, "exitCode")); /* 0: left out */

	condition->finished_ns = metadata_time(metadata_string(state, "finishedTime"));
	condition->oom_killed = json_is_true(json_object_get(state, "oomKilled"));
	if (condition->state != STATE_EXITED && !json_is_true(json_object_get(state, "exited")))
		return;

	condition->has_exit_code = code >= INT32_MIN && code <= INT32_MAX;
	condition->exit_code = condition->has_exit_code ? (int32_t) code : 0;
}

/* The first address of the first interface: "10.88.0.2/16". Returns 0 or -ENOMEM. */
static int take_address(const json_t *state, struct identity *identity)
{
	const char *network, *name;
	json_t *status, *interface;

	json_object_foreach (json_object_get(state, "networkStatus"), network, status) {
		json_object_foreach (json_object_get(status, "interfaces"), name, interface) {
			const json_t *subnet =
				json_array_get(json_object_get(interface, "subnets"), 0);
			const char *text = metadata_string(subnet, "ipnet");

			if (text && text[0] != '/')
				return identity_set(&identity->address, text, strcspn(text, "/"));
		}
	}

	return 0;
}

void podman_state_parse(const json_t *state, struct identity *identity)
{
	struct condition *condition = &identity->condition;
	json_int_t number = json_integer_value(json_object_get(state, "state")); /* 0: none */
	json_int_t restarts = json_integer_value(json_object_get(state, "restartCount"));

	if (!json_is_object(state))
		return;
	if (number > 0 && (size_t) number < ARRAY_SIZE(states))
		condition->state = states[number];
	condition->has_restarts = restarts >= 0;
	condition->restarts = restarts >= 0 ? (uint64_t) restarts : 0;
	take_ending(state, condition);

	/* While it is being started again, the time is that of the run before. */
	if (condition->state != STATE_RUNNING && condition->state != STATE_PAUSED)
		return;
	identity->started_ns = metadata_time(metadata_string(state, "startedTime"));
	(void) take_address(state, identity); /* no memory: unknown */
}

bool podman_is_pause_image(const char *image)
{
	return image && strncmp(image, PAUSE_IMAGE, strlen(PAUSE_IMAGE)) == 0;
}

bool podman_config_has_healthcheck(const json_t *config)
{
	const json_t *test = json_object_get(json_object_get(config, "healthcheck"), "Test");
	const char *kind = metadata_text(json_array_get(test, 0));

	return kind && strcmp(kind, "NONE") != 0;
}

void podman_spec_parse(const json_t *spec, struct identity *identity)
{
	const json_t *annotations = json_object_get(spec, "annotations");

	identity->host_network |= uses_host_network(NULL, spec);
	if (identity->created_ns == 0)
		identity->created_ns =
			metadata_time(metadata_string(annotations, "io.kubernetes.cri-o.Created"));
}
