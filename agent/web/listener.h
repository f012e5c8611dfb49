/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The main thread: accepts connections and hands them to the threads of http.h, until it is told
 * to end or plimsolld is gone. */

struct connections;
struct http;

struct listener {
	const int *fds; /* sockets that listen */
	unsigned count;
	int stop_fd;  /* readable: end */
	int alive_fd; /* readable or hung up: end; -1: none */
	struct connections *connections;
	struct http *http;
};

/* Accepting never blocks after this. Returns 0 or a negative errno. Before the sandbox is shut. */
int listener_prepare(const struct listener *listener);

/* Returns when it is time to end. */
void listener_run(const struct listener *listener);
