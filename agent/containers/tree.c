/* SPDX-License-Identifier: Apache-2.0 */

/* tree: walks the cgroup tree and hears of its changes.
 *
 * Kernel: Documentation/admin-guide/cgroup-v2.rst; cgroupfs reports mkdir and rmdir to inotify like
 * any file system. A directory made between the mkdir of its parent and our watch there would be
 * missed, so a new directory is listed after its watch was placed.
 *
 * A scan is cheap: names and inodes come from getdents, directories that were taken cost no call,
 * and one without subdirectories (two links) is not opened. */

#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "containers/runtime.h"

/* Ordinary users can make cgroups in their own part of the tree. The deepest real one, Kubernetes
 * in a container of a user's service, has 12 levels. */
#define DEPTH_MAX       32
#define DIRECTORIES_MAX 65536

struct directory {
	char *path; /* begins with "/" */
	uint64_t inode;
	uint32_t seen; /* number of the latest scan that found it */
	struct watch *watch;
	UT_hash_handle hh;
};

struct tree {
	int cgroup_fd;
	struct watches *watches;
	struct tree_events events;
	struct directory *by_path;
	uint32_t scan;
	uint64_t refused;
	bool incomplete; /* something could not be listed in this scan */
};

/* The path of the directory that is being looked at; grows and shrinks with the walk. */
struct walk {
	struct tree *tree;
	unsigned depth;
	size_t length;
	char path[RUNTIME_PATH_BYTES];
};

static void list_directory(struct walk *walk, int parent_fd, const char *name);

int tree_new(int cgroup_fd, struct watches *watches, const struct tree_events *events,
	     struct tree **ret_tree)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return -ENOMEM;

	*tree = (struct tree){ .cgroup_fd = cgroup_fd, .watches = watches, .events = *events };
	*ret_tree = tree;
	return 0;
}

static void drop(struct tree *tree, struct directory *directory)
{
	watches_remove(tree->watches, directory->watch);
	HASH_DEL(tree->by_path, directory);
	free(directory->path);
	free(directory);
}

void tree_free(struct tree *tree)
{
	struct directory *directory, *next;

	if (!tree)
		return;
	HASH_ITER (hh, tree->by_path, directory, next)
		drop(tree, directory);
	free(tree);
}

static struct directory *find(const struct tree *tree, const char *path)
{
	struct directory *directory;

	HASH_FIND_STR(tree->by_path, path, directory);
	return directory;
}

static struct directory *add(struct tree *tree, const char *path)
{
	struct directory *directory;

	if (HASH_COUNT(tree->by_path) >= DIRECTORIES_MAX)
		return NULL;

	directory = calloc(1, sizeof(*directory));
	if (!directory)
		return NULL;
	directory->path = strdup(path);
	if (directory->path)
		HASH_ADD_KEYPTR(hh, tree->by_path, directory->path, strlen(directory->path),
				directory);
	if (!directory->path || !TABLE_HAS(directory, hh)) {
		free(directory->path);
		free(directory);
		return NULL;
	}
	return directory;
}

/* Notes that the directory is there, and has it watched. Returns 1 when it is watched since now, or
 * is new; 0 when that was so before; -ENOSPC when there is no room. */
static int note(struct tree *tree, const char *path, uint64_t inode)
{
	int is_new = 0;
	struct directory *directory = find(tree, path);

	if (directory && directory->inode != inode) {
		drop(tree, directory); /* another one of the same name */
		directory = NULL;
	}
	if (!directory) {
		directory = add(tree, path);
		is_new = 1;
	}
	if (!directory) {
		tree->refused++;
		return -ENOSPC;
	}

	directory->inode = inode;
	directory->seen = tree->scan;
	if (!directory->watch) {
		directory->watch = watches_add(tree->watches, tree->cgroup_fd, path + 1, WATCH_TREE,
					       directory);
		is_new |= directory->watch != NULL;
	}
	return is_new;
}

/* Forgets a directory that was looked into before, and what is below: it was taken, or is gone. */
static void forget(struct tree *tree, const char *path)
{
	struct directory *directory, *next;
	size_t length = strlen(path);

	if (!find(tree, path))
		return; /* nothing below was looked into, either */
	HASH_ITER (hh, tree->by_path, directory, next)
		if (strncmp(directory->path, path, length) == 0 &&
		    (directory->path[length] == '\0' || directory->path[length] == '/'))
			drop(tree, directory);
}

/* Two links are the directory itself and its name above; each subdirectory adds one. Some file
 * systems do not count and always say 1. */
static bool is_leaf(const struct stat *status)
{
	return status->st_nlink == 2;
}

/* The walk stands at a directory: `name` in parent_fd. */
static void visit(struct walk *walk, int parent_fd, const char *name, const struct stat *status)
{
	struct tree *tree = walk->tree;
	int r;

	if (tree->events.found(walk->path, status->st_ino, tree->events.userdata)) {
		forget(tree, walk->path);
		return;
	}
	if (walk->depth > DEPTH_MAX) {
		tree->refused++;
		return;
	}

	r = note(tree, walk->path, status->st_ino);
	/* Of one that is watched since now, `status` may be too old. */
	if (r > 0 || (r == 0 && !is_leaf(status)))
		list_directory(walk, parent_fd, name);
}

