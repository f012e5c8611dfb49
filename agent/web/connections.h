/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Who is connected, and how long that may last: the one place that admits connections and knows
 * them all. The main thread accepts and ends; the threads of http.c tell what a connection is at.
 *
 * Deadlines count from when a stage began, whatever trickles in or out meanwhile; libmicrohttpd's
 * own timeout counts idle time only, and a byte now and then would keep a place for ever. When
 * all places are taken, whoever has waited longest without a whole request gives way: a client
 * that means it sends its request at once. */

#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/clock.h"

#define CONNECTIONS_MAX         1024
#define CONNECTIONS_PER_ADDRESS 64
#define CONNECTIONS_FDS         (2 * CONNECTIONS_MAX) /* those that were ended go a moment later */

/* For a whole header, since accept or the last answer; for taking a whole answer. */
#define CONNECTION_REQUEST_NS (5 * NSEC_PER_SEC)
#define CONNECTION_ANSWER_NS  (30 * NSEC_PER_SEC)

/* So long a newcomer has to send its request before it may have to give way: to one of its own
 * address, which may be many honest clients at once, or to anybody when all places are taken. */
#define CONNECTION_GRACE_NS  (NSEC_PER_SEC / 4)
#define CONNECTIONS_GRACE_NS (NSEC_PER_SEC / 20)

#define CONNECTIONS_SWEEP_MS 500

enum stage {
	STAGE_REQUEST, /* the next header is not whole yet */
	STAGE_ANSWER,  /* it is, and its answer not taken yet */
};

struct connections {
	pthread_mutex_t lock;
	unsigned count;
	struct connection {
		unsigned char used;
		enum stage stage;
		uint64_t since_ns;       /* boottime at which the stage began */
		struct in6_addr address; /* IPv4 as ::ffff:a.b.c.d; of no family: zeros */
	} by_fd[CONNECTIONS_FDS];
};

void connections_init(struct connections *connections);
void connections_fini(struct connections *connections);

/* Counts a connection in, in stage REQUEST; if need be another one is shut down for it. Returns 0,
 * -EUSERS (this address has its share) or -EMFILE (all places are taken, or fd is too large). */
int connections_admit(struct connections *connections, int fd, const struct sockaddr *address);

/* A new stage begins now. One that was counted out already stays so. */
void connections_enter(struct connections *connections, int fd, enum stage stage);

/* Counts it out; before the descriptor is closed, since its number may come back at once. */
void connections_forget(struct connections *connections, int fd);

/* Shuts down and counts out those whose time is over; the thread that serves one then notices and
 * closes it. Returns after how many milliseconds to call again; -1: there is none. */
int connections_sweep(struct connections *connections);

/* Tells the client of a refused connection why, without waiting, and closes it. */
void connection_refuse(int fd);
