/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers that somebody started by an OCI runtime directly. Nothing in the cgroup's name tells
 * them: only the runtime's state (oci_states.h) does.
 *
 * runc.c and crun.c say what their file looks like; the rest is the same. The state directories of
 * other engines (/run/docker/runtime-runc, /run/containerd/runc) are those engines' business. */

#include "containers/oci_states.h"
#include "containers/runtime.h"

/* The functions of a runtime whose file has this format; its `open` passes it on. */
int oci_open(const struct oci_format *format, const struct runtime_place *place,
	     struct runtime_state **ret_state);
void oci_close(struct runtime_state *state);
int oci_refresh(struct runtime_state *state);
void oci_match(struct runtime_state *state, const char *path, struct match *ret_match);
int oci_describe(struct runtime_state *state, const char *id, const char *path,
		 struct identity *ret_identity);
uint64_t oci_stamp(struct runtime_state *state, const char *id, const char *path);
int oci_inspect(struct runtime_state *state, const char *id, const char *path,
		struct dossier *ret_dossier);
void oci_changed(struct runtime_state *state, const char *directory, const char *name,
		 struct change *ret_change);

/* For the tests of their parsers. */
extern const struct oci_format oci_format_runc;
extern const struct oci_format oci_format_crun;
