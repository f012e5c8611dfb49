/* SPDX-License-Identifier: Apache-2.0 */

/* chronicle: from what the registry tells to events. */

#include "chronicle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/registry.h"
#include "model/row.h"

int chronicle_init(struct chronicle *chronicle, uint32_t max_containers)
{
	*chronicle = (struct chronicle){
		.histories = calloc(max_containers, sizeof(struct history)),
		.began_ns = clock_realtime_ns(),
	};

	return chronicle->histories ? 0 : -ENOMEM;
}

void chronicle_fini(struct chronicle *chronicle)
{
	free(chronicle->histories);
	*chronicle = (struct chronicle){ 0 };
}

static struct history *history_of(const struct chronicle *chronicle,
				  const struct container *container)
{
	return &chronicle->histories[container->slot];
}

/* Copies a name so that it ends between two characters of UTF-8. NULL is "". */
static void copy_name(char *ret_copy, size_t size, const char *name)
{
	size_t length = name ? strlen(name) : 0;

	if (length >= size) {
		length = size - 1;
		while (length > 0 && ((unsigned char) name[length] & 0xc0) == 0x80)
			length--;
	}
	if (length > 0)
		memcpy(ret_copy, name, length);
	ret_copy[length] = '\0';
}

static struct event make_event(const struct container *container, enum event_type type)
{
	struct event event = {
		.realtime_ns = clock_realtime_ns(),
		.type = type,
		.instance = container->cgroup_id,
	};

	copy_name(event.id, sizeof(event.id), container->id);
	copy_name(event.name, sizeof(event.name), container->identity.name);
	copy_name(event.image, sizeof(event.image), container->identity.image);
	copy_name(event.runtime, sizeof(event.runtime), container->runtime->name);
	return event;
}

static void tell(const struct chronicle *chronicle, const struct container *container,
		 enum event_type type)
{
	struct event event = make_event(container, type);

	if (type == EVENT_HEALTH)
		event.health = container->identity.condition.health;
	chronicle->tell(&event, container, chronicle->userdata);
}

/* Whether the engine has written down how this run ended. */
static bool has_fresh_exit(const struct history *history, const struct condition *condition)
{
	return condition->has_exit_code && condition->state != STATE_RUNNING &&
	       condition->state != STATE_PAUSED &&
	       (condition->finished_ns == 0 || condition->finished_ns != history->finished_ns);
}

static void note_exit(struct history *history, const struct condition *condition)
{
	history->has_exit = condition->has_exit_code;
	history->exit_code = condition->exit_code;
	history->exit_ns = condition->finished_ns;
	history->finished_ns = condition->finished_ns;
}

static void count_kills(struct chronicle *chronicle, struct container *container, uint64_t kills)
{
	container->oom_kills += kills;
	history_of(chronicle, container)->run_kills += kills;
	tell(chronicle, container, EVENT_OOM);
}

static void tell_died(struct chronicle *chronicle, struct container *container)
{
	struct history *history = history_of(chronicle, container);
	const struct condition *condition = &container->identity.condition;
	struct event event = make_event(container, EVENT_DIED);
	uint64_t end_ns = event.realtime_ns;

	history->is_waiting = false;
	chronicle->waiting--;
	event.cpu_usage_ns = history->cpu_usage_ns;
	if (has_fresh_exit(history, condition)) {
		/* The cgroup may have been gone before anybody could look at its counter. */
		if (condition->oom_killed && history->run_kills == 0)
			count_kills(chronicle, container, 1);
		note_exit(history, condition);
		event.has_exit_code = true;
		event.exit_code = condition->exit_code;
		if (condition->finished_ns > 0)
			end_ns = condition->finished_ns;
	}
	if (history->started_ns > 0 && end_ns > history->started_ns)
		event.duration_ns = end_ns - history->started_ns;
	chronicle->tell(&event, container, chronicle->userdata);
}

