/* SPDX-License-Identifier: Apache-2.0 */

/* peer: credentials of a client. The user database is not asked, which may wait for a network: the
 * kernel knows the groups of the process itself, and decided by them who may connect. */

#include "api/peer.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define GROUPS_MAX 65536 /* NGROUPS_MAX of Linux */
#define UID_NOBODY 65534

static bool has_group(int fd, gid_t group)
{
	CLEANUP(free_p) gid_t *groups = malloc(GROUPS_MAX * sizeof(gid_t));
	socklen_t length = GROUPS_MAX * sizeof(gid_t);

	if (!groups || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length) < 0)
		return false;
	for (size_t i = 0; i < length / sizeof(gid_t); i++)
		if (groups[i] == group)
			return true;

	return false;
}

struct peer peer_of(int fd, gid_t group)
{
	struct ucred credentials;
	socklen_t length = sizeof(credentials);
	bool admin;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0)
		return (struct peer){ .uid = UID_NOBODY, .role = ROLE_VIEW };

	admin = credentials.uid == 0 || credentials.uid == geteuid() || credentials.gid == group ||
		has_group(fd, group);
	return (struct peer){
		.uid = credentials.uid,
		.pid = credentials.pid,
		.role = admin ? ROLE_ADMIN : ROLE_VIEW,
	};
}
