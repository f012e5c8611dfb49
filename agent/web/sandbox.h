/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* plimsoll-web is the only process that listens to a network, so it keeps nothing that would be
 * worth taking. Two steps, since threads are started between them:
 *
 *	sandbox_drop_rights	groups, ids, capabilities, no_new_privs, no dumps, Landlock
 *	sandbox_shut		seccomp for every thread; only what serving needs is left
 *
 * Both log what they did and what this kernel lacks. */

#include <stdbool.h>
#include <sys/types.h>

struct sandbox_identity {
	bool given; /* false: stay who we are, which must not be root */
	uid_t uid;
	gid_t gid;
};

/* Call with one thread. Returns 0 or a negative errno; -EPERM: this would leave us root. */
int sandbox_drop_rights(const struct sandbox_identity *identity);

/* Returns 0, also when the kernel has no seccomp (a warning says so), or a negative errno. */
int sandbox_shut(void);
