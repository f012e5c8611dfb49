/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Who is connected: the one place that admits connections and knows them all. The main thread
 * accepts; the threads of http.c tell when one ends. */

#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/socket.h>

#define CONNECTIONS_MAX         1024
#define CONNECTIONS_PER_ADDRESS 64
#define CONNECTIONS_FDS         (CONNECTIONS_MAX + 64) /* descriptors that the process may have */

struct connections {
	pthread_mutex_t lock;
	unsigned count;
	struct connection {
		unsigned char used;
		struct in6_addr address; /* IPv4 as ::ffff:a.b.c.d; of no family: zeros */
	} by_fd[CONNECTIONS_FDS];
};

void connections_init(struct connections *connections);
void connections_fini(struct connections *connections);

/* Counts a connection in. Returns 0, -EUSERS (this address has its share) or -EMFILE (all places
 * are taken, or fd is too large). */
int connections_admit(struct connections *connections, int fd, const struct sockaddr *address);

/* Counts it out; before the descriptor is closed, since its number may come back at once. */
void connections_forget(struct connections *connections, int fd);

/* Tells the client of a refused connection why, without waiting, and closes it. */
void connection_refuse(int fd);
