/* SPDX-License-Identifier: Apache-2.0 */

/* crun: containers started by `crun run`, without an engine.
 *
 * Source: STATE-DIR/ID/status, and the copy of the bundle's config.json (OCI runtime specification)
 * beside it; the state directory is /run/crun, or crun's --root (crun(1)). `cgroup-path` is below
 * the mount already. With systemd crun puts the processes into a "container" directory below the
 * scope; the scope is what counts, because systemd sets the limits there. */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "containers/oci.h"
#include "containers/oci_dossier.h"

#define INNER "/container"

static int crun_cgroup(const json_t *status, bool hybrid, char **ret_path)
{
	const char *path = metadata_string(status, "cgroup-path");
	int r;

	(void) hybrid;
	if (!path)
		return -EBADMSG;
	r = cgroup_path_clean(path, ret_path);
	if (r >= 0 && cgroup_ends_with(*ret_path, ".scope" INNER))
		(*ret_path)[strlen(*ret_path) - strlen(INNER)] = '\0';
	return r;
}

static int crun_describe(const json_t *status, int dir_fd, struct identity *identity)
{
	CLEANUP(json_decref_p) json_t *config = NULL;
	const json_t *namespaces;
	int r;

	identity->created_ns = metadata_time(metadata_string(status, "created"));
	r = metadata_read(dir_fd, "config.json", METADATA_BYTES, identity, &config);
	if (r < 0)
		return r == -ENOENT ? 0 : r; /* the container is known all the same */

	namespaces = json_object_get(json_object_get(config, "linux"), "namespaces");
	identity->host_network =
		json_is_array(namespaces) && !metadata_has_namespace(namespaces, "network");
	return metadata_labels(json_object_get(config, "annotations"), identity);
}

static int crun_inspect(const json_t *status, int root_fd, int dir_fd, struct identity *identity,
			struct dossier *ret_dossier)
{
	CLEANUP(json_decref_p) json_t *spec = NULL;
	int r;

	(void) root_fd;
	ret_dossier->pid = oci_dossier_pid(json_object_get(status, "pid"));
	r = metadata_read(dir_fd, "config.json", METADATA_BYTES, identity, &spec);
	return r < 0 ? r : oci_dossier_parse(spec, ret_dossier);
}

static const char *const default_places[] = { "run/crun", NULL };

const struct oci_format oci_format_crun = {
	.file = "status",
	.defaults = default_places,
	.below = "",
	.cgroup = crun_cgroup,
	.describe = crun_describe,
	.inspect = crun_inspect,
};

static int crun_open(const struct runtime_place *place, struct runtime_state **ret_state)
{
	return oci_open(&oci_format_crun, place, ret_state);
}

const struct runtime runtime_crun = {
	.name = "crun",
	.where = "/run/crun",
	.open = crun_open,
	.close = oci_close,
	.refresh = oci_refresh,
	.match = oci_match,
	.describe = oci_describe,
	.stamp = oci_stamp,
	.inspect = oci_inspect,
	.changed = oci_changed,
};
