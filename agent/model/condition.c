/* SPDX-License-Identifier: Apache-2.0 */

/* condition: states and health in words. */

#include "model/condition.h"

#include <assert.h>
#include <string.h>

static const char *const state_names[] = {
	"unknown", "created", "running", "paused", "restarting", "removing", "exited", "dead",
};
static_assert(sizeof(state_names) / sizeof(state_names[0]) == STATE_COUNT,
	      "a state lacks its name");

static const char *const health_names[] = { "unknown", "none", "starting", "healthy", "unhealthy" };
static_assert(sizeof(health_names) / sizeof(health_names[0]) == HEALTH_COUNT,
	      "a health status lacks its name");

static unsigned find_name(const char *const *names, unsigned count, const char *name)
{
	for (unsigned i = 1; name && i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;

	return 0;
}

const char *container_state_name(enum container_state state)
{
	return state_names[state];
}

const char *health_status_name(enum health_status status)
{
	return health_names[status];
}

enum container_state container_state_parse(const char *name)
{
	return (enum container_state) find_name(state_names, STATE_COUNT, name);
}

enum health_status health_status_parse(const char *name)
{
	return (enum health_status) find_name(health_names, HEALTH_COUNT, name);
}

bool condition_equal(const struct condition *a, const struct condition *b)
{
	return a->state == b->state && a->health == b->health &&
	       a->failing_streak == b->failing_streak && a->oom_killed == b->oom_killed &&
	       a->has_exit_code == b->has_exit_code && a->exit_code == b->exit_code &&
	       a->finished_ns == b->finished_ns && a->has_restarts == b->has_restarts &&
	       a->restarts == b->restarts;
}
