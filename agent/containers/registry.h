/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Who is there: the containers of this host, found in the cgroup tree and named by runtimes.
 *
 * The tree is the truth: a directory that a runtime recognises is a container, readable metadata
 * or not. Changes come from inotify (one descriptor, for the caller's loop); a rescan walks the
 * whole tree and is what remains when watches run out (ENOSPC), or events were lost.
 *
 * A container goes through: came, (changed, emptied)*, went, forgotten. Between went and forgotten
 * it has no cgroup: it is remembered for a while, for container_last_seen; and it stays for as long
 * as its engine's files know it (stopped), and may come again. Those that were stopped before the
 * agent started begin with `listed`. */

#include <stdbool.h>
#include <stdint.h>

#include "containers/runtime.h"

struct registry;

struct container {
	uint32_t slot;      /* 0 to max_containers - 1, stable while it is known */
	uint64_t cgroup_id; /* inode of the cgroup's directory; 0: it never had one */
	char *path;         /* below the unified mount, begins with "/"; any bytes but NUL. NULL:
			     * it never had one. The last one, when it has none now */
	const struct runtime *runtime;
	char id[RUNTIME_ID_BYTES]; /* the runtime's id; valid UTF-8 */
	struct identity identity;  /* name is never NULL: at worst the first 12 digits of the id */
	uint64_t came_ns;          /* realtime when `came` was told */
	uint64_t ended_ns;         /* boottime when it was found without cgroup; 0: it has one */
	bool stopped;              /* it has no cgroup, and its engine's files know it */
	bool frozen;               /* its cgroup is, by the unified freezer */
	bool frozen_v1;            /* by that of cgroup v1, as registry_set_frozen was told */
	uint64_t starts;           /* times that it came, or one of the same runtime and name did */
	uint64_t oom_kills;        /* the caller's count; goes over to the next of the same runtime
				    * and name, as starts does */
	void *userdata;            /* the caller's */
};

/* Called from registry_rescan, registry_dispatch and registry_expire. Any may be NULL. */
struct registry_events {
	void (*came)(struct container *container, void *userdata);
	/* Its identity or `frozen` is another one; `before` is a copy of what it was. */
	void (*changed)(struct container *container, const struct container *before,
			void *userdata);
	/* Its last process ended: the last look at its numbers. Not told when the cgroup is
	 * removed before we can look. */
	void (*emptied)(struct container *container, void *userdata);
	void (*went)(struct container *container, void *userdata);
	void (*forgotten)(struct container *container, void *userdata); /* about to be freed */
	void (*listed)(struct container *container, void *userdata);    /* known, not running */
	/* Its engine's files do not know it any more; forgotten follows, at once or later. */
	void (*removed)(struct container *container, void *userdata);
	void *userdata;
};

struct registry_config {
	int root_fd;             /* borrowed; directory that looks like "/" */
	int cgroup_fd;           /* borrowed; mount point of the unified tree */
	uint32_t max_containers; /* known at a time, ended ones included */
	uint64_t remember_ns;    /* from went to forgotten; 0: at once */
	/* Directories from the configuration, NULL at the end. No such function, a NULL result or
	 * an empty list: the usual ones. */
	const char *const *(*places)(const char *runtime, void *userdata);
	/* Whether a runtime's containers are looked for at all. NULL: all but optional ones. */
	bool (*wanted)(const char *runtime, void *userdata);
	void *userdata;
};

/* Returns 0 or a negative errno. Nothing is looked for yet: call registry_rescan. */
int registry_new(const struct registry_config *config, const struct registry_events *events,
		 struct registry **ret_registry);

/* Frees everything; no events are sent. */
void registry_free(struct registry *registry);

/* Walks the whole tree and asks for metadata that was missing. Returns 0, or a negative errno
 * when the tree cannot be listed (what was known stays). */
int registry_rescan(struct registry *registry);

/* inotify; readable when registry_dispatch has something to do. -1: inotify cannot be had, only
 * rescans find containers. Dispatch returns 0 or a negative errno; when events were lost, or an
 * engine's directory appeared, it rescans. */
int registry_fd(const struct registry *registry);
int registry_dispatch(struct registry *registry);

/* Forgets what ended longer ago than remember_ns. `now` is boottime. */
void registry_expire(struct registry *registry, uint64_t now_ns);

/* Steps through the known containers, ended ones included, by slot. Start with NULL. */
struct container *registry_next(const struct registry *registry, const struct container *after);

/* The live container with this cgroup id; NULL: none. */
struct container *registry_find_cgroup(const struct registry *registry, uint64_t cgroup_id);

/* What the container is doing now: what its cgroup shows goes over what its engine wrote. */
enum container_state container_state(const struct container *container);

/* By exact id, exact name, or a beginning of an id, in this order, of any engine; "RUNTIME:" before
 * it narrows the search. Returns 0, -ENOENT, or -EEXIST: several fit. */
int registry_lookup(const struct registry *registry, const char *word,
		    struct container **ret_container);

/* Reads the container's dossier from its engine's files; as struct runtime's inspect. -EOPNOTSUPP:
 * this engine has none. */
int registry_inspect(const struct registry *registry, const struct container *container,
		     struct dossier *ret_dossier);

/* A number that is another one when registry_inspect may say something else; 0: ask anew. */
uint64_t registry_stamp(const struct registry *registry, const struct container *container);

/* Pausing by the freezer of cgroup v1, which only a sensor sees. */
void registry_set_frozen(struct registry *registry, struct container *container, bool frozen);

/* Health that files do not tell and an engine's socket does (Docker). It stays until told anew, or
 * until the container ends. -ENOENT: no such container. */
int registry_set_health(struct registry *registry, const char *runtime, const char *id,
			enum health_status health, uint32_t failing_streak);

struct registry_stats {
	uint32_t live, ended, stopped;
	uint32_t pending; /* empty cgroups that look like a container */
	uint64_t came, went;
	uint64_t refused;         /* times that a container was found and there was no slot */
	uint64_t metadata_errors; /* times that files were there and could not be read */
	uint64_t rescans;
	uint64_t watches_refused;     /* times that inotify said no */
	uint32_t directories;         /* of the cgroup tree that are looked into */
	uint64_t directories_refused; /* times that one was too deep, or there were too many */
};
void registry_stats_get(const struct registry *registry, struct registry_stats *ret_stats);

/* Whether a runtime's files were found here, for the start-up report. */
bool registry_runtime_found(const struct registry *registry, const struct runtime *runtime);
