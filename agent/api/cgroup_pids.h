/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Every process of a cgroup and of those below it, as far as bounds go: what happens below a
 * container's cgroup is the container's own doing. Source: cgroup.procs. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CGROUP_PIDS_MAX   16384
#define CGROUP_PIDS_DEPTH 16
#define CGROUP_PIDS_DIRS  4096

struct cgroup_pids {
	pid_t *pids; /* in rising order */
	size_t count, capacity;
	unsigned directories;
};

/* `path` is below cgroup_fd and begins with a slash. Returns 0, or a negative errno when not even
 * the cgroup itself can be read. */
int cgroup_pids_read(int cgroup_fd, const char *path, struct cgroup_pids *ret_pids);
void cgroup_pids_fini(struct cgroup_pids *pids);

bool cgroup_pids_has(const struct cgroup_pids *pids, pid_t pid);
