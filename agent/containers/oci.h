/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers that somebody started by an OCI runtime directly. Nothing in the cgroup's name tells
 * them: the runtime keeps a directory of state, with a directory for each container, with a file
 * that names the cgroup. A cgroup that such a file names is a container.
 *
 * runc.c and crun.c say what their file looks like; the rest is the same. The state directories of
 * other engines (/run/docker/runtime-runc, /run/containerd/runc) are those engines' business. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "containers/runtime.h"

struct oci_format {
	const char *file;            /* in the container's directory */
	const char *const *defaults; /* usual state directories, NULL at the end */

	/* The path of the cgroup below the mount of the unified tree, which the caller frees.
	 * `hybrid`: it is mounted beside v1 trees. Returns 0, -EBADMSG or -ENOMEM. */
	int (*cgroup)(const json_t *state, bool hybrid, char **ret_path);

	/* Name, labels and times; the name is the id already. Returns 0 or a negative errno. */
	int (*describe)(const json_t *state, int dir_fd, struct identity *identity);
};

/* The functions of a runtime whose file has this format; its `open` passes it on. */
int oci_open(const struct oci_format *format, const struct runtime_place *place,
	     struct runtime_state **ret_state);
void oci_close(struct runtime_state *state);
int oci_refresh(struct runtime_state *state);
void oci_match(struct runtime_state *state, const char *path, struct match *ret_match);
int oci_describe(struct runtime_state *state, const char *id, const char *path,
		 struct identity *ret_identity);
uint64_t oci_stamp(struct runtime_state *state, const char *id, const char *path);
void oci_changed(struct runtime_state *state, const char *directory, const char *name,
		 struct change *ret_change);

/* For the tests of their parsers. */
extern const struct oci_format oci_format_runc;
extern const struct oci_format oci_format_crun;
