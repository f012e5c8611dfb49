/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Names of cgroup directories: components of a path, and the 64-digit ids that engines put into
 * them. A string of 64 digits alone is no proof of a container. */

#include <stdbool.h>

#define CGROUP_ID_DIGITS 64

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
