/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A host made of strings: a directory that looks like "/", with the files that a test writes, and
 * one container's cgroup in it. Sensors cannot tell it from a real one.
 *
 *	struct fake *fake = fake_new();
 *
 *	fake_write(fake, CGROUP "cpu.stat", "usage_usec 7\n");
 *	fake_open(fake);
 *	assert_int_equal(fake_sample(fake, "cpu"), 0);
 *	assert_cell(fake->row, METRIC_CPU_USAGE_NS, 7000);
 *	fake_free(fake);
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
#include "model/draft.h"
#include "model/snapshot.h"
#include "sensors/sensor.h"
#include "sensors/site.h"

#define TREE   "sys/fs/cgroup/"
#define CGROUP TREE "docker/one/"
#define BUDGET 100

struct fake {
	char path[64];
	int root_fd;
	struct site_host host;
	struct site root, site;
	struct draft *draft;
	struct row *root_row, *row;
	struct snapshot *snapshot; /* of the last fake_find */
};

static inline void fake_write_bytes(struct fake *fake, const char *path, const char *bytes,
				    size_t length)
{
	char copy[512];
	int fd;

	assert_true(strlen(path) < sizeof(copy));
	strcpy(copy, path);
	for (char *c = copy; (c = strchr(c, '/')) != NULL; *c++ = '/') {
		*c = '\0';
		assert_true(mkdirat(fake->root_fd, copy, 0755) == 0 || errno == EEXIST);
	}

	fd = openat(fake->root_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t) length);
	close(fd);
}

static inline void fake_write(struct fake *fake, const char *path, const char *text)
{
	fake_write_bytes(fake, path, text, strlen(text));
}

static inline void fake_unlink(struct fake *fake, const char *path)
{
	assert_int_equal(unlinkat(fake->root_fd, path, 0), 0);
}

/* An empty host with a v2 tree and one cgroup. */
static inline struct fake *fake_new(void)
{
	struct fake *fake = calloc(1, sizeof(*fake));
	const char *place = getenv("TMPDIR");

	assert_non_null(fake);
	snprintf(fake->path, sizeof(fake->path), "%s/plimsoll-fake-XXXXXX",
		 place && strlen(place) < 32 ? place : "/tmp");
	assert_non_null(mkdtemp(fake->path));
	fake->root_fd = open(fake->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(fake->root_fd >= 0);
	fake_write(fake, TREE "cgroup.controllers", "cpu io memory hugetlb pids\n");
	fake_write(fake, CGROUP "cgroup.controllers", "cpu io memory hugetlb pids\n");
	fake_write(fake, "proc/self/comm", "test\n");
	return fake;
}

static inline void fake_open_with_budget(struct fake *fake, unsigned budget)
{
	struct draft_limits limits = draft_limits_for(10);

	assert_int_equal(site_host_open(fake->root_fd, budget, &fake->host), 0);
	assert_int_equal(site_open(&fake->host, "/", &fake->root), 0);
	assert_int_equal(site_open(&fake->host, "/docker/one", &fake->site), 0);
	assert_int_equal(draft_new(&limits, &fake->draft), 0);
	fake->root_row = draft_take(fake->draft, ENTITY_CONTAINER);
	fake->row = draft_take(fake->draft, ENTITY_CONTAINER);
}

static inline void fake_open(struct fake *fake)
{
	fake_open_with_budget(fake, BUDGET);
}

static inline int fake_remove(const char *path, const struct stat *status, int type,
			      struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

static inline void fake_free(struct fake *fake)
{
	if (fake->draft) {
		site_close(&fake->site);
		site_close(&fake->root);
		assert_int_equal(fake->host.fd_used, 0);
		assert_int_equal(fake->host.fd_wanted, 0);
		site_host_close(&fake->host);
		draft_free(fake->draft);
	}
	close(fake->root_fd);
	nftw(fake->path, fake_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(fake->snapshot);
	free(fake);
}

static inline const struct sensor *fake_sensor(const char *name)
{
	for (size_t i = 0; sensors[i]; i++)
		if (strcmp(sensors[i]->name, name) == 0)
			return sensors[i];

	fail_msg("no sensor is called %s", name);
	return NULL;
}

/* One round of one sensor, for the container or the host. */
static inline int fake_sample(struct fake *fake, const char *name)
{
	const struct sensor *sensor = fake_sensor(name);

	draft_begin(fake->draft, 1, 1, 1);
	if (sensor->entity == ENTITY_CONTAINER)
		return sensor->sample(&fake->site, fake->draft, fake->row);
	return sensor->sample(&fake->root, fake->draft, draft_single(fake->draft, ENTITY_HOST));
}

static inline int fake_sample_root(struct fake *fake, const char *name)
{
	draft_begin(fake->draft, 1, 1, 1);
	return fake_sensor(name)->sample(&fake->root, fake->draft, fake->root_row);
}

static inline int fake_probe(struct fake *fake, const char *name)
{
	const struct sensor *sensor = fake_sensor(name);

	return sensor->probe ? sensor->probe(&fake->root) : 0;
}

/* The live row with this label, as a reader would find it; NULL when there is none. */
static inline const struct row *fake_find(struct fake *fake, enum entity entity, const char *label)
{
	free(fake->snapshot);
	fake->snapshot = calloc(1, draft_bytes_max(fake->draft));
	assert_non_null(fake->snapshot);
	draft_write(fake->draft, fake->snapshot);
	for (uint32_t i = 0; i < snapshot_rows(fake->snapshot, entity); i++) {
		const struct row *row = snapshot_row(fake->snapshot, entity, i);

		if (row && strcmp(row->label, label) == 0)
			return row;
	}

	return NULL;
}

static inline uint32_t fake_count(struct fake *fake, enum entity entity)
{
	struct draft_stats stats;

	draft_stats_get(fake->draft, &stats);
	return stats.used[entity];
}

static inline void assert_cell_at(const struct row *row, enum metric metric, uint64_t expected,
				  const char *file, int line)
{
	uint64_t value;

	if (!row || !row_get(row, metric, &value)) {
		print_error("%s is absent\n", metric_infos[metric].cell);
		_fail(file, line);
		return;
	}
	if (value != expected) {
		print_error("%s is %llu, not %llu\n", metric_infos[metric].cell,
			    (unsigned long long) value, (unsigned long long) expected);
		_fail(file, line);
	}
}
#define assert_cell(row, metric, expected) \
	assert_cell_at((row), (metric), (expected), __FILE__, __LINE__)

static inline void assert_absent_at(const struct row *row, enum metric metric, const char *file,
				    int line)
{
	uint64_t value;

	if (row && row_get(row, metric, &value)) {
		print_error("%s is %llu, not absent\n", metric_infos[metric].cell,
			    (unsigned long long) value);
		_fail(file, line);
	}
}
#define assert_absent(row, metric) assert_absent_at((row), (metric), __FILE__, __LINE__)
