/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as each JSON document of podman: a container's configuration and state, the OCI
 * specification, and containers.json. */

#include <stdint.h>

#include "base/cleanup.h"
#include "containers/metadata.h"
#include "containers/podman.h"
#include "identity_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };
	struct podman_stored *stored = NULL;

	if (metadata_parse((const char *) data, size, "document", &identity, &json) == 0) {
		assert(podman_config_parse(json, &identity) == 0);
		podman_state_parse(json, &identity);
		podman_spec_parse(json, &identity);
		assert((podman_stored_parse(json, &stored) == 0) == json_is_array(json));
		podman_stored_free(stored);
	}

	check_identity(&identity);
	identity_fini(&identity);
	return 0;
}
