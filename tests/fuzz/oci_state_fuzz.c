/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as the state of a container of runc and of crun. Whatever they claim: the path of a
 * cgroup that is named is below the mount, and is neither the root nor a slice. */

#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/oci.h"
#include "dossier_check.h"
#include "identity_check.h"

static void check_path(const char *path)
{
	assert(path[0] == '/' && path[1] != '\0' && path[1] != '/');
	assert(strlen(path) < RUNTIME_PATH_BYTES && !strstr(path, "/../"));
	assert(!cgroup_ends_with(path, "/..") && !cgroup_ends_with(path, ".slice"));
}

static void try_format(const struct oci_format *format, const json_t *json)
{
	struct identity identity = { 0 };
	struct dossier dossier = { 0 };

	for (int hybrid = 0; hybrid < 2; hybrid++) {
		CLEANUP(free_p) char *path = NULL;

		if (format->cgroup(json, hybrid, &path) == 0)
			check_path(path);
		else
			assert(!path);
	}
	(void) format->describe(json, -1, &identity);
	check_identity(&identity);
	(void) format->inspect(json, -1, -1, &identity, &dossier);
	check_dossier(&dossier);
	dossier_fini(&dossier);
	identity_fini(&identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };

	if (metadata_parse((const char *) data, size, "state", &identity, &json) == 0) {
		try_format(&oci_format_runc, json);
		try_format(&oci_format_crun, json);
	}
	identity_fini(&identity);
	return 0;
}
