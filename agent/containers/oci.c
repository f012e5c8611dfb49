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
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/utf8.h"
#include "containers/claims.h"
#include "containers/metadata.h"
#include "containers/place.h"
#include "containers/watch.h"

#define DIRECTORIES_MAX 65536 /* in one state directory; more are not looked at */

struct runtime_state {
	const struct oci_format *format;
	struct places places;
	struct claims claims;
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

void oci_close(struct runtime_state *state)
{
	if (!state)
		return;
	claims_fini(&state->claims);
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

/* The file of the container whose directory is fd may be another one than before. */
static void read_claim(struct runtime_state *state, int fd, struct claim *claim)
{
	const char *file = state->format->file;
	uint64_t stamp = metadata_stamp(fd, file), written_ns = 0;
	struct stat status;
	char *path = NULL;
	int r;

	if (stamp == claim->stamp)
		return;
	if (fstatat(fd, file, &status, AT_SYMLINK_NOFOLLOW) == 0)
		written_ns = (uint64_t) status.st_mtim.tv_sec * NSEC_PER_SEC +
			     (uint64_t) status.st_mtim.tv_nsec;
	r = read_cgroup(state, fd, file, &path);
	claims_set(&state->claims, claim, path, written_ns); /* NULL: the file names none */
	claim->stamp = metadata_is_final(r) ? stamp : 0;
}

/* Looks at one container's directory again. Returns its claim, NULL when it is not there. */
static struct claim *load(struct runtime_state *state, const struct place *place, const char *name)
{
	CLEANUP(close_p) int fd = -1;
	char key[RUNTIME_PATH_BYTES];
	struct claim *claim;

	if (snprintf(key, sizeof(key), "%s/%s", place->path, name) >= (int) sizeof(key))
		return NULL;
	fd = openat(place->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		claim = claims_find_key(&state->claims, key);
		if (claim)
			claims_drop(&state->claims, claim);
		return NULL;
	}

	/* Watched before it is read, so that no change falls in between. */
	watches_add_engine(state->places.watches, fd, key);
	claim = claims_get(&state->claims, key);
	if (!claim)
		return NULL;
	claim->seen = true;
	read_claim(state, fd, claim);
	return claim;
}

static int list_place(struct runtime_state *state, const struct place *place)
{
	int fd = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!directory) {
		int r = -errno;

		close_p(&fd);
		return r;
	}

	for (unsigned i = 0; i < DIRECTORIES_MAX && (entry = readdir(directory)) != NULL; i++)
		/* Ids do not begin with a dot; what does is the runtime's own. */
		if (entry->d_name[0] != '.' &&
		    (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN))
			(void) load(state, place, entry->d_name); /* NULL: gone again */
	(void) closedir(directory);
	return 0;
}

int oci_refresh(struct runtime_state *state)
{
	size_t there = places_refresh(&state->places);
	int r = 0;

	state->hybrid = !fd_exists_at(state->places.root_fd, "sys/fs/cgroup/cgroup.controllers");
	claims_begin(&state->claims);
	for (size_t i = 0; i < state->places.count && r >= 0; i++)
		if (state->places.list[i].fd >= 0)
			r = list_place(state, &state->places.list[i]);
	if (r < 0)
		return r;

	claims_sweep(&state->claims);
	return there > 0 ? 0 : -ENOENT;
}

void oci_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const struct claim *claim = claims_find_path(&state->claims, path);
	CLEANUP(free_p) char *id = NULL;

	if (claim)
		id = utf8_copy(claim_name(claim), strlen(claim_name(claim)),
			       sizeof(ret_match->id) - 1);
	if (!id)
		return;

	ret_match->kind = MATCH_CONTAINER;
	(void) snprintf(ret_match->id, sizeof(ret_match->id), "%s", id); /* fits: was cut */
}

/* The directory of a claim's container. Returns the descriptor or a negative errno. */
static int open_claim(const struct runtime_state *state, const struct claim *claim)
{
	const char *name = claim_name(claim);
	char path[RUNTIME_PATH_BYTES];
	const struct place *place;
	int fd;

	(void) snprintf(path, sizeof(path), "%.*s", (int) (name - 1 - claim->key), claim->key);
	place = places_named(&state->places, path);
	if (!place || place->fd < 0)
		return -ENOENT;

	fd = openat(place->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int oci_describe(struct runtime_state *state, const char *id, const char *path,
		 struct identity *ret_identity)
{
	const struct claim *claim = claims_find_path(&state->claims, path);
	CLEANUP(close_p) int fd = claim ? open_claim(state, claim) : -ENOENT;
	CLEANUP(json_decref_p) json_t *json = NULL;
	int r;

	(void) id;
	if (fd < 0) {
		metadata_explain(ret_identity, state->format->file, fd);
		return fd;
	}

	r = identity_set(&ret_identity->name, claim_name(claim), strlen(claim_name(claim)));
	if (r >= 0)
		r = metadata_read(fd, state->format->file, METADATA_BYTES, ret_identity, &json);
	if (r >= 0)
		r = state->format->describe(json, fd, ret_identity);
	return r;
}

uint64_t oci_stamp(struct runtime_state *state, const char *id, const char *path)
{
	const struct claim *claim = claims_find_path(&state->claims, path);

	(void) id;
	return claim ? claim->stamp : 0;
}

/* Something happened to a container's directory, `name` in a place. */
static void directory_changed(struct runtime_state *state, const struct place *place,
			      const char *name, struct change *ret_change)
{
	const struct claim *claim = name[0] == '.' ? NULL : load(state, place, name);

	if (!claim || !claim->path)
		return;
	ret_change->kind = CHANGE_CGROUP;
	(void) snprintf(ret_change->text, sizeof(ret_change->text), "%s", claim->path); /* fits */
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
	(void) snprintf(parent, sizeof(parent), "%.*s", (int) (slash - directory), directory);
	place = places_named(&state->places, parent);
	if (place)
		directory_changed(state, place, slash + 1, ret_change);
}
