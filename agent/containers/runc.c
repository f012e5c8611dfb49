/* SPDX-License-Identifier: Apache-2.0 */

/* runc: containers started by `runc run`, without an engine.
 *
 * Source: STATE-DIR/ID/state.json; the state directory is /run/runc, or runc's --root (runc(8)).
 * The file is libcontainer's struct State. `cgroup_paths` has "" for the unified tree; on hybrid
 * hosts v1 controllers, too, and with an older runc these only, below the same relative path. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "containers/oci.h"
#include "containers/oci_dossier.h"

#define KEY_BYTES 256 /* identity_label wants less */
#define BUNDLE    "bundle="
#define MOUNT     "/sys/fs/cgroup" /* where every distribution mounts the trees (systemd does) */

/* The controllers that are asked for the path, the unified tree first. */
static const char *const controllers[] = { "", "memory", "cpu", "pids", "name=systemd" };

/* Takes the mount point off. NULL: the path is not below one. */
static const char *below_mount(const char *controller, bool hybrid, const char *path)
{
	static const char unified[] = "/unified/";

	if (strncmp(path, MOUNT "/", sizeof(MOUNT)) != 0)
		return NULL;
	path += strlen(MOUNT);
	if (controller[0] != '\0')
		return strchr(path + 1, '/'); /* "/memory/web" */
	if (hybrid && strncmp(path, unified, strlen(unified)) == 0)
		return path + strlen(unified) - 1;

	return path;
}

static int runc_cgroup(const json_t *state, bool hybrid, char **ret_path)
{
	const json_t *paths = json_object_get(state, "cgroup_paths");

	for (size_t i = 0; i < ARRAY_SIZE(controllers); i++) {
		const char *path = metadata_string(paths, controllers[i]);

		if (path)
			path = below_mount(controllers[i], hybrid, path);
		if (path)
			return cgroup_path_clean(path, ret_path);
	}

	return -EBADMSG;
}

/* An array of "key=value". runc adds the bundle's place, which is no label of the container. */
static int take_labels(const json_t *labels, struct identity *identity)
{
	for (size_t i = 0; i < json_array_size(labels); i++) {
		const char *text = metadata_text(json_array_get(labels, i));
		const char *equals = text ? strchr(text, '=') : NULL;
		char key[KEY_BYTES];
		int r;

		if (!equals || equals - text >= KEY_BYTES ||
		    strncmp(text, BUNDLE, strlen(BUNDLE)) == 0)
			continue;
		(void) snprintf(key, sizeof(key), "%.*s", (int) (equals - text), text);
		r = identity_label(identity, key, equals + 1);
		if (r < 0)
			return r;
	}

	return 0;
}

static int runc_describe(const json_t *state, int dir_fd, struct identity *identity)
{
	const json_t *config = json_object_get(state, "config");
	const json_t *namespaces = json_object_get(config, "namespaces");

	(void) dir_fd;
	if (!json_is_object(config)) {
		identity_explain(identity, "state.json: not what runc writes");
		return -EBADMSG;
	}

	identity->created_ns = metadata_time(metadata_string(state, "created"));
	identity->host_network =
		json_is_array(namespaces) && !metadata_has_namespace(namespaces, "NEWNET");
	return take_labels(json_object_get(config, "labels"), identity);
}

/* The directory with the container's specification, among its labels. NULL: not there. */
static const char *find_bundle(const json_t *labels)
{
	for (size_t i = 0; i < json_array_size(labels); i++) {
		const char *text = metadata_text(json_array_get(labels, i));

		if (text && strncmp(text, BUNDLE, strlen(BUNDLE)) == 0)
			return text + strlen(BUNDLE);
	}

	return NULL;
}

static int runc_inspect(const json_t *state, int root_fd, int dir_fd, struct identity *identity,
			struct dossier *ret_dossier)
{
	CLEANUP(json_decref_p) json_t *spec = NULL;
	const char *bundle =
		find_bundle(json_object_get(json_object_get(state, "config"), "labels"));
	char path[RUNTIME_PATH_BYTES];
	int r;

	(void) dir_fd;
	ret_dossier->pid = oci_dossier_pid(json_object_get(state, "init_process_pid"));
	if (!bundle || snprintf(path, sizeof(path), "%s/config.json",
				bundle + strspn(bundle, "/")) >= (int) sizeof(path))
		return -EBADMSG;

	r = metadata_read(root_fd, path, METADATA_BYTES, identity, &spec);
	return r < 0 ? r : oci_dossier_parse(spec, ret_dossier);
}

static const char *const default_places[] = { "run/runc", NULL };

const struct oci_format oci_format_runc = {
	.file = "state.json",
	.defaults = default_places,
	.below = "",
	.cgroup = runc_cgroup,
	.describe = runc_describe,
	.inspect = runc_inspect,
};

static int runc_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	return oci_open(&oci_format_runc, place, ret_state);
}

const struct runtime runtime_runc = {
	.name = "runc",
	.where = "/run/runc",
	.open = runc_open,
	.close = oci_close,
	.refresh = oci_refresh,
	.match = oci_match,
	.describe = oci_describe,
	.stamp = oci_stamp,
	.inspect = oci_inspect,
	.changed = oci_changed,
};
