/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A dossier's ports, {"80/tcp": null | [{"HostIp", "HostPort"}]}, one binding at a time. */

#include <jansson.h>
#include <stdbool.h>

struct port {
	unsigned private_port, public_port; /* public 0: not reachable from outside */
	const char *protocol;               /* "tcp"; borrowed */
	const char *address;                /* "" unless it is reachable */
};

struct port_cursor {
	json_t *ports;
	void *entry;  /* of the object */
	size_t index; /* of the next binding */
};

struct port_cursor port_begin(const json_t *ports);

/* Steps over what cannot be understood. Returns false at the end. */
bool port_next(struct port_cursor *cursor, struct port *ret_port);

/* What a person writes to mean some of them. */
struct port_range {
	unsigned first, last;
	char protocol[16]; /* "": any */
};

/* "80", "80/tcp", "80-90/udp". Returns 0 or -EINVAL. */
int port_range_parse(const char *text, struct port_range *ret_range);
