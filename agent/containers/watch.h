/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One inotify descriptor for everything that the registry waits for: directories of the cgroup
 * tree, cgroup.events files, directories of the engines. Each watch says what kind it is, who owns
 * it and which path it was made for. Source: inotify(7).
 *
 * Watches are a limited good (fs.inotify.max_user_watches). One that is refused is counted, and its
 * owner lives without: rescans find what it would have told. */

#include <stdint.h>

#include "containers/table.h"

enum watch_kind {
	WATCH_TREE,      /* a directory of the cgroup tree */
	WATCH_POPULATED, /* cgroup.events of a container */
	WATCH_ENGINE,    /* a directory of an engine; no owner */
};

struct watch {
	int number; /* of the kernel */
	enum watch_kind kind;
	void *owner;
	UT_hash_handle hh;
	char path[]; /* as given to watches_add */
};

struct watches {
	int fd; /* -1: inotify cannot be had */
	struct watch *by_number;
	uint64_t refused;
};

/* Called for each event. `mask` is of inotify; IN_IGNORED: the kernel gave the watch up, and it is
 * freed after the call; IN_Q_OVERFLOW: events were lost, `watch` is NULL. `name` is "" unless
 * something in a directory is meant. */
typedef void (*watch_handler)(const struct watch *watch, uint32_t mask, const char *name,
			      void *userdata);

/* Returns 0 or a negative errno; then every watch is refused, uncounted. */
int watches_init(struct watches *watches);
void watches_fini(struct watches *watches);

/* Watches what `path` below dir_fd is ("" for dir_fd itself). NULL: refused; or it is not there; or
 * it is watched already, which is as good for WATCH_ENGINE. */
struct watch *watches_add(struct watches *watches, int dir_fd, const char *path,
			  enum watch_kind kind, void *owner);

/* The same for a directory of an engine, which is called `name` in events. NULL watches: nobody
 * wants to be told. */
void watches_add_engine(struct watches *watches, int dir_fd, const char *name);

/* Accepts NULL. */
void watches_remove(struct watches *watches, struct watch *watch);

/* Reads what is there, within a bound, and calls the handler. Returns 0 or a negative errno. The
 * handler may add and remove watches. */
int watches_dispatch(struct watches *watches, watch_handler handler, void *userdata);
