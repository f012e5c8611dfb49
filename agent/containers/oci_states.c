/* SPDX-License-Identifier: Apache-2.0 */

/* oci_states: cgroups that state directories name.
 *
 * The runtime makes the cgroup first and writes its file afterwards, by rename; containerd does it
 * the other way round. So directories of state are watched, and a cgroup that was nobody's is
 * looked at again when its file appears. */

#include "oci_states.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "containers/metadata.h"
#include "containers/watch.h"

#define DIRECTORIES_MAX 65536 /* in one state directory; more are not looked at */
#define NAMESPACES_MAX  256   /* Kubernetes uses one, developers a few */

int oci_states_init(struct oci_states *states, const struct oci_format *format,
		    const struct runtime_place *place)
{
	*states = (struct oci_states){ .format = format };
	if (!format->namespaced)
		return places_init(&states->places, place, format->defaults, format->below);

	/* Which namespaces there are, refresh finds out. */
	states->places = (struct places){ .root_fd = place->root_fd, .watches = place->watches };
	return places_init(&states->parents, place, format->defaults, format->below);
}

void oci_states_fini(struct oci_states *states)
{
	claims_fini(&states->claims);
	places_fini(&states->parents);
	places_fini(&states->places);
}

/* Reads the file of one container: the path of its cgroup, and whether it is a helper. */
static int read_file(const struct oci_states *states, int fd, bool *ret_helper, char **ret_path)
{
	const struct oci_format *format = states->format;
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity unused = { 0 };
	int r;

	r = metadata_read(fd, format->file, METADATA_BYTES, &unused, &json);
	identity_fini(&unused);
	if (r < 0)
		return r;

	*ret_helper = format->helper && format->helper(json);
	return format->cgroup(json, states->hybrid, ret_path);
}

/* The file of the container whose directory is fd may be another one than before. */
static void read_claim(struct oci_states *states, int fd, struct claim *claim)
{
	const char *file = states->format->file;
	uint64_t stamp = metadata_stamp(fd, file), written_ns = 0;
	struct stat status;
	char *path = NULL;
	int r;

	if (stamp == claim->stamp)
		return;
	if (fstatat(fd, file, &status, AT_SYMLINK_NOFOLLOW) == 0)
		written_ns = (uint64_t) status.st_mtim.tv_sec * NSEC_PER_SEC +
			     (uint64_t) status.st_mtim.tv_nsec;
	claim->helper = false;
	r = read_file(states, fd, &claim->helper, &path);
	claims_set(&states->claims, claim, path, written_ns); /* NULL: the file names none */
	claim->stamp = metadata_is_final(r) ? stamp : 0;
}

/* Looks at one container's directory again. Returns its claim, NULL when it is not there. */
static struct claim *load(struct oci_states *states, const struct place *place, const char *name)
{
	CLEANUP(close_p) int fd = -1;
	char key[RUNTIME_PATH_BYTES];
	struct claim *claim;

	if (snprintf(key, sizeof(key), "%s/%s", place->path, name) >= (int) sizeof(key))
		return NULL;
	fd = openat(place->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		claim = claims_find_key(&states->claims, key);
		if (claim)
			claims_drop(&states->claims, claim);
		return NULL;
	}

	/* Watched before it is read, so that no change falls in between. */
	watches_add_engine(states->places.watches, fd, key);
	claim = claims_get(&states->claims, key);
	if (!claim)
		return NULL;
	claim->seen = true;
	read_claim(states, fd, claim);
	return claim;
}

/* Calls `found` for each directory of a place; the runtime's own begin with a dot. Returns 0 or a
 * negative errno. */
static int list_place(struct oci_states *states, const struct place *place, unsigned max,
		      void (*found)(struct oci_states *, const struct place *, const char *))
{
	int fd = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!directory) {
		int r = -errno;

		close_p(&fd);
		return r;
	}

	for (unsigned i = 0; i < max && (entry = readdir(directory)) != NULL; i++)
		if (entry->d_name[0] != '.' &&
		    (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN))
			found(states, place, entry->d_name);
	(void) closedir(directory);
	return 0;
}

static void found_container(struct oci_states *states, const struct place *place, const char *name)
{
	(void) load(states, place, name); /* NULL: gone again */
}

static bool is_foreign(const struct oci_states *states, const char *name)
{
	for (const char *const *foreign = states->format->foreign; foreign && *foreign; foreign++)
		if (strcmp(name, *foreign) == 0)
			return true;

	return false;
}

static void found_namespace(struct oci_states *states, const struct place *place, const char *name)
{
	if (states->places.count < NAMESPACES_MAX && !is_foreign(states, name))
		(void) places_add(&states->places, place->path, name); /* no memory: next time */
}

static int list_places(struct oci_states *states, const struct places *places, unsigned max,
		       void (*found)(struct oci_states *, const struct place *, const char *))
{
	int r = 0;

	for (size_t i = 0; i < places->count && r >= 0; i++)
		if (places->list[i].fd >= 0)
			r = list_place(states, &places->list[i], max, found);

	return r;
}

