/* SPDX-License-Identifier: Apache-2.0 */

/* site: kept descriptors of small files, within a budget.
 *
 * The directory in the unified tree is kept. Those in v1 trees are not: with five of them for each
 * container they would use up what the files need. Their files are opened by path, once. When the
 * budget is used up nothing is closed to make room: with every file read in every round, that would
 * close each file just before it is needed again.
 *
 * Files of slow sensors are kept only while no file of every round lacks room, and are given back
 * when one does: for that one, a descriptor saves ten times as many opens. */

#include "sensors/site.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/parse.h"
#include "sensors/processes.h"
#include "sensors/sensor.h"

#define PATH_BYTES 4096 /* PATH_MAX */

static const struct {
	const char *name;
	enum hierarchy hierarchy;
	enum cadence cadence;
} files[] = {
#define FILE_ROW(name_, hierarchy_, cadence_, file_) \
	[FILE_##name_] = { \
		.name = file_, \
		.hierarchy = HIERARCHY_##hierarchy_, \
		.cadence = CADENCE_##cadence_, \
	},
#include "sensors/files.def"
#undef FILE_ROW
};

/* "/" and "/a/b" as openat below a mount point wants them. */
static const char *below_mount(const char *path)
{
	path += strspn(path, "/");
	return *path ? path : ".";
}

