/* SPDX-License-Identifier: Apache-2.0 */

/* podman_store: directories of one podman, and which containers its files list. */

#include "podman_store.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "containers/runtime.h"
#include "containers/watch.h"

#define DRIVER_DIRECTORY(driver) driver "-containers",
const char *const podman_directories[PODMAN_DIRECTORIES] = { PODMAN_DRIVERS(DRIVER_DIRECTORY) };

int podman_store_new(int root_fd, struct watches *watches, const char *graph_path,
		     struct podman_store **ret_store)
{
	struct podman_store *store = calloc(1, sizeof(*store));

	if (!store)
		return -ENOMEM;
	store->root_fd = root_fd;
	store->watches = watches;
	store->graph_fd = store->run_fd = store->tmp_fd = -1;
	store->graph_path = strdup(graph_path);
	if (!store->graph_path) {
		free(store);
		return -ENOMEM;
	}

	*ret_store = store;
	return 0;
}

void podman_store_free(struct podman_store *store)
{
	if (!store)
		return;
	podman_db_close(&store->db);
	podman_storage_close(&store->graph_storage);
	podman_storage_close(&store->run_storage);
	close_p(&store->graph_fd);
	close_p(&store->run_fd);
	close_p(&store->tmp_fd);
	free(store->graph_path);
	free(store->run_path);
	free(store->tmp_path);
	free(store);
}

void podman_store_name(char **name, const char *path)
{
	if (*name && strcmp(*name, path) == 0)
		return;
	free(*name);
	*name = strdup(path);
}

int podman_open_below(int dir_fd, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	return dir_fd < 0 ? -1 : (int) syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));
}

/* The directories of containers.json. */
static void watch_root(const struct podman_store *store, int root_fd, const char *path)
{
	if (root_fd < 0 || !path)
		return;
	for (size_t i = 0; i < PODMAN_DIRECTORIES; i++) {
		CLEANUP(close_p) int fd = podman_open_below(root_fd, podman_directories[i]);
		char name[RUNTIME_PATH_BYTES];

		(void) snprintf(name, sizeof(name), "%s/%s", path, podman_directories[i]);
		if (fd >= 0)
			watches_add_engine(store->watches, fd, name);
	}
}

void podman_store_watch(const struct podman_store *store)
{
	CLEANUP(close_p) int libpod_fd = podman_open_below(store->graph_fd, "libpod");
	CLEANUP(close_p) int exits_fd = podman_open_below(store->tmp_fd, "exits");
	const struct {
		int fd;
		const char *path, *below;
	} others[] = {
		{ store->graph_fd, store->graph_path, "" },
		{ libpod_fd, store->graph_path, "/libpod" },
		{ exits_fd, store->tmp_path, "/exits" },
	};

	watch_root(store, store->graph_fd, store->graph_path);
	watch_root(store, store->run_fd, store->run_path);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		char name[RUNTIME_PATH_BYTES];

		if (others[i].fd < 0 || !others[i].path)
			continue;
		(void) snprintf(name, sizeof(name), "%s%s", others[i].path, others[i].below);
		watches_add_engine(store->watches, others[i].fd, name);
	}
}

int podman_store_list(struct podman_store *store, size_t max, struct podman_ids *ids)
{
	int sql, bolt, r;

	if (store->graph_fd < 0)
		return 0;
	sql = podman_db_list(&store->db, store->graph_fd, max, ids);
	bolt = podman_bolt_list(store->graph_fd, max, ids);
	if (sql == -EAGAIN || bolt == -EAGAIN)
		return -EAGAIN;
	if (sql >= 0 || bolt >= 0)
		return 0;

	r = podman_storage_list(&store->graph_storage, store->graph_fd, max, ids);
	if (store->run_fd >= 0 && r >= 0)
		r = podman_storage_list(&store->run_storage, store->run_fd, max, ids);
	return r;
}
