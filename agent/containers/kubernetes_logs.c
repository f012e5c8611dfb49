/* SPDX-License-Identifier: Apache-2.0 */

/* kubernetes_logs: containers of pods by the names of their logs.
 *
 * The kubelet makes a container's link right after its start, and removes it with the container;
 * between end and removal it is all that says that the container was there. Names of pods and
 * namespaces have no "_", so the names can be taken apart. A link whose name had to be cut (255
 * bytes) has lost digits of its id, and is not found here. */

#include "kubernetes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/utf8.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"

#define LINKS_MAX  16384 /* 500 pods, each container of which failed many times */
#define NAME_BYTES 256   /* of a file, with its NUL */
#define LOGS       0     /* places.list[]: the links */
#define PODS       1     /* and where they point to */
#define SUFFIX     ".log"

static const char *const default_places[] = { "var/log/containers", "var/log/pods", NULL };

int kubernetes_logs_init(struct kubernetes_logs *logs, const struct runtime_place *place)
{
	const struct runtime_place usual = { .root_fd = place->root_fd, .watches = place->watches };

	*logs = (struct kubernetes_logs){ 0 };
	return places_init(&logs->places, &usual, default_places, "");
}

static void free_log(struct kubernetes_log *log)
{
	free(log->pod);
	free(log->uid);
	free(log->path);
	free(log);
}

static void drop(struct kubernetes_logs *logs, struct kubernetes_log *log)
{
	HASH_DEL(logs->by_id, log); /* NOLINT(clang-analyzer-unix.Malloc): uthash's own list */
	free_log(log);
}

void kubernetes_logs_fini(struct kubernetes_logs *logs)
{
	struct kubernetes_log *log = logs->by_id, *next;

	HASH_CLEAR(hh, logs->by_id); /* the table; its elements stay linked */
	for (; log; log = next) {
		next = log->hh.next;
		free_log(log);
	}
	places_fini(&logs->places);
}

const struct kubernetes_log *kubernetes_logs_find(const struct kubernetes_logs *logs,
						  const char *id)
{
	struct kubernetes_log *log;

	HASH_FIND_STR(logs->by_id, id, log);
	return log;
}

/* The id in POD_NAMESPACE_CONTAINER-ID.log. Returns false when the name is none of that kind. */
static bool take_id(const char *name, char *ret_id)
{
	size_t length = strlen(name);
	size_t tail = 1 + CGROUP_ID_DIGITS + strlen(SUFFIX);

	return length > tail && length < NAME_BYTES && name[length - tail] == '-' &&
	       cgroup_take_id(name + length - tail + 1, "", SUFFIX, ret_id);
}

/* Cuts POD_NAMESPACE_CONTAINER into three. Returns 0, -EINVAL or -ENOMEM. */
static int take_names(const char *name, struct kubernetes_log *log)
{
	size_t length = strlen(name) - (1 + CGROUP_ID_DIGITS + strlen(SUFFIX));
	char *first, *second;

	log->pod = utf8_copy(name, length, NAME_BYTES);
	if (!log->pod)
		return -ENOMEM;
	first = strchr(log->pod, '_');
	second = first ? strchr(first + 1, '_') : NULL;
	if (!second)
		return -EINVAL;

	*first = *second = '\0';
	log->namespace = first + 1;
	log->container = second + 1;
	return 0;
}

/* Takes the last component off a path. */
static struct slice take_last(const char *path, size_t *length)
{
	size_t end = *length, start = end;

	while (start > 0 && path[start - 1] != '/')
		start--;
	*length = start > 0 ? start - 1 : 0;
	return (struct slice){ path + start, end - start };
}

/* "ATTEMPT.log" */
static bool take_attempt(struct slice file, uint64_t *ret_attempt)
{
	size_t suffix = strlen(SUFFIX);

	if (file.length <= suffix || memcmp(file.start + file.length - suffix, SUFFIX, suffix) != 0)
		return false;
	file.length -= suffix;
	return parse_u64(file, ret_attempt) == 0;
}

/* ".../NAMESPACE_POD_UID/CONTAINER/ATTEMPT.log": the last three components. What does not agree
 * with the link's name is not believed. */
static int take_target(const char *target, struct kubernetes_log *log)
{
	size_t length = strlen(target);
	struct slice file = take_last(target, &length);
	struct slice container = take_last(target, &length);
	struct slice directory = take_last(target, &length);
	char prefix[2 * NAME_BYTES + 2];
	size_t used = (size_t) snprintf(prefix, sizeof(prefix), "%s_%s_", log->namespace,
					log->pod); /* fits: parts of one file's name */

	if (!slice_is(container, log->container, strlen(log->container)) ||
	    directory.length <= used || memcmp(directory.start, prefix, used) != 0 ||
	    !take_attempt(file, &log->attempt))
		return 0;

	log->has_attempt = true;
	log->uid = utf8_copy(directory.start + used, directory.length - used, NAME_BYTES);
	log->path = utf8_copy(target, strlen(target), RUNTIME_PATH_BYTES);
	return log->uid && log->path ? 0 : -ENOMEM;
}

/* Returns NULL when the name is not that of a container's log, or there is no memory. */
static struct kubernetes_log *make(int dir_fd, const char *name)
{
	struct kubernetes_log *log = calloc(1, sizeof(*log));
	char target[RUNTIME_PATH_BYTES];
	ssize_t length;
	int r;

