/* SPDX-License-Identifier: Apache-2.0 */

/* containerd_spec: config.json in STATE/io.containerd.runtime.v2.task/NAMESPACE/ID.
 *
 * Source: OCI runtime specification; annotations of containerd's CRI plugin
 * (pkg/cri/annotations). linux.cgroupsPath is a path, or "SLICE:PREFIX:NAME" for systemd, which
 * becomes PREFIX-NAME.scope below the slice and the slices that its name lists (systemd.slice(5)).
 * A task's directory is there while the task is. */

#include "containerd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/parse.h"
#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/kubernetes.h"
#include "containers/metadata.h"
#include "containers/oci_dossier.h"

#define CRI       "io.kubernetes.cri."
#define PID_BYTES 32

/* Annotations that are no labels of the container: what is of use in them is taken elsewhere. */
static const char *const inner_prefixes[] = { CRI, "nerdctl/" };

/* "a-b.slice" to "/a.slice/a-b.slice"; "" and "-.slice" are the usual slice and the root. Returns
 * the length or -EBADMSG. */
static int expand_slice(const char *slice, size_t length, char *ret_path, size_t size)
{
	static const char suffix[] = ".slice";
	size_t stem = length - strlen(suffix);
	int used = 0;

	ret_path[0] = '\0';
	if (length == 0)
		return snprintf(ret_path, size, "/system.slice");
	if (length <= strlen(suffix) || memcmp(slice + stem, suffix, strlen(suffix)) != 0 ||
	    memchr(slice, '/', length))
		return -EBADMSG;
	if (stem == 1 && slice[0] == '-')
		return 0;

	for (size_t i = 1; i <= stem; i++) {
		if (i < stem && slice[i] != '-')
			continue;
		used += snprintf(ret_path + used, size - (size_t) used, "/%.*s%s", (int) i, slice,
				 suffix);
		if ((size_t) used >= size)
			return -EBADMSG;
	}
	return used;
}

static int containerd_cgroup(const json_t *spec, bool hybrid, char **ret_path)
{
	const char *text = metadata_string(json_object_get(spec, "linux"), "cgroupsPath");
	const char *prefix = text ? strchr(text, ':') : NULL;
	const char *name = prefix ? strchr(prefix + 1, ':') : NULL;
	char path[RUNTIME_PATH_BYTES];
	int length;

	(void) hybrid;
	if (!text)
		return -EBADMSG;
	if (!name || text[0] == '/')
		return cgroup_path_clean(text, ret_path);

	length = expand_slice(text, (size_t) (prefix - text), path, sizeof(path));
	if (length < 0 || strchr(prefix, '/') ||
	    snprintf(path + length, sizeof(path) - (size_t) length, "/%.*s-%s.scope",
		     (int) (name - prefix - 1), prefix + 1,
		     name + 1) >= (int) sizeof(path) - length)
		return -EBADMSG;
	return cgroup_path_clean(path, ret_path);
}

/* A sandbox holds a pod's namespaces, and does nothing else. */
static bool containerd_helper(const json_t *spec)
{
	const char *type =
		metadata_string(json_object_get(spec, "annotations"), CRI "container-type");

	return type && strcmp(type, "sandbox") == 0;
}

static bool is_inner(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(inner_prefixes); i++)
		if (strncmp(key, inner_prefixes[i], strlen(inner_prefixes[i])) == 0)
			return true;

	return false;
}

static int take_labels(const json_t *annotations, struct identity *identity)
{
	void *member = json_object_iter((json_t *) annotations); /* it is only read */
	int r = 0;

	for (; member && r >= 0; member = json_object_iter_next((json_t *) annotations, member)) {
		const json_t *value = json_object_iter_value(member);
		const char *text = json_string_value(value), *key = json_object_iter_key(member);

		if (text && strlen(text) == json_string_length(value) && !is_inner(key))
			r = identity_label(identity, key, text);
	}

	return r;
}

/* The bundle is made for each start of a task. */
static uint64_t written_ns(int dir_fd)
{
	struct stat status;

	if (fstatat(dir_fd, "config.json", &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	    status.st_mtim.tv_sec <= 0)
		return 0;

	return (uint64_t) status.st_mtim.tv_sec * NSEC_PER_SEC + (uint64_t) status.st_mtim.tv_nsec;
}

static int containerd_describe(const json_t *spec, int dir_fd, struct identity *identity)
{
	const json_t *annotations = json_object_get(spec, "annotations");
	const json_t *namespaces = json_object_get(json_object_get(spec, "linux"), "namespaces");
	const struct kubernetes_names names = {
		.container = metadata_string(annotations, CRI "container-name"),
		.pod = metadata_string(annotations, CRI "sandbox-name"),
		.namespace = metadata_string(annotations, CRI "sandbox-namespace"),
		.uid = metadata_string(annotations, CRI "sandbox-uid"),
	};
	int r;

	if (!json_is_object(json_object_get(spec, "linux"))) {
		identity_explain(identity, "config.json: not what containerd writes");
		return -EBADMSG;
	}

	identity->created_ns = written_ns(dir_fd);
	identity->host_network =
		json_is_array(namespaces) && !metadata_has_namespace(namespaces, "network");
	identity->infra = containerd_helper(spec);
	r = kubernetes_describe(&names, identity);
	if (r >= 0 && !identity->name)
		r = metadata_take(annotations, "nerdctl/name", &identity->name);
	if (r >= 0)
		r = metadata_take(annotations, CRI "image-name", &identity->image);
	if (r >= 0)
		r = take_labels(annotations, identity);
	return r;
}

static pid_t read_pid(int dir_fd)
{
	CLEANUP(free_p) char *text = NULL;
	uint64_t pid;
	size_t length;

	if (fd_read_distrusted(dir_fd, "init.pid", PID_BYTES, &text, &length) < 0 ||
	    parse_value(text, &pid) < 0 || pid > INT32_MAX)
		return 0;

	return (pid_t) pid;
}

static int containerd_inspect(const json_t *spec, int root_fd, int dir_fd,
			      struct identity *identity, struct dossier *ret_dossier)
{
	(void) root_fd;
	(void) identity;
	ret_dossier->pid = read_pid(dir_fd);
	return oci_dossier_parse(spec, ret_dossier);
}

/* The last one is containerd of a dockerd that runs its own. */
static const char *const default_places[] = {
	"run/containerd",
	"run/k3s/containerd",
	"run/k0s/containerd",
	"var/snap/microk8s/common/run/containerd",
	"run/docker/containerd/daemon",
	NULL,
};

static const char *const foreign[] = { "moby", "plugins.moby", NULL };

const struct oci_format oci_format_containerd = {
	.file = "config.json",
	.defaults = default_places,
	.below = "io.containerd.runtime.v2.task",
	.namespaced = true,
	.foreign = foreign,
	.cgroup = containerd_cgroup,
	.helper = containerd_helper,
	.describe = containerd_describe,
	.inspect = containerd_inspect,
};
