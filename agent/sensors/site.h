/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Where the numbers of one container are: its cgroup's directories and files, and one process.
 *
 * Files are opened when they are first read and kept open as long as the descriptor budget lasts;
 * a kept file costs one pread. Beyond the budget a read is openat below the kept directory, read
 * and close; that is counted (site_host.opens) and said at start. A file that is missing is not
 * tried again in each round: site_retry() forgets what was missing. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Trees in which a container has a directory. On a pure v2 host only the first is there. */
enum hierarchy {
	HIERARCHY_UNIFIED,
	HIERARCHY_V1_CPU,
	HIERARCHY_V1_MEMORY,
	HIERARCHY_V1_PIDS,
	HIERARCHY_V1_BLKIO,
	HIERARCHY_V1_HUGETLB,
	HIERARCHY_COUNT,
};

enum site_file {
#define FILE_ROW(name, hierarchy, file) FILE_##name,
#include "sensors/files.def"
#undef FILE_ROW
	FILE_COUNT,
};

struct devices; /* numbers to names of block devices, devices.h */

/* What all sites share. */
struct site_host {
	int proc_fd;			/* directory of procfs */
	int sys_fd;			/* directory of sysfs, -1: none */
	int trees[HIERARCHY_COUNT];	/* mount points, -1: not mounted */
	unsigned fd_budget;		/* descriptors that may be kept open for files */
	unsigned fd_used;
	uint64_t opens;			/* openat calls since start, directories included */
	uint64_t over_budget;		/* of these, reads that found no room in the budget */
	uint64_t reads;
	uint64_t netns;			/* inode of the host's own network namespace, 0: unknown */
	struct devices *devices;
};

struct site {
	struct site_host *host;
	bool root;			/* the root cgroup, which lacks many files */
	int dirs[HIERARCHY_COUNT];	/* O_PATH; -1: no directory there */
	int files[FILE_COUNT];		/* descriptors, or one of the two states below */
	pid_t pid;			/* one process of the container; 0: none known */
	uint64_t netns;			/* inode of its network namespace; 0: unknown */
	bool netns_owner;		/* this site reports the interfaces of `netns` */
	uint32_t slot;			/* small number of the container, staggers slow work */
};
#define SITE_FILE_UNOPENED (-1)
#define SITE_FILE_MISSING  (-2)

/* Finds the mounts below `root_fd` (a directory that looks like "/": "/" itself or a recorded
 * tree) by its proc/self/mountinfo; without one, sys/fs/cgroup is taken for the unified tree.
 * Returns 0, or -ENOENT when no cgroup v2 tree is mounted, or a negative errno. */
int site_host_open(int root_fd, unsigned fd_budget, struct site_host *ret_host);
void site_host_close(struct site_host *host);
bool site_host_hybrid(const struct site_host *host);

/* `path` is below the mounts, "/" is the root. Returns 0, or -ENOENT when the cgroup is gone. */
int site_open(struct site_host *host, const char *path, struct site *ret_site);
void site_close(struct site *site);

/* Reads a whole small file as fd_pread does. Returns the number of bytes, or -ENOENT (no such
 * file or tree here), -ENODEV (the cgroup went away), -EFBIG, or another negative errno. */
ssize_t site_read(struct site *site, enum site_file file, char *text, size_t size);

/* Missing files are looked for again at their next read. */
void site_retry(struct site *site);

/* Fills pid and netns when they are unknown or the process has ended: the first process in
 * cgroup.procs here or, breadth first, in a few levels below. Leaves 0 when there is none. */
void site_find_process(struct site *site);
