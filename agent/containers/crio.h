/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What CRI-O's files about one container say, apart from reading them. */

#include <jansson.h>

struct identity;

enum crio_kind {
	CRIO_NONE, /* not CRI-O's: Podman keeps its containers in the same storage */
	CRIO_CONTAINER,
	CRIO_SANDBOX,
};

/* userdata/config.json: the OCI specification with CRI-O's annotations. */
enum crio_kind crio_spec_kind(const json_t *spec);

/* Returns 0, -EBADMSG when it is no such file or that of another container (said in `detail`), or
 * -ENOMEM. */
int crio_spec_parse(const json_t *spec, const char *id, struct identity *identity);

/* userdata/state.json: state and exit code. That of another container changes nothing. */
void crio_state_parse(const json_t *state, const char *id, struct identity *identity);
