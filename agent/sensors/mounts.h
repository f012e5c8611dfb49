/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Where the cgroup trees are mounted. Source: proc_pid_mountinfo(5), cgroups(7). */

#include "sensors/site.h"

/* Opens the mount points of cgroup trees, O_PATH, as proc/self/mountinfo below root_fd names
 * them, relative to root_fd. A tree that is mounted several times is taken where it is mounted
 * from its root, else where it comes first. Without a unified tree among them, sys/fs/cgroup is
 * tried. Fills ret_trees, -1 for trees that are not mounted, and owned by the caller.
 * Returns 0, or -ENOENT when there is no unified tree, or a negative errno. */
int mounts_open(int root_fd, int ret_trees[HIERARCHY_COUNT]);
