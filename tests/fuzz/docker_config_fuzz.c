/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as Docker's config.v2.json and as its hostconfig.json. */

#include <stdint.h>

#include "base/cleanup.h"
#include "containers/docker.h"
#include "containers/metadata.h"
#include "identity_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };
	int r = metadata_parse((const char *) data, size, "config.v2.json", &identity, &json);

	assert((r == 0) == (json != NULL) && (r == 0) == (identity.detail == NULL));
	if (r == 0) {
		r = docker_config_parse(json, "d500aa03cb23", &identity);
		assert(r == 0 || identity.detail);
		docker_hostconfig_parse(json, &identity);
	}

	check_identity(&identity);
	identity_fini(&identity);
	return 0;
}
