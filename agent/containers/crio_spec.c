/* SPDX-License-Identifier: Apache-2.0 */

/* crio_spec: config.json and state.json in a container's userdata directory.
 *
 * Source: annotations of CRI-O (pkg/annotations, "io.kubernetes.cri-o."); its state is that of the
 * OCI runtime specification with times and exit code. The labels of the kubelet stand in an
 * annotation, as JSON in a string. */

#include "crio.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "containers/kubernetes.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

#define CRIO     "io.kubernetes.cri-o."
#define RESTARTS "io.kubernetes.container.restartCount"

enum crio_kind crio_spec_kind(const json_t *spec)
{
	const json_t *annotations = json_object_get(spec, "annotations");
	const char *manager = metadata_string(annotations, "io.container.manager");
	const char *type = metadata_string(annotations, CRIO "ContainerType");

	/* `podman kube play` writes a type, too. */
	if (!type || (manager && strcmp(manager, "cri-o") != 0))
		return CRIO_NONE;

	return strcmp(type, "sandbox") == 0 ? CRIO_SANDBOX : CRIO_CONTAINER;
}

static int take_names(const json_t *annotations, struct identity *identity)
{
	CLEANUP(json_decref_p) json_t *labels = NULL;
	const char *text = metadata_string(annotations, CRIO "Labels");
	struct kubernetes_names names = { 0 };
	int r = 0;

	/* What cannot be parsed is as good as absent; the reason is noted. */
	if (text &&
	    metadata_parse(text, strlen(text), "config.json: labels", identity, &labels) == -ENOMEM)
		return -ENOMEM;

	names.container = metadata_string(labels, "io.kubernetes.container.name");
	names.pod = metadata_string(labels, "io.kubernetes.pod.name");
	names.namespace = metadata_string(labels, "io.kubernetes.pod.namespace");
	names.uid = metadata_string(labels, "io.kubernetes.pod.uid");
	if (!names.namespace)
		names.namespace = metadata_string(annotations, CRIO "Namespace");
	r = kubernetes_describe(&names, identity);
	if (r >= 0)
		r = metadata_labels(labels, identity);
	if (r >= 0 && !identity->name)
		r = metadata_take(annotations, CRIO "Name", &identity->name);
	return r;
}

static int take_image(const json_t *annotations, struct identity *identity)
{
	int r = metadata_take(annotations, CRIO "ImageName", &identity->image);

	if (r >= 0 && !identity->image)
		r = metadata_take(annotations, CRIO "Image", &identity->image);
	if (r >= 0)
		r = metadata_take(annotations, CRIO "ImageRef", &identity->image_id);
	if (r >= 0)
		r = metadata_take(annotations, CRIO "IP.0", &identity->address);
	return r;
}

static void take_restarts(const json_t *annotations, struct condition *condition)
{
	const char *text = metadata_string(annotations, RESTARTS);
	uint64_t restarts;

	if (!text || parse_u64((struct slice){ text, strlen(text) }, &restarts) < 0)
		return;
	condition->has_restarts = true;
	condition->restarts = restarts;
}

int crio_spec_parse(const json_t *spec, const char *id, struct identity *identity)
{
	const json_t *annotations = json_object_get(spec, "annotations");
	const json_t *namespaces = json_object_get(json_object_get(spec, "linux"), "namespaces");
	const char *file_id = metadata_string(annotations, CRIO "ContainerID");
	enum crio_kind kind = crio_spec_kind(spec);
	int r;

	if (kind == CRIO_NONE) {
		identity_explain(identity, "config.json: not what CRI-O writes");
		return -EBADMSG;
	}
	if (file_id && strcmp(file_id, id) != 0) {
		identity_explain(identity, "config.json: describes another container");
		return -EBADMSG;
	}

	identity->created_ns = metadata_time(metadata_string(annotations, CRIO "Created"));
	identity->host_network =
		json_is_array(namespaces) && !metadata_has_namespace(namespaces, "network");
	identity->infra = kind == CRIO_SANDBOX;
	take_restarts(annotations, &identity->condition);
	r = take_names(annotations, identity);
	return r < 0 ? r : take_image(annotations, identity);
}

static enum container_state state_of(const char *status)
{
	static const struct {
		const char *status;
		enum container_state state;
	} words[] = {
		{ "creating", STATE_CREATED }, { "created", STATE_CREATED },
		{ "running", STATE_RUNNING },  { "paused", STATE_PAUSED },
		{ "stopped", STATE_EXITED },
	};

	for (size_t i = 0; status && i < ARRAY_SIZE(words); i++)
		if (strcmp(status, words[i].status) == 0)
			return words[i].state;

	return STATE_UNKNOWN;
}

void crio_state_parse(const json_t *state, const char *id, struct identity *identity)
{
	const json_t *exit_code = json_object_get(state, "exitCode");
	const char *file_id = metadata_string(state, "id");
	struct condition *condition = &identity->condition;
	json_int_t code = json_integer_value(exit_code);

	if (file_id && strcmp(file_id, id) != 0)
		return;

	condition->state = state_of(metadata_string(state, "status"));
	if (condition->state == STATE_RUNNING || condition->state == STATE_PAUSED)
		identity->started_ns = metadata_time(metadata_string(state, "started"));
	if (condition->state != STATE_EXITED)
		return;

	condition->finished_ns = metadata_time(metadata_string(state, "finished"));
	condition->oom_killed = json_is_true(json_object_get(state, "oomKilled"));
	condition->has_exit_code =
		json_is_integer(exit_code) && code >= INT32_MIN && code <= INT32_MAX;
	condition->exit_code = condition->has_exit_code ? (int32_t) code : 0;
}
