/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A host made of strings: a temporary directory that looks like "/", with cgroups that are plain
 * directories, and the files of engines. inotify works on them as on cgroupfs.
 *
 *	struct host host;
 *
 *	host_make(&host);
 *	host_cgroup(&host, "docker/" ID_A, 1);
 *	host_write(&host, "var/lib/docker/containers/" ID_A "/config.v2.json", text);
 *	...
 *	host_remove(&host);
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "containers/runtime.h"

#define ID_A "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"
#define ID_B "bbbbbbbbbbbb456789abcdef0123456789abcdef0123456789abcdef01234567"
#define ID_C "cccccccccccc456789abcdef0123456789abcdef0123456789abcdef01234567"

#define CGROUPS "sys/fs/cgroup"

struct host {
	char path[64];
	int root_fd;
};

static inline void host_directory(const struct host *host, const char *path)
{
	char copy[1024];

	assert_true(strlen(path) < sizeof(copy));
	strcpy(copy, path);
	for (char *end = copy; end; *end = '/') {
		end = strchr(end + 1, '/');
		if (end)
			*end = '\0';
		assert_true(mkdirat(host->root_fd, copy, 0755) == 0 || errno == EEXIST);
		if (!end)
			break;
	}
}

static inline void host_make(struct host *host)
{
	strcpy(host->path, "/tmp/plimsoll-test.XXXXXX");
	assert_non_null(mkdtemp(host->path));
	host->root_fd = open(host->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(host->root_fd >= 0);
	host_directory(host, CGROUPS);
}

static inline int host_remove_one(const char *path, const struct stat *status, int type,
				  struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

static inline void host_remove(struct host *host)
{
	close(host->root_fd);
	assert_int_equal(nftw(host->path, host_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* Written beside and renamed, as engines do it; makes directories as needed. */
static inline void host_write_bytes(const struct host *host, const char *path, const char *bytes,
				    size_t length)
{
	char parent[1024], temporary[1100];
	char *slash;
	int fd;

	assert_true(strlen(path) < sizeof(parent));
	strcpy(parent, path);
	slash = strrchr(parent, '/');
	if (slash) {
		*slash = '\0';
		host_directory(host, parent);
	}

	snprintf(temporary, sizeof(temporary), "%s.tmp", path);
	fd = openat(host->root_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t) length);
	close(fd);
	assert_int_equal(renameat(host->root_fd, temporary, host->root_fd, path), 0);
}

static inline void host_write(const struct host *host, const char *path, const char *text)
{
	host_write_bytes(host, path, text, strlen(text));
}

static inline void host_link(const struct host *host, const char *target, const char *path)
{
	assert_int_equal(symlinkat(target, host->root_fd, path), 0);
}

static inline void host_unlink(const struct host *host, const char *path)
{
	assert_int_equal(unlinkat(host->root_fd, path, 0), 0);
}

/* A cgroup with its cgroup.events; populated -1: without. Written in place, as the kernel does. */
static inline void host_cgroup(const struct host *host, const char *cgroup, int populated)
{
	char path[1024], text[64];
	int fd;

	snprintf(path, sizeof(path), CGROUPS "/%s", cgroup);
	host_directory(host, path);
	if (populated < 0)
		return;

	snprintf(path, sizeof(path), CGROUPS "/%s/cgroup.events", cgroup);
	snprintf(text, sizeof(text), "populated %d\nfrozen 0\n", populated);
	fd = openat(host->root_fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t) strlen(text));
	close(fd);
}

static inline void host_cgroup_remove(const struct host *host, const char *cgroup)
{
	char path[1024];

	snprintf(path, sizeof(path), CGROUPS "/%s/cgroup.events", cgroup);
	(void) unlinkat(host->root_fd, path, 0); /* may have none */
	snprintf(path, sizeof(path), CGROUPS "/%s", cgroup);
	assert_int_equal(unlinkat(host->root_fd, path, AT_REMOVEDIR), 0);
}

/* A recorded file from the data directory beside this one; the caller frees it. */
static inline char *host_data(const char *name)
{
	char path[1024];
	char *text;
	long length;
	FILE *file;

	snprintf(path, sizeof(path), "%.*s/data/%s", (int) (strrchr(__FILE__, '/') - __FILE__),
		 __FILE__, name);
	file = fopen(path, "re");
	if (!file)
		fail_msg("cannot open %s", path);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	length = ftell(file);
	rewind(file);
	text = malloc((size_t) length + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t) length, file), length);
	text[length] = '\0';
	fclose(file);
	return text;
}

/* The value of a label, NULL when there is none. */
static inline const char *identity_find_label(const struct identity *identity, const char *key)
{
	const char *cursor = identity->labels;

	while (cursor && *cursor) {
		const char *value = cursor + strlen(cursor) + 1;

		if (strcmp(cursor, key) == 0)
			return value;
		cursor = value + strlen(value) + 1;
	}

	return NULL;
}

/* One engine on its own, without a registry. */
struct bench {
	struct host host;
	const struct runtime *runtime;
	struct runtime_state *state;
	struct identity identity; /* of the latest bench_describe */
};

static inline void bench_open(struct bench *bench, const char *name, const char *const *places)
{
	const struct runtime_place place = { .root_fd = bench->host.root_fd, .places = places };

	const struct runtime *const *runtime = runtimes;

	while (strcmp((*runtime)->name, name) != 0)
		runtime++; /* every name that a test asks for is there */
	bench->runtime = *runtime;
	assert_int_equal(bench->runtime->open(&place, &bench->state), 0);
	memset(&bench->identity, 0, sizeof(bench->identity));
}

static inline int bench_describe(struct bench *bench, const char *id, const char *path)
{
	identity_fini(&bench->identity);
	return bench->runtime->describe(bench->state, id, path, &bench->identity);
}

/* The id that is found in the path; "" when it is not a container of this engine. */
static inline const char *bench_match(struct bench *bench, const char *path)
{
	static struct match match;

	match.kind = MATCH_NONE;
	bench->runtime->match(bench->state, path, &match);
	return match.kind == MATCH_CONTAINER ? match.id : "";
}

static inline void bench_close(struct bench *bench)
{
	identity_fini(&bench->identity);
	bench->runtime->close(bench->state);
}
