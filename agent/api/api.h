/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The UNIX socket of plimsolld: the Docker Engine API (read part, of every engine's containers) and
 * /plimsoll/v1 for our own command line. HTTP by libmicrohttpd on the agent's own loop, no thread.
 *
 *	GET /_ping /version /info /containers/json /containers/ID/{json,stats,top} /events
 *	    /images/json /networks /volumes /system/df       Docker's, with or without /vX.Y
 *	GET /plimsoll/v1/containers  every container with numbers: exporters/json.c; `stream=1`: one
 *				     document in a line after each round; `all=1`: stopped ones too
 *	GET /plimsoll/v1/doctor      what is measured, what is not, why, and what to do
 *	GET /plimsoll/v1/config      every setting, its value, and where it comes from
 *	GET /plimsoll/v1/version
 *
 * Peers are known by SO_PEERCRED (unix(7)). root and members of the socket's group are ADMIN;
 * anybody else, if the administrator lets them reach the socket, is VIEW and is not shown what may
 * be secret (environment, command lines). Writes are 501 and name the owning engine. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct api;
struct event;
struct event_ring;
struct json_out;
struct registry;
struct share;
struct store;
typedef struct sd_event sd_event;

/* What the agent lends to its API; all borrowed, until api_close. */
struct api_host {
	sd_event *loop;
	struct registry *registry;
	const struct share *share;
	const struct event_ring *events;
	struct store *store; /* NULL: no history */
	int root_fd;         /* directory that looks like "/" */
	int cgroup_fd;       /* mount point of the unified tree */

	/* The members of an open JSON object, for /plimsoll/v1/doctor and config. */
	void (*write_doctor)(struct json_out *json, void *userdata);
	void (*write_config)(struct json_out *json, void *userdata);
	void *userdata;
};

struct api_options {
	const char *socket_path; /* an old socket there is replaced: the run directory is locked */
	const char *group;       /* of the socket; no such group: root's */
	unsigned connections;    /* at a time */
};

/* Binds the socket (0660 root:GROUP) and listens. Returns 0 or a negative errno, which was logged.
 * Nothing is served before the loop runs. */
int api_open(const struct api_host *host, const struct api_options *options, struct api **ret_api);

/* Ends every connection and removes the socket. NULL is fine. */
void api_close(struct api *api);

/* A round was published: streams of numbers have something to send. */
void api_on_round(struct api *api);

/* An event was added to the ring; labels as in store.h (NULL: none). */
void api_on_event(struct api *api, const struct event *event, const char *labels);

struct api_stats {
	unsigned connections;
	uint64_t requests, refused;
};
void api_stats_get(const struct api *api, struct api_stats *ret_stats);
