/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which system calls serving needs, as a seccomp filter. Source: seccomp(2), seccomp_init(3). */

struct syscalls_summary {
	unsigned allowed, deadly; /* lines of the two tables */
};

/* Restricts every thread of this process, for good. Needs no_new_privs. Returns 0, -EOPNOTSUPP
 * when the kernel has no filters, or a negative errno. */
int syscalls_restrict(struct syscalls_summary *ret_summary);
