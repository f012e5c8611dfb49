/* SPDX-License-Identifier: Apache-2.0 */

/* connections: a table by descriptor number. A descriptor that comes back is a new connection,
 * even if nobody told that the old one had ended. */

#include "web/connections.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define DISCARD_BYTES 4096 /* more than a scraper's request */

void connections_init(struct connections *connections)
{
	memset(connections, 0, sizeof(*connections));
	connections->lock = (pthread_mutex_t) PTHREAD_MUTEX_INITIALIZER;
}

void connections_fini(struct connections *connections)
{
	(void) pthread_mutex_destroy(&connections->lock); /* fails only while locked: a bug */
}

static struct in6_addr address_of(const struct sockaddr *address)
{
	struct in6_addr plain = { 0 };

	if (address->sa_family == AF_INET6)
		return ((const struct sockaddr_in6 *) address)->sin6_addr;
	if (address->sa_family == AF_INET) {
		memset(&plain.s6_addr[10], 0xff, 2);
		memcpy(&plain.s6_addr[12], &((const struct sockaddr_in *) address)->sin_addr, 4);
	}

	return plain;
}

static bool is_of(const struct connection *connection, const struct in6_addr *address)
{
	return connection->used &&
	       (!address || memcmp(&connection->address, address, sizeof(*address)) == 0);
}

static void forget(struct connections *connections, int fd)
{
	connections->count -= connections->by_fd[fd].used;
	connections->by_fd[fd].used = 0;
}

static unsigned count_of(const struct connections *connections, const struct in6_addr *address)
{
	unsigned count = 0;

	for (int fd = 0; fd < CONNECTIONS_FDS; fd++)
		count += is_of(&connections->by_fd[fd], address);

	return count;
}

/* The lock is held, so that the descriptor is still this connection's. */
static void end(struct connections *connections, int fd)
{
	(void) shutdown(fd, SHUT_RDWR); /* fails when the client is gone, which is as good */
	forget(connections, fd);
}

/* Ends the connection (of this address; NULL: of any) that has waited longest without a whole
 * request. Returns false when none has waited since before that time. */
static bool make_room(struct connections *connections, const struct in6_addr *address,
		      uint64_t before_ns)
{
	uint64_t oldest_ns = UINT64_MAX;
	int oldest = -1;

	for (int fd = 0; fd < CONNECTIONS_FDS; fd++) {
		const struct connection *connection = &connections->by_fd[fd];

		if (is_of(connection, address) && connection->stage == STAGE_REQUEST &&
		    connection->since_ns < oldest_ns) {
			oldest = fd;
			oldest_ns = connection->since_ns;
		}
	}
	if (oldest < 0 || oldest_ns > before_ns)
		return false;

	end(connections, oldest);
	return true;
}

static int admit(struct connections *connections, int fd, const struct in6_addr *address)
{
	uint64_t now_ns = clock_boottime_ns();

	forget(connections, fd);
	if (count_of(connections, address) >= CONNECTIONS_PER_ADDRESS &&
	    !make_room(connections, address, now_ns - CONNECTION_GRACE_NS))
		return -EUSERS;
	if (connections->count >= CONNECTIONS_MAX &&
	    !make_room(connections, NULL, now_ns - CONNECTIONS_GRACE_NS))
		return -EMFILE;

	connections->by_fd[fd] = (struct connection){
		.used = 1,
		.stage = STAGE_REQUEST,
		.since_ns = now_ns,
		.address = *address,
	};
	connections->count++;
	return 0;
}

int connections_admit(struct connections *connections, int fd, const struct sockaddr *address)
{
	struct in6_addr plain = address_of(address);
	int r;

	if (fd >= CONNECTIONS_FDS)
		return -EMFILE;

	(void) pthread_mutex_lock(&connections->lock); /* cannot fail for a plain mutex */
	r = admit(connections, fd, &plain);
	(void) pthread_mutex_unlock(&connections->lock);
	return r;
}

void connections_forget(struct connections *connections, int fd)
{
	(void) pthread_mutex_lock(&connections->lock);
	forget(connections, fd);
	(void) pthread_mutex_unlock(&connections->lock);
}

void connections_enter(struct connections *connections, int fd, enum stage stage)
{
	if (fd < 0 || fd >= CONNECTIONS_FDS)
		return;

	(void) pthread_mutex_lock(&connections->lock);
	connections->by_fd[fd].stage = stage;
	connections->by_fd[fd].since_ns = clock_boottime_ns();
	(void) pthread_mutex_unlock(&connections->lock);
}

static bool is_late(const struct connection *connection, uint64_t now_ns)
{
	uint64_t limit_ns =
		connection->stage == STAGE_REQUEST ? CONNECTION_REQUEST_NS : CONNECTION_ANSWER_NS;

	return connection->used && now_ns >= connection->since_ns + limit_ns;
}

int connections_sweep(struct connections *connections)
{
	uint64_t now_ns = clock_boottime_ns();
	unsigned left;

	(void) pthread_mutex_lock(&connections->lock);
	for (int fd = 0; fd < CONNECTIONS_FDS; fd++)
		if (is_late(&connections->by_fd[fd], now_ns))
			end(connections, fd);
	left = connections->count;
	(void) pthread_mutex_unlock(&connections->lock);
	return left > 0 ? CONNECTIONS_SWEEP_MS : -1;
}

void connection_refuse(int fd)
{
	static const char reply[] = "HTTP/1.1 503 Service Unavailable\r\n"
				    "Content-Type: text/plain; charset=utf-8\r\n"
				    "Content-Length: 22\r\n"
				    "Retry-After: 1\r\n"
				    "Connection: close\r\n\r\n"
				    "Too many connections.\n";
	char discarded[DISCARD_BYTES];

	/* Closing with unread input would reset the connection before the client has read. All of
	 * this is a courtesy: a client that misses it sees a closed connection. */
	(void) !recv(fd, discarded, sizeof(discarded), MSG_DONTWAIT);
	(void) !send(fd, reply, sizeof(reply) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void) shutdown(fd, SHUT_WR);
	(void) close(fd);
}
