/* SPDX-License-Identifier: Apache-2.0 */

/* listener: poll and accept. Source: accept(2), "Error handling". */

#include "web/listener.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/log.h"
#include "web/connections.h"
#include "web/http.h"
#include "web/options.h"

#define ACCEPT_BATCH 64  /* then look whether to end */
#define PAUSE_MSEC   100 /* when descriptors or memory are used up: until clients have gone */

int listener_prepare(const struct listener *listener)
{
	for (unsigned i = 0; i < listener->count; i++) {
		int flags = fcntl(listener->fds[i], F_GETFL);

		if (flags < 0 || fcntl(listener->fds[i], F_SETFL, flags | O_NONBLOCK) < 0)
			return -errno;
	}

	return 0;
}

/* The kernel drops what a client does not take for so long, also after we have closed. For other
 * sockets than TCP's (tests) it fails, and nothing is lost. Source: tcp(7). */
static void set_deadline(int fd)
{
	const unsigned msec = CONNECTION_ANSWER_NS / NSEC_PER_MSEC;

	(void) setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &msec, sizeof(msec));
}

static void welcome(const struct listener *listener, int fd, const struct sockaddr *address,
		    socklen_t length)
{
	int r;

	r = connections_admit(listener->connections, fd, address);
	if (r < 0) {
		log_debug(r, "connection refused");
		connection_refuse(fd);
		return;
	}

	set_deadline(fd);
	if (http_add(listener->http, fd, address, length) < 0)
		connections_forget(listener->connections, fd);
}

/* Returns false when it is of no use to go on at once. */
static bool accept_one(const struct listener *listener, int listen_fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof(address);
	int fd;

	fd = accept4(listen_fd, (struct sockaddr *) &address, &length,
		     SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0) {
		welcome(listener, fd, (struct sockaddr *) &address, length);
		return true;
	}
	if (errno == EAGAIN)
		return false;
	if (errno == ECONNABORTED || errno == EINTR)
		return true;

	log_warning(-errno, "cannot accept connections, trying again in %d ms", PAUSE_MSEC);
	(void) poll(NULL, 0, PAUSE_MSEC); /* a signal may shorten it */
	return false;
}

void listener_run(const struct listener *listener)
{
	struct pollfd fds[2 + OPTIONS_LISTEN_FDS] = {
		{ .fd = listener->stop_fd, .events = POLLIN },
		{ .fd = listener->alive_fd, .events = POLLIN },
	};

	assert(listener->count <= OPTIONS_LISTEN_FDS);
	for (unsigned i = 0; i < listener->count; i++)
		fds[2 + i] = (struct pollfd){ .fd = listener->fds[i], .events = POLLIN };

	while (poll(fds, 2 + listener->count, connections_sweep(listener->connections)) >= 0 ||
	       errno == EINTR) {
		if (fds[0].revents || fds[1].revents)
			return;
		for (unsigned i = 0; i < listener->count; i++)
			for (unsigned n = 0; n < ACCEPT_BATCH && fds[2 + i].revents; n++)
				if (!accept_one(listener, listener->fds[i]))
					break;
	}

	log_error(-errno, "cannot wait for connections");
}
