/* SPDX-License-Identifier: Apache-2.0 */

/* landlock: a ruleset that handles every right and grants none.
 *
 * Kernel: Documentation/userspace-api/landlock.rst. The numbers are those of the kernel's
 * interface and stand here, since the headers of Debian 12 end at version 3 of it. */

#include "web/landlock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#define CREATE_RULESET_VERSION 1U

/* How many rights each version handles; a kernel refuses what it does not know. */
static const struct {
	unsigned files, network, scopes;
} rights[] = {
	{ 0, 0, 0 },  /* there is no version 0 */
	{ 13, 0, 0 }, /* 5.13 */
	{ 14, 0, 0 }, /* 5.19: rename and link across directories */
	{ 15, 0, 0 }, /* 6.2: truncate */
	{ 15, 2, 0 }, /* 6.7: bind and connect of TCP */
	{ 16, 2, 0 }, /* 6.10: ioctl of devices */
	{ 16, 2, 2 }, /* 6.12: abstract sockets, signals */
};

struct ruleset { /* struct landlock_ruleset_attr */
	uint64_t files, network, scopes;
};

static uint64_t lowest_bits(unsigned count)
{
	return (1ULL << count) - 1;
}

/* An older kernel takes a shorter struct: its size ends with what is handled. */
static int ruleset_create(unsigned version)
{
	struct ruleset ruleset = {
		.files = lowest_bits(rights[version].files),
		.network = lowest_bits(rights[version].network),
		.scopes = lowest_bits(rights[version].scopes),
	};
	size_t size = sizeof(uint64_t) * (1 + (ruleset.network != 0) + (ruleset.scopes != 0));
	long fd = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);

	return fd < 0 ? -errno : (int) fd;
}

int landlock_deny_all(void)
{
	CLEANUP(close_p) int ruleset_fd = -1;
	long version;

	version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
	if (version < 1)
		return -EOPNOTSUPP;

	ruleset_fd = ruleset_create((unsigned) (version < (long) ARRAY_SIZE(rights)
							? version
							: (long) ARRAY_SIZE(rights) - 1));
	if (ruleset_fd < 0)
		return ruleset_fd;
	if (syscall(SYS_landlock_restrict_self, ruleset_fd, 0) < 0)
		return -errno;

	return (int) version;
}
