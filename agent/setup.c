/* SPDX-License-Identifier: Apache-2.0 */

/* setup: directories, the lock, the listening socket, and giving up rights. */

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"

#define LOCK_NAME      "plimsolld.lock"
#define LISTEN_BACKLOG 512 /* a storm of scrapers; the kernel caps it by net.core.somaxconn */

static int make_directory(const char *path, mode_t mode, const char *flag)
{
	CLEANUP(close_p) int fd = -1;

	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return log_error(-errno,
				 "cannot make the directory '%s'; make its parent, run as root, "
				 "or choose another one with %s",
				 path, flag);

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return log_error(-errno, "cannot open the directory '%s'; choose another with %s",
				 path, flag);
	return TAKE_FD(fd);
}

static int log_lock_owner(int lock_fd, const char *path)
{
	char pid[32] = "unknown";

	(void) fd_pread(lock_fd, pid, sizeof(pid)); /* only for the message */
	pid[strcspn(pid, "\n")] = '\0';
	return log_error(-EBUSY,
			 "another plimsolld (pid %s) uses '%s'; stop it, or choose another "
			 "directory with --run-dir",
			 pid, path);
}

int setup_run_directory(const char *path)
{
	CLEANUP(close_p) int directory_fd = -1, lock_fd = -1;

	directory_fd = make_directory(path, 0755, "--run-dir");
	if (directory_fd < 0)
		return directory_fd;

	lock_fd = openat(directory_fd, LOCK_NAME,
			 O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (lock_fd < 0)
		return log_error(-errno,
				 "cannot open '%s/" LOCK_NAME "'; run as root, or choose "
				 "another directory with --run-dir",
				 path);
	if (flock(lock_fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? log_lock_owner(lock_fd, path)
					    : log_error(-errno, "cannot lock '%s'", path);

	/* For the message above only; the lock itself is what counts. */
	if (ftruncate(lock_fd, 0) < 0 || dprintf(lock_fd, "%d\n", getpid()) < 0)
		return log_error(-errno, "cannot write '%s/" LOCK_NAME "'", path);
	return TAKE_FD(lock_fd);
}

int setup_state_directory(const char *path)
{
	return make_directory(path, 0750, "--state-dir");
}

static bool has_ipv6(void)
{
	CLEANUP(close_p) int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0;
}

/* ":PORT" on a host whose kernel has no IPv6. */
static void any_ipv4(struct sockaddr_storage *address, socklen_t *ret_length)
{
	in_port_t port = ((struct sockaddr_in6 *) address)->sin6_port;

	*(struct sockaddr_in *) address = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = port,
		.sin_addr.s_addr = htonl(INADDR_ANY),
	};
	*ret_length = sizeof(struct sockaddr_in);
}

int setup_listen(const char *address)
{
	CLEANUP(close_p) int fd = -1;
	struct sockaddr_storage socket_address;
	socklen_t length;
	int r, yes = 1, no = 0;

	r = config_listen_parse(address, &socket_address, &length);
	if (r < 0)
		return log_error(r, "'%s' is no address to listen on", address);

	if (socket_address.ss_family == AF_INET6 && address[0] == ':' && !has_ipv6())
		any_ipv4(&socket_address, &length);
	fd = socket(socket_address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return log_error(-errno, "cannot make a socket for '%s'", address);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0)
		return log_error(-errno, "cannot prepare the socket for '%s'", address);
	if (socket_address.ss_family == AF_INET6)
		(void) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no)); /* or v6 only */
	if (bind(fd, (struct sockaddr *) &socket_address, length) < 0 ||
	    listen(fd, LISTEN_BACKLOG) < 0)
		return log_error(-errno,
				 "cannot listen on %s; is another agent or program there? choose "
				 "another address with --listen, or --no-web",
				 address);
	return TAKE_FD(fd);
}

int setup_privileges(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (geteuid() != 0)
		return 0; /* nothing to drop */

	/* Reading other users' metadata, other users' /proc/PID; starting plimsoll-web under its
	 * own uid, and ending it. */
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET,
			  CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_SETUID, CAP_SETGID, CAP_SETPCAP,
			  CAP_KILL, -1) < 0)
		return -EPERM;
	if (capng_apply(CAPNG_SELECT_BOTH) < 0)
		return -EPERM;
	return 0;
}
