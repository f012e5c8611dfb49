/* SPDX-License-Identifier: Apache-2.0 */

/* podman_run: what is in the run root of one podman.
 *
 * Source: healthcheck.log is written in place, in the parent of a container's userdata
 * (libpod, healthcheck.go); or in a directory of the administrator's or user's choice as
 * ID-healthcheck.log, where nobody watches: then it is seen when the container's state changes,
 * as it does with each check. */

#include "podman_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/metadata.h"
#include "containers/podman_store.h"
#include "containers/runtime.h"
#include "containers/watch.h"

/* "/run/containers/storage/overlay-containers/ID/userdata" of root's container tells where the run
 * root is. A user could name any directory there. */
void podman_run_learn(struct podman_store *store, const json_t *state)
{
	const char *directory = metadata_string(state, "runDir");
	char path[RUNTIME_PATH_BYTES];

	if (store->rootless || store->run_fd >= 0 || !directory || directory[0] != '/')
		return;
	(void) snprintf(path, sizeof(path), "%s", directory + 1);
	for (unsigned i = 0; i < 3; i++) {
		char *slash = strrchr(path, '/');

		if (!slash)
			return;
		*slash = '\0';
	}
	store->run_fd = podman_open_below(store->root_fd, path);
	if (store->run_fd >= 0)
		podman_store_name(&store->run_path, path);
}

bool podman_run_path(const struct podman_store *store, const char *id, const char *rest,
		     char (*ret_path)[PODMAN_PATH_BYTES])
{
	for (size_t i = 0; store->run_fd >= 0 && i < PODMAN_DIRECTORIES; i++) {
		(void) snprintf(*ret_path, sizeof(*ret_path), "%s/%s%s", podman_directories[i], id,
				rest); /* fits: id is bounded */
		if (fd_exists_at(store->run_fd, *ret_path))
			return true;
	}

	return false;
}

/* healthcheck.log in the directory that was configured. Returns as metadata_read. */
static int read_custom_log(const struct podman_store *store, const char *directory, const char *id,
			   struct identity *identity, json_t **ret_log)
{
	CLEANUP(close_p) int fd = -1;
	char name[PODMAN_PATH_BYTES];

	fd = store->rootless ? podman_open_owned(store->root_fd, "", directory + 1, store->uid)
			     : podman_open_below(store->root_fd, directory + 1);
	if (fd < 0)
		return -ENOENT;

	(void) snprintf(name, sizeof(name), "%s-" PODMAN_HEALTH_FILE, id);
	return metadata_read(fd, name, PODMAN_HEALTH_BYTES, identity, ret_log);
}

int podman_run_health(const struct podman_store *store, const char *id, const json_t *config,
		      struct identity *identity, json_t **ret_log)
{
	const char *destination = metadata_string(config, "healthLogDestination");
	char path[PODMAN_PATH_BYTES];

	if (destination && destination[0] == '/')
		return read_custom_log(store, destination, id, identity, ret_log);
	if (!podman_run_path(store, id, "/" PODMAN_HEALTH_FILE, &path))
		return -ENOENT;
	return metadata_read(store->run_fd, path, PODMAN_HEALTH_BYTES, identity, ret_log);
}

void podman_run_watch(const struct podman_store *store, const char *id)
{
	CLEANUP(close_p) int fd = -1;
	char path[PODMAN_PATH_BYTES], name[RUNTIME_ID_BYTES + 16];

	if (!podman_run_path(store, id, "", &path))
		return;
	fd = podman_open_below(store->run_fd, path);
	(void) snprintf(name, sizeof(name), "podman:%s", id);
	if (fd >= 0)
		watches_add_engine(store->watches, fd, name);
}
