/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as the config.json of a containerd task. The path of a cgroup that it names is below
 * the mount, and is neither the root nor a slice. */

#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/containerd.h"
#include "containers/kubernetes.h"
#include "containers/metadata.h"
#include "dossier_check.h"
#include "identity_check.h"

static void check_path(const char *path)
{
	char uid[POD_UID_BYTES];

	assert(path[0] == '/' && path[1] != '\0' && path[1] != '/');
	assert(strlen(path) < RUNTIME_PATH_BYTES && !strstr(path, "/../"));
	assert(!cgroup_ends_with(path, "/..") && !cgroup_ends_with(path, ".slice"));
	assert(!kubernetes_is_in_pod(path) || kubernetes_pod_uid(path, uid));
}

static void try_spec(const json_t *spec)
{
	const struct oci_format *format = &oci_format_containerd;
	CLEANUP(free_p) char *path = NULL;
	struct identity identity = { 0 };
	struct dossier dossier = { 0 };
	int r;

	if (format->cgroup(spec, false, &path) == 0)
		check_path(path);
	else
		assert(!path);
	r = format->describe(spec, -1, &identity);
	assert(r == 0 || identity.detail);
	assert(r < 0 || identity.infra == format->helper(spec));
	check_identity(&identity);
	(void) format->inspect(spec, -1, -1, &identity, &dossier);
	check_dossier(&dossier);
	dossier_fini(&dossier);
	identity_fini(&identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };

	if (metadata_parse((const char *) data, size, "config.json", &identity, &json) == 0)
		try_spec(json);
	identity_fini(&identity);
	return 0;
}
