/* SPDX-License-Identifier: Apache-2.0 */

/* site_host: the directories and facts that all sites share. */

#include "sensors/site.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sensors/devices.h"
#include "sensors/mounts.h"
#include "sensors/processes.h"

#define CONTROLLERS_BYTES 1024 /* a dozen names of at most 10 bytes, and room for new ones */

/* The host's process 1 may be closed to us; then we are taken to be in the host's namespace. */
static uint64_t host_netns(int proc_fd)
{
	uint64_t netns;

	if (process_netns(proc_fd, 1, &netns) < 0 && process_netns(proc_fd, 0, &netns) < 0)
		return 0;
	return netns;
}

static bool fd_directories_count(int proc_fd)
{
	struct statfs fs;
	struct stat status;

	return fstatfs(proc_fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC &&
	       fstatat(proc_fd, "self/fd", &status, 0) == 0 && status.st_size > 0;
}

int site_host_open(int root_fd, unsigned fd_budget, struct site_host *ret_host)
{
	CLEANUP(close_p) int proc_fd = -1;
	CLEANUP(close_p) int sys_fd = -1;
	struct site_host host = { .fd_budget = fd_budget };
	int r;

	proc_fd = openat(root_fd, "proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc_fd < 0)
		return -errno;
	sys_fd = openat(root_fd, "sys", O_PATH | O_DIRECTORY | O_CLOEXEC); /* -1: there is none */

	r = mounts_open(root_fd, host.trees);
	if (r < 0)
		return r;

	host.netns = host_netns(proc_fd);
	host.fd_counts = fd_directories_count(proc_fd);
	host.proc_fd = TAKE_FD(proc_fd);
	host.sys_fd = TAKE_FD(sys_fd);
	r = devices_new(host.proc_fd, host.sys_fd, &host.devices);
	if (r < 0) {
		site_host_close(&host);
		return r;
	}

	*ret_host = host;
	return 0;
}

void site_host_close(struct site_host *host)
{
	devices_free(host->devices);
	for (enum hierarchy tree = 0; tree < HIERARCHY_COUNT; tree++)
		close_p(&host->trees[tree]);
	close_p(&host->proc_fd);
	close_p(&host->sys_fd);
	memset(host->trees, -1, sizeof(host->trees));
	host->proc_fd = host->sys_fd = -1;
	host->devices = NULL;
}

bool site_host_hybrid(const struct site_host *host)
{
	for (enum hierarchy tree = HIERARCHY_UNIFIED + 1; tree < HIERARCHY_COUNT; tree++)
		if (host->trees[tree] >= 0)
			return true;

	return false;
}

bool site_has_controller(struct site *root, const char *controller)
{
	char text[CONTROLLERS_BYTES];
	const char *cursor = text;
	struct slice line, word;

	if (site_read(root, FILE_CGROUP_CONTROLLERS, text, sizeof(text)) < 0 ||
	    !line_next(&cursor, &line))
		return false;
	while (word_next(&line, &word))
		if (slice_is(word, controller, strlen(controller)))
			return true;

	return false;
}

bool site_has_v1(struct site *root, enum hierarchy hierarchy, const char *controller)
{
	return root->host->trees[hierarchy] >= 0 && !site_has_controller(root, controller);
}
