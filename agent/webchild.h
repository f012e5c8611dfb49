/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* plimsoll-web as a child: started with the listening socket, the snapshot's memfd and a pipe that
 * tells it when we are gone; started again, with growing pauses, when it dies. The socket stays
 * ours, so that connections wait meanwhile instead of being refused. */

#include <stdint.h>
#include <sys/types.h>

#include "config.h"

typedef struct sd_event sd_event;
typedef struct sd_event_source sd_event_source;

struct webchild {
	sd_event *loop;              /* borrowed */
	const struct config *config; /* borrowed */
	int listen_fd, snapshot_fd;  /* borrowed */
	int alive_fd;                /* our end of the pipe */
	pid_t pid;                   /* 0: not running */
	uid_t uid;                   /* that it becomes; 0: none, we are no root ourselves */
	gid_t gid;
	uint64_t started_ns; /* boottime of the last start */
	uint64_t pause_ns;   /* before the next start */
	sd_event_source *exit_source, *pause_source;
};

/* Finds its uid and starts it. Returns 0 or a negative errno, which was logged. */
int webchild_start(struct webchild *web, sd_event *loop, const struct config *config, int listen_fd,
		   int snapshot_fd);

/* Ends it and waits for it. A zeroed one is fine. */
void webchild_stop(struct webchild *web);
