/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as the path of a cgroup, and as the name in an event. Several runtimes may call it
 * their container, of which the first one counts; then its id is valid text. */

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity_check.h"

#define RUNTIMES_MAX 16

static struct runtime_state *states[RUNTIMES_MAX];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char directory[] = "/tmp/plimsoll-fuzz.XXXXXX";
	struct runtime_place place;

	(void) argc;
	(void) argv;
	if (!mkdtemp(directory))
		abort();
	place = (struct runtime_place){ .root_fd = open(directory, O_PATH | O_CLOEXEC) };
	(void) rmdir(directory); /* an empty host */
	for (size_t i = 0; runtimes[i]; i++) {
		assert(i < RUNTIMES_MAX && runtimes[i]->open(&place, &states[i]) == 0);
		(void) runtimes[i]->refresh(states[i]);
	}
	return 0;
}

static void try_path(const char *path)
{
	for (size_t i = 0; runtimes[i]; i++) {
		struct match match = { .kind = MATCH_NONE };
		struct change change = { .kind = CHANGE_NONE };

		runtimes[i]->match(states[i], path, &match);
		runtimes[i]->changed(states[i], path, path, &change);
		assert(change.kind == CHANGE_NONE || change.kind == CHANGE_ENGINE ||
		       strlen(change.text) < sizeof(change.text));
		assert(match.kind != MATCH_CONTAINER ||
		       (match.id[0] != '\0' && is_valid_text(match.id, sizeof(match.id) - 1)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = malloc(size + 2);

	if (!path)
		return 0;
	path[0] = '/';
	memcpy(path + 1, data, size);
	path[size + 1] = '\0';
	try_path(path);
	(void) runtimes_helper(path);
	free(path);
	return 0;
}