static void introduce(struct chronicle *chronicle, struct container *container)
{
	struct history *history = history_of(chronicle, container);
	uint64_t created_ns = container->identity.created_ns;

	history->container = container;
	if (!history->introduced && chronicle->is_settled && created_ns >= chronicle->began_ns)
		tell(chronicle, container, EVENT_CREATED);
	history->introduced = true;
}

void chronicle_listed(struct chronicle *chronicle, struct container *container)
{
	introduce(chronicle, container);
	note_exit(history_of(chronicle, container), &container->identity.condition);
}

void chronicle_came(struct chronicle *chronicle, struct container *container)
{
	struct history *history = history_of(chronicle, container);
	const struct identity *identity = &container->identity;
	bool is_first = !history->introduced;

	if (history->is_waiting)
		tell_died(chronicle, container);
	introduce(chronicle, container);
	if (is_first && !chronicle->is_settled)
		history->finished_ns = identity->condition.finished_ns;
	history->started_ns = identity->started_ns > 0 ? identity->started_ns
			      : chronicle->is_settled  ? container->came_ns
						       : 0;
	history->is_new_cgroup = chronicle->is_settled;
	history->has_kills = false;
	history->cgroup_kills = history->run_kills = history->cpu_usage_ns = 0;

	tell(chronicle, container, EVENT_STARTED);
	if (history->has_died)
		tell(chronicle, container, EVENT_RESTARTED);
}

static bool differs(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) != 0 : a != b;
}

static bool is_known(enum health_status health)
{
	return health != HEALTH_UNKNOWN;
}

void chronicle_changed(struct chronicle *chronicle, struct container *container,
		       const struct container *before)
{
	struct history *history = history_of(chronicle, container);
	const struct identity *now = &container->identity, *then = &before->identity;
	enum container_state state = container_state(container);
	bool has_cgroup = container->ended_ns == 0 && !container->stopped;

	if (has_cgroup && now->started_ns > 0)
		history->started_ns = now->started_ns;
	if (differs(now->name, then->name) || differs(now->image, then->image))
		tell(chronicle, container, EVENT_RENAMED);
	if (has_cgroup && state != container_state(before) &&
	    (state == STATE_PAUSED || state == STATE_RUNNING))
		tell(chronicle, container, state == STATE_PAUSED ? EVENT_PAUSED : EVENT_UNPAUSED);
	if (now->condition.health != then->condition.health && has_cgroup &&
	    is_known(now->condition.health) && is_known(then->condition.health))
		tell(chronicle, container, EVENT_HEALTH);
	if (history->is_waiting && has_fresh_exit(history, &now->condition))
		tell_died(chronicle, container);
	else if (!has_cgroup && !history->is_waiting && has_fresh_exit(history, &now->condition))
		note_exit(history, &now->condition); /* later than we waited */
}

void chronicle_emptied(struct chronicle *chronicle, struct container *container, struct row *row)
{
	struct event event = make_event(container, EVENT_EMPTIED);

	if (row) {
		chronicle_look(chronicle, container, row);
		(void) row_get(row, METRIC_CPU_USAGE_NS, &event.cpu_usage_ns); /* or 0 */
	}
	chronicle->tell(&event, container, chronicle->userdata);
}

void chronicle_went(struct chronicle *chronicle, struct container *container, struct row *row)
{
	struct history *history = history_of(chronicle, container);

	if (row)
		(void) row_get(row, METRIC_CPU_USAGE_NS, &history->cpu_usage_ns); /* or 0 */
	history->has_died = history->is_waiting = true;
	history->wait_ns = clock_boottime_ns() + CHRONICLE_WAIT_NS;
	chronicle->waiting++;
	if (!container->stopped || has_fresh_exit(history, &container->identity.condition))
		tell_died(chronicle, container);
}

void chronicle_removed(struct chronicle *chronicle, struct container *container)
{
	if (history_of(chronicle, container)->is_waiting)
		tell_died(chronicle, container);
	tell(chronicle, container, EVENT_REMOVED);
}

void chronicle_forgotten(struct chronicle *chronicle, struct container *container)
{
	struct history *history = history_of(chronicle, container);

	if (history->is_waiting)
		tell_died(chronicle, container);
	*history = (struct history){ 0 };
}

