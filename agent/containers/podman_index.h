/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which podman a container without cgroup belongs to. Users' files may claim anything: an id that
 * another user's container has, too.
 *
 * A cgroup proves whose a container is, and that is remembered as long as the owner's files know
 * it. Else root's word counts before a user's; then who said it first. Of two users who are found
 * to claim the same id at the same time, nobody is believed. */

#include <stdbool.h>
#include <stddef.h>

struct podman_store;
struct podman_indexed;

struct podman_index {
	struct podman_indexed *by_id; /* NULL: empty */
};

void podman_index_fini(struct podman_index *index);

/* The store's files list this id. Between begin and sweep every store tells what it has; what was
 * not told again is dropped then. */
void podman_index_begin(struct podman_index *index);
void podman_index_claim(struct podman_index *index, const char *id, struct podman_store *store);
void podman_index_sweep(struct podman_index *index);

/* What this store said before still holds. */
void podman_index_keep(struct podman_index *index, const struct podman_store *store);

/* The cgroup tells that the container is this store's. */
void podman_index_prove(struct podman_index *index, const char *id, struct podman_store *store);

/* The store is about to be freed. */
void podman_index_forget(struct podman_index *index, const struct podman_store *store);

/* Returns 0, -ENOENT, or -EEXIST: several users claim it. */
int podman_index_find(const struct podman_index *index, const char *id,
		      struct podman_store **ret_store);

/* Calls `found` for every id, root's first, at most `max` times. */
void podman_index_list(const struct podman_index *index, size_t max,
		       void (*found)(const char *id, void *userdata), void *userdata);
