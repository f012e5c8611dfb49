/* SPDX-License-Identifier: Apache-2.0 */

/* nomad: tasks of Nomad's exec, raw_exec and java drivers. Its docker driver's tasks are containers
 * of docker.
 *
 * Cgroups: nomad.slice/share.slice/ALLOC.TASK.scope, or reserve.slice for tasks that have cores of
 * their own; nomad.slice/ALLOC.TASK.scope before 1.7. ALLOC is the UUID of an allocation: what a
 * pod is elsewhere.
 * Files: DATA-DIR/alloc/ALLOC/alloc/logs/TASK.stdout.N (Nomad's documentation, "Filesystem"), and
 * nothing else about a task that is not in the cgroup's name; the rest is known to Nomad's API
 * only. So a cgroup is a task when it has processes. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/place.h"
#include "containers/runtime.h"

#define UUID_DIGITS 36 /* with four dashes */
#define SUFFIX      ".scope"
#define LOGS_MAX \
	1000 /* numbers that are looked for; Nomad keeps 10 files unless told otherwise \
	      */

struct runtime_state {
	struct places places; /* DATA-DIR/alloc */
};

static const char *const default_roots[] = { "var/lib/nomad", "opt/nomad/data", "opt/nomad",
					     "var/nomad", NULL };

static void nomad_close(struct runtime_state *state)
{
	if (!state)
		return;
	places_fini(&state->places);
	free(state);
}

static int nomad_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	r = places_init(&state->places, place, default_roots, "alloc");
	if (r < 0) {
		free(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

static int nomad_refresh(struct runtime_state *state)
{
	return places_refresh(&state->places) > 0 ? 0 : -ENOENT;
}

static bool is_uuid(const char *text)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (size_t i = 0; i < UUID_DIGITS; i++)
		if (shape[i] == '-' ? text[i] != '-'
				    : text[i] == '\0' || !strchr("0123456789abcdef", text[i]))
			return false;

	return true;
}

static bool is_partition(const char *path)
{
	static const char *const names[] = { "share", "share.slice", "reserve", "reserve.slice",
					     "nomad.slice" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (cgroup_parent_is(path, names[i]))
			return true;

	return false;
}

/* The id is "ALLOC.TASK". */
static void nomad_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path);
	size_t length = strlen(leaf);
	char name[CGROUP_NAME_BYTES];

	(void) state;
	if (length <= UUID_DIGITS + strlen("." SUFFIX) || length >= sizeof(name) ||
	    !cgroup_ends_with(leaf, SUFFIX) || !is_uuid(leaf) || leaf[UUID_DIGITS] != '.' ||
	    !is_partition(path) || cgroup_user(path) != 0)
		return;

	(void) snprintf(name, sizeof(name), "%.*s", (int) (length - strlen(SUFFIX)), leaf);
	cgroup_make_id(0, name, ret_match->id);
	if (ret_match->id[0] != '\0')
		ret_match->kind = MATCH_CONTAINER;
}

/* Takes an id apart. */
static bool split(const char *id, char ret_alloc[static UUID_DIGITS + 1],
		  char ret_task[static RUNTIME_ID_BYTES])
{
	char whole[RUNTIME_ID_BYTES];

	(void) cgroup_split_id(id, whole, sizeof(whole)); /* root's */
	if (!is_uuid(whole) || whole[UUID_DIGITS] != '.')
		return false;

	memcpy(ret_alloc, whole, UUID_DIGITS);
	ret_alloc[UUID_DIGITS] = '\0';
	(void) snprintf(ret_task, RUNTIME_ID_BYTES, "%s", whole + UUID_DIGITS + 1); /* fits */
	return true;
}

/* The `alloc` directory of a data directory that has this allocation, or NULL. */
static const struct place *place_of(const struct runtime_state *state, const char *alloc)
{
	for (size_t i = 0; i < state->places.count; i++) {
		const struct place *place = &state->places.list[i];

		if (place->fd >= 0 && fd_exists_at(place->fd, alloc))
			return place;
	}

	return NULL;
}

static int nomad_describe(struct runtime_state *state, const char *id, const char *path,
			  struct identity *ret_identity)
{
	char alloc[UUID_DIGITS + 1], task[RUNTIME_ID_BYTES];
	int r;

	(void) state;
	(void) path;
	if (!split(id, alloc, task))
		return -ENOENT;
	r = identity_set(&ret_identity->name, task, strlen(task));
	if (r >= 0)
		r = identity_set(&ret_identity->pod, alloc, strlen(alloc));
	if (r < 0)
		return r;

	identity_explain(ret_identity, "job and image are known to Nomad's API only");
	return -ENOENT; /* no file tells whose processes these are */
}

/* Nothing that could be described changes. */
static uint64_t nomad_stamp(struct runtime_state *state, const char *id, const char *path)
{
	(void) state;
	(void) id;
	(void) path;
	return 0;
}

/* The newest file of the task's output, NULL: none. The caller frees it. */
static char *find_log(const struct place *place, const char *alloc, const char *task)
{
	char *found = NULL;

	for (unsigned i = LOGS_MAX; i-- > 0 && !found;) {
		char name[UUID_DIGITS + RUNTIME_ID_BYTES + 64];

		(void) snprintf(name, sizeof(name), "%s/alloc/logs/%s.stdout.%u", alloc, task, i);
		if (fd_exists_at(place->fd, name) &&
		    asprintf(&found, "/%s/%s", place->path, name) < 0)
			return NULL;
	}

	return found;
}

static int nomad_inspect(struct runtime_state *state, const char *id, const char *path,
			 struct dossier *ret_dossier)
{
	char alloc[UUID_DIGITS + 1], task[RUNTIME_ID_BYTES];
	const struct place *place;

	(void) path;
	place = split(id, alloc, task) ? place_of(state, alloc) : NULL;
	if (!place)
		return -ENOENT;

	ret_dossier->log_path = find_log(place, alloc, task);
	return 0;
}

static void nomad_changed(struct runtime_state *state, const char *directory, const char *name,
			  struct change *ret_change)
{
	if (places_awaited(&state->places, directory, name))
		ret_change->kind = CHANGE_ENGINE;
}

const struct runtime runtime_nomad = {
	.name = "nomad",
	.where = "/var/lib/nomad/alloc, /opt/nomad/data/alloc",
	.open = nomad_open,
	.close = nomad_close,
	.refresh = nomad_refresh,
	.match = nomad_match,
	.describe = nomad_describe,
	.stamp = nomad_stamp,
	.inspect = nomad_inspect,
	.changed = nomad_changed,
};
