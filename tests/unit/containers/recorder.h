/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A registry on a host made of strings, and what it tells: one word and a name per event.
 *
 *	record_open(&record, 10, 60 * NSEC_PER_SEC);
 *	record_rescan(&record);
 *	assert_record(&record, "came web");
 */

#include "host.h"

#include "base/clock.h"
#include "base/log.h"
#include "containers/registry.h"

#define RECORD_BYTES 4096
#define START_NS     (1000 * NSEC_PER_SEC) /* of the frozen boot clock */

struct record {
	struct host host;
	struct registry *registry;
	int cgroup_fd;
	char text[RECORD_BYTES]; /* since the last assert_record */
	const char *unwanted;    /* a runtime that is switched off */
	bool services;           /* those of systemd are wanted */
};

static inline void record_add(struct record *record, const char *word,
			      const struct container *container)
{
	size_t used = strlen(record->text);

	assert_non_null(container->identity.name);
	snprintf(record->text + used, RECORD_BYTES - used, "%s%s %s", used > 0 ? ", " : "", word,
		 container->identity.name);
}

static inline void record_came(struct container *container, void *userdata)
{
	assert_int_equal(container->ended_ns, 0);
	record_add(userdata, "came", container);
}

static inline void record_changed(struct container *container, const struct container *before,
				  void *userdata)
{
	assert_non_null(before->identity.name);
	record_add(userdata, "changed", container);
}

static inline void record_emptied(struct container *container, void *userdata)
{
	record_add(userdata, "emptied", container);
}

static inline void record_went(struct container *container, void *userdata)
{
	assert_int_not_equal(container->ended_ns, 0);
	record_add(userdata, "went", container);
}

static inline void record_forgotten(struct container *container, void *userdata)
{
	record_add(userdata, "forgotten", container);
}

static inline void record_listed(struct container *container, void *userdata)
{
	assert_true(container->stopped);
	record_add(userdata, "listed", container);
}

static inline void record_removed(struct container *container, void *userdata)
{
	assert_false(container->stopped);
	record_add(userdata, "removed", container);
}

static inline bool record_wanted(const char *runtime, void *userdata)
{
	const struct record *record = userdata;

	if (strcmp(runtime, "systemd") == 0)
		return record->services;
	return !record->unwanted || strcmp(record->unwanted, runtime) != 0;
}

static inline void record_open(struct record *record, uint32_t max_containers, uint64_t remember_ns)
{
	const struct registry_events events = {
		.came = record_came,
		.changed = record_changed,
		.emptied = record_emptied,
		.went = record_went,
		.forgotten = record_forgotten,
		.listed = record_listed,
		.removed = record_removed,
		.userdata = record,
	};
	const struct registry_config config = {
		.root_fd = record->host.root_fd,
		.cgroup_fd = record->cgroup_fd,
		.max_containers = max_containers,
		.remember_ns = remember_ns,
		.wanted = record_wanted,
		.userdata = record,
	};

	assert_int_equal(registry_new(&config, &events, &record->registry), 0);
}

static inline int record_setup(void **state)
{
	struct record *record = calloc(1, sizeof(*record));

	host_make(&record->host);
	host_write(&record->host, CGROUPS "/cgroup.controllers", ""); /* pure v2 */
	record->cgroup_fd = openat(record->host.root_fd, CGROUPS, O_PATH | O_DIRECTORY);
	clock_freeze(START_NS, 1795459312 * NSEC_PER_SEC);
	*state = record;
	return 0;
}

static inline int record_teardown(void **state)
{
	struct record *record = *state;

	registry_free(record->registry);
	clock_release();
	close(record->cgroup_fd);
	host_remove(&record->host);
	free(record);
	return 0;
}

static inline void record_rescan(struct record *record)
{
	assert_int_equal(registry_rescan(record->registry), 0);
}

static inline void record_dispatch(struct record *record)
{
	if (registry_fd(record->registry) < 0) {
		print_message("inotify cannot be had here\n");
		skip();
	}
	assert_int_equal(registry_dispatch(record->registry), 0);
}

#define assert_record(record, expected) \
	do { \
		assert_string_equal((record)->text, expected); \
		(record)->text[0] = '\0'; \
	} while (0)

static inline struct registry_stats record_stats(const struct record *record)
{
	struct registry_stats stats;

	registry_stats_get(record->registry, &stats);
	return stats;
}

/* Docker's files for one container; `state` is the object State. */
static inline void record_docker_state(struct record *record, const char *id, const char *name,
				       const char *state)
{
	char path[256], text[1024];

	snprintf(path, sizeof(path), "var/lib/docker/containers/%s/hostconfig.json", id);
	host_write(&record->host, path, "{}");
	snprintf(path, sizeof(path), "var/lib/docker/containers/%s/config.v2.json", id);
	snprintf(text, sizeof(text), "{\"ID\":\"%s\",\"Name\":\"/%s\",\"Config\":{},\"State\":%s}",
		 id, name, state);
	host_write(&record->host, path, text);
}

/* One whose state is not told. */
static inline void record_docker(struct record *record, const char *id, const char *name)
{
	record_docker_state(record, id, name, "null");
}

static inline void record_docker_remove(struct record *record, const char *id)
{
	char path[256];

	snprintf(path, sizeof(path), "var/lib/docker/containers/%s/config.v2.json", id);
	host_unlink(&record->host, path);
	snprintf(path, sizeof(path), "var/lib/docker/containers/%s/hostconfig.json", id);
	host_unlink(&record->host, path);
	snprintf(path, sizeof(path), "var/lib/docker/containers/%s", id);
	assert_int_equal(unlinkat(record->host.root_fd, path, AT_REMOVEDIR), 0);
}
