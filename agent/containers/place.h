/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Directories in which an engine keeps its files: from the configuration, else the usual ones. They
 * may appear, be replaced or vanish while the agent runs. */

#include <stdbool.h>
#include <stddef.h>

struct runtime_place;
struct watches;

struct place {
	char *path; /* below the root, without "/" at either end: its name in watch events */
	int fd;     /* O_PATH; -1: not there */
};

struct places {
	int root_fd;
	struct watches *watches;
	struct place *list;
	size_t count;
};

/* Takes the configured directories, or the defaults (NULL at the end) when there are none, and
 * `below` in each of them ("": themselves). Returns 0 or -ENOMEM. */
int places_init(struct places *places, const struct runtime_place *from,
		const char *const *defaults, const char *below);
void places_fini(struct places *places);

/* One more, unless it is in the list. Returns 0 or -ENOMEM. */
int places_add(struct places *places, const char *path, const char *below);

/* Opens what is there now and has it watched; where a place is missing, its parent is watched.
 * Symbolic links are followed, below the root: the administrator made them. Returns how many
 * places there are. */
size_t places_refresh(struct places *places);

/* Whether an entry of a directory (watch event) is a place that was not there, and should make the
 * caller refresh. */
bool places_awaited(const struct places *places, const char *directory, const char *name);

/* The place that is called so in watch events, NULL: none of these. */
const struct place *places_named(const struct places *places, const char *path);