int site_open(struct site_host *host, const char *path, struct site *ret_site)
{
	int tree_fd = host->trees[HIERARCHY_UNIFIED], dir_fd = -1;
	const char *below = below_mount(path);

	if (host->fd_used < host->fd_budget) {
		host->opens++;
		dir_fd = openat(tree_fd, below, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (dir_fd < 0)
			return errno == ENOTDIR || errno == ELOOP ? -ENOENT : -errno;
		host->fd_used++;
	} else if (!fd_exists_at(tree_fd, below)) {
		return -ENOENT;
	}

	*ret_site = (struct site){
		.host = host,
		.path = path,
		.root = strcmp(below, ".") == 0,
		.dir_fd = dir_fd,
	};
	ret_site->netns = ret_site->root ? host->netns : 0;
	for (enum site_file file = 0; file < FILE_COUNT; file++)
		ret_site->files[file] = SITE_FILE_UNOPENED;
	return 0;
}

void site_close(struct site *site)
{
	if (!site->host)
		return;

	for (enum site_file file = 0; file < FILE_COUNT; file++)
		site_release(site, file);
	if (site->dir_fd >= 0)
		site->host->fd_used--;
	close_p(&site->dir_fd);
	site->dir_fd = -1;
	site->host = NULL;
}

static bool is_slow(enum site_file file)
{
	return files[file].cadence == CADENCE_SLOW;
}

/* Every change of a file's state goes through here. */
static void set_file(struct site *site, enum site_file file, int state)
{
	struct site_host *host = site->host;

	host->fd_used -= site->files[file] >= 0;
	host->fd_wanted -= site->files[file] == SITE_FILE_UNKEPT;
	close_p(&site->files[file]);
	site->files[file] = state;
	host->fd_used += state >= 0;
	host->fd_wanted += state == SITE_FILE_UNKEPT;
}

void site_release(struct site *site, enum site_file file)
{
	if (site->files[file] >= 0 || site->files[file] == SITE_FILE_UNKEPT)
		set_file(site, file, SITE_FILE_UNOPENED);
}

void site_retry(struct site *site)
{
	for (enum site_file file = 0; file < FILE_COUNT; file++)
		if (site->files[file] == SITE_FILE_MISSING)
			site->files[file] = SITE_FILE_UNOPENED;
}

bool site_is_absence(ssize_t error)
{
	return error == -ENOENT || error == -ENODEV || error == -ESRCH || error == -EOPNOTSUPP;
}

int site_list(struct site *site)
{
	int tree_fd = site->host->trees[HIERARCHY_UNIFIED];
	int fd = site->dir_fd >= 0 ? openat(site->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
				   : openat(tree_fd, below_mount(site->path),
					    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	site->host->opens++;
	return fd < 0 ? -errno : fd;
}

/* Path of a file below its hierarchy's directory. Returns 0 or -ENAMETOOLONG. */
static int file_path(const struct site *site, enum site_file file, char path[PATH_BYTES])
{
	const char *name = files[file].name;
	int length;

	if (files[file].hierarchy == HIERARCHY_PROC || files[file].hierarchy == HIERARCHY_SYS)
		length = snprintf(path, PATH_BYTES, "%s", name);
	else if (files[file].hierarchy == HIERARCHY_PROCESS)
		length = snprintf(path, PATH_BYTES, "%d/%s", site->pid, name);
	else
		length = snprintf(path, PATH_BYTES, "%s/%s", below_mount(site->path), name);

	return length < 0 || length >= PATH_BYTES ? -ENAMETOOLONG : 0;
}

/* O_NONBLOCK: in a recorded tree, anything may lie there. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)

static int base_fd(const struct site_host *host, enum hierarchy hierarchy)
{
	if (hierarchy == HIERARCHY_PROC || hierarchy == HIERARCHY_PROCESS)
		return host->proc_fd;
	return hierarchy == HIERARCHY_SYS ? host->sys_fd : host->trees[hierarchy];
}

static int open_file(struct site *site, enum site_file file)
{
	enum hierarchy hierarchy = files[file].hierarchy;
	char path[PATH_BYTES];
	int fd, r;

	if (base_fd(site->host, hierarchy) < 0)
		return -ENOENT;

	site->host->opens++;
	if (hierarchy == HIERARCHY_UNIFIED && site->dir_fd >= 0) {
		fd = openat(site->dir_fd, files[file].name, OPEN_FLAGS);
	} else {
		r = file_path(site, file, path);
		if (r < 0)
			return r;
		fd = openat(base_fd(site->host, hierarchy), path, OPEN_FLAGS);
	}

	return fd < 0 ? -errno : fd;
}

/* Descriptors that are free for such a file; below 0: more are kept than should be. The last one is
 * not for slow files: a budget that is used up says that others did not get theirs. */
static int64_t room_for(const struct site_host *host, enum site_file file)
{
	int64_t room = (int64_t) host->fd_budget - host->fd_used;

	return is_slow(file) ? room - host->fd_wanted - 1 : room;
}

static ssize_t open_and_read(struct site *site, enum site_file file, char *text, size_t size)
{
	struct site_host *host = site->host;
	CLEANUP(close_p) int fd = -1;

	fd = open_file(site, file);
	if (fd == -ENOENT || fd == -ENOTDIR) {
		set_file(site, file, SITE_FILE_MISSING);
		return -ENOENT;
	}
	if (fd < 0)
		return fd;

	if (room_for(host, file) > 0) {
		set_file(site, file, TAKE_FD(fd));
		return fd_pread(site->files[file], text, size);
	}
	host->over_budget++;
	set_file(site, file, is_slow(file) ? SITE_FILE_UNOPENED : SITE_FILE_UNKEPT);
	return fd_pread(fd, text, size);
}

static ssize_t read_kept(struct site *site, enum site_file file, char *text, size_t size)
{
	ssize_t length = fd_pread(site->files[file], text, size);

	if (room_for(site->host, file) < 0)
		site_release(site, file);
	return length;
}

/* Whether the process is the one that was found: a number can be given to another one. */
static bool process_is_there(const struct site *site)
{
	uint64_t netns;
	char pid[16];

	if (site->pid == 0)
		return false;
	if (process_netns(site->host->proc_fd, site->pid, &netns) == 0)
		return netns == site->netns;

	(void) snprintf(pid, sizeof(pid), "%d", site->pid); /* always fits */
	return site->netns == 0 && fd_exists_at(site->host->proc_fd, pid);
}

static void release_process_files(struct site *site)
{
	for (enum site_file file = 0; file < FILE_COUNT; file++)
		if (files[file].hierarchy == HIERARCHY_PROCESS) {
			set_file(site, file, SITE_FILE_UNOPENED);
		}
}

void site_find_process(struct site *site)
{
	uint64_t netns;

	if (process_is_there(site))
		return;

	release_process_files(site);
	site->netns = site->root ? site->host->netns : 0;
	site->pid = processes_first(site);
	if (site->pid > 0 && process_netns(site->host->proc_fd, site->pid, &netns) == 0)
		site->netns = netns;
}

/* Before a file of the process is read. When the process ended, another one of the container takes
 * its place only if it is in the same namespace, since who reports a namespace is decided
 * elsewhere, by site_find_process. A kept /proc/PID/net/dev keeps a network namespace alive that
 * its engine wants to end, hence the check each time. */
static bool process_is_usable(struct site *site)
{
	uint64_t netns;
	pid_t other;

	if (process_is_there(site))
		return true;
	release_process_files(site);
	if (site->pid == 0)
		return false;

	other = processes_first(site);
	if (other == 0 || process_netns(site->host->proc_fd, other, &netns) < 0 ||
	    netns != site->netns)
		return false;
	site->pid = other;
	return true;
}

/* The kernel ends every text with a line's end; one that lacks it was cut, and its last number is
 * not to be trusted. */
static ssize_t check_whole(ssize_t length, const char *text)
{
	return length > 0 && text[length - 1] != '\n' ? -EBADMSG : length;
}

ssize_t site_read(struct site *site, enum site_file file, char *text, size_t size)
{
	ssize_t length;

	if (site->files[file] == SITE_FILE_MISSING)
		return -ENOENT;
	if (files[file].hierarchy == HIERARCHY_PROCESS && !process_is_usable(site))
		return -ESRCH;

	site->host->reads++;
	if (site->files[file] >= 0)
		length = read_kept(site, file, text, size);
	else
		length = open_and_read(site, file, text, size);
	return check_whole(length, text);
}
