/* SPDX-License-Identifier: Apache-2.0 */

/* oci: cgroups that a state directory of an OCI runtime names.
 *
 * The runtime makes the cgroup first and writes its file afterwards, by rename. So directories of
 * state are watched, and a cgroup that was nobody's is looked at again when its file appears. */

#include "oci.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/utf8.h"
#include "containers/metadata.h"
#include "containers/place.h"
#include "containers/table.h"
#include "containers/watch.h"

#define DIRECTORIES_MAX 65536 /* in one state directory; more are not looked at */

/* One container's state. */
struct entry {
	char *key;  /* place and directory, as in watch events: "run/runc/web" */
	char *path; /* of the cgroup; NULL: not known yet */
	uint64_t stamp;
	bool seen;
	UT_hash_handle by_key, by_path;
};

struct runtime_state {
	const struct oci_format *format;
	struct places places;
	struct entry *by_key, *by_path;
	bool hybrid;
};

int oci_open(const struct oci_format *format, const struct runtime_place *place,
	     struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	state->format = format;
	r = places_init(&state->places, place, format->defaults, "");
	if (r < 0) {
		free(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

static void set_path(struct runtime_state *state, struct entry *entry, char *path)
{
	struct entry *other = NULL;

	if (entry->path && TABLE_HAS(entry, by_path))
		HASH_DELETE(by_path, state->by_path, entry);
	entry->by_path.tbl = NULL;
	free(entry->path);
	entry->path = path;
	if (!path)
		return;

	/* Two claim the same cgroup: one of them was left behind, and the later file is right. */
	HASH_FIND(by_path, state->by_path, path, strlen(path), other);
	if (other) {
		HASH_DELETE(by_path, state->by_path, other);
		other->by_path.tbl = NULL;
	}
	HASH_ADD_KEYPTR(by_path, state->by_path, entry->path, strlen(entry->path), entry);
}

static void drop(struct runtime_state *state, struct entry *entry)
{
	set_path(state, entry, NULL);
	HASH_DELETE(by_key, state->by_key, entry);
	free(entry->key);
	free(entry);
}

void oci_close(struct runtime_state *state)
{
	struct entry *entry, *next;

	if (!state)
		return;
	HASH_ITER (by_key, state->by_key, entry, next)
		drop(state, entry);
	places_fini(&state->places);
	free(state);
}

/* Reads the file of one container. Returns 0 or a negative errno. */
static int read_cgroup(const struct runtime_state *state, int place_fd, const char *file,
		       char **ret_path)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity unused = { 0 };
	int r;

	r = metadata_read(place_fd, file, METADATA_BYTES, &unused, &json);
	identity_fini(&unused);
	return r < 0 ? r : state->format->cgroup(json, state->hybrid, ret_path);
}

static struct entry *find_or_add(struct runtime_state *state, const char *key)
{
	struct entry *entry;

	HASH_FIND(by_key, state->by_key, key, strlen(key), entry);
	if (entry)
		return entry;

	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->key = strdup(key);
	if (entry->key)
		HASH_ADD_KEYPTR(by_key, state->by_key, entry->key, strlen(entry->key), entry);
	if (!entry->key || !TABLE_HAS(entry, by_key)) {
		free(entry->key);
		free(entry);
		return NULL;
	}
	return entry;
}

/* Looks at one container's directory again. Returns its entry, NULL when there is none (any more).
 * An entry without a file has no path. */
static struct entry *load(struct runtime_state *state, const struct place *place, const char *name)
{
	CLEANUP(close_p) int fd = -1;
	char key[RUNTIME_PATH_BYTES];
	struct entry *entry;
	char *path = NULL;
	uint64_t stamp;
	int r;

	if (snprintf(key, sizeof(key), "%s/%s", place->path, name) >= (int)sizeof(key))
		return NULL;
	HASH_FIND(by_key, state->by_key, key, strlen(key), entry);
	fd = openat(place->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		if (entry)
			drop(state, entry);
		return NULL;
	}

	/* Watched before it is read, so that no change falls in between. */
	watches_add_engine(state->places.watches, fd, key);
	entry = find_or_add(state, key);
	if (!entry)
		return NULL;
	entry->seen = true;

	stamp = metadata_stamp(fd, state->format->file);
	if (stamp == entry->stamp)
		return entry;
	r = read_cgroup(state, fd, state->format->file, &path);
	set_path(state, entry, path); /* NULL: the file names none */
	entry->stamp = metadata_is_final(r) ? stamp : 0;
	return entry;
}

static int list_place(struct runtime_state *state, const struct place *place)
{
	int fd = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *found;
	int r = directory ? 0 : -errno;

	for (unsigned i = 0; directory && i < DIRECTORIES_MAX; i++) {
		found = readdir(directory);
		if (!found)
			break;
		/* Ids do not begin with a dot; what does is the runtime's own. */
		if (found->d_name[0] != '.' &&
		    (found->d_type == DT_DIR || found->d_type == DT_UNKNOWN))
			(void)load(state, place, found->d_name); /* NULL: gone again */
	}

	if (directory)
		(void)closedir(directory);
	else
		close_p(&fd);
	return r;
}

int oci_refresh(struct runtime_state *state)
{
	struct entry *entry, *next;
	size_t there = places_refresh(&state->places);
	int r = 0;

	state->hybrid = !fd_exists_at(state->places.root_fd, "sys/fs/cgroup/cgroup.controllers");
	HASH_ITER (by_key, state->by_key, entry, next)
		entry->seen = false;
	for (size_t i = 0; i < state->places.count && r >= 0; i++)
		if (state->places.list[i].fd >= 0)
			r = list_place(state, &state->places.list[i]);
	if (r < 0)
		return r;

	HASH_ITER (by_key, state->by_key, entry, next)
		if (!entry->seen)
			drop(state, entry);
	return there > 0 ? 0 : -ENOENT;
}

static struct entry *find_path(struct runtime_state *state, const char *path)
{
	struct entry *entry;

	HASH_FIND(by_path, state->by_path, path, strlen(path), entry);
	return entry;
}

void oci_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const struct entry *entry = find_path(state, path);
	CLEANUP(free_p) char *id = NULL;
	const char *name;

	if (!entry)
		return;
	name = strrchr(entry->key, '/') + 1; /* keys have one */
	id = utf8_copy(name, strlen(name), sizeof(ret_match->id) - 1);
	if (!id)
		return;

	ret_match->kind = MATCH_CONTAINER;
	(void)snprintf(ret_match->id, sizeof(ret_match->id), "%s", id); /* fits: was cut */
}

static int open_entry(const struct runtime_state *state, const struct entry *entry)
{
	const char *name = strrchr(entry->key, '/') + 1;

	for (size_t i = 0; i < state->places.count; i++) {
		const struct place *place = &state->places.list[i];
		size_t length = strlen(place->path);

		if (place->fd >= 0 && (size_t)(name - 1 - entry->key) == length &&
		    strncmp(place->path, entry->key, length) == 0)
			return openat(place->fd, name,
				      O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}

	errno = ENOENT;
	return -1;
}

int oci_describe(struct runtime_state *state, const char *id, const char *path,
		 struct identity *ret_identity)
{
	const struct entry *entry = find_path(state, path);
	CLEANUP(close_p) int fd = -1;
	CLEANUP(json_decref_p) json_t *json = NULL;
	int r = -ENOENT;

	(void)id;
	if (entry) {
		fd = open_entry(state, entry);
		r = fd < 0 ? -errno : 0;
	}
	if (r < 0) {
		metadata_explain(ret_identity, state->format->file, r);
		return r;
	}

	r = identity_set(&ret_identity->name, strrchr(entry->key, '/') + 1,
			 strlen(strrchr(entry->key, '/') + 1));
	if (r >= 0)
		r = metadata_read(fd, state->format->file, METADATA_BYTES, ret_identity, &json);
	if (r >= 0)
		r = state->format->describe(json, fd, ret_identity);
	return r;
}

uint64_t oci_stamp(struct runtime_state *state, const char *id, const char *path)
{
	const struct entry *entry = find_path(state, path);

	(void)id;
	return entry ? entry->stamp : 0;
}

/* An event says that `key` is a container's directory: `name` in a place. */
static void directory_changed(struct runtime_state *state, const struct place *place,
			      const char *name, struct change *ret_change)
{
	const struct entry *entry = name[0] == '.' ? NULL : load(state, place, name);

	if (!entry || !entry->path)
		return;
	ret_change->kind = CHANGE_CGROUP;
	(void)snprintf(ret_change->text, sizeof(ret_change->text), "%s", entry->path); /* fits */
}

void oci_changed(struct runtime_state *state, const char *directory, const char *name,
		 struct change *ret_change)
{
	const struct place *place = places_named(&state->places, directory);
	const char *slash = strrchr(directory, '/');
	char parent[RUNTIME_PATH_BYTES];

	if (place) {
		directory_changed(state, place, name, ret_change);
		return;
	}
	if (places_awaited(&state->places, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
		return;
	}

	if (!slash || strcmp(name, state->format->file) != 0)
		return;
	(void)snprintf(parent, sizeof(parent), "%.*s", (int)(slash - directory), directory);
	place = places_named(&state->places, parent);
	if (place)
		directory_changed(state, place, slash + 1, ret_change);
}
