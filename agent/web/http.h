/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* HTTP by libmicrohttpd: connections in, replies out. It does not listen: the main thread accepts
 * and hands sockets over, so that there is no connection before the sandbox is shut, and one place
 * (connections.h) decides who may connect. */

#include <sys/socket.h>

struct connections;
struct http;
struct serving;

#define HTTP_THREADS 2

/* Starts the threads. Both parameters are borrowed. Returns 0 or a negative errno. */
int http_start(const struct serving *serving, struct connections *connections,
	       struct http **ret_http);

/* Ends all connections and threads. NULL is fine. */
void http_stop(struct http *http);

/* Takes a connected socket in any case. Returns 0, or -ECONNREFUSED when it could not be served
 * and was closed. */
int http_add(struct http *http, int fd, const struct sockaddr *address, socklen_t length);
