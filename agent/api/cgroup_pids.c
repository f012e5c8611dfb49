/* SPDX-License-Identifier: Apache-2.0 */

/* cgroup_pids: a walk with bounds. The kernel writes 0 for a process of another pid namespace; it
 * has no number that we could use. */

#include "api/cgroup_pids.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"

#define CHUNK_BYTES 4096

static int add_pid(struct cgroup_pids *pids, uint64_t pid)
{
	if (pid == 0 || pid > INT32_MAX || pids->count == CGROUP_PIDS_MAX)
		return 0;
	if (pids->count == pids->capacity) {
		size_t capacity = 2 * pids->capacity + 64;
		pid_t *grown = reallocarray(pids->pids, capacity, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		pids->pids = grown;
		pids->capacity = capacity;
	}
	pids->pids[pids->count++] = (pid_t) pid;
	return 0;
}

/* A number may be cut by the end of a chunk. */
static int add_chunk(struct cgroup_pids *pids, const char *chunk, size_t length, uint64_t *number)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < length; i++) {
		if (chunk[i] >= '0' && chunk[i] <= '9' && *number <= INT32_MAX) {
			*number = 10 * *number + (uint64_t) (chunk[i] - '0');
			continue;
		}
		r = add_pid(pids, *number);
		*number = 0;
	}
	return r;
}

static int read_procs(int dir_fd, struct cgroup_pids *pids)
{
	CLEANUP(close_p) int fd = openat(dir_fd, "cgroup.procs", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char chunk[CHUNK_BYTES];
	uint64_t number = 0;
	ssize_t length;
	int r = 0;

	if (fd < 0)
		return -errno;
	while (r == 0 && pids->count < CGROUP_PIDS_MAX &&
	       (length = read(fd, chunk, sizeof(chunk))) != 0) {
		if (length < 0)
			return -errno;
		r = add_chunk(pids, chunk, (size_t) length, &number);
	}
	return r == 0 ? add_pid(pids, number) : r;
}

static void close_dir(DIR **dir)
{
	if (*dir)
		(void) closedir(*dir); /* read only */
}

/* Takes dir_fd. What cannot be read below the top is left out: it is gone, or threaded. */
static int walk(int dir_fd, unsigned depth, struct cgroup_pids *pids)
{
	CLEANUP(close_dir) DIR *dir = fdopendir(dir_fd);
	const struct dirent *entry;
	int r;

	if (!dir) {
		r = -errno;
		close_p(&dir_fd);
		return r;
	}
	pids->directories++;
	r = read_procs(dir_fd, pids);
	if (r < 0 && (depth == 0 || r == -ENOMEM))
		return r;

	while ((entry = readdir(dir)) && depth < CGROUP_PIDS_DEPTH &&
	       pids->directories < CGROUP_PIDS_DIRS) {
		int below_fd;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		below_fd = openat(dir_fd, entry->d_name,
				  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below_fd >= 0 && walk(below_fd, depth + 1, pids) == -ENOMEM)
			return -ENOMEM;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	pid_t one = *(const pid_t *) a, other = *(const pid_t *) b;

	return (one > other) - (one < other);
}

int cgroup_pids_read(int cgroup_fd, const char *path, struct cgroup_pids *ret_pids)
{
	struct cgroup_pids pids = { 0 };
	int dir_fd, r;

	while (*path == '/')
		path++;
	dir_fd = openat(cgroup_fd, *path ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return -errno;

	r = walk(dir_fd, 0, &pids);
	if (r < 0) {
		cgroup_pids_fini(&pids);
		return r;
	}
	if (pids.count > 0)
		qsort(pids.pids, pids.count, sizeof(*pids.pids), compare);
	*ret_pids = pids;
	return 0;
}

void cgroup_pids_fini(struct cgroup_pids *pids)
{
	free(pids->pids);
	*pids = (struct cgroup_pids){ 0 };
}

bool cgroup_pids_has(const struct cgroup_pids *pids, pid_t pid)
{
	return pids->count > 0 &&
	       bsearch(&pid, pids->pids, pids->count, sizeof(*pids->pids), compare) != NULL;
}
