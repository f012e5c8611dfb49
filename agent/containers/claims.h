/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which cgroups the state files of an OCI runtime claim as containers: found by the container's
 * directory and by the path of the cgroup. */

#include <stdbool.h>
#include <stdint.h>

#include "containers/table.h"

struct claim {
	char *key;           /* place and directory, as in watch events: "run/runc/web" */
	char *path;          /* of the cgroup; NULL: the file is not there yet, or names none */
	uint64_t stamp;      /* of the file that was read; 0: to be read again */
	uint64_t written_ns; /* when the file was */
	bool helper;         /* the engine's own, no container */
	bool seen;           /* since claims_begin */
	UT_hash_handle by_key, by_path;
};

struct claims {
	struct claim *by_key, *by_path;
};

void claims_fini(struct claims *claims);

/* The claim of a directory, made when there is none yet. NULL: no memory. */
struct claim *claims_get(struct claims *claims, const char *key);
struct claim *claims_find_key(const struct claims *claims, const char *key);

/* Who claims this cgroup: of several, whose file was written last. NULL: nobody. */
struct claim *claims_find_path(const struct claims *claims, const char *path);

/* Takes `path`, which may be NULL. */
void claims_set(struct claims *claims, struct claim *claim, char *path, uint64_t written_ns);
void claims_drop(struct claims *claims, struct claim *claim);

/* Between the two every directory that is still there is marked as seen; the rest is dropped. */
void claims_begin(struct claims *claims);
void claims_sweep(struct claims *claims);

/* The container's directory, behind the place. */
const char *claim_name(const struct claim *claim);
