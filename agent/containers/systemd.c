/* SPDX-License-Identifier: Apache-2.0 */

/* systemd: services as containers, for those who ask for it.
 *
 * Cgroups: UNIT.service, the system's and every user's (docs/CGROUP_DELEGATION). Whoever delegates
 * to a service may have containers of an engine below it, which are theirs, and count in the
 * service's numbers as well. systemd-nspawn@NAME.service is the container's (nspawn.c).
 * Files: the unit's own, for its description (systemd.unit(5), "Unit File Load Path"). Links and
 * drop-ins are not followed. A unit is called as systemctl prints it; one of a user's manager is
 * "UNIT@UID". */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/parse.h"
#include "containers/cgroup_name.h"
#include "containers/place.h"
#include "containers/runtime.h"

#define UNIT_FILE_BYTES 65536 /* few have more than two thousand */
#define KEY             "Description="

struct runtime_state {
	struct places places;
};

static const char *const default_places[] = {
	"etc/systemd/system",     "run/systemd/system", "usr/local/lib/systemd/system",
	"usr/lib/systemd/system", "lib/systemd/system", NULL
};

static void systemd_close(struct runtime_state *state)
{
	if (!state)
		return;
	places_fini(&state->places);
	free(state);
}

static int systemd_open(const struct runtime_place *place, struct runtime_state **ret_state)
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

static int systemd_refresh(struct runtime_state *state)
{
	return places_refresh(&state->places) > 0 ? 0 : -ENOENT;
}

static void systemd_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	static const char nspawn[] = "systemd-nspawn@";
	const char *unit = cgroup_unit(cgroup_leaf(path));

	(void) state;
	if (!cgroup_ends_with(unit, ".service") || unit[0] == '.' ||
	    strncmp(unit, nspawn, strlen(nspawn)) == 0)
		return;

	cgroup_make_id(cgroup_user(path), unit, ret_match->id);
	if (ret_match->id[0] != '\0')
		ret_match->kind = MATCH_CONTAINER;
}

/* "getty@tty1.service" is made from getty@.service. */
static void file_of(const char *unit, char ret_file[static RUNTIME_ID_BYTES])
{
	const char *at = strchr(unit, '@');

	(void) snprintf(ret_file, RUNTIME_ID_BYTES, "%.*s%s",
			at ? (int) (at + 1 - unit) : (int) strlen(unit), unit,
			at ? ".service" : "");
}

/* The first one; what has specifiers ("%i") in it is not complete. */
static int take_description(const char *text, struct identity *identity)
{
	struct slice line;

	while (line_next(&text, &line)) {
		char description[IDENTITY_LABEL_BYTES + 1];

		if (line.length <= strlen(KEY) || memcmp(line.start, KEY, strlen(KEY)) != 0)
			continue;
		if (memchr(line.start, '%', line.length))
			return 0;
		(void) snprintf(description, sizeof(description), "%.*s",
				(int) (line.length - strlen(KEY)), line.start + strlen(KEY));
		return identity_label(identity, "description", description);
	}

	return 0;
}

static int read_description(const struct runtime_state *state, const char *unit,
			    struct identity *identity)
{
	char file[RUNTIME_ID_BYTES];

	file_of(unit, file);
	for (size_t i = 0; i < state->places.count; i++) {
		CLEANUP(free_p) char *text = NULL;
		int fd = state->places.list[i].fd;
		size_t length;

		if (fd >= 0 && fd_read_distrusted(fd, file, UNIT_FILE_BYTES, &text, &length) == 0)
			return take_description(text, identity);
	}

	return 0;
}

static int systemd_describe(struct runtime_state *state, const char *id, const char *path,
			    struct identity *ret_identity)
{
	char unit[RUNTIME_ID_BYTES];
	uint32_t uid = cgroup_split_id(id, unit, sizeof(unit));
	int r;

	(void) path;
	ret_identity->has_owner = uid != 0;
	ret_identity->owner_uid = uid;
	r = identity_set(&ret_identity->name, unit, strlen(unit));
	if (r >= 0 && uid == 0)
		r = read_description(state, unit, ret_identity);

	return r < 0 ? r : -ENOENT; /* a unit's file does not tell whether it runs */
}

/* Nothing about a running service is read again, except at a rescan. */
static uint64_t systemd_stamp(struct runtime_state *state, const char *id, const char *path)
{
	(void) state;
	(void) id;
	(void) path;
	return 0;
}

static void systemd_changed(struct runtime_state *state, const char *directory, const char *name,
			    struct change *ret_change)
{
	if (places_awaited(&state->places, directory, name))
		ret_change->kind = CHANGE_ENGINE;
}

const struct runtime runtime_systemd = {
	.name = "systemd",
	.where = "/etc/systemd/system, /usr/lib/systemd/system",
	.optional = true,
	.outer = true,
	.open = systemd_open,
	.close = systemd_close,
	.refresh = systemd_refresh,
	.match = systemd_match,
	.describe = systemd_describe,
	.stamp = systemd_stamp,
	.changed = systemd_changed,
};
