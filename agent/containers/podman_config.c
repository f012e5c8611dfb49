/* SPDX-License-Identifier: Apache-2.0 */

/* podman_config: podman's JSON documents about one container, wherever they are kept. */

#include "podman.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

/* libpod's numbers of running, paused and stopping. */
static const json_int_t running_states[] = { 3, 5, 8 };

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

void podman_state_parse(const json_t *state, struct identity *identity)
{
	json_int_t status = json_integer_value(json_object_get(state, "state")); /* 0: none */

	/* While it is being started again, the time is that of the run before. */
	for (size_t i = 0; i < ARRAY_SIZE(running_states); i++)
		if (status == running_states[i])
			identity->started_ns = metadata_time(metadata_string(state, "startedTime"));
}

void podman_spec_parse(const json_t *spec, struct identity *identity)
{
	const json_t *annotations = json_object_get(spec, "annotations");

	identity->host_network |= uses_host_network(NULL, spec);
	if (identity->created_ns == 0)
		identity->created_ns =
			metadata_time(metadata_string(annotations, "io.kubernetes.cri-o.Created"));
}
