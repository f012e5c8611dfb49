/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Who is at the other end of a UNIX socket, by the kernel's word. Source: unix(7), SO_PEERCRED and
 * SO_PEERGROUPS: as they were when the peer connected. */

#include <sys/types.h>

#include "api/http.h"

struct peer {
	uid_t uid;
	pid_t pid; /* 0: in a pid namespace that we cannot see */
	enum api_role role;
};

/* ADMIN: root, the user that we run as, and whoever has `group` as primary or supplementary group.
 * Never fails: who cannot be known is nobody, and VIEW. */
struct peer peer_of(int fd, gid_t group);
