/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Where the numbers of one container are: its cgroup's directories and files, and one process.
 *
 * Files are opened when they are first read and kept open as long as the descriptor budget lasts;
 * a kept file costs one pread. Beyond the budget a read is openat, read and close; that is
 * counted (site_host.over_budget). A file that is missing is not tried again in each round:
 * site_retry() forgets what was missing. Nothing here allocates, but site_host_open. */

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
	HIERARCHY_V1_FREEZER,
	HIERARCHY_COUNT,
	/* No cgroup trees, but files.def names files below them in the same way. */
	HIERARCHY_PROCESS = HIERARCHY_COUNT, /* /proc/PID of the site's process */
	HIERARCHY_PROC,
	HIERARCHY_SYS,
};

enum site_file {
#define FILE_ROW(name, hierarchy, cadence, file) FILE_##name,
#include "sensors/files.def"
#undef FILE_ROW
	FILE_COUNT,
};

struct devices; /* numbers to names of block devices, devices.h */

/* What all sites share. */
struct site_host {
	int proc_fd;                /* directory of procfs */
	int sys_fd;                 /* directory of sysfs, -1: none */
	int trees[HIERARCHY_COUNT]; /* mount points, -1: not mounted */
	unsigned fd_budget;         /* descriptors that may be kept open for sites */
	unsigned fd_used;           /* that are */
	unsigned fd_wanted;         /* files of every round that found no room among them */
	uint64_t opens;             /* openat calls of sites since start, directories included */
	uint64_t over_budget;       /* of these, reads that found no room in the budget */
	uint64_t reads;
	uint64_t netns; /* inode of the host's own network namespace, 0: unknown */
	bool fd_counts; /* st_size of /proc/PID/fd is the number of descriptors (Linux 6.2) */
	struct devices *devices;
};

struct site {
	struct site_host *host;
	const char *path;      /* below the mounts, begins with "/"; borrowed */
	bool root;             /* the root cgroup, which lacks many files */
	int dir_fd;            /* O_PATH, in the unified tree; -1: not kept for lack of budget */
	int files[FILE_COUNT]; /* descriptors, or one of the states below */
	pid_t pid;             /* one process of the container; 0: none known */
	uint64_t netns;        /* inode of its network namespace; 0: unknown */
	bool netns_owner;      /* this site reports the interfaces of `netns` */
	uint32_t slot;         /* small number of the container, staggers slow work */
};
#define SITE_FILE_UNOPENED (-1)
#define SITE_FILE_MISSING  (-2)
#define SITE_FILE_UNKEPT   (-3) /* of every round, and there was no room for it */

/* Finds the mounts below `root_fd` (a directory that looks like "/": "/" itself or a recorded
 * tree) by its proc/self/mountinfo; when that names none that can be opened, sys/fs/cgroup is
 * taken for the unified tree.
 * Returns 0, or -ENOENT when no cgroup v2 tree or no procfs is there, or a negative errno. */
int site_host_open(int root_fd, unsigned fd_budget, struct site_host *ret_host);
void site_host_close(struct site_host *host);
bool site_host_hybrid(const struct site_host *host);

/* `path` is below the mounts, "/" is the root; it is borrowed until site_close. Returns 0, or
 * -ENOENT when the cgroup is gone. The root's netns is the host's from the beginning. */
int site_open(struct site_host *host, const char *path, struct site *ret_site);
void site_close(struct site *site);

/* Reads a whole small file as fd_pread does. Returns the number of bytes, or a negative errno:
 * -EFBIG (does not fit), -EBADMSG (ends within a line: the kernel never does that), or one of
 * those that site_is_absence() knows. */
ssize_t site_read(struct site *site, enum site_file file, char *text, size_t size);

/* Whether an error of site_read says that there is nothing to read, which is normal: no such
 * file or tree here, the cgroup went away, the process ended, pressure is switched off. */
bool site_is_absence(ssize_t error);

/* Opens the cgroup's directory in the unified tree for listing. Returns a descriptor that the
 * caller closes, or a negative errno. */
int site_list(struct site *site);

/* Gives one file's descriptor back; its next read opens it again. */
void site_release(struct site *site, enum site_file file);

/* Missing files are looked for again at their next read. */
void site_retry(struct site *site);

/* Fills pid and netns when they are unknown or the process has ended: the first process in
 * cgroup.procs here or, level by level, in a few levels below. Leaves 0 when there is none. */
void site_find_process(struct site *site);

/* Whether the unified tree has this controller. For probes, with the site of the root cgroup. */
bool site_has_controller(struct site *root, const char *controller);

/* Whether a v1 tree serves this controller, and the unified tree does not: then v1 files are read.
 */
bool site_has_v1(struct site *root, enum hierarchy hierarchy, const char *controller);
