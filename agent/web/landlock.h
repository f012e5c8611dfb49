/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Landlock: no file, no TCP port to bind or connect, no signal and no abstract socket of anybody
 * outside, for the calling thread and those it starts. Descriptors that are open stay usable. */

/* Returns the version of the kernel's interface, or -EOPNOTSUPP when it has none, or a negative
 * errno. Needs no_new_privs. */
int landlock_deny_all(void);