static bool walk_down(struct walk *walk, const char *name)
{
	size_t length = strlen(name);

	if (walk->length + 1 + length >= sizeof(walk->path)) {
		walk->tree->refused++;
		return false;
	}
	walk->path[walk->length] = '/';
	memcpy(walk->path + walk->length + 1, name, length + 1);
	walk->length += 1 + length;
	walk->depth++;
	return true;
}

static void walk_up(struct walk *walk, size_t length)
{
	walk->length = length;
	walk->path[length] = '\0';
	walk->depth--;
}

static void visit_entry(struct walk *walk, int fd, const struct dirent *entry)
{
	struct tree *tree = walk->tree;
	size_t length = walk->length;
	struct stat status;

	if ((entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) ||
	    strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return;
	if (!walk_down(walk, entry->d_name))
		return;

	if (!tree->events.known(walk->path, entry->d_ino, tree->events.userdata) &&
	    fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(status.st_mode))
		visit(walk, fd, entry->d_name, &status);
	walk_up(walk, length);
}

static void list_directory(struct walk *walk, int parent_fd, const char *name)
{
	const struct dirent *entry;
	struct stat status;
	DIR *stream;
	int fd;

	if (fstatat(parent_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && is_leaf(&status))
		return;
	fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	stream = fd < 0 ? NULL : fdopendir(fd);
	if (!stream) {
		walk->tree->incomplete |= errno != ENOENT; /* which is: gone meanwhile */
		close_p(&fd);
		return;
	}

	while (errno = 0, (entry = readdir(stream)) != NULL)
		visit_entry(walk, dirfd(stream), entry);
	walk->tree->incomplete |= errno != 0 && errno != ENOENT;
	(void) closedir(stream);
}

static void sweep(struct tree *tree)
{
	struct directory *directory, *next;

	HASH_ITER (hh, tree->by_path, directory, next)
		if (directory->seen != tree->scan)
			drop(tree, directory);
}

int tree_scan(struct tree *tree)
{
	struct walk walk = { .tree = tree };
	struct stat status;
	int fd;

	fd = openat(tree->cgroup_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) < 0) {
		int r = -errno;

		close_p(&fd);
		return r;
	}
	close_p(&fd);

	tree->scan++;
	tree->incomplete = false;
	if (note(tree, "/", status.st_ino) >= 0)
		list_directory(&walk, tree->cgroup_fd, ".");
	if (tree->incomplete)
		return 1;

	sweep(tree);
	return 0;
}

static int stat_path(const struct tree *tree, const char *path, struct stat *ret_status)
{
	if (fstatat(tree->cgroup_fd, path[1] ? path + 1 : ".", ret_status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;

	return S_ISDIR(ret_status->st_mode) ? 0 : -ENOTDIR;
}

uint64_t tree_inode(const struct tree *tree, const char *path)
{
	struct stat status;

	return stat_path(tree, path, &status) < 0 ? 0 : status.st_ino;
}

static unsigned depth_of(const char *path)
{
	unsigned depth = 0;

	for (; *path; path++)
		depth += *path == '/';

	return depth;
}

/* The parent of `path` was looked into. */
static void look(struct tree *tree, const char *path)
{
	struct walk walk = { .tree = tree, .depth = depth_of(path), .length = strlen(path) };
	struct stat status;

	if (walk.length >= sizeof(walk.path) || stat_path(tree, path, &status) < 0)
		return;
	memcpy(walk.path, path, walk.length + 1);
	visit(&walk, tree->cgroup_fd, path + 1, &status);
}

void tree_look(struct tree *tree, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[RUNTIME_PATH_BYTES];

	if (!slash || slash[1] == '\0')
		return;
	(void) snprintf(parent, sizeof(parent), "%.*s", slash > path ? (int) (slash - path) : 1,
			path);
	if (find(tree, parent))
		look(tree, path);
}

void tree_on_event(struct tree *tree, const struct watch *watch, uint32_t mask, const char *name)
{
	struct directory *directory = watch->owner;
	const char *parent = directory->path[1] ? directory->path : "";
	char path[RUNTIME_PATH_BYTES];

	if (mask & IN_IGNORED)
		directory->watch = NULL;
	if (!(mask & IN_ISDIR) ||
	    snprintf(path, sizeof(path), "%s/%s", parent, name) >= (int) sizeof(path))
		return;

	if (mask & (IN_CREATE | IN_MOVED_TO)) {
		look(tree, path);
	} else if (mask & (IN_DELETE | IN_MOVED_FROM) &&
		   (tree_inode(tree, path) == 0 || !find(tree, path))) {
		forget(tree, path);
		tree->events.gone(path, tree->events.userdata);
	}
}

void tree_stats_get(const struct tree *tree, struct tree_stats *ret_stats)
{
	*ret_stats = (struct tree_stats){
		.directories = HASH_COUNT(tree->by_path),
		.refused = tree->refused,
	};
}
