/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as Docker's config.v2.json and hostconfig.json, for the identity and for the dossier;
 * and as answers of its API. */

#include <stdint.h>

#include "base/cleanup.h"
#include "containers/docker.h"
#include "containers/dossier.h"
#include "containers/metadata.h"
#include "docker_health.h"
#include "identity_check.h"

static void check_health(const struct docker_health *health, void *userdata)
{
	(void) userdata;
	assert(strlen(health->id) == DOCKER_ID_BYTES - 1);
	assert(health->status < HEALTH_COUNT);
}

static void read_answers(const char *text, size_t size)
{
	struct docker_health health;

	(void) docker_health_list(text, size, check_health, NULL); /* any result is one */
	if (docker_health_inspect(text, size, &health) == 0)
		check_health(&health, NULL);
	if (docker_health_event(text, size, &health) == 0)
		check_health(&health, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };
	struct dossier dossier = { 0 };
	int r = metadata_parse((const char *) data, size, "config.v2.json", &identity, &json);

	assert((r == 0) == (json != NULL) && (r == 0) == (identity.detail == NULL));
	if (r == 0) {
		r = docker_config_parse(json, "d500aa03cb23", size % 2 == 0, &identity);
		assert(r == 0 || identity.detail);
		docker_hostconfig_parse(json, &identity);
		(void) docker_dossier_parse(json, "/var/lib/docker", &dossier); /* as above */
		docker_dossier_host_config(json, &dossier);
	}

	check_identity(&identity);
	identity_fini(&identity);
	dossier_fini(&dossier);
	read_answers((const char *) data, size);
	return 0;
}
