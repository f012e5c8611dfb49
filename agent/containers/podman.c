/* SPDX-License-Identifier: Apache-2.0 */

/* podman: containers of podman, run by root or by any user.
 *
 * Root's files are below the graph root /var/lib/containers/storage and the run root
 * /run/containers/storage (storage.conf(5)); users have both of their own (podman_users.c). What is
 * in them: podman.h.
 * Cgroups: libpod-ID.scope by systemd; libpod-ID by cgroupfs; libpod-payload-ID below a unit with
 * --cgroups=split. What crun makes below these belongs to the same container. Those of a user are
 * below the slice of the user's session: that tells whose files are asked, and nobody else's are.
 */

#include "podman.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/place.h"
#include "containers/podman_store.h"
#include "containers/podman_stores.h"
#include "containers/runtime.h"

#define RUN_ROOT      "run/containers/storage"
#define TMP_DIRECTORY "run/libpod"
#define WATCH_NAME    "podman:" /* and the id: results of one container's healthchecks */

struct runtime_state {
	struct places places; /* graph roots that are configured; or root's, and the run root */
	bool configured;
	struct podman_stores stores;
};

static const char *const default_roots[] = { "var/lib/containers/storage", RUN_ROOT, NULL };

static const struct {
	const char *prefix, *suffix;
} names[] = { { "libpod-", ".scope" }, { "libpod-", "" }, { "libpod-payload-", "" } };

static void podman_close(struct runtime_state *state)
{
	if (!state)
		return;
	podman_stores_fini(&state->stores);
	places_fini(&state->places);
	free(state);
}

