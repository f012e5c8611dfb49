/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What happens to one container, from the first sight of its cgroup until it is forgotten; and the
 * registry's insides, which these steps share with registry.c. */

#include "containers/engines.h"
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
	struct engine *engines;
	uint32_t scan;   /* number of the latest scan */
	bool scan_again; /* after this batch of events */
	bool lost;       /* events were; files that are watched may have changed unheard */
	struct registry_stats stats;
};

/* A cgroup that an engine calls its container was found. It comes, or waits as pending, or is
 * refused. */
void lifecycle_admit(struct registry *registry, const char *path, uint64_t cgroup_id,
		     const struct engine *engine, const char *id);

/* cgroup.events may say something else now. */
void lifecycle_populated(struct registry *registry, struct resident *resident);

/* Reads metadata if it may have changed, or could not be read; a pending one may come. */
void lifecycle_refresh(struct registry *registry, struct resident *resident);

/* At a rescan: what watches would have told, and whether it was left behind. */
void lifecycle_check(struct registry *registry, struct resident *resident);

/* Its cgroup is gone. It may be freed by this. */
void lifecycle_end(struct registry *registry, struct resident *resident);

/* Of an ended one. */
void lifecycle_forget(struct registry *registry, struct resident *resident);

/* What cgroup.events of a cgroup says: 1, 0, or -1 when it cannot be read. */
int lifecycle_read_populated(const struct registry *registry, const char *path);
