/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The processes of a cgroup and of the cgroups below it: crun and systemd put the container's
 * processes one or two levels deeper than the cgroup that carries the name. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct site;

/* A container may make as many cgroups as it likes; what goes beyond is not walked. */
#define PROCESSES_DEPTH       5
#define PROCESSES_DIRECTORIES 256

struct processes {
	pid_t *pids;  /* room for the first ones; NULL: they are only counted */
	size_t size;  /* of pids */
	size_t count; /* of all that were found */
};

/* Adds up the whole tree below the site's cgroup. Returns 0, -E2BIG when the tree is larger than
 * the bounds (count is then too small), or a negative errno as site_read does. */
int processes_list(struct site *site, struct processes *processes);

/* One process from the uppermost level that has any. Returns 0 when there is none. */
pid_t processes_first(struct site *site);

/* Inode of the network namespace of a process; pid 0: of this one. Returns 0 or a negative errno.
 * Source: namespaces(7), /proc/PID/ns/net. */
int process_netns(int proc_fd, pid_t pid, uint64_t *ret_netns);
