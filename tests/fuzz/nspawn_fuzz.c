/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as the file of a machine, and as the name of its unit. What is taken of the file lies
 * in the file; a name is one component of a path, and the way from a name to an id and back ends
 * where it began. */

#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "containers/cgroup_name.h"
#include "containers/nspawn.h"
#include "identity_check.h"

static void check_slice(const char *text, size_t size, struct slice slice)
{
	assert(slice.length == 0 ||
	       (slice.start >= text && slice.start + slice.length <= text + size));
}

static void check_name(const char *unit, size_t length)
{
	char name[CGROUP_NAME_BYTES], id[RUNTIME_ID_BYTES], again[RUNTIME_ID_BYTES];
	uint32_t uid = length % 3 == 0 ? 1000 : 0;

	if (!nspawn_unit_name(unit, length, name, sizeof(name)))
		return;
	assert(name[0] != '\0' && !strchr(name, '/') && is_valid_text(name, sizeof(name) - 1));
	cgroup_make_id(uid, name, id);
	assert(id[0] != '\0' && is_valid_text(id, sizeof(id) - 1));
	assert(cgroup_split_id(id, again, sizeof(again)) == uid);
	assert(strlen(name) > 100 || strcmp(again, name) == 0); /* long ones are cut */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nspawn_machine machine;
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';

	nspawn_machine_parse(text, &machine);
	check_slice(text, size, machine.class);
	check_slice(text, size, machine.service);
	check_slice(text, size, machine.root);
	assert(machine.leader >= 0);
	if (!memchr(text, '/', size)) /* the name of a directory */
		check_name(text, strlen(text));
	free(text);
	return 0;
}
