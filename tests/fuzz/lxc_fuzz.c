/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as the configuration of an LXC container, and of one of a Proxmox node: identity and
 * dossier are valid, and nothing is read beyond the text. */

#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "containers/dossier.h"
#include "containers/lxc.h"
#include "identity_check.h"

static void check_dossier(struct dossier *dossier)
{
	const char *const texts[] = { dossier->log_path, dossier->driver };
	json_t *const values[] = { dossier->args, dossier->config, dossier->host_config,
				   dossier->mounts, dossier->networks };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert(!texts[i] || is_valid_text(texts[i], IDENTITY_TEXT_BYTES));
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		char *text = values[i] ? json_dumps(values[i], JSON_COMPACT) : NULL;

		assert(!values[i] || text); /* it can be written */
		free(text);
	}
	dossier_fini(dossier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct identity identity = { 0 };
	struct dossier dossier = { 0 };

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';

	assert(lxc_config_parse(text, &identity) == 0);
	check_identity(&identity);
	assert(lxc_node_parse(text, &identity) == 0);
	check_identity(&identity);
	identity_fini(&identity);
	assert(lxc_config_inspect(text, &dossier) == 0);
	check_dossier(&dossier);
	assert(lxc_node_inspect(text, &dossier) == 0);
	check_dossier(&dossier);
	free(text);
	return 0;
}
