/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How a container is doing, as its engine tells: running or not, how it ended, its healthcheck.
 * Words are those of the Docker Engine API, which every engine's are translated to. */

#include <stdbool.h>
#include <stdint.h>

enum container_state {
	STATE_UNKNOWN, /* the engine does not tell */
	STATE_CREATED, /* never started */
	STATE_RUNNING,
	STATE_PAUSED,
	STATE_RESTARTING, /* it ended, and the engine is about to start it again */
	STATE_REMOVING,
	STATE_EXITED,
	STATE_DEAD, /* it could not be removed whole */
	STATE_COUNT,
};

enum health_status {
	HEALTH_UNKNOWN, /* the engine does not tell */
	HEALTH_NONE,    /* it has no healthcheck */
	HEALTH_STARTING,
	HEALTH_HEALTHY,
	HEALTH_UNHEALTHY,
	HEALTH_COUNT,
};

struct condition {
	enum container_state state;
	enum health_status health;
	uint32_t failing_streak; /* failed checks in a row */
	bool oom_killed;         /* its last run was ended for lack of memory */
	bool has_exit_code;      /* of its last run; it has ended once at least */
	int32_t exit_code;
	uint64_t finished_ns; /* end of its last run, since 1970; 0: unknown, or it never ended */
	bool has_restarts;
	uint64_t restarts; /* times that its engine started it again by itself */
};

/* "running"; "unknown" for the first of each. */
const char *container_state_name(enum container_state state);
const char *health_status_name(enum health_status status);

/* The first of each for a word that is none of these, or NULL. */
enum container_state container_state_parse(const char *name);
enum health_status health_status_parse(const char *name);

bool condition_equal(const struct condition *a, const struct condition *b);
