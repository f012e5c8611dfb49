/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The cgroup tree: says which directories are there, at a scan of the whole tree or when inotify
 * tells of one. It does not know what a container is; it asks for each directory whether to look
 * into it. Directories that were looked into are watched, one watch each.
 *
 * A plain directory tree will do as well (recorded hosts). */

#include <stdbool.h>
#include <stdint.h>

#include "containers/watch.h"

struct tree;

struct tree_events {
	/* Whether the directory is one that was taken before (see found), with this inode. Asked
	 * first, because it saves a system call. */
	bool (*known)(const char *path, uint64_t inode, void *userdata);

	/* A directory is there. Returns true when it was taken, which ends the search here: what is
	 * below belongs to it. False: look into it. */
	bool (*found)(const char *path, uint64_t inode, void *userdata);

	/* A directory is not there any more. Only told by inotify: after a scan, what was not found
	 * is gone. */
	void (*gone)(const char *path, void *userdata);
	void *userdata;
};

/* cgroup_fd is the root of the tree, borrowed; watches are borrowed. Returns 0 or -ENOMEM. */
int tree_new(int cgroup_fd, struct watches *watches, const struct tree_events *events,
	     struct tree **ret_tree);
void tree_free(struct tree *tree);

/* Walks the whole tree. Returns 0; 1 when some directory could not be listed, so that not
 * everything was found; or a negative errno when the root cannot be listed. */
int tree_scan(struct tree *tree);

/* An event of a WATCH_TREE. */
void tree_on_event(struct tree *tree, const struct watch *watch, uint32_t mask, const char *name);

/* Looks at one path again, unless it is below a directory that was taken. */
void tree_look(struct tree *tree, const char *path);

/* Returns the inode of the directory at `path`, 0 when there is none. */
uint64_t tree_inode(const struct tree *tree, const char *path);

/* Directories that are looked into, and how many could not be, because of depth or number. */
struct tree_stats {
	uint32_t directories;
	uint64_t refused;
};
void tree_stats_get(const struct tree *tree, struct tree_stats *ret_stats);
