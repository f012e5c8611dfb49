/* SPDX-License-Identifier: Apache-2.0 */

/* oci: cgroups that a state directory of an OCI runtime names. */

#include "oci.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"

struct runtime_state {
	struct oci_states states;
};

int oci_open(const struct oci_format *format, const struct runtime_place *place,
	     struct runtime_state **ret_state)
{
	struct runtime_state *state = calloc(1, sizeof(*state));
	int r;

	if (!state)
		return -ENOMEM;
	r = oci_states_init(&state->states, format, place);
	if (r < 0) {
		free(state);
		return r;
	}

	*ret_state = state;
	return 0;
}

void oci_close(struct runtime_state *state)
{
	if (!state)
		return;
	oci_states_fini(&state->states);
	free(state);
}

int oci_refresh(struct runtime_state *state)
{
	return oci_states_refresh(&state->states);
}

void oci_match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	const struct claim *claim = oci_states_find_path(&state->states, path);
	CLEANUP(free_p) char *id = NULL;

	if (claim)
		id = utf8_copy(claim_name(claim), strlen(claim_name(claim)),
			       sizeof(ret_match->id) - 1);
	if (!id)
		return;

	ret_match->kind = MATCH_CONTAINER;
	(void) snprintf(ret_match->id, sizeof(ret_match->id), "%s", id); /* fits: was cut */
}

int oci_describe(struct runtime_state *state, const char *id, const char *path,
		 struct identity *ret_identity)
{
	const struct claim *claim = oci_states_find_path(&state->states, path);
	int r = 0;

	(void) id;
	if (claim)
		r = identity_set(&ret_identity->name, claim_name(claim), strlen(claim_name(claim)));
	return r < 0 ? r : oci_states_describe(&state->states, claim, ret_identity);
}

uint64_t oci_stamp(struct runtime_state *state, const char *id, const char *path)
{
	const struct claim *claim = oci_states_find_path(&state->states, path);

	(void) id;
	return claim ? claim->stamp : 0;
}

int oci_inspect(struct runtime_state *state, const char *id, const char *path,
		struct dossier *ret_dossier)
{
	(void) id;
	return oci_states_inspect(&state->states, oci_states_find_path(&state->states, path),
				  ret_dossier);
}

void oci_changed(struct runtime_state *state, const char *directory, const char *name,
		 struct change *ret_change)
{
	oci_states_changed(&state->states, directory, name, ret_change);
}
