/* SPDX-License-Identifier: Apache-2.0 */

/* mounts: mountinfo to descriptors of cgroup trees.
 *
 * A line is "ID PARENT MAJ:MIN ROOT POINT OPTIONS [TAG...] - TYPE SOURCE SUPER-OPTIONS". A v1 tree
 * says by its super options which controllers it serves: one ("memory"), or several
 * ("cpu,cpuacct"). Reading is done once, at start, and may allocate: hosts with many containers
 * have many mounts. */

#include "sensors/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"

static const struct {
	const char *option;
	enum hierarchy hierarchy;
} v1_controllers[] = {
	{ "cpu", HIERARCHY_V1_CPU },         { "memory", HIERARCHY_V1_MEMORY },
	{ "pids", HIERARCHY_V1_PIDS },       { "blkio", HIERARCHY_V1_BLKIO },
	{ "hugetlb", HIERARCHY_V1_HUGETLB }, { "freezer", HIERARCHY_V1_FREEZER },
};

struct mount {
	const char *root;
	char *point;
	const char *type;
	char *options; /* of the file system */
};

struct mounts {
	int root_fd;
	int *trees;
	bool whole[HIERARCHY_COUNT]; /* this one is mounted from its root */
};

static void close_file(FILE **file)
{
	if (*file)
		(void) fclose(*file); /* read only */
}

/* "\040" and the like: blanks, line breaks and backslashes of paths. */
static void unescape(char *path)
{
	char *out = path;

	for (const char *in = path; *in; out++)
		if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0' && in[2] <= '7' &&
		    in[3] >= '0' && in[3] <= '7') {
			*out = (char) ((in[1] - '0') << 6 | (in[2] - '0') << 3 | (in[3] - '0'));
			in += 4;
		} else {
			*out = *in++;
		}
	*out = '\0';
}

static bool mount_parse(char *line, struct mount *ret_mount)
{
	char *fields[6], *cursor = line, *word;

	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (!(fields[i] = strsep(&cursor, " ")))
			return false;
	do
		word = strsep(&cursor, " ");
	while (word && strcmp(word, "-") != 0);

	ret_mount->root = fields[3];
	ret_mount->point = fields[4];
	ret_mount->type = strsep(&cursor, " ");
	(void) strsep(&cursor, " "); /* the source: any word for cgroup trees */
	ret_mount->options = cursor;
	if (!cursor)
		return false;

	unescape(ret_mount->point);
	return true;
}

/* An absolute path of the recorded host, as one below its root directory. */
static const char *below_root(const char *path)
{
	path += strspn(path, "/");
	return *path ? path : ".";
}

static void take(struct mounts *mounts, enum hierarchy hierarchy, const struct mount *mount)
{
	bool whole = strcmp(mount->root, "/") == 0;
	int *tree = &mounts->trees[hierarchy];
	int fd;

	if (*tree >= 0 && (mounts->whole[hierarchy] || !whole))
		return;

	fd = openat(mounts->root_fd, below_root(mount->point), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return; /* named, but out of reach from here: as if it were not mounted */

	close_p(tree);
	*tree = fd;
	mounts->whole[hierarchy] = whole;
}

static void take_v1(struct mounts *mounts, const struct mount *mount)
{
	char *cursor = mount->options, *option;

	while ((option = strsep(&cursor, ",")))
		for (size_t i = 0; i < ARRAY_SIZE(v1_controllers); i++)
			if (strcmp(option, v1_controllers[i].option) == 0)
				take(mounts, v1_controllers[i].hierarchy, mount);
}

static int read_mountinfo(struct mounts *mounts)
{
	CLEANUP(close_file) FILE *file = NULL;
	CLEANUP(free_p) char *line = NULL;
	struct mount mount;
	size_t size = 0;
	int fd;

	fd = openat(mounts->root_fd, "proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	file = fdopen(fd, "re");
	if (!file) {
		close_p(&fd);
		return -ENOMEM;
	}

	while (getline(&line, &size, file) >= 0) {
		if (!mount_parse(line, &mount))
			continue;
		if (strcmp(mount.type, "cgroup2") == 0)
			take(mounts, HIERARCHY_UNIFIED, &mount);
		else if (strcmp(mount.type, "cgroup") == 0)
			take_v1(mounts, &mount);
	}

	return 0;
}

/* A container that sees the host's "/" below another directory finds mount points in mountinfo
 * that do not exist below root_fd. Where mountinfo could be read, the directory must look like a
 * cgroup: on a host without any v2 tree it is a tmpfs. */
static int take_usual_place(struct mounts *mounts, bool must_look_right)
{
	CLEANUP(close_p) int fd = -1;

	fd = openat(mounts->root_fd, "sys/fs/cgroup", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (must_look_right && !fd_exists_at(fd, "cgroup.controllers"))
		return -ENOENT;

	mounts->trees[HIERARCHY_UNIFIED] = TAKE_FD(fd);
	return 0;
}

int mounts_open(int root_fd, int ret_trees[HIERARCHY_COUNT])
{
	int trees[HIERARCHY_COUNT];
	struct mounts mounts = { .root_fd = root_fd, .trees = trees };
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(trees); i++)
		trees[i] = -1;

	r = read_mountinfo(&mounts);
	if (trees[HIERARCHY_UNIFIED] < 0)
		r = take_usual_place(&mounts, r == 0);
	if (r < 0) {
		for (size_t i = 0; i < ARRAY_SIZE(trees); i++)
			close_p(&trees[i]);
		return r == -ENOTDIR ? -ENOENT : r;
	}

	memcpy(ret_trees, trees, sizeof(trees));
	return 0;
}
