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

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
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

/* The `containers` directory that has this container, or NULL. */
static const struct place *place_of(const struct runtime_state *state, const char *id)
{
	for (size_t i = 0; i < state->places.count; i++) {
		const struct place *place = &state->places.list[i];

		if (place->fd >= 0 && fd_exists_at(place->fd, id))
			return place;
	}

	return NULL;
}

static void docker_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path);

	if (cgroup_take_id(leaf, "docker-", ".scope", ret_match->id) ||
	    (cgroup_take_id(leaf, "", "", ret_match->id) &&
	     (cgroup_parent_is(path, "docker") || place_of(state, leaf))))
		ret_match->kind = MATCH_CONTAINER;
}

static int read_files(int fd, const char *id, bool has_cgroup, struct identity *ret_identity)
{
	CLEANUP(json_decref_p) json_t *config = NULL;
	CLEANUP(json_decref_p) json_t *hostconfig = NULL;
	int r, network;

	r = metadata_read(fd, "config.v2.json", METADATA_BYTES, ret_identity, &config);
	if (r >= 0)
		r = docker_config_parse(config, id, has_cgroup, ret_identity);

	network = metadata_read(fd, "hostconfig.json", METADATA_BYTES, ret_identity, &hostconfig);
	if (network >= 0)
		docker_hostconfig_parse(hostconfig, ret_identity);
	if (r < 0)
		return r;
	return network == -ENOENT ? 0 : network; /* the container is known all the same */
}

/* Opens the container's directory. Returns a descriptor, or a negative errno with the reason. */
static int open_container(const struct place *place, const char *id, struct identity *identity)
{
	int fd;

	if (!place) {
		identity_explain(identity, "config.v2.json: in no data root that is known and "
					   "readable");
		return -ENOENT;
	}
	fd = openat(place->fd, id, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		int r = errno == ENOTDIR ? -ELOOP : -errno;

		metadata_explain(identity, "config.v2.json", r);
		return r;
	}

	return fd;
}

static int docker_describe(struct runtime_state *state, const char *id, const char *path,
			   struct identity *ret_identity)
{
	CLEANUP(close_p) int fd = open_container(place_of(state, id), id, ret_identity);
	char name[sizeof(WATCH_NAME) + RUNTIME_ID_BYTES];

	if (fd < 0)
		return fd;

	/* Watched before it is read, so that no change falls in between. */
	(void) snprintf(name, sizeof(name), WATCH_NAME "%s", id);
	watches_add_engine(state->places.watches, fd, name);
	return read_files(fd, id, path != NULL, ret_identity);
}

/* A directory of dockerd; a name in it that is no id is not asked about. */
static int list_place(int place_fd, size_t *left, void (*found)(const char *id, void *userdata),
		      void *userdata)
{
	int fd = openat(place_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd); /* takes it */
	struct dirent *entry;

	if (!directory) {
		int r = -errno;

		close_p(&fd);
		return r;
	}
	while (*left > 0 && (entry = readdir(directory)) != NULL) {
		if (!cgroup_is_id(entry->d_name))
			continue;
		found(entry->d_name, userdata);
		(*left)--;
	}
	(void) closedir(directory); /* it was only read */
	return 0;
}

static int docker_list(struct runtime_state *state, size_t max,
		       void (*found)(const char *id, void *userdata), void *userdata)
{
	int worst = 0;

	for (size_t i = 0; i < state->places.count; i++) {
		int fd = state->places.list[i].fd;
		int r = fd < 0 ? 0 : list_place(fd, &max, found, userdata);

		if (r < 0)
			worst = r;
	}

	return worst;
}

/* DATA-ROOT, of DATA-ROOT/containers; "" when the path is not so. */
static void data_root_of(const struct place *place, char *ret_root, size_t size)
{
	const char *end = strrchr(place->path, '/');

	ret_root[0] = '\0';
	if (end)
		(void) snprintf(ret_root, size, "/%.*s", (int) (end - place->path), place->path);
}

static int docker_inspect(struct runtime_state *state, const char *id, const char *path,
			  struct dossier *ret_dossier)
{
	CLEANUP(json_decref_p) json_t *config = NULL;
	CLEANUP(json_decref_p) json_t *hostconfig = NULL;
	CLEANUP(close_p) int fd = -1;
	const struct place *place = place_of(state, id);
	struct identity unused = { 0 };
	char root[RUNTIME_PATH_BYTES];
	int r;

	(void) path;
	fd = r = open_container(place, id, &unused);
	if (r >= 0)
		r = metadata_read(fd, "config.v2.json", METADATA_BYTES, &unused, &config);
	if (r >= 0) {
		data_root_of(place, root, sizeof(root));
		r = docker_dossier_parse(config, root, ret_dossier);
	}
	if (fd >= 0 &&
	    metadata_read(fd, "hostconfig.json", METADATA_BYTES, &unused, &hostconfig) == 0)
		docker_dossier_host_config(hostconfig, ret_dossier);
	identity_fini(&unused);
	return r;
}

static uint64_t docker_stamp(struct runtime_state *state, const char *id, const char *path)
{
	const struct place *place = place_of(state, id);
	char file[RUNTIME_ID_BYTES + sizeof("/config.v2.json")];
	uint64_t stamp;

	if (!place)
		return 0;

	(void) snprintf(file, sizeof(file), "%s/config.v2.json", id); /* fits: id is bounded */
	stamp = metadata_stamp(place->fd, file);
	return path || stamp == 0 ? stamp : ~stamp; /* more is told of one without cgroup */
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
	.list = docker_list,
	.inspect = docker_inspect,
	.changed = docker_changed,
};