void chronicle_look(struct chronicle *chronicle, struct container *container, struct row *row)
{
	struct history *history = history_of(chronicle, container);
	uint64_t kills, known;

	if (row_get(row, METRIC_MEMORY_EVENTS_OOM_KILL, &kills)) {
		if (!history->has_kills && !history->is_new_cgroup)
			container->oom_kills += kills; /* before our time: no news */
		known = history->has_kills || history->is_new_cgroup ? history->cgroup_kills
								     : kills;
		history->has_kills = true;
		history->cgroup_kills = kills;
		if (kills > known)
			count_kills(chronicle, container, kills - known);
	} else if (container->oom_kills == 0) {
		return; /* nobody counts */
	}
	row_set(row, METRIC_OOM_EVENTS, container->oom_kills);
	row_set(row, METRIC_OOM_KILLS, container->oom_kills);
}

void chronicle_settle(struct chronicle *chronicle, uint32_t max_containers, uint64_t now_ns)
{
	for (uint32_t i = 0; i < max_containers && chronicle->waiting > 0; i++) {
		struct history *history = &chronicle->histories[i];

		if (history->is_waiting && now_ns >= history->wait_ns)
			tell_died(chronicle, history->container);
	}
}

/* One series per state; what is rare has one only while it lasts. */
static void write_state(enum container_state state, struct row *row)
{
	static const struct {
		enum container_state state;
		enum metric metric;
	} cells[] = {
		{ STATE_CREATED, METRIC_STATE_CREATED },
		{ STATE_RUNNING, METRIC_STATE_RUNNING },
		{ STATE_PAUSED, METRIC_STATE_PAUSED },
		{ STATE_RESTARTING, METRIC_STATE_RESTARTING },
		{ STATE_EXITED, METRIC_STATE_EXITED },
		{ STATE_DEAD, METRIC_STATE_DEAD },
		{ STATE_REMOVING, METRIC_STATE_REMOVING },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		row_clear(row, cells[i].metric);
		if (state != STATE_UNKNOWN &&
		    (cells[i].state != STATE_REMOVING || state == STATE_REMOVING))
			row_set(row, cells[i].metric, state == cells[i].state);
	}
}

/* A container has a healthcheck or none for all of its life: the one series, or the other three. */
static void write_health(enum health_status health, struct row *row)
{
	static const struct {
		enum health_status status;
		enum metric metric;
	} cells[] = {
		{ HEALTH_NONE, METRIC_HEALTH_NONE },
		{ HEALTH_STARTING, METRIC_HEALTH_STARTING },
		{ HEALTH_HEALTHY, METRIC_HEALTH_HEALTHY },
		{ HEALTH_UNHEALTHY, METRIC_HEALTH_UNHEALTHY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		row_clear(row, cells[i].metric);
		if (is_known(health) && (health == HEALTH_NONE) == (cells[i].status == HEALTH_NONE))
			row_set(row, cells[i].metric, health == cells[i].status);
	}
}

void chronicle_write(const struct chronicle *chronicle, const struct container *container,
		     struct row *row)
{
	const struct history *history = history_of(chronicle, container);
	const struct condition *condition = &container->identity.condition;
	uint64_t restarts = container->starts > 0 ? container->starts - 1 : 0;

	write_state(container_state(container), row);
	write_health(condition->health, row);
	if (condition->has_restarts && condition->restarts > restarts)
		restarts = condition->restarts;
	row_set(row, METRIC_CONTAINER_INFO, 1);
	row_set(row, METRIC_RESTARTS, restarts);
	if (history->has_exit)
		row_set(row, METRIC_LAST_EXIT_CODE, (uint64_t) (int64_t) history->exit_code);
	if (history->exit_ns > 0)
		row_set(row, METRIC_LAST_EXIT_TIME, history->exit_ns);
	if (container->oom_kills > 0) {
		row_set(row, METRIC_OOM_EVENTS, container->oom_kills);
		row_set(row, METRIC_OOM_KILLS, container->oom_kills);
	}
}
