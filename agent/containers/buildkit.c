/* SPDX-License-Identifier: Apache-2.0 */

/* buildkit: cgroups of build steps. BuildKit's ids are 25 digits to the base of 36, unlike those of
 * containers. dockerd's systemd driver makes docker-ID.scope of them, its cgroupfs driver
 * docker/buildkit/ID, and buildkitd buildkit/ID. */

#include "buildkit.h"

#include <string.h>

#include "containers/cgroup_name.h"

#define BUILDKIT_DIGITS 25

static bool is_id(const char *text, const char *suffix)
{
	return strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz") == BUILDKIT_DIGITS &&
	       strcmp(text + BUILDKIT_DIGITS, suffix) == 0;
}

bool buildkit_is_step(const char *path)
{
	static const char prefix[] = "docker-";
	const char *leaf = cgroup_leaf(path);

	if (strncmp(leaf, prefix, strlen(prefix)) == 0)
		return is_id(leaf + strlen(prefix), ".scope");
	if (strcmp(leaf, "buildkit") == 0)
		return cgroup_parent_is(path, "docker");
	return cgroup_parent_is(path, "buildkit") && is_id(leaf, "");
}
