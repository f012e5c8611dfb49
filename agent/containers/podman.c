/* SPDX-License-Identifier: Apache-2.0 */

/* podman: containers of podman, run by root.
 *
 * Source, best first: db.sql (podman_db.c), containers.json (podman_storage.c), and
 * DRIVER-containers/ID/userdata/config.json, the OCI specification, all below the graph root
 * /var/lib/containers/storage or the run root /run/containers/storage (storage.conf(5)).
 * Older podman keeps the rest in a BoltDB, which only podman itself can open while it runs.
 * Cgroups: libpod-ID.scope by systemd; libpod-ID by cgroupfs; libpod-payload-ID below a unit with
 * --cgroups=split. What crun makes below these belongs to the same container. */

#include "podman.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/place.h"
#include "containers/runtime.h"
#include "containers/watch.h"

struct source {
	struct podman_db db;
	struct podman_storage storage;
};

struct runtime_state {
	struct places places;
	struct source *sources; /* one for each place */
};

static const char *const default_roots[] = { "var/lib/containers/storage", "run/containers/storage",
					     NULL };

#define DRIVER_DIRECTORY(driver) driver "-containers",
static const char *const directories[] = { PODMAN_DRIVERS(DRIVER_DIRECTORY) };

static const struct {
	const char *prefix, *suffix;
} names[] = { { "libpod-", ".scope" }, { "libpod-", "" }, { "libpod-payload-", "" } };

static void podman_close(struct runtime_state *state)
{
	if (!state)
		return;
	for (size_t i = 0; state->sources && i < state->places.count; i++) {
		podman_db_close(&state->sources[i].db);
		podman_storage_close(&state->sources[i].storage);
	}
	free(state->sources);
	places_fini(&state->places);
	free(state);
}

static int podman_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	r = places_init(&state->places, place, default_roots, "");
	if (r >= 0) {
		state->sources = calloc(state->places.count, sizeof(*state->sources));
		r = state->sources ? 0 : -ENOMEM;
	}
	if (r < 0) {
		podman_close(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

/* The directories of containers.json: DRIVER-containers below each place. */
static void watch_directories(const struct runtime_state *state, const struct place *place)
{
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		CLEANUP(close_p) int fd = -1;
		char name[RUNTIME_PATH_BYTES];

		fd = openat(place->fd, directories[i],
			    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		(void) snprintf(name, sizeof(name), "%s/%s", place->path, directories[i]);
		if (fd >= 0)
			watches_add_engine(state->places.watches, fd, name);
	}
}

static int podman_refresh(struct runtime_state *state)
{
	if (places_refresh(&state->places) == 0)
		return -ENOENT;

	for (size_t i = 0; i < state->places.count; i++)
		if (state->places.list[i].fd >= 0)
			watch_directories(state, &state->places.list[i]);
	return 0;
}

static void podman_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path);

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (cgroup_take_id(leaf, names[i].prefix, names[i].suffix, ret_match->id))
			ret_match->kind = MATCH_CONTAINER;
}

/* Returns 0, -ENOENT when there is none, or another negative errno. */
static int describe_by_spec(int dir_fd, const char *id, struct identity *identity)
{
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		CLEANUP(json_decref_p) json_t *spec = NULL;
		char path[RUNTIME_ID_BYTES + 64];
		int r;

		(void) snprintf(path, sizeof(path), "%s/%s/userdata/config.json", directories[i],
				id); /* fits: id is bounded */
		if (!fd_exists_at(dir_fd, path))
			continue;
		r = metadata_read(dir_fd, path, METADATA_BYTES, identity, &spec);
		if (r >= 0)
			podman_spec_parse(spec, identity);
		return r;
	}

	return -ENOENT;
}

/* Without the database: each file of each place adds what it knows. */
static int describe_without_db(struct runtime_state *state, const char *id,
			       struct identity *identity)
{
	int worst = -ENOENT;

	for (size_t i = 0; i < state->places.count; i++) {
		int fd = state->places.list[i].fd;
		int stored, spec;

		if (fd < 0)
			continue;
		stored = podman_storage_describe(&state->sources[i].storage, fd, id, identity);
		spec = describe_by_spec(fd, id, identity);
		if (worst != 0)
			worst = stored == -ENOENT ? spec : stored;
	}

	return worst;
}

/* Returns as podman_db_describe; the first place that has the container counts. */
static int describe_by_db(struct runtime_state *state, const char *id, struct identity *identity)
{
	int worst = -ENOENT;

	for (size_t i = 0; i < state->places.count; i++) {
		int fd = state->places.list[i].fd;
		int r = fd < 0 ? -ENOENT
			       : podman_db_describe(&state->sources[i].db, fd, id, identity);

		if (r == 0 || r == -ENOMEM)
			return r;
		if (r != -ENOENT)
			worst = r;
	}

	return worst;
}

static int podman_describe(struct runtime_state *state, const char *id, const char *path,
			   struct identity *ret_identity)
{
	int db = describe_by_db(state, id, ret_identity);
	int r;

	(void) path;
	if (db == 0 || db == -ENOMEM)
		return db;

	r = describe_without_db(state, id, ret_identity);
	if (r == -ENOENT && db == -ENOENT)
		identity_explain(ret_identity,
				 "podman's files do not have it, or are not readable");
	else if (r == 0)
		identity_explain(ret_identity, "labels and start time are not in podman's files "
					       "(before 4.8 a BoltDB has them)");
	return db == -ENOENT ? r : db;
}

static uint64_t podman_stamp(struct runtime_state *state, const char *id, const char *path)
{
	uint64_t stamp = 0;

	(void) path;
	for (size_t i = 0; i < state->places.count; i++) {
		int fd = state->places.list[i].fd;
		uint64_t known = fd < 0 ? 0 : podman_db_stamp(&state->sources[i].db, fd, id);

		if (known > 0)
			return known;
		if (fd >= 0)
			stamp = stamp * 31 + podman_storage_stamp(fd);
	}

	return stamp;
}

static bool is_our_directory(const struct runtime_state *state, const char *directory)
{
	for (size_t i = 0; i < state->places.count; i++) {
		const char *path = state->places.list[i].path;
		size_t length = strlen(path);

		if (strncmp(directory, path, length) == 0 &&
		    (directory[length] == '\0' || directory[length] == '/'))
			return true;
	}

	return false;
}

/* A commit of SQLite ends with the removal of its journal. */
static void podman_changed(struct runtime_state *state, const char *directory, const char *name,
			   struct change *ret_change)
{
	static const char *const files[] = { "db.sql", "db.sql-journal", "containers.json",
					     "volatile-containers.json" };

	if (places_awaited(&state->places, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(name, files[i]) == 0 && is_our_directory(state, directory))
			ret_change->kind = CHANGE_RECENT;
}

const struct runtime runtime_podman = {
	.name = "podman",
	.where = "/var/lib/containers/storage",
	.open = podman_open,
	.close = podman_close,
	.refresh = podman_refresh,
	.match = podman_match,
	.describe = podman_describe,
	.stamp = podman_stamp,
	.changed = podman_changed,
};
