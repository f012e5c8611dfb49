/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What happens to containers, as events; and what remains of it in numbers: how each ended last,
 * how often it started, how many of its processes were killed for lack of memory.
 *
 * The census passes on what the registry tells. A container's end is told with its exit code: the
 * engine writes that down after the cgroup is gone, and is waited for CHRONICLE_WAIT_NS. */

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/event.h"

#define CHRONICLE_WAIT_NS (2 * NSEC_PER_SEC)

struct container;
struct row;

/* Of one container, by its slot. */
struct history {
	struct container *container; /* whose; borrowed. NULL: nobody's */
	bool introduced;             /* its creation was told, or was before our time */
	bool has_died;               /* while we looked */
	uint64_t started_ns;         /* its run, since 1970; 0: unknown */
	uint64_t finished_ns;        /* the run before it, as far as known */
	bool is_new_cgroup;          /* we saw it come */
	bool has_kills;              /* cgroup_kills is known */
	uint64_t cgroup_kills;       /* as its cgroup counted when we last looked */
	uint64_t run_kills;          /* of this run, that we saw */
	bool is_waiting;             /* its end is still to be told ... */
	uint64_t wait_ns;            /* ... at this boottime at last */
	uint64_t cpu_usage_ns;       /* of its last sample */
	bool has_exit;
	int32_t exit_code;
	uint64_t exit_ns; /* since 1970; 0: unknown */
};

struct chronicle {
	/* Takes each event. `container` is whose it is. */
	void (*tell)(const struct event *event, const struct container *container, void *userdata);
	void *userdata;
	struct history *histories;
	uint32_t waiting;  /* whose end is still to be told */
	uint64_t began_ns; /* realtime of chronicle_init */
	bool is_settled;   /* after the first scan: what comes from now on is new */
};

/* Members tell and userdata are set afterwards. Returns 0 or -ENOMEM. */
int chronicle_init(struct chronicle *chronicle, uint32_t max_containers);
void chronicle_fini(struct chronicle *chronicle);

/* As struct registry_events; `row` has its last samples, NULL: none. */
void chronicle_listed(struct chronicle *chronicle, struct container *container);
void chronicle_came(struct chronicle *chronicle, struct container *container);
void chronicle_changed(struct chronicle *chronicle, struct container *container,
		       const struct container *before);
void chronicle_emptied(struct chronicle *chronicle, struct container *container, struct row *row);
void chronicle_went(struct chronicle *chronicle, struct container *container, struct row *row);
void chronicle_removed(struct chronicle *chronicle, struct container *container);
void chronicle_forgotten(struct chronicle *chronicle, struct container *container);

/* After each sample: counts processes killed for lack of memory, in the row as well. */
void chronicle_look(struct chronicle *chronicle, struct container *container, struct row *row);

/* Tells the ends whose engine did not write in time. `now` is boottime. */
void chronicle_settle(struct chronicle *chronicle, uint32_t max_containers, uint64_t now_ns);

/* Writes how the container is doing into its row. */
void chronicle_write(const struct chronicle *chronicle, const struct container *container,
		     struct row *row);
