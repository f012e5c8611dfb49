/* SPDX-License-Identifier: Apache-2.0 */

/* socket: source: unix(7), "Pathname socket ownership and permissions": the mode of the file is
 * that of the descriptor when it is bound, so that no umask has to be changed. */

#include "api/socket.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define BACKLOG 1024 /* a full one refuses clients that do not wait */

gid_t socket_group(const char *name)
{
	const struct group *group = name && name[0] ? getgrnam(name) : NULL;

	if (!group) {
		log_info("there is no group '%s' (groupadd --system makes it): only root may use "
			 "the "
			 "socket",
			 name ? name : "");
		return 0;
	}
	return group->gr_gid;
}

/* What is left of an agent that did not end well. Anything but a socket is not ours to remove. */
static int remove_stale(const char *path)
{
	struct stat status;

	if (lstat(path, &status) < 0)
		return errno == ENOENT ? 0 : log_error(-errno, "cannot look at '%s'", path);
	if (!S_ISSOCK(status.st_mode))
		return log_error(-EEXIST, "cannot listen on '%s', which is no socket", path);
	if (unlink(path) < 0)
		return log_error(-errno, "cannot remove the old socket '%s'", path);
	return 0;
}

/* Nobody is let in before `listen`. */
static int open_up(int fd, const char *path, gid_t group)
{
	if (lchown(path, (uid_t) -1, group) < 0)
		log_warning(-errno, "cannot give '%s' to its group, whose members cannot use it",
			    path);
	if (chmod(path, 0660) < 0 || listen(fd, BACKLOG) < 0)
		return log_error(-errno, "cannot listen on '%s'", path);
	return 0;
}

int socket_listen(const char *path, gid_t group)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP(close_p) int fd = -1;
	int r;

	if (strlen(path) >= sizeof(address.sun_path))
		return log_error(-ENAMETOOLONG, "cannot listen on '%s'", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	r = remove_stale(path);
	if (r < 0)
		return r;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || fchmod(fd, 0600) < 0 ||
	    bind(fd, (const struct sockaddr *) &address, sizeof(address)) < 0)
		return log_error(-errno, "cannot listen on '%s'", path);
	r = open_up(fd, path, group);
	if (r < 0) {
		(void) unlink(path); /* it is of no use */
		return r;
	}
	return TAKE_FD(fd);
}
