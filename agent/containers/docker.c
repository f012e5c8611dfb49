/* SPDX-License-Identifier: Apache-2.0 */

/* docker: containers of dockerd.
 *
 * Source: DATA-ROOT/containers/ID/{config.v2.json,hostconfig.json}, which dockerd replaces by
 * rename at each change of state. The data root is /var/lib/docker, or "data-root" in
 * /etc/docker/daemon.json (dockerd(8)), or in the configuration.
 * Cgroups: docker-ID.scope by the systemd driver; .../docker/ID by the cgroupfs driver; ID below
 * any other parent when --cgroup-parent was given, which only the files can tell from other
 * engines'. */

#include "docker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/place.h"
#include "containers/runtime.h"
#include "containers/watch.h"

#define DAEMON_JSON_BYTES 65536     /* an administrator's file, some hundred bytes as a rule */
#define WATCH_NAME        "docker:" /* and the id: a directory of one container, in watch events */

struct runtime_state {
	struct places places; /* DATA-ROOT/containers */
	bool configured;
};

static const char *const default_roots[] = { "var/lib/docker", NULL };

static void docker_close(struct runtime_state *state)
{
	if (!state)
		return;
	places_fini(&state->places);
	free(state);
}

static int docker_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	state->configured = place->places && place->places[0];
	r = places_init(&state->places, place, default_roots, "containers");
	if (r < 0) {
		free(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

/* What cannot be read changes nothing: dockerd itself may run with flags only. */
static void add_data_root(struct places *places)
{
	CLEANUP(json_decref_p) json_t *daemon = NULL;
	struct identity unused = { 0 };
	const char *root;

	if (metadata_read(places->root_fd, "etc/docker/daemon.json", DAEMON_JSON_BYTES, &unused,
			  &daemon) == 0) {
		root = metadata_string(daemon, "data-root");
		if (root)
			(void) places_add(places, root, "containers"); /* no memory: next time */
	}
	identity_fini(&unused);
}

static int docker_refresh(struct runtime_state *state)
{
	if (!state->configured)
		add_data_root(&state->places);

	return places_refresh(&state->places) > 0 ? 0 : -ENOENT;
}

/* The `containers` directory that has this container, or -1. */
static int place_of(const struct runtime_state *state, const char *id)
{
	for (size_t i = 0; i < state->places.count; i++) {
		int fd = state->places.list[i].fd;

		if (fd >= 0 && fd_exists_at(fd, id))
			return fd;
	}

	return -1;
}

static void docker_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path);

	if (cgroup_take_id(leaf, "docker-", ".scope", ret_match->id) ||
	    (cgroup_take_id(leaf, "", "", ret_match->id) &&
	     (cgroup_parent_is(path, "docker") || place_of(state, leaf) >= 0)))
		ret_match->kind = MATCH_CONTAINER;
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

int docker_config_parse(const json_t *config, const char *id, struct identity *identity)
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
	if (json_is_true(json_object_get(state, "Running")))
		identity->started_ns = metadata_time(metadata_string(state, "StartedAt"));
	r = take_names(config, inner, identity);
	if (r >= 0)
		r = metadata_labels(labels, identity);
	/* Kubernetes through cri-dockerd. */
	if (r >= 0)
		r = metadata_take(labels, "io.kubernetes.pod.name", &identity->pod);
	if (r >= 0 && !identity->name)
		identity_explain(identity, "config.v2.json: has no name");
	return r;
}

void docker_hostconfig_parse(const json_t *hostconfig, struct identity *identity)
{
	const char *mode = metadata_string(hostconfig, "NetworkMode");

	identity->host_network = mode && strcmp(mode, "host") == 0;
}

static int read_files(int fd, const char *id, struct identity *ret_identity)
{
	CLEANUP(json_decref_p) json_t *config = NULL;
	CLEANUP(json_decref_p) json_t *hostconfig = NULL;
	int r, network;

	r = metadata_read(fd, "config.v2.json", METADATA_BYTES, ret_identity, &config);
	if (r >= 0)
		r = docker_config_parse(config, id, ret_identity);

	network = metadata_read(fd, "hostconfig.json", METADATA_BYTES, ret_identity, &hostconfig);
	if (network >= 0)
		docker_hostconfig_parse(hostconfig, ret_identity);
	if (r < 0)
		return r;
	return network == -ENOENT ? 0 : network; /* the container is known all the same */
}

static int docker_describe(struct runtime_state *state, const char *id, const char *path,
			   struct identity *ret_identity)
{
	CLEANUP(close_p) int fd = -1;
	char name[sizeof(WATCH_NAME) + RUNTIME_ID_BYTES];
	int place_fd = place_of(state, id);

	(void) path;
	if (place_fd < 0) {
		identity_explain(ret_identity, "config.v2.json: in no data root that is known and "
					       "readable");
		return -ENOENT;
	}
	fd = openat(place_fd, id, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		int r = errno == ENOTDIR ? -ELOOP : -errno;

		metadata_explain(ret_identity, "config.v2.json", r);
		return r;
	}

	/* Watched before it is read, so that no change falls in between. */
	(void) snprintf(name, sizeof(name), WATCH_NAME "%s", id);
	watches_add_engine(state->places.watches, fd, name);
	return read_files(fd, id, ret_identity);
}

static uint64_t docker_stamp(struct runtime_state *state, const char *id, const char *path)
{
	int place_fd = place_of(state, id);
	char file[RUNTIME_ID_BYTES + sizeof("/config.v2.json")];

	(void) path;
	if (place_fd < 0)
		return 0;

	(void) snprintf(file, sizeof(file), "%s/config.v2.json", id); /* fits: id is bounded */
	return metadata_stamp(place_fd, file);
}

static void container_changed(const char *id, struct change *ret_change)
{
	if (!cgroup_is_id(id))
		return;

	ret_change->kind = CHANGE_CONTAINER;
	(void) snprintf(ret_change->text, sizeof(ret_change->text), "%s", id); /* 64 digits */
}

static void docker_changed(struct runtime_state *state, const char *directory, const char *name,
			   struct change *ret_change)
{
	if (strncmp(directory, WATCH_NAME, strlen(WATCH_NAME)) == 0) {
		if (strcmp(name, "config.v2.json") == 0)
			container_changed(directory + strlen(WATCH_NAME), ret_change);
	} else if (places_named(&state->places, directory)) {
		container_changed(name, ret_change);
	} else if (places_awaited(&state->places, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
	}
}

const struct runtime runtime_docker = {
	.name = "docker",
	.where = "/var/lib/docker/containers",
	.open = docker_open,
	.close = docker_close,
	.refresh = docker_refresh,
	.match = docker_match,
	.describe = docker_describe,
	.stamp = docker_stamp,
	.changed = docker_changed,
};
