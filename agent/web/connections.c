/* SPDX-License-Identifier: Apache-2.0 */

/* connections: a table by descriptor number. A descriptor that comes back is a new connection,
 * even if nobody told that the old one had ended. */

#include "web/connections.h"

#include <errno.h>
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

static unsigned count_of(const struct connections *connections, const struct in6_addr *address)
{
	unsigned count = 0;

	for (int fd = 0; fd < CONNECTIONS_FDS; fd++)
		if (connections->by_fd[fd].used &&
		    memcmp(&connections->by_fd[fd].address, address, sizeof(*address)) == 0)
			count++;

	return count;
}

static void forget(struct connections *connections, int fd)
{
	connections->count -= connections->by_fd[fd].used;
	connections->by_fd[fd].used = 0;
}

static int admit(struct connections *connections, int fd, const struct in6_addr *address)
{
	forget(connections, fd);
	if (connections->count >= CONNECTIONS_MAX)
		return -EMFILE;
	if (count_of(connections, address) >= CONNECTIONS_PER_ADDRESS)
		return -EUSERS;

	connections->by_fd[fd] = (struct connection){ .used = 1, .address = *address };
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
