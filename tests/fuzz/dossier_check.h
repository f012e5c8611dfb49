/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What holds for a dossier, whatever the files said: every text in it is valid UTF-8 without NUL.
 */

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "containers/dossier.h"

static inline void check_json(const json_t *json)
{
	void *member = json_object_iter((json_t *) json); /* it is only read */

	if (json_is_string(json))
		assert(strlen(json_string_value(json)) == json_string_length(json));
	for (size_t i = 0; i < json_array_size(json); i++)
		check_json(json_array_get(json, i));
	for (; member; member = json_object_iter_next((json_t *) json, member))
		check_json(json_object_iter_value(member));
}

static inline void check_dossier(const struct dossier *dossier)
{
	const json_t *const parts[] = { dossier->args,   dossier->config,   dossier->host_config,
					dossier->mounts, dossier->networks, dossier->ports,
					dossier->health };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		check_json(parts[i]);
	assert(dossier->pid >= 0);
}
