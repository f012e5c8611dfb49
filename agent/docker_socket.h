/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Health of Docker's containers, which dockerd keeps in its memory only: a list at first, then its
 * stream of events, by libcurl on the agent's loop. Nothing here is waited for, and nothing else
 * is asked; without the socket health is unknown, and the rest works as well.
 *
 * It is connected only while a container of Docker is there that has a healthcheck by its files. A
 * daemon that is not there or hangs is tried again after a pause that grows from 2 to 60 s. What
 * was told is forgotten when the first try after a loss fails.
 *
 *	GET /events?filters={"type":["container"],"event":["health_status","start"]}
 *	GET /containers/json?filters={"health":["starting","healthy","unhealthy"]}   now, and each
 *	    minute: what was missed, and whether dockerd is alive
 *	GET /containers/ID/json   after an event: how often it failed */

struct docker_socket;
struct registry;
typedef struct sd_event sd_event;

/* `path` of the socket; "none": *ret is NULL. Loop and registry are borrowed. Returns 0 or a
 * negative errno. */
int docker_socket_open(sd_event *loop, const char *path, struct registry *registry,
		       struct docker_socket **ret);

/* Accepts NULL, as does the next one. */
void docker_socket_close(struct docker_socket *docker);

/* Why health is not known, in a sentence; "": it is, or nobody needs it. */
const char *docker_socket_trouble(const struct docker_socket *docker);
