/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The API's insides, which its handlers share. Each noun keeps its own state, behind a pointer that
 * its file makes and frees. */

#include "api/api.h"
#include "api/http.h"
#include "model/snapshot.h"

struct container;
struct dossiers;    /* dossiers.h */
struct event_feeds; /* events.h: who follows /events */
struct server;      /* server.h */
struct stat_feeds;  /* stats.h: who follows /containers/ID/stats */
struct round_feeds; /* own.c: who follows /plimsoll/v1/containers */

struct api {
	struct api_host host;
	struct server *server;
	struct dossiers *dossiers;
	struct round_feeds *rounds;
	struct event_feeds *events;
	struct stat_feeds *stats;
	unsigned tops; /* top.c: requests that ps(1) runs for */
};

/* Finds the container that a word means, as Docker does: by its whole id, its name (with or without
 * a slash before it), or a beginning of its id; "RUNTIME:NAME" narrows the search, and of several
 * with the same name the one that runs is meant. NULL: it was answered, with 404 or 400. */
struct container *api_find(struct api *api, const char *word, struct reply *reply);

/* The 64 hexadecimal digits by which clients know it: the engine's id when it is such a one. */
#define API_ID_BYTES 65
const char *api_id(const struct container *container, char ret_id[API_ID_BYTES]);

/* Handlers, one file per noun; routes.c says for which paths. */
#define HANDLER(name) \
	void name(struct api *api, const struct api_request *request, struct reply *reply)

HANDLER(handle_ping); /* system.c */
HANDLER(handle_version);
HANDLER(handle_info);
HANDLER(handle_containers); /* containers.c */
HANDLER(handle_container);  /* inspect.c */
HANDLER(handle_stats);      /* stats.c */
HANDLER(handle_top);        /* top.c */
HANDLER(handle_events);     /* events.c */
HANDLER(handle_images);     /* images.c */
HANDLER(handle_image);
HANDLER(handle_networks); /* networks.c */
HANDLER(handle_network);
HANDLER(handle_volumes); /* volumes.c */
HANDLER(handle_volume);
HANDLER(handle_disk_usage); /* disk_usage.c */
HANDLER(handle_plugins);    /* absent.c */
HANDLER(handle_no_plugin);
HANDLER(handle_no_exec);
HANDLER(handle_no_swarm);
HANDLER(handle_write);          /* writes.c */
HANDLER(handle_own_containers); /* own.c: /plimsoll/v1 */
HANDLER(handle_own_doctor);
HANDLER(handle_own_config);
HANDLER(handle_own_version);

size_t images_count(struct api *api); /* images.c: of different ones */

/* events.c and stats.c: made by api_open, freed by api_close, before the server and after every
 * reply was closed. They return 0 or a negative errno. */
int event_feeds_new(struct api *api, struct event_feeds **ret_feeds);
void event_feeds_free(struct event_feeds *feeds);
void event_feeds_on_event(struct event_feeds *feeds, const struct event *event, const char *labels);

/* own.c, likewise. */
int round_feeds_new(struct api *api, struct round_feeds **ret_feeds);
void round_feeds_free(struct round_feeds *feeds);
void round_feeds_on_round(struct round_feeds *feeds);

int stat_feeds_new(struct api *api, struct stat_feeds **ret_feeds);
void stat_feeds_free(struct stat_feeds *feeds);
void stat_feeds_on_round(struct stat_feeds *feeds);
