/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as each JSON document of podman: a container's configuration and state, the OCI
 * specification, containers.json, and healthcheck.log. */

#include <stdint.h>

#include "base/cleanup.h"
#include "containers/metadata.h"
#include "containers/podman.h"
#include "dossier_check.h"
#include "identity_check.h"

/* The same document as both: what is in it is all that matters. */
static void check_inspect(json_t *json)
{
	const struct podman_record record = { .config = json, .state = json };
	struct dossier dossier = { 0 };

	if (!json_is_object(json))
		return;
	assert(podman_inspect(&record, &dossier) == 0);
	dossier.health = podman_health_dossier(json);
	assert(dossier.health);
	check_dossier(&dossier);
	dossier_fini(&dossier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };
	struct podman_stored *stored = NULL;

	if (metadata_parse((const char *) data, size, "document", &identity, &json) == 0) {
		assert(podman_config_parse(json, &identity) == 0);
		podman_state_parse(json, &identity);
		podman_spec_parse(json, &identity);
		podman_health_parse(json, &identity.condition);
		check_inspect(json);
		assert((podman_stored_parse(json, &stored) == 0) == json_is_array(json));
		podman_stored_free(stored);
	}

	check_identity(&identity);
	identity_fini(&identity);
	return 0;
}