static int podman_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	state->configured = place->places && place->places[0];
	state->stores.root_fd = place->root_fd;
	state->stores.watches = place->watches;
	r = places_init(&state->places, place, default_roots, "");
	if (r < 0) {
		podman_close(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

static int duplicate(int fd)
{
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/* What root's podman has besides the graph root. */
static void refresh_root(struct runtime_state *state, struct podman_store *store)
{
	const struct place *run = state->configured ? NULL : places_named(&state->places, RUN_ROOT);

	if (run) {
		close_p(&store->run_fd);
		store->run_fd = duplicate(run->fd);
		podman_store_name(&store->run_path, RUN_ROOT);
	}
	close_p(&store->tmp_fd);
	store->tmp_fd = openat(state->stores.root_fd, TMP_DIRECTORY,
			       O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	podman_store_name(&store->tmp_path, TMP_DIRECTORY);
}

/* A graph root that is root's, or that the administrator named: its owner is whose it is. */
static void refresh_place(struct runtime_state *state, const struct place *place)
{
	struct podman_store *store;
	struct stat status;

	if (place->fd < 0 || fstat(place->fd, &status) < 0 ||
	    (!state->configured && strcmp(place->path, RUN_ROOT) == 0))
		return;
	if (!state->configured)
		status.st_uid = 0;
	store = podman_stores_get(&state->stores, place->path, status.st_uid);
	if (!store)
		return;

	store->configured = state->configured;
	store->rootless = status.st_uid != 0;
	close_p(&store->graph_fd);
	store->graph_fd = duplicate(place->fd);
	if (store->rootless)
		podman_users_run(store);
	else
		refresh_root(state, store);
	podman_store_watch(store);
}

static int podman_refresh(struct runtime_state *state)
{
	struct podman_stores *stores = &state->stores;

	podman_stores_begin(stores);
	(void) places_refresh(&state->places);
	for (size_t i = 0; i < state->places.count; i++)
		refresh_place(state, &state->places.list[i]);
	if (!state->configured)
		podman_users_refresh(stores);

	podman_stores_sweep(stores);
	return stores->count > 0 ? 0 : -ENOENT;
}

static void podman_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path);

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (cgroup_take_id(leaf, names[i].prefix, names[i].suffix, ret_match->id))
			ret_match->kind = MATCH_CONTAINER;
}

static int ask_identity(struct podman_store *store, const char *id, void *answer)
{
	return podman_store_describe(store, id, answer);
}

static int ask_dossier(struct podman_store *store, const char *id, void *answer)
{
	return podman_store_inspect(store, id, answer);
}

static int ask_stamp(struct podman_store *store, const char *id, void *answer)
{
	uint64_t *stamp = answer;

	*stamp = podman_store_stamp(store, id);
	return *stamp > 0 ? 0 : -ENOENT;
}

static int podman_describe(struct runtime_state *state, const char *id, const char *path,
			   struct identity *ret_identity)
{
	struct podman_store *store;
	int r = podman_stores_ask(&state->stores, id, path, ask_identity, ret_identity, &store);

	if (store && store->rootless)
		ret_identity->owner_uid = store->uid;
	else if (path)
		ret_identity->owner_uid = cgroup_user(path);
	ret_identity->has_owner = ret_identity->owner_uid != 0;
	if (r == -ENOENT)
		identity_explain(ret_identity,
				 "podman's files do not have it, or are not readable");
	if (r == -EEXIST)
		identity_explain(ret_identity, "files of several users claim it");
	return r;
}

static uint64_t podman_stamp(struct runtime_state *state, const char *id, const char *path)
{
	struct podman_store *store;
	uint64_t stamp = 0;

	return podman_stores_ask(&state->stores, id, path, ask_stamp, &stamp, &store) < 0 ? 0
											  : stamp;
}

static int podman_inspect_container(struct runtime_state *state, const char *id, const char *path,
				    struct dossier *ret_dossier)
{
	struct podman_store *store;

	return podman_stores_ask(&state->stores, id, path, ask_dossier, ret_dossier, &store);
}

static int podman_list(struct runtime_state *state, size_t max,
		       void (*found)(const char *id, void *userdata), void *userdata)
{
	podman_stores_list(&state->stores, max, found, userdata);
	return 0;
}

/* Whether `name` is `path`, or below it; *ret_rest is then what follows. */
static bool is_below(const char *name, const char *path, const char **ret_rest)
{
	size_t length = path ? strlen(path) : 0;

	if (length == 0 || strncmp(name, path, length) != 0 ||
	    (name[length] != '\0' && name[length] != '/'))
		return false;

	*ret_rest = name + length;
	return true;
}

static void container_changed(const char *id, struct change *ret_change)
{
	if (!cgroup_is_id(id))
		return;

	ret_change->kind = CHANGE_CONTAINER;
	(void) snprintf(ret_change->text, sizeof(ret_change->text), "%s", id); /* 64 digits */
}

/* A commit of SQLite ends with the removal of its journal. */
static bool is_about_all(const char *name)
{
	static const char *const files[] = { "db.sql", "db.sql-journal", "containers.json",
					     "volatile-containers.json", "bolt_state.db" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(name, files[i]) == 0)
			return true;

	return false;
}

static void podman_changed(struct runtime_state *state, const char *directory, const char *name,
			   struct change *ret_change)
{
	const char *rest;

	if (strncmp(directory, WATCH_NAME, strlen(WATCH_NAME)) == 0) {
		if (strcmp(name, "healthcheck.log") == 0)
			container_changed(directory + strlen(WATCH_NAME), ret_change);
		return;
	}
	if (places_awaited(&state->places, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
		return;
	}
	for (size_t i = 0; i < state->stores.count; i++) {
		const struct podman_store *store = state->stores.list[i];

		if ((is_below(directory, store->graph_path, &rest) ||
		     is_below(directory, store->run_path, &rest)) &&
		    is_about_all(name))
			ret_change->kind = CHANGE_RECENT;
		else if (is_below(directory, store->tmp_path, &rest) && strcmp(rest, "/exits") == 0)
			container_changed(name, ret_change);
	}
}

const struct runtime runtime_podman = {
	.name = "podman",
	.where = "/var/lib/containers/storage and users' homes",
	.open = podman_open,
	.close = podman_close,
	.refresh = podman_refresh,
	.match = podman_match,
	.describe = podman_describe,
	.stamp = podman_stamp,
	.list = podman_list,
	.inspect = podman_inspect_container,
	.changed = podman_changed,
};
