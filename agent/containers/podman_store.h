/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One podman: that of root, or of one user. Its graph root has databases and storage, its run root
 * results of healthchecks, its temporary directory what conmon leaves.
 *
 * What a user's files say is believed of that user's containers only. Directories are a user's when
 * the user owns them: a home that is a link to somebody else's makes nobody else's containers his.
 */

#include <stdbool.h>
#include <stdint.h>

#include "containers/podman.h"

#define PODMAN_PASSWD_BYTES 1048576 /* some 10,000 users */

struct watches;

struct podman_store {
	bool rootless;
	bool configured; /* the administrator named it: it may have any cgroup's containers */
	bool seen;       /* by the latest refresh */
	uint32_t uid;
	char *graph_path;          /* below the root: names in watch events */
	char *run_path, *tmp_path; /* NULL: not known */
	int root_fd; /* borrowed; the run root is looked up there when it becomes known */
	struct watches *watches;
	int graph_fd, run_fd, tmp_fd; /* O_PATH, -1: not there */
	struct podman_db db;
	struct podman_storage graph_storage, run_storage;
};

/* Names of the directories with containers: "overlay-containers". */
#define PODMAN_DIRECTORIES (PODMAN_STORED_FILES / 2)
extern const char *const podman_directories[PODMAN_DIRECTORIES];

/* Opens a directory below another one, through no link; dir_fd may be -1. Returns the descriptor or
 * -1. */
int podman_open_below(int dir_fd, const char *path);

/* Returns 0 or -ENOMEM. `graph_path` is copied. */
int podman_store_new(int root_fd, struct watches *watches, const char *graph_path,
		     struct podman_store **ret_store);
void podman_store_free(struct podman_store *store);

/* Sets one of the names. No memory: it is not known. */
void podman_store_name(char **name, const char *path);

/* Have the directories watched that are open. */
void podman_store_watch(const struct podman_store *store);

/* As struct runtime's functions (podman_describe.c). podman_store_describe sets neither owner nor a
 * general detail when nothing is known; then it returns -ENOENT. */
int podman_store_describe(struct podman_store *store, const char *id, struct identity *identity);
uint64_t podman_store_stamp(struct podman_store *store, const char *id);
int podman_store_inspect(struct podman_store *store, const char *id, struct dossier *dossier);

/* Adds every id that it knows, at most `max` of each of its files. Returns 0; -EAGAIN: it is being
 * written, what it said before still holds; or another negative errno: some are missing. */
int podman_store_list(struct podman_store *store, size_t max, struct podman_ids *ids);

/* Opens the run root and the temporary directory of a user. */
void podman_users_run(struct podman_store *store);

/* Opens a directory below the root that `uid` owns: links are followed in `parent`, which is the
 * administrator's, and not below it. Returns the descriptor or -1. */
int podman_open_owned(int root_fd, const char *parent, const char *below, uint32_t uid);
