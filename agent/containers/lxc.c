/* SPDX-License-Identifier: Apache-2.0 */

/* lxc: containers of LXC, Incus, LXD and Proxmox VE.
 *
 * Cgroups: lxc.payload.NAME, and lxc.payload/NAME of LXC 3; "-N" is added to the name when the
 * directory of an earlier run was left behind; lxc/NAME before, and Proxmox's lxc/VMID, in which
 * the processes are in "ns" and the limits are not. What the container's own systemd makes is below
 * these. lxc.monitor.NAME and lxc.pivot are the processes that look after it. Instances of Incus
 * and LXD outside of the default project are called PROJECT_NAME.
 * LXC makes its cgroups in each tree that it can write to, on hybrid hosts in the unified one, too.
 *
 * A container is called by its name; that of another user's "NAME@UID". Of several lxc.lxcpath that
 * have the same name the first one counts. LXC keeps no exit code, and does not tell whether a
 * container has ever run. */

#include "lxc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

struct runtime_state {
	struct lxc_homes homes;
};

static void lxc_close(struct runtime_state *state)
{
	if (!state)
		return;
	lxc_homes_fini(&state->homes);
	free(state);
}

static int lxc_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	r = lxc_homes_init(&state->homes, place);
	if (r < 0) {
		free(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

static int lxc_refresh(struct runtime_state *state)
{
	return lxc_homes_refresh(&state->homes) > 0 ? 0 : -ENOENT;
}

/* Takes the "-N" off a name that only then is a container's. */
static void drop_number(const struct lxc_homes *homes, uint32_t uid, char *name)
{
	char *dash = strrchr(name, '-');

	if (!dash || dash == name || dash[1] == '\0' ||
	    dash[1 + strspn(dash + 1, "0123456789")] != '\0' || lxc_homes_have(homes, uid, name))
		return;
	*dash = '\0';
	if (!lxc_homes_have(homes, uid, name))
		*dash = '-';
}

/* "": it is none. */
static const char *payload_name(const struct runtime_state *state, const char *path, uint32_t uid)
{
	static const char prefix[] = "lxc.payload.";
	const char *leaf = cgroup_leaf(path);

	if (strncmp(leaf, prefix, strlen(prefix)) == 0)
		return leaf + strlen(prefix);
	if (cgroup_parent_is(path, "lxc.payload"))
		return leaf;
	/* "lxc" may be anybody's directory, unless it is at the top. */
	if (cgroup_parent_is(path, "lxc") &&
	    (leaf == path + strlen("/lxc/") || lxc_homes_have(&state->homes, uid, leaf)))
		return leaf;

	return "";
}

static void lxc_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const char *leaf = cgroup_leaf(path), *payload;
	uint32_t uid = cgroup_user(path);
	char name[CGROUP_NAME_BYTES];

	if (uid != 0)
		lxc_homes_see_user(&state->homes, uid);
	if (strcmp(leaf, "lxc.pivot") == 0 || strcmp(leaf, "lxc.monitor") == 0 ||
	    strncmp(leaf, "lxc.monitor.", strlen("lxc.monitor.")) == 0) {
		ret_match->kind = MATCH_HELPER;
		return;
	}

	payload = payload_name(state, path, uid);
	if (payload[0] == '\0' || snprintf(name, sizeof(name), "%s", payload) >= (int) sizeof(name))
		return;
	drop_number(&state->homes, uid, name);
	cgroup_make_id(uid, name, ret_match->id);
	if (ret_match->id[0] != '\0')
		ret_match->kind = MATCH_CONTAINER;
}

/* Returns 0, or a negative errno with the reason in the identity; the text is the caller's. */
static int read_file(const struct lxc_file *file, struct identity *identity, char **ret_text)
{
	size_t length;
	int r;

	r = fd_read_distrusted(file->dir_fd, file->path, LXC_CONFIG_BYTES, ret_text, &length);
	if (r < 0 && r != -ENOENT)
		metadata_explain(identity, file->path, r);
	return r;
}

static int describe_file(const struct lxc_file *file, struct identity *identity)
{
	CLEANUP(free_p) char *text = NULL;
	int r;

	if (file->shape == LXC_DAEMON) /* there is nothing to read; lxc.conf is elsewhere */
		return lxc_file_exists(file) ? 0 : -ENOENT;

	r = read_file(file, identity, &text);
	if (r < 0)
		return r;
	return file->shape == LXC_NODE ? lxc_node_parse(text, identity)
				       : lxc_config_parse(text, identity);
}

static int lxc_describe(struct runtime_state *state, const char *id, const char *path,
			struct identity *ret_identity)
{
	char name[RUNTIME_ID_BYTES];
	uint32_t uid = cgroup_split_id(id, name, sizeof(name));
	struct lxc_file file;
	int result = -ENOENT;

	(void) path;
	for (size_t cursor = 0; lxc_homes_next(&state->homes, uid, name, &cursor, &file);) {
		int r = describe_file(&file, ret_identity);

		if (r == -ENOMEM)
			return r;
		/* The first thing that is wrong counts. What Incus wrote at a start is still there
		 * when the container is not. */
		if (r != -ENOENT && (result == 0 || result == -ENOENT) && file.shape != LXC_STARTED)
			result = r;
	}

	if (result == -ENOENT)
		identity_explain(ret_identity, "in no lxc.lxcpath that is known and readable");
	ret_identity->has_owner = uid != 0;
	ret_identity->owner_uid = uid;
	/* The files do not tell whether it runs: the cgroup does, when it has one. */
	if (result != -ENOENT)
		ret_identity->condition.state = STATE_EXITED;
	if (!ret_identity->name && identity_set(&ret_identity->name, name, strlen(name)) < 0)
		return -ENOMEM;
	return result;
}

static uint64_t lxc_stamp(struct runtime_state *state, const char *id, const char *path)
{
	char name[RUNTIME_ID_BYTES];
	uint32_t uid = cgroup_split_id(id, name, sizeof(name));
	struct lxc_file file;
	uint64_t stamp = 0;

	(void) path;
	for (size_t cursor = 0; lxc_homes_next(&state->homes, uid, name, &cursor, &file);)
		stamp = stamp * 31 + metadata_stamp(file.dir_fd, file.path);

	return stamp;
}

struct listing {
	void (*found)(const char *id, void *userdata);
	void *userdata;
};

static void on_found(uint32_t uid, const char *name, void *userdata)
{
	const struct listing *listing = userdata;
	char id[RUNTIME_ID_BYTES];

	cgroup_make_id(uid, name, id);
	listing->found(id, listing->userdata);
}

static int lxc_list(struct runtime_state *state, size_t max,
		    void (*found)(const char *id, void *userdata), void *userdata)
{
	struct listing listing = { .found = found, .userdata = userdata };

	return lxc_homes_list(&state->homes, max, on_found, &listing);
}

static int lxc_inspect(struct runtime_state *state, const char *id, const char *path,
		       struct dossier *ret_dossier)
{
	char name[RUNTIME_ID_BYTES];
	uint32_t uid = cgroup_split_id(id, name, sizeof(name));
	struct identity unused = { 0 };
	struct lxc_file file;
	int r = -ENOENT;

	(void) path;
	for (size_t cursor = 0;
	     r == -ENOENT && lxc_homes_next(&state->homes, uid, name, &cursor, &file);) {
		CLEANUP(free_p) char *text = NULL;

		if (file.shape == LXC_DAEMON)
			continue;
		r = read_file(&file, &unused, &text);
		if (r >= 0)
			r = file.shape == LXC_NODE ? lxc_node_inspect(text, ret_dossier)
						   : lxc_config_inspect(text, ret_dossier);
	}

	identity_fini(&unused);
	return r;
}

static void lxc_changed(struct runtime_state *state, const char *directory, const char *name,
			struct change *ret_change)
{
	if (lxc_homes_changed(&state->homes, directory, name, ret_change->text))
		ret_change->kind = CHANGE_CONTAINER;
	else if (places_awaited(&state->homes.places, directory, name))
		ret_change->kind = CHANGE_ENGINE;
}

const struct runtime runtime_lxc = {
	.name = "lxc",
	.where = "/var/lib/lxc, /var/lib/incus",
	.open = lxc_open,
	.close = lxc_close,
	.refresh = lxc_refresh,
	.match = lxc_match,
	.describe = lxc_describe,
	.stamp = lxc_stamp,
	.list = lxc_list,
	.inspect = lxc_inspect,
	.changed = lxc_changed,
};
