/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Directories in which an OCI runtime, or an engine above one, keeps a directory for each of its
 * running containers, with a file that names the container's cgroup. A cgroup that such a file
 * names is a container, whatever it is called.
 *
 *	runc, crun	STATE-DIR/ID/FILE
 *	containerd	STATE-DIR/NAMESPACE/ID/FILE
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "containers/claims.h"
#include "containers/place.h"
#include "containers/runtime.h"

struct oci_format {
	const char *file;            /* in the container's directory */
	const char *const *defaults; /* usual state directories, NULL at the end */
	const char *below;           /* in each of them, also of the configured ones; or "" */
	bool namespaced;
	const char *const *foreign; /* namespaces of other engines, NULL at the end; or NULL */

	/* The path of the cgroup below the mount of the unified tree, which the caller frees.
	 * `hybrid`: it is mounted beside v1 trees. Returns 0, -EBADMSG or -ENOMEM. */
	int (*cgroup)(const json_t *state, bool hybrid, char **ret_path);

	/* Whether it is no container of anybody's, but of the engine itself. NULL: none is. */
	bool (*helper)(const json_t *state);

	/* Name, labels and times; the name is the id already. Returns 0 or a negative errno. */
	int (*describe)(const json_t *state, int dir_fd, struct identity *identity);

	/* As struct runtime's inspect. `identity` is for the reason of a failure. */
	int (*inspect)(const json_t *state, int root_fd, int dir_fd, struct identity *identity,
		       struct dossier *ret_dossier);
};

struct oci_states {
	const struct oci_format *format;
	struct places parents; /* of the namespaces; else empty */
	struct places places;
	struct claims claims;
	bool hybrid;
};

/* Returns 0 or -ENOMEM. */
int oci_states_init(struct oci_states *states, const struct oci_format *format,
		    const struct runtime_place *place);
void oci_states_fini(struct oci_states *states);

/* As struct runtime's refresh and changed. */
int oci_states_refresh(struct oci_states *states);
void oci_states_changed(struct oci_states *states, const char *directory, const char *name,
			struct change *ret_change);

/* Who claims this cgroup, and whose directory is called so in some place. NULL: nobody. A path of
 * NULL is nobody's. */
const struct claim *oci_states_find_path(const struct oci_states *states, const char *path);
const struct claim *oci_states_find_id(const struct oci_states *states, const char *id);

/* Whether a namespace has a directory now. */
bool oci_states_has_namespace(const struct oci_states *states, const char *name);

/* Fills in what the claim's file says; `claim` may be NULL. As struct runtime's functions. */
int oci_states_describe(const struct oci_states *states, const struct claim *claim,
			struct identity *ret_identity);
int oci_states_inspect(const struct oci_states *states, const struct claim *claim,
		       struct dossier *ret_dossier);