	if (!log)
		return NULL;
	length = readlinkat(dir_fd, name, target, sizeof(target) - 1);
	r = length > 0 && take_id(name, log->id) ? take_names(name, log) : -EINVAL;
	if (r >= 0) {
		target[length] = '\0';
		r = take_target(target, log);
	}
	if (r < 0) {
		free_log(log);
		return NULL;
	}
	return log;
}

/* One entry of the directory may have come, changed or gone. */
static void load(struct kubernetes_logs *logs, int dir_fd, const char *name)
{
	struct kubernetes_log *log = make(dir_fd, name), *old = NULL;
	char id[RUNTIME_ID_BYTES];

	if (take_id(name, id))
		HASH_FIND_STR(logs->by_id, id, old);
	if (old)
		drop(logs, old);
	if (!log)
		return;

	log->seen = logs->scan;
	if (HASH_COUNT(logs->by_id) < LINKS_MAX)
		HASH_ADD_STR(logs->by_id, id, log);
	if (!TABLE_HAS(log, hh))
		free_log(log);
}

static void list(struct kubernetes_logs *logs, int place_fd)
{
	int fd = openat(place_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!directory) {
		close_p(&fd);
		return;
	}

	for (unsigned i = 0; i < LINKS_MAX && (entry = readdir(directory)) != NULL; i++)
		if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN)
			load(logs, place_fd, entry->d_name);
	(void) closedir(directory);
}

void kubernetes_logs_refresh(struct kubernetes_logs *logs)
{
	struct kubernetes_log *log, *next;

	(void) places_refresh(&logs->places); /* most hosts have none */
	logs->scan++;
	if (logs->places.list[LOGS].fd >= 0)
		list(logs, logs->places.list[LOGS].fd);

	HASH_ITER (hh, logs->by_id, log, next)
		if (log->seen != logs->scan)
			drop(logs, log);
}

void kubernetes_logs_changed(struct kubernetes_logs *logs, const char *directory, const char *name,
			     struct change *ret_change)
{
	const struct place *place = places_named(&logs->places, directory);
	char id[RUNTIME_ID_BYTES];

	if (!place && places_awaited(&logs->places, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
		return;
	}
	if (!place || place != &logs->places.list[LOGS] || place->fd < 0 || !take_id(name, id))
		return;

	load(logs, place->fd, name);
	ret_change->kind = CHANGE_CONTAINER;
	(void) snprintf(ret_change->text, sizeof(ret_change->text), "%s", id); /* 64 digits */
}

/* Whether it can be a part of a file's name. */
static bool is_plain(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && !strchr(name, '/');
}

/* The highest ATTEMPT.log of a directory. Returns 0 or a negative errno. */
static int newest_attempt(int dir_fd, const char *path, uint64_t *ret_attempt)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int r = -ENOENT;

	if (!directory) {
		close_p(&fd);
		return -ENOENT;
	}

	for (unsigned i = 0; i < LINKS_MAX && (entry = readdir(directory)) != NULL; i++) {
		uint64_t attempt;

		if (!take_attempt((struct slice){ entry->d_name, strlen(entry->d_name) }, &attempt))
			continue;
		if (r < 0 || attempt > *ret_attempt)
			*ret_attempt = attempt;
		r = 0;
	}
	(void) closedir(directory);
	return r;
}

/* The value of a label that can be a part of a file's name, or NULL. */
static const char *plain_label(const struct identity *identity, const char *key)
{
	const char *cursor = identity->labels;

	while (cursor && *cursor != '\0') {
		const char *value = cursor + strlen(cursor) + 1;

		if (strcmp(cursor, key) == 0)
			return is_plain(value) ? value : NULL;
		cursor = value + strlen(value) + 1;
	}

	return NULL;
}

static void set_restarts(struct identity *identity, uint64_t attempt)
{
	identity->condition.has_restarts = true;
	identity->condition.restarts = attempt;
}

static void describe_restarts(const struct kubernetes_logs *logs, struct identity *identity)
{
	const char *namespace = plain_label(identity, "io.kubernetes.pod.namespace");
	const char *pod = plain_label(identity, "io.kubernetes.pod.name");
	const char *uid = plain_label(identity, "io.kubernetes.pod.uid");
	const char *container = plain_label(identity, "io.kubernetes.container.name");
	const struct place *pods = &logs->places.list[PODS];
	char path[RUNTIME_PATH_BYTES];
	uint64_t attempt;

	if (pods->fd < 0 || !namespace || !pod || !uid || !container)
		return;
	(void) snprintf(path, sizeof(path), "%s_%s_%s/%s", namespace, pod, uid,
			container); /* fits: labels are bounded */
	if (newest_attempt(pods->fd, path, &attempt) == 0)
		set_restarts(identity, attempt);
}

int kubernetes_logs_describe(const struct kubernetes_logs *logs, const char *id,
			     struct identity *identity)
{
	const struct kubernetes_log *log = kubernetes_logs_find(logs, id);

	if (!log) {
		describe_restarts(logs, identity);
		return 0;
	}

	const struct kubernetes_names names = {
		.container = log->container,
		.pod = log->pod,
		.namespace = log->namespace,
		.uid = log->uid,
	};
	if (log->has_attempt)
		set_restarts(identity, log->attempt);
	return kubernetes_describe(&names, identity);
}

uint64_t kubernetes_logs_stamp(const struct kubernetes_logs *logs, const char *id)
{
	const struct kubernetes_log *log = kubernetes_logs_find(logs, id);

	return log ? log->attempt + 2 : 1;
}
