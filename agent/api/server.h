/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The UNIX socket and libmicrohttpd on the loop; connections with their deadlines. */

#include <microhttpd.h>
#include <stdint.h>

#include "api/api.h"
#include "api/peer.h"

typedef struct sd_event_source sd_event_source;

struct exchange; /* exchange.h: one request and its reply */

/* Absolute, not since the last byte: a client that sends a byte now and then gets no more time. */
#define HEADER_NS (5 * 1000000000ULL)  /* from connect to the end of the headers */
#define BODY_NS   (30 * 1000000000ULL) /* from there to the end of the body */
#define SEND_NS   (60 * 1000000000ULL) /* for the client to take the answer */
#define IDLE_NS   (60 * 1000000000ULL) /* to the end of the next request's headers */

#define CONNECTION_BYTES 65536 /* request line and headers; more is 431 or 414 */

/* A connection. */
struct link {
	struct server *server;
	struct MHD_Connection *connection;
	int fd;
	struct peer peer;
	uint64_t deadline_ns;      /* boottime; 0: none, it is our turn */
	struct exchange *exchange; /* the request at hand; NULL: none */
	struct link *prev, *next;
};

struct server;

/* Binds and listens. Returns 0 or a negative errno, which was logged. */
int server_open(struct api *api, const struct api_options *options, struct server **ret_server);

/* Takes no more requests, and closes every reply: nobody is to answer any more. NULL is fine. */
void server_silence(struct server *server);

/* Ends every connection, and removes the socket. After server_silence; NULL is fine. */
void server_close(struct server *server);

void server_stats_get(const struct server *server, struct api_stats *ret_stats);

/* For exchange.c. */
struct api *server_api(const struct server *server);
sd_event *server_loop(const struct server *server);
bool server_is_silent(const struct server *server);
void server_count_request(struct server *server);

/* Has the library run soon: a connection was resumed. */
void server_kick(struct server *server);

void link_set_deadline(struct link *link, uint64_t after_ns); /* 0: none */
