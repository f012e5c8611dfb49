/* SPDX-License-Identifier: Apache-2.0 */

/* round: for each sensor, each container. */

#include "round.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "containers/registry.h"
#include "sensors/sensor.h"

static bool is_named(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return true;

	return false;
}

int sampler_init(struct sampler *sampler, struct roster *roster, struct draft *draft,
		 uint64_t interval_ns, const char *const *disabled)
{
	*sampler = (struct sampler){
		.roster = roster,
		.draft = draft,
		.interval_ns = interval_ns,
	};

	for (size_t i = 0; sensors[i]; i++) {
		struct collector *collector = &sampler->collectors[sampler->count];
		const struct sensor *sensor = sensors[i];

		if (is_named(disabled, sensor->name))
			continue;
		assert(sampler->count < COLLECTORS_MAX);
		collector->sensor = sensor;
		collector->up = !sensor->probe || sensor->probe(&roster->members[0].site) == 0;
		collector->row = draft_labelled(draft, ENTITY_COLLECTOR, sensor->name);
		if (!collector->row)
			return -ENOMEM;
		row_set(collector->row, METRIC_COLLECTOR_UP, collector->up);
		row_set(collector->row, METRIC_COLLECTOR_ERRORS, 0);
		sampler->count++;
	}

	return 0;
}

unsigned sampler_slow_rounds(const struct sampler *sampler)
{
	uint64_t rounds = SENSOR_SLOW_NS / sampler->interval_ns;

	return rounds > 0 ? (unsigned) rounds : 1;
}

static void sample(struct sampler *sampler, struct collector *collector, struct member *member,
		   struct row *row)
{
	int r = collector->sensor->sample(&member->site, sampler->draft, row);

	if (r >= 0)
		return;
	collector->errors++;
	collector->last_error = r;
	log_warning(r, "sensor %s: cannot sample '%s', its cells stay absent",
		    collector->sensor->name,
		    member->container ? member->container->path : "the host");
}

static bool is_turn(const struct sampler *sampler, const struct sensor *sensor,
		    const struct member *member)
{
	return sensor->cadence == CADENCE_ROUND ||
	       member_is_slow_turn(member, sampler->rounds, sampler_slow_rounds(sampler));
}

/* Where no task ran since the last round, numbers hardly change: what is left are reclaim, changed
 * limits, packets that nobody took, a stall that goes on. Those are read at slow turns only, and
 * each sample that was left out is counted. Most containers of most hosts are idle most of the
 * time, and their reads were three quarters of the agent's work. */
static bool is_left_out(struct sampler *sampler, const struct sensor *sensor,
			const struct member *member)
{
	if (!member->idle || sensor->shows_activity ||
	    member_is_slow_turn(member, sampler->rounds, sampler_slow_rounds(sampler)))
		return false;
	sampler->left_out++;
	return true;
}

static void note_activity(struct member *member)
{
	uint64_t usage_ns;
	bool known = row_get(member->row, METRIC_CPU_USAGE_NS, &usage_ns);

	member->idle = known && member->container && usage_ns == member->cpu_usage_ns;
	if (known)
		member->cpu_usage_ns = usage_ns;
}

static void sample_containers(struct sampler *sampler, struct collector *collector)
{
	struct roster *roster = sampler->roster;
	const struct sensor *sensor = collector->sensor;

	for (uint32_t i = 0; i < roster->high; i++) {
		struct member *member = &roster->members[i];

		if (member->state != MEMBER_LIVE || !is_turn(sampler, sensor, member) ||
		    is_left_out(sampler, sensor, member))
			continue;
		sample(sampler, collector, member, member->row);
		if (sensor->shows_activity)
			note_activity(member);
	}
}

static void run_collector(struct sampler *sampler, struct collector *collector,
			  uint64_t realtime_ns)
{
	uint64_t start_ns = clock_boottime_ns();
	struct member *root = &sampler->roster->members[0];

	collector->last_error = 0;
	if (collector->sensor->entity == ENTITY_CONTAINER)
		sample_containers(sampler, collector);
	else if (is_turn(sampler, collector->sensor, root))
		sample(sampler, collector, root, draft_single(sampler->draft, ENTITY_HOST));

	row_set(collector->row, METRIC_COLLECTOR_DURATION_NS, clock_boottime_ns() - start_ns);
	row_set(collector->row, METRIC_COLLECTOR_SUCCESS, collector->last_error == 0);
	row_set(collector->row, METRIC_COLLECTOR_ERRORS, collector->errors);
	if (collector->last_error == 0)
		row_set(collector->row, METRIC_COLLECTOR_LAST_SUCCESS, realtime_ns);
}

/* Cells that come from knowing the container, not from a kernel file. */
static void stamp(struct member *member, uint64_t realtime_ns)
{
	const struct container *container = member->container;

	row_set(member->row, METRIC_LAST_SEEN, realtime_ns);
	if (!container)
		return;
	row_set(member->row, METRIC_CONTAINER_INFO, 1);
	/* Some engines write down only when they made it: the same moment where nobody starts
	 * twice. */
	if (container->identity.started_ns > 0)
		row_set(member->row, METRIC_START_TIME, container->identity.started_ns);
	else if (container->identity.created_ns > 0)
		row_set(member->row, METRIC_START_TIME, container->identity.created_ns);
	if (container->identity.created_ns > 0)
		row_set(member->row, METRIC_CREATION_TIME, container->identity.created_ns);
}

static void stamp_containers(struct sampler *sampler, uint64_t realtime_ns)
{
	struct roster *roster = sampler->roster;

	for (uint32_t i = 0; i < roster->high; i++) {
		struct member *member = &roster->members[i];

		if (member->state != MEMBER_LIVE)
			continue;
		stamp(member, realtime_ns);
		if (member->fresh > 0)
			member->fresh--;
	}
}

void sampler_round(struct sampler *sampler, uint64_t boottime_ns, uint64_t realtime_ns)
{
	sampler->rounds++;
	draft_begin(sampler->draft, boottime_ns, realtime_ns, sampler->interval_ns);
	roster_refresh(sampler->roster, sampler->rounds, sampler_slow_rounds(sampler));

	for (size_t i = 0; i < sampler->count; i++)
		if (sampler->collectors[i].up)
			run_collector(sampler, &sampler->collectors[i], realtime_ns);

	stamp_containers(sampler, realtime_ns);
	sampler->round_ns = clock_boottime_ns() - boottime_ns;
}

void sampler_last_look(struct sampler *sampler, struct member *member)
{
	for (size_t i = 0; i < sampler->count; i++) {
		struct collector *collector = &sampler->collectors[i];

		if (collector->up && collector->sensor->entity == ENTITY_CONTAINER)
			sample(sampler, collector, member, member->row);
	}
	row_set(member->row, METRIC_LAST_SEEN, clock_realtime_ns());
}
