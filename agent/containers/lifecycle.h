/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What happens to one container, from the first sight of its cgroup until it is forgotten; and the
 * registry's insides, which these steps share with registry.c. */

#include "containers/engines.h"
#include "containers/lineage.h"
#include "containers/registry.h"
#include "containers/residents.h"
#include "containers/tree.h"
#include "containers/watch.h"

struct registry {
	struct registry_config config;
	struct registry_events events;
	struct watches watches;
	struct tree *tree;
	struct residents residents;
	struct lineage lineage;
	struct engine *engines;
	uint32_t scan;   /* number of the latest scan */
	bool scan_again; /* after this batch of events */
	bool lost;       /* events were; files that are watched may have changed unheard */
	struct registry_stats stats;
};

/* A cgroup that an engine calls its container was found. It comes, or waits for a process, or is
 * refused. */
void lifecycle_admit(struct registry *registry, const char *path, uint64_t cgroup_id,
		     const struct engine *engine, const char *id);

/* An engine knows this container, which nobody here does, or which ended. It is told as listed if
 * it is one that does not run, else it waits for its cgroup; no slot is given up for it. */
void lifecycle_list(struct registry *registry, const struct engine *engine, const char *id);

/* cgroup.events may say something else now. */
void lifecycle_populated(struct registry *registry, struct resident *resident);

/* Reads metadata if it may have changed, or could not be read. */
void lifecycle_refresh(struct registry *registry, struct resident *resident);

/* At a rescan: what watches would have told, and whether it was left behind. */
void lifecycle_check(struct registry *registry, struct resident *resident);

/* Its cgroup is gone. It may be freed by this. */
void lifecycle_end(struct registry *registry, struct resident *resident);

/* Of one without cgroup: its engine does not know it any more. It may be freed by this. */
void lifecycle_unlist(struct registry *registry, struct resident *resident);

/* Of one without cgroup. */
void lifecycle_forget(struct registry *registry, struct resident *resident);

/* Parts of these steps. Reading fills *ret_before with nothing, or with a copy of the container as
 * it was, whose identity the caller frees; what was known is not given up for a file that cannot be
 * read. Settling: after a look at the metadata or at cgroup.events of one that has a cgroup and is
 * not live. */
void lifecycle_describe(struct registry *registry, struct resident *resident,
			struct container *ret_before);
void lifecycle_settle(struct registry *registry, struct resident *resident,
		      struct container *before);
void lifecycle_announce_stopped(struct registry *registry, struct resident *resident);
void lifecycle_watch(struct registry *registry, struct resident *resident);

/* Whether its engine says that it does not run. */
bool lifecycle_is_over(const struct resident *resident);

/* The cgroup's path as engines are asked with it; NULL: it has none. */
const char *lifecycle_path(const struct resident *resident);

/* What cgroup.events of a cgroup says. */
struct cgroup_events {
	int populated; /* 1, 0, or -1: it cannot be read */
	bool frozen;
};
struct cgroup_events lifecycle_read_events(const struct registry *registry, const char *path);
