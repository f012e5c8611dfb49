/* SPDX-License-Identifier: Apache-2.0 */

/* fake_host: recorded hosts in small, made by the test itself. */

#include "harness/fake_host.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 512
#define HOST_NETNS 4026531840U

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "fake host: %s: %s\n", what, strerror(errno));
	abort();
}

static void make_parents(int root_fd, const char *path)
{
	char part[PATH_BYTES];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		(void) snprintf(part, sizeof(part), "%.*s", (int) (slash - path), path);
		if (mkdirat(root_fd, part, 0755) < 0 && errno != EEXIST)
			must(-1, part);
	}
}

void fake_host_write(struct fake_host *host, const char *path, const char *text)
{
	int fd;

	make_parents(host->root_fd, path);
	fd = openat(host->root_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	must(fd, path);
	must((int) write(fd, text, strlen(text)), path);
	close(fd);
}

void fake_host_link(struct fake_host *host, const char *path, const char *target)
{
	make_parents(host->root_fd, path);
	must(symlinkat(target, host->root_fd, path), path);
}

void fake_host_init(struct fake_host *ret_host)
{
	char target[32];

	(void) snprintf(ret_host->path, sizeof(ret_host->path), "/tmp/plimsoll-unit-XXXXXX");
	must(mkdtemp(ret_host->path) ? 0 : -1, "mkdtemp");
	ret_host->root_fd = open(ret_host->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(ret_host->root_fd, "open");

	fake_host_write(ret_host, "proc/self/mountinfo",
			"31 21 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
	fake_host_write(ret_host, "sys/fs/cgroup/cgroup.controllers", "cpu io memory pids\n");
	fake_host_write(ret_host, "sys/fs/cgroup/cpu.stat",
			"usage_usec 5000000\nuser_usec 3000000\nsystem_usec 2000000\n");
	(void) snprintf(target, sizeof(target), "net:[%u]", HOST_NETNS);
	fake_host_link(ret_host, "proc/1/ns/net", target);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void) status;
	(void) type;
	(void) at;
	return remove(path);
}

void fake_host_remove(struct fake_host *host, const char *path)
{
	char full[PATH_BYTES];

	(void) snprintf(full, sizeof(full), "%s/%s", host->path, path);
	must(nftw(full, remove_one, 16, FTW_DEPTH | FTW_PHYS), full);
}

void fake_host_fini(struct fake_host *host)
{
	close(host->root_fd);
	must(nftw(host->path, remove_one, 16, FTW_DEPTH | FTW_PHYS), host->path);
}

void fake_host_docker_id(unsigned number, char (*ret_id)[65])
{
	(void) snprintf(*ret_id, sizeof(*ret_id), "%064x", number);
}

static void write_below(struct fake_host *host, const char *directory, const char *file,
			const char *text)
{
	char path[2 * PATH_BYTES];

	(void) snprintf(path, sizeof(path), "%s/%s", directory, file);
	fake_host_write(host, path, text);
}

void fake_host_docker(struct fake_host *host, unsigned number, const char *name,
		      const char *labels_json, unsigned netns)
{
	char id[65], directory[PATH_BYTES], text[2048];
	unsigned pid = 1000 + number;

	fake_host_docker_id(number, &id);
	(void) snprintf(directory, sizeof(directory), "var/lib/docker/containers/%s", id);
	(void) snprintf(text, sizeof(text),
			"{\"ID\":\"%s\",\"Name\":\"/%s\",\"Created\":\"2026-01-02T03:04:05Z\","
			"\"State\":{\"Running\":true,\"StartedAt\":\"2026-01-02T03:04:06Z\"},"
			"\"Config\":{\"Image\":\"shop:1\",\"Labels\":%s}}",
			id, name, labels_json);
	write_below(host, directory, "config.v2.json", text);

	(void) snprintf(directory, sizeof(directory), "proc/%u", pid);
	(void) snprintf(text, sizeof(text), "%s/ns/net", directory);
	make_parents(host->root_fd, text);
	(void) snprintf(directory, sizeof(directory), "net:[%u]", netns);
	must(symlinkat(directory, host->root_fd, text), text);
	(void) snprintf(directory, sizeof(directory), "proc/%u", pid);
	write_below(host, directory, "net/dev",
		    "Inter-|   Receive  |  Transmit\n"
		    " face |bytes packets errs drop fifo frame compressed multicast|"
		    "bytes packets errs drop fifo colls carrier compressed\n"
		    "    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n"
		    "  eth0: 700 7 0 0 0 0 0 0 300 3 0 0 0 0 0 0\n");

	(void) snprintf(directory, sizeof(directory), "sys/fs/cgroup/docker/%s", id);
	(void) snprintf(text, sizeof(text), "%u\n", pid);
	write_below(host, directory, "cgroup.procs", text);
	write_below(host, directory, "cgroup.events", "populated 1\nfrozen 0\n");
	write_below(host, directory, "cpu.stat",
		    "usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\n");
	write_below(host, directory, "memory.current", "4096\n");
	write_below(host, directory, "pids.current", "3\n");
}
