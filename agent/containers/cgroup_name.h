/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Names of cgroup directories: components of a path, and the 64-digit ids that engines put into
 * them. A string of 64 digits alone is no proof of a container. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CGROUP_ID_DIGITS  64
#define CGROUP_NAME_BYTES 256 /* NAME_MAX, and a NUL */

/* The last component; "" for "/". */
const char *cgroup_leaf(const char *path);

/* Whether the component above the last one is `name`. */
bool cgroup_parent_is(const char *path, const char *name);

/* 64 lower-case hexadecimal digits and nothing else. */
bool cgroup_is_id(const char *name);

/* Whether the name is prefix, id, suffix; then ret_id, which has room for RUNTIME_ID_BYTES, is set.
 * An empty prefix and suffix are fine. */
bool cgroup_take_id(const char *name, const char *prefix, const char *suffix, char *ret_id);

bool cgroup_ends_with(const char *name, const char *suffix);

/* Makes the path of a cgroup, found in a file, usable or refuses it: it begins with one "/", has no
 * "." or ".." and no empty component, and is neither the root nor a slice, which would hide
 * everything below. The caller frees it. Returns 0, -EBADMSG or -ENOMEM. */
int cgroup_path_clean(const char *text, char **ret_path);

/* The name of a unit behind what systemd puts in front of cgroups that would clash with the
 * kernel's files: "_cgroup.service" is cgroup.service. Source: systemd, docs/CGROUP_DELEGATION,
 * "_". */
const char *cgroup_unit(const char *leaf);

/* Undoes systemd's escaping of one name, "\x2d" to "-" (systemd.unit(5), "String Escaping for
 * Inclusion in Unit Names"); other bytes stay as they are. What cannot be a name then (a NUL, a
 * "/", "." or "..") stays escaped as it was. The result is valid UTF-8 and cut to fit; returns
 * false when it is not exactly what the name stands for. */
bool cgroup_unescape(const char *name, size_t length, char *ret_name, size_t size);

/* In whose part of the tree the cgroup is: a user who makes cgroups of any name there. 0: root's,
 * or nobody's. */
uint32_t cgroup_user(const char *path);

/* An id of RUNTIME_ID_BYTES from a name that is unique for each user only: root's (uid 0) is the
 * name, another user's is "NAME@UID". Valid UTF-8; long names are cut. */
void cgroup_make_id(uint32_t uid, const char *name, char *ret_id);

/* The other way round: the name, cut to fit; returns whose it is. */
uint32_t cgroup_split_id(const char *id, char *ret_name, size_t size);
