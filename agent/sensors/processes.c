/* SPDX-License-Identifier: Apache-2.0 */

/* processes: cgroup.procs of a cgroup and of its descendants.
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Processes". A cgroup without children is told
 * by the link count of its directory, and then one pread of a kept file is all. Directories are
 * listed with getdents64: opendir would allocate. A process of another PID namespace that cannot
 * be seen from ours is listed as 0. */

#include "sensors/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/parse.h"
#include "sensors/site.h"

#define PROCS_BYTES   (256 * 1024) /* 8 bytes a line: more than 30,000 processes in one cgroup */
#define ENTRIES_BYTES 4096         /* a cgroup's directory has about 80 files of 40 bytes */
#define NS_LINK_BYTES 64           /* "net:[4026531840]" */

struct walk {
	struct site_host *host;
	struct processes *processes;
	unsigned directories; /* that may still be opened */
	bool first_only;
	char text[PROCS_BYTES]; /* one for all levels: it is used up before the next one is read */
};

static void add_lines(struct processes *processes, const char *text)
{
	struct slice line;
	uint64_t pid;

	while (line_next(&text, &line)) {
		if (line.length == 0)
			continue;
		if (parse_u64(line, &pid) < 0 || pid > INT32_MAX)
			pid = 0;
		if (processes->count < processes->size)
			processes->pids[processes->count] = (pid_t) pid;
		processes->count++;
	}
}

static int walk_directory(struct walk *walk, int dir_fd, unsigned depth);

static int walk_child(struct walk *walk, int dir_fd, const char *name, unsigned depth)
{
	CLEANUP(close_p) int child_fd = -1;
	ssize_t n;

	if (walk->directories == 0)
		return -E2BIG;
	walk->directories--;
	walk->host->opens += 2;

	child_fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (child_fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? 0 : -errno;

	n = fd_read_at(child_fd, "cgroup.procs", walk->text, sizeof(walk->text));
	/* EOPNOTSUPP: a threaded cgroup, whose processes are listed further up. */
	if (n < 0 && !site_is_absence(n))
		return (int) n;
	if (n > 0)
		add_lines(walk->processes, walk->text);

	return walk_directory(walk, child_fd, depth);
}

static int walk_entries(struct walk *walk, int dir_fd, const char *entries, size_t length,
			unsigned depth)
{
	for (size_t offset = 0; offset < length;) {
		const struct dirent64 *entry = (const struct dirent64 *) (entries + offset);
		int r = 0;

		offset += entry->d_reclen;
		if ((entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN) &&
		    entry->d_name[0] != '.')
			r = walk_child(walk, dir_fd, entry->d_name, depth);
		if (r < 0 || (walk->first_only && walk->processes->count > 0))
			return r;
	}

	return 0;
}

/* In a cgroup file system a directory has two links and one for each child. */
static bool has_children(int dir_fd)
{
	struct stat status;

	return fstat(dir_fd, &status) == 0 && status.st_nlink != 2;
}

/* `depth` levels below dir_fd are walked; one more existing is an error, unless that was wanted. */
static int walk_directory(struct walk *walk, int dir_fd, unsigned depth)
{
	_Alignas(struct dirent64) char entries[ENTRIES_BYTES];

	if (!has_children(dir_fd))
		return 0;
	if (depth == 0)
		return walk->first_only ? 0 : -E2BIG;

	for (;;) {
		ssize_t length = getdents64(dir_fd, entries, sizeof(entries));
		int r;

		if (length <= 0)
			return length == 0 || errno == ENOENT ? 0 : -errno;
		r = walk_entries(walk, dir_fd, entries, (size_t) length, depth - 1);
		if (r < 0 || (walk->first_only && walk->processes->count > 0))
			return r;
	}
}

/* Reads the site's own list and opens its directory when there is anything below. Returns 0 with
 * *ret_dir_fd -1 when there is not. */
static int walk_start(struct walk *walk, struct site *site, int *ret_dir_fd)
{
	ssize_t n;
	int fd;

	n = site_read(site, FILE_CGROUP_PROCS, walk->text, sizeof(walk->text));
	if (n < 0)
		return (int) n;
	add_lines(walk->processes, walk->text);

	*ret_dir_fd = -1;
	if (site->dir_fd >= 0 && !has_children(site->dir_fd))
		return 0;

	fd = site_list(site);
	if (fd < 0)
		return fd;
	*ret_dir_fd = fd;
	return 0;
}

int processes_list(struct site *site, struct processes *processes)
{
	CLEANUP(close_p) int dir_fd = -1;
	struct walk walk;
	int r;

	walk.host = site->host;
	walk.processes = processes;
	walk.directories = PROCESSES_DIRECTORIES;
	walk.first_only = false;
	processes->count = 0;

	r = walk_start(&walk, site, &dir_fd);
	if (r < 0 || dir_fd < 0)
		return r;
	return walk_directory(&walk, dir_fd, PROCESSES_DEPTH);
}

pid_t processes_first(struct site *site)
{
	CLEANUP(close_p) int dir_fd = -1;
	pid_t pid = 0;
	struct processes processes = { .pids = &pid, .size = 1 };
	struct walk walk;

	walk.host = site->host;
	walk.processes = &processes;
	walk.first_only = true;
	if (walk_start(&walk, site, &dir_fd) < 0 || dir_fd < 0)
		return pid;

	/* One level more each time: upper levels hold no processes, or the search were over. */
	for (unsigned depth = 1; depth <= PROCESSES_DEPTH && processes.count == 0; depth++) {
		walk.directories = PROCESSES_DIRECTORIES;
		if (lseek(dir_fd, 0, SEEK_SET) < 0 || walk_directory(&walk, dir_fd, depth) < 0)
			break;
	}

	return pid;
}

int process_netns(int proc_fd, pid_t pid, uint64_t *ret_netns)
{
	char path[32] = "self/ns/net", link[NS_LINK_BYTES];
	struct slice inode = { link + strlen("net:["), 0 };
	ssize_t length;

	if (pid > 0)
		(void) snprintf(path, sizeof(path), "%d/ns/net", pid); /* always fits */
	length = readlinkat(proc_fd, path, link, sizeof(link));
	if (length < 0)
		return -errno;
	if ((size_t) length < strlen("net:[]") || memcmp(link, "net:[", strlen("net:[")) != 0)
		return -EBADMSG;

	inode.length = (size_t) length - strlen("net:[]");
	return parse_u64(inode, ret_netns);
}
