/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as the config.json and as the state.json of a container of CRI-O. */

#include <stdint.h>

#include "base/cleanup.h"
#include "containers/crio.h"
#include "containers/metadata.h"
#include "containers/oci_dossier.h"
#include "dossier_check.h"
#include "identity_check.h"

#define ID "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"

static void try_file(const json_t *json)
{
	struct identity identity = { 0 };
	struct dossier dossier = { 0 };
	int r = crio_spec_parse(json, ID, &identity);

	assert(r == 0 || identity.detail);
	assert(r < 0 || crio_spec_kind(json) != CRIO_NONE);
	crio_state_parse(json, ID, &identity);
	assert(identity.condition.state < STATE_COUNT);
	assert(!identity.condition.has_exit_code || identity.condition.state == STATE_EXITED);
	check_identity(&identity);
	identity_fini(&identity);

	(void) oci_dossier_parse(json, &dossier);
	check_dossier(&dossier);
	dossier_fini(&dossier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	struct identity identity = { 0 };

	if (metadata_parse((const char *) data, size, "config.json", &identity, &json) == 0)
		try_file(json);
	identity_fini(&identity);
	return 0;
}