int oci_states_refresh(struct oci_states *states)
{
	size_t there = places_refresh(&states->parents);
	int r;

	states->hybrid = !fd_exists_at(states->places.root_fd, "sys/fs/cgroup/cgroup.controllers");
	r = list_places(states, &states->parents, NAMESPACES_MAX, found_namespace);
	there += places_refresh(&states->places);
	claims_begin(&states->claims);
	if (r >= 0)
		r = list_places(states, &states->places, DIRECTORIES_MAX, found_container);
	if (r < 0)
		return r;

	claims_sweep(&states->claims);
	return there > 0 ? 0 : -ENOENT;
}

/* Something happened to a container's directory, `name` in a place. */
static void directory_changed(struct oci_states *states, const struct place *place,
			      const char *name, struct change *ret_change)
{
	const struct claim *claim = name[0] == '.' ? NULL : load(states, place, name);

	if (!claim || !claim->path)
		return;
	ret_change->kind = CHANGE_CGROUP;
	(void) snprintf(ret_change->text, sizeof(ret_change->text), "%s", claim->path); /* fits */
}

static bool is_awaited(const struct oci_states *states, const char *directory, const char *name)
{
	if (places_named(&states->parents, directory))
		return !is_foreign(states, name); /* a namespace came or went */
	return places_awaited(&states->parents, directory, name) ||
	       places_awaited(&states->places, directory, name);
}

void oci_states_changed(struct oci_states *states, const char *directory, const char *name,
			struct change *ret_change)
{
	const struct place *place = places_named(&states->places, directory);
	const char *slash = strrchr(directory, '/');
	char parent[RUNTIME_PATH_BYTES];

	if (place) {
		directory_changed(states, place, name, ret_change);
		return;
	}
	if (is_awaited(states, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
		return;
	}

	if (!slash || strcmp(name, states->format->file) != 0)
		return;
	(void) snprintf(parent, sizeof(parent), "%.*s", (int) (slash - directory), directory);
	place = places_named(&states->places, parent);
	if (place)
		directory_changed(states, place, slash + 1, ret_change);
}

const struct claim *oci_states_find_path(const struct oci_states *states, const char *path)
{
	return path ? claims_find_path(&states->claims, path) : NULL;
}

const struct claim *oci_states_find_id(const struct oci_states *states, const char *id)
{
	char key[RUNTIME_PATH_BYTES];

	for (size_t i = 0; i < states->places.count; i++) {
		const char *place = states->places.list[i].path;
		const struct claim *claim = NULL;

		if (snprintf(key, sizeof(key), "%s/%s", place, id) < (int) sizeof(key))
			claim = claims_find_key(&states->claims, key);
		if (claim)
			return claim;
	}

	return NULL;
}

bool oci_states_has_namespace(const struct oci_states *states, const char *name)
{
	for (size_t i = 0; i < states->places.count; i++) {
		const struct place *place = &states->places.list[i];
		const char *slash = strrchr(place->path, '/');

		if (place->fd >= 0 && slash && strcmp(slash + 1, name) == 0)
			return true;
	}

	return false;
}

/* The directory of a claim's container. Returns the descriptor or a negative errno. */
static int open_claim(const struct oci_states *states, const struct claim *claim)
{
	const char *name = claim_name(claim);
	char path[RUNTIME_PATH_BYTES];
	const struct place *place;
	int fd;

	(void) snprintf(path, sizeof(path), "%.*s", (int) (name - 1 - claim->key), claim->key);
	place = places_named(&states->places, path);
	if (!place || place->fd < 0)
		return -ENOENT;

	fd = openat(place->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int oci_states_describe(const struct oci_states *states, const struct claim *claim,
			struct identity *ret_identity)
{
	CLEANUP(close_p) int fd = claim ? open_claim(states, claim) : -ENOENT;
	CLEANUP(json_decref_p) json_t *json = NULL;
	int r;

	if (fd < 0) {
		metadata_explain(ret_identity, states->format->file, fd);
		return fd;
	}

	r = metadata_read(fd, states->format->file, METADATA_BYTES, ret_identity, &json);
	return r < 0 ? r : states->format->describe(json, fd, ret_identity);
}

int oci_states_inspect(const struct oci_states *states, const struct claim *claim,
		       struct dossier *ret_dossier)
{
	CLEANUP(close_p) int fd = claim ? open_claim(states, claim) : -ENOENT;
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity unused = { 0 };
	int r;

	if (fd < 0)
		return fd;

	r = metadata_read(fd, states->format->file, METADATA_BYTES, &unused, &json);
	if (r >= 0)
		r = states->format->inspect(json, states->places.root_fd, fd, &unused, ret_dossier);
	identity_fini(&unused);
	return r;
}
