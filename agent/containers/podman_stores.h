/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Every podman of this host, and which of them is asked about a container. */

#include <stddef.h>
#include <stdint.h>

#include "containers/podman_index.h"

#define PODMAN_USERS_MAX 256 /* that have a graph root; further ones are left out */

struct podman_store;
struct watches;

/* All zero but root_fd and watches: none yet. */
struct podman_stores {
	int root_fd;                /* borrowed */
	struct watches *watches;    /* borrowed */
	struct podman_store **list; /* root's first, then by the order of the passwd file */
	size_t count;
	struct podman_index index;
};

void podman_stores_fini(struct podman_stores *stores);

/* Between begin and sweep every store that is still there is looked up; the others are freed. */
void podman_stores_begin(struct podman_stores *stores);
void podman_stores_sweep(struct podman_stores *stores);

/* The store of a graph root, made when there is none yet and marked as seen. NULL: no memory. */
struct podman_store *podman_stores_get(struct podman_stores *stores, const char *graph_path,
				       uint32_t uid);

/* Finds the users' stores (podman_users.c; passwd(5), storage.conf(5) below the root). */
void podman_users_refresh(struct podman_stores *stores);

/* What is asked of a store. Returns 0, -ENOENT (not known) or another negative errno. */
typedef int (*store_question)(struct podman_store *store, const char *id, void *answer);

/* Asks whose container it is. A cgroup tells: the user in whose session it is, else root; or, where
 * the administrator named the graph roots, anybody. Without one (`path` is NULL) the index does.
 * Returns what the store did, or as podman_index_find; *ret_store is who answered, NULL: nobody. */
int podman_stores_ask(struct podman_stores *stores, const char *id, const char *path,
		      store_question question, void *answer, struct podman_store **ret_store);

/* Tells every id that the stores know; no user takes the room of another one. */
void podman_stores_list(struct podman_stores *stores, size_t max,
			void (*found)(const char *id, void *userdata), void *userdata);
