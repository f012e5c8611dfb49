/* SPDX-License-Identifier: Apache-2.0 */

/* nspawn: containers of systemd-nspawn.
 *
 * Cgroups: systemd-nspawn@NAME.service of `machinectl start`, machine-NAME.scope of a direct call,
 * or any unit with --keep-unit. systemd-nspawn puts the container's processes into "payload" below
 * it, and its own into "supervisor" (systemd-nspawn(1), --keep-unit; docs/CGROUP_DELEGATION). A
 * unit that goes without these is the container itself.
 * Files: /run/systemd/machines/NAME, and a link "unit:UNIT" to it, by systemd-machined for those
 * that register, which are also virtual machines and others' containers. */

#include "nspawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "containers/place.h"
#include "containers/runtime.h"

/* From its registration until systemd-nspawn makes "payload"; milliseconds, unless the host has
 * other things to do. */
#define SETTLE_NS (10 * NSEC_PER_SEC)

struct runtime_state {
	struct places places;
};

static const char *const default_places[] = { "run/systemd/machines", NULL };

/* Where the unified tree is mounted, on hybrid hosts and others. */
static const char *const mounts[] = { "sys/fs/cgroup/unified", "sys/fs/cgroup" };

static void nspawn_close(struct runtime_state *state)
{
	if (!state)
		return;
	places_fini(&state->places);
	free(state);
}

static int nspawn_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	r = places_init(&state->places, place, default_places, "");
	if (r < 0) {
		free(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

static int nspawn_refresh(struct runtime_state *state)
{
	return places_refresh(&state->places) > 0 ? 0 : -ENOENT;
}

/* Reads a machine's file. Returns 0, -ENOENT or another negative errno; the text is the caller's.
 */
static int read_machine(const struct runtime_state *state, const char *name,
			struct identity *identity, char **ret_text)
{
	size_t length;
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < state->places.count; i++)
		if (state->places.list[i].fd >= 0)
			r = fd_read_distrusted(state->places.list[i].fd, name, NSPAWN_MACHINE_BYTES,
					       ret_text, &length);
	if (r < 0 && r != -ENOENT)
		metadata_explain(identity, name, r);
	return r;
}

/* What the link of a unit says. */
static bool registered_name(const struct runtime_state *state, const char *unit, size_t length,
			    char ret_name[static CGROUP_NAME_BYTES])
{
	char link[sizeof("unit:") + CGROUP_NAME_BYTES];

	(void) snprintf(link, sizeof(link), "unit:%.*s", (int) length, unit);
	for (size_t i = 0; i < state->places.count; i++) {
		int fd = state->places.list[i].fd;
		ssize_t n = fd < 0 ? -1 : readlinkat(fd, link, ret_name, CGROUP_NAME_BYTES);

		if (n <= 0 || n >= CGROUP_NAME_BYTES)
			continue;
		ret_name[n] = '\0';
		return !strchr(ret_name, '/') && ret_name[0] != '.';
	}

	return false;
}

/* The machine whose unit this is. Users register nothing with the system's systemd-machined. */
static bool machine_of(const struct runtime_state *state, uint32_t uid, const char *unit,
		       size_t length, char ret_name[static CGROUP_NAME_BYTES])
{
	if (length >= CGROUP_NAME_BYTES)
		return false;
	return (uid == 0 && registered_name(state, unit, length, ret_name)) ||
	       nspawn_unit_name(unit, length, ret_name, CGROUP_NAME_BYTES);
}

static bool has_payload(const struct runtime_state *state, const char *path)
{
	char payload[RUNTIME_PATH_BYTES + 64];

	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		(void) snprintf(payload, sizeof(payload), "%s%s/payload", mounts[i], path);
		if (fd_exists_at(state->places.root_fd, payload))
			return true;
	}

	return false;
}

/* Whether a unit is the container itself, as nobody makes "payload" in it. */
static bool is_undivided(const struct runtime_state *state, const char *path, const char *unit,
			 char ret_name[static CGROUP_NAME_BYTES])
{
	CLEANUP(free_p) char *text = NULL;
	struct identity unused = { 0 };
	struct nspawn_machine machine;
	uint64_t now_ns = clock_realtime_ns();
	int r;

	if (cgroup_user(path) != 0 || strlen(unit) >= CGROUP_NAME_BYTES ||
	    !registered_name(state, unit, strlen(unit), ret_name))
		return false;
	r = read_machine(state, ret_name, &unused, &text);
	identity_fini(&unused);
	if (r < 0)
		return false;

	nspawn_machine_parse(text, &machine);
	return SLICE_IS(machine.class, "container") &&
	       SLICE_IS(machine.service, "systemd-nspawn") && machine.registered_ns < now_ns &&
	       now_ns - machine.registered_ns > SETTLE_NS && !has_payload(state, path);
}

