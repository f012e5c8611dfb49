/* SPDX-License-Identifier: Apache-2.0 */

/* tasks: processes of a container, and the descriptors that they hold.
 *
 * Source: cgroup.procs of the container's cgroup and of those below it; /proc/PID/fd, whose size is
 * the number of descriptors since Linux 6.2, before that its entries are counted; /proc/PID/limits
 * of one process. A number that would be too small, since a bound was reached or a process could
 * not be looked at, is absent. So are all of them for the root cgroup: the host's processes are
 * not a container's, and counting them takes a walk through the whole tree. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/parse.h"
#include "sensors/fields.h"
#include "sensors/processes.h"
#include "sensors/sensor.h"

#define PROCESSES_MAX 512         /* whose descriptors are counted: one stat each */
#define ENTRIES_BYTES (16 * 1024) /* of /proc/PID/fd: 24 bytes for a descriptor */
#define ENTRIES_MAX   100000      /* descriptors of one process that are counted one by one */
#define LIMITS_BYTES  4096        /* 16 lines of 79 characters */

static int processes_sample(struct site *site, struct draft *draft, struct row *row)
{
	struct processes processes = { .size = 0 };
	int r;

	(void) draft;
	row_clear(row, METRIC_PROCESSES);
	if (site->root)
		return 0;

	r = processes_list(site, &processes);
	if (r == 0)
		row_set(row, METRIC_PROCESSES, processes.count);
	return r == -E2BIG || site_is_absence(r) ? 0 : r;
}

const struct sensor sensor_processes = {
	.name = "processes",
	.needs = "a cgroup v2 tree",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.sample = processes_sample,
};

/* Number of entries but "." and "..", or a negative errno. */
static int count_entries(struct site_host *host, const char *path)
{
	_Alignas(struct dirent64) char entries[ENTRIES_BYTES];
	CLEANUP(close_p) int fd = -1;
	ssize_t length;
	int count = 0;

	host->opens++;
	fd = openat(host->proc_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	while ((length = getdents64(fd, entries, sizeof(entries))) > 0) {
		for (ssize_t offset = 0; offset < length; count++)
			offset += ((const struct dirent64 *) (entries + offset))->d_reclen;
		if (count > ENTRIES_MAX)
			return -E2BIG;
	}

	return length < 0 ? -errno : count - 2;
}

/* Descriptors of one process, or a negative errno. */
static int64_t count_descriptors(struct site_host *host, pid_t pid)
{
	struct stat status;
	char path[32];

	(void) snprintf(path, sizeof(path), "%d/fd", pid); /* always fits */
	if (!host->fd_counts)
		return count_entries(host, path);
	if (fstatat(host->proc_fd, path, &status, 0) < 0)
		return -errno;
	return status.st_size;
}

static int sum_descriptors(struct site *site, uint64_t *ret_sum)
{
	pid_t pids[PROCESSES_MAX];
	struct processes processes = { .pids = pids, .size = PROCESSES_MAX };
	uint64_t sum = 0;
	int r, seen = 0;

	r = processes_list(site, &processes);
	if (r < 0)
		return r;
	if (processes.count > PROCESSES_MAX)
		return -E2BIG;

	for (size_t i = 0; i < processes.count; i++) {
		int64_t n = pids[i] > 0 ? count_descriptors(site->host, pids[i]) : -EACCES;

		if (n == -ENOENT || n == -ESRCH)
			continue; /* ended since the list was read: it holds nothing any more */
		if (n < 0)
			return (int) n;
		sum += (uint64_t) n;
		seen++;
	}
	if (seen == 0)
		return -ENOENT;

	*ret_sum = sum;
	return 0;
}

static int descriptors_fill(struct site *site, struct row *row)
{
	uint64_t sum;
	int r;

	row_clear(row, METRIC_DESCRIPTORS);
	r = sum_descriptors(site, &sum);
	if (r == 0)
		row_set(row, METRIC_DESCRIPTORS, sum);
	return r == -E2BIG || r == -EACCES || site_is_absence(r) ? 0 : r;
}

/* "Max open files    1024    524288    files": the first number is the soft limit. */
static int limit_parse(const char *text, int64_t *ret_limit)
{
	static const char name[] = "Max open files ";
	struct slice line, word;
	uint64_t value;

	while (line_next(&text, &line)) {
		if (line.length < strlen(name) || memcmp(line.start, name, strlen(name)) != 0)
			continue;
		line = (struct slice){ line.start + strlen(name), line.length - strlen(name) };
		if (!word_next(&line, &word))
			break;
		if (SLICE_IS(word, "unlimited")) {
			*ret_limit = -1;
			return 0;
		}
		if (parse_u64(word, &value) < 0 || value > INT64_MAX)
			break;
		*ret_limit = (int64_t) value;
		return 0;
	}

	return -EBADMSG;
}

static int limit_fill(struct site *site, struct row *row)
{
	char text[LIMITS_BYTES];
	int64_t limit;
	ssize_t n;
	int r;

	row_clear(row, METRIC_ULIMIT_OPEN_FILES);
	n = site_read(site, FILE_LIMITS, text, sizeof(text));
	if (n < 0)
		return n == -EACCES || site_is_absence(n) ? 0 : (int) n;

	r = limit_parse(text, &limit);
	if (r == 0)
		row_set(row, METRIC_ULIMIT_OPEN_FILES, (uint64_t) limit);
	return r;
}

static int descriptors_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	if (site->root)
		return 0;
	return first_error(descriptors_fill(site, row), limit_fill(site, row));
}

const struct sensor sensor_descriptors = {
	.name = "descriptors",
	.needs = "procfs, and the right to look at other users' processes",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.sample = descriptors_sample,
};