static void nspawn_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path), *end = leaf > path ? leaf - 1 : leaf, *unit = end;
	bool is_payload = strcmp(leaf, "payload") == 0;
	uint32_t uid = cgroup_user(path);
	char name[CGROUP_NAME_BYTES];

	while (unit > path && unit[-1] != '/')
		unit--;
	if (is_payload || strcmp(leaf, "supervisor") == 0) {
		if (!machine_of(state, uid, unit, (size_t) (end - unit), name))
			return;
		if (!is_payload) {
			ret_match->kind = MATCH_HELPER;
			return;
		}
	} else if (!is_undivided(state, path, leaf, name)) {
		return;
	}

	cgroup_make_id(uid, name, ret_match->id);
	if (ret_match->id[0] != '\0')
		ret_match->kind = MATCH_CONTAINER;
}

static int take_machine(const struct nspawn_machine *machine, struct identity *identity)
{
	identity->created_ns = identity->started_ns = machine->registered_ns;
	return machine->root.length > 0
		       ? identity_set(&identity->image, machine->root.start, machine->root.length)
		       : 0;
}

static int nspawn_describe(struct runtime_state *state, const char *id, const char *path,
			   struct identity *ret_identity)
{
	CLEANUP(free_p) char *text = NULL;
	char name[RUNTIME_ID_BYTES];
	uint32_t uid = cgroup_split_id(id, name, sizeof(name));
	struct nspawn_machine machine;
	int r, named;

	(void) path;
	ret_identity->has_owner = uid != 0;
	ret_identity->owner_uid = uid;
	named = identity_set(&ret_identity->name, name, strlen(name));
	if (named < 0)
		return named;

	r = uid == 0 ? read_machine(state, name, ret_identity, &text) : -ENOENT;
	if (r == -ENOENT)
		identity_explain(ret_identity, "not registered with systemd-machined");
	if (r < 0)
		return r;
	nspawn_machine_parse(text, &machine);
	return take_machine(&machine, ret_identity);
}

static uint64_t nspawn_stamp(struct runtime_state *state, const char *id, const char *path)
{
	char name[RUNTIME_ID_BYTES];
	uint64_t stamp = 0;

	(void) path;
	if (cgroup_split_id(id, name, sizeof(name)) != 0)
		return 0;
	for (size_t i = 0; stamp == 0 && i < state->places.count; i++)
		if (state->places.list[i].fd >= 0)
			stamp = metadata_stamp(state->places.list[i].fd, name);

	return stamp;
}

static int nspawn_inspect(struct runtime_state *state, const char *id, const char *path,
			  struct dossier *ret_dossier)
{
	CLEANUP(free_p) char *text = NULL;
	char name[RUNTIME_ID_BYTES];
	struct identity unused = { 0 };
	struct nspawn_machine machine;
	int r;

	(void) path;
	if (cgroup_split_id(id, name, sizeof(name)) != 0)
		return -ENOENT;
	r = read_machine(state, name, &unused, &text);
	identity_fini(&unused);
	if (r < 0)
		return r;

	nspawn_machine_parse(text, &machine);
	ret_dossier->pid = machine.leader;
	return 0;
}

static void nspawn_changed(struct runtime_state *state, const char *directory, const char *name,
			   struct change *ret_change)
{
	if (places_named(&state->places, directory)) {
		/* Links "unit:UNIT" are told together with the file. */
		if (name[0] == '\0' || name[0] == '.' || strchr(name, ':'))
			return;
		cgroup_make_id(0, name, ret_change->text);
		ret_change->kind = CHANGE_CONTAINER;
	} else if (places_awaited(&state->places, directory, name)) {
		ret_change->kind = CHANGE_ENGINE;
	}
}

const struct runtime runtime_nspawn = {
	.name = "nspawn",
	.where = "/run/systemd/machines",
	.open = nspawn_open,
	.close = nspawn_close,
	.refresh = nspawn_refresh,
	.match = nspawn_match,
	.describe = nspawn_describe,
	.stamp = nspawn_stamp,
	.inspect = nspawn_inspect,
	.changed = nspawn_changed,
};
