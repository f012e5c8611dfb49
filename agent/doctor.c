/* SPDX-License-Identifier: Apache-2.0 */

/* doctor: each source of data, what it gives now, why not more, and what a person can do about it;
 * and what the agent costs. Nothing is looked up for it: the agent knows all of this anyway. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/json_out.h"
#include "base/parse.h"
#include "containers/registry.h"
#include "docker_socket.h"
#include "sensors/sensor.h"
#include "store/store.h"

#define WHY_BYTES  320
#define STAT_BYTES 1024 /* /proc/PID/stat: 52 numbers and a name of 15 bytes */

struct check {
	const char *state;
	char why[WHY_BYTES];
	const char *fix; /* NULL: nothing to do */
};

static void add_check(struct json_out *json, const char *source, const struct check *check)
{
	json_open(json, NULL, '{');
	json_text(json, "source", source);
	json_text(json, "state", check->state);
	if (check->why[0] != '\0')
		json_text(json, "why", check->why);
	if (check->fix)
		json_text(json, "fix", check->fix);
	json_close(json, '}');
}

static struct check live(void)
{
	return (struct check){ .state = "live" };
}

static struct check check_cgroups(const struct agent *agent)
{
	if (!site_host_hybrid(&agent->census.host))
		return live();

	return (struct check){
		.state = "degraded",
		.why = "hybrid host: memory, pids and block I/O come from cgroup v1 files, which "
		       "know less (no pressure by limit, block I/O only where a limit is set)",
		.fix = "boot with systemd.unified_cgroup_hierarchy=1 for one cgroup v2 tree",
	};
}

static struct check check_rights(const struct agent *agent)
{
	(void) agent;
	if (geteuid() == 0)
		return live();

	return (struct check){
		.state = "degraded",
		.why = "not root: names, images and network of others' containers stay unknown",
		.fix = "run plimsolld as root; it drops what it does not need",
	};
}

static struct check check_changes(const struct agent *agent)
{
	struct registry_stats stats;

	registry_stats_get(agent->census.registry, &stats);
	if (registry_fd(agent->census.registry) >= 0 && stats.watches_refused == 0)
		return live();

	return (struct check){
		.state = "degraded",
		.why = "inotify has no watches left: some changes are found by rescans only",
		.fix = "sysctl fs.inotify.max_user_watches=524288 "
		       "fs.inotify.max_user_instances=512",
	};
}

static struct check check_descriptors(const struct agent *agent)
{
	const struct site_host *host = &agent->census.host;
	struct check check = {
		.state = "degraded",
		.fix = "raise the limit of open files (LimitNOFILE= of the unit, ulimit -n)",
	};

	if (host->fd_wanted == 0)
		return live();
	(void) snprintf(check.why, sizeof(check.why),
			"the budget of %u descriptors is used up: files beyond it are opened for "
			"each read",
			host->fd_budget);
	return check;
}

static struct check check_room(const struct agent *agent)
{
	struct registry_stats stats;
	struct check check = { .state = "degraded",
			       .fix = "raise limits.containers in plimsoll.yaml" };

	registry_stats_get(agent->census.registry, &stats);
	if (stats.refused == 0)
		return live();
	(void) snprintf(check.why, sizeof(check.why),
			"%llu times a container was found and there was no room for it",
			(unsigned long long) stats.refused);
	return check;
}

static struct check check_web(const struct agent *agent)
{
	if (!agent->config.web.enabled)
		return (struct check){ .state = "off", .why = "web.enabled is false (--no-web)" };
	if (agent->web.pid > 0)
		return live();

	return (struct check){
		.state = "degraded",
		.why = "plimsoll-web ended and is about to be started again",
		.fix = "look for its last lines in the agent's log (journalctl -u plimsolld)",
	};
}

static struct check check_history(const struct agent *agent)
{
	struct check check = { .state = "degraded",
			       .fix = "make room on, or mend, the state directory's disk" };
	struct store_stats stats;

	if (!agent->store)
		return (struct check){ .state = "off", .why = "events are kept in memory only" };
	store_stats_get(agent->store, &stats);
	if (stats.trouble[0] == '\0' && stats.dropped == 0)
		return live();
	(void) snprintf(check.why, sizeof(check.why), "%llu events were not stored%s%s",
			(unsigned long long) stats.dropped, stats.trouble[0] ? ": " : "",
			stats.trouble);
	return check;
}

static struct check check_docker_health(const struct agent *agent)
{
	struct check check = {
		.state = "degraded",
		.fix = "start dockerd, or set runtimes.docker.socket to where it listens (none: do "
		       "not ask)",
	};

	if (!agent->docker)
		return (struct check){ .state = "off", .why = "runtimes.docker.socket is none" };
	(void) snprintf(check.why, sizeof(check.why), "%s", docker_socket_trouble(agent->docker));
	return check.why[0] == '\0' ? live() : check;
}

static const struct {
	const char *source;
	struct check (*check)(const struct agent *agent);
} checks[] = {
	{ "cgroups", check_cgroups },
	{ "rights", check_rights },
	{ "changes", check_changes },
	{ "open files", check_descriptors },
	{ "room", check_room },
	{ "web", check_web },
	{ "history of events", check_history },
	{ "Docker's health", check_docker_health },
};

/* What may help, by what the sensor lacks. */
static const struct {
	const char *needs, *fix;
} remedies[] = {
	{ "pressure", "boot with psi=1, or use a kernel with CONFIG_PSI=y" },
	{ "v1 tree", "nothing: hosts without this v1 tree count the same in cgroup v2" },
	{ "cgroup v2 with", "boot with systemd.unified_cgroup_hierarchy=1, and (memory on small "
			    "boards) cgroup_enable=memory" },
	{ "right to look", "run plimsolld as root" },
};

static const char *remedy(const char *needs)
{
	for (size_t i = 0; i < ARRAY_SIZE(remedies); i++)
		if (strstr(needs, remedies[i].needs))
			return remedies[i].fix;

	return NULL;
}

static void add_sensor(struct json_out *json, const struct sampler *sampler,
		       const struct collector *collector)
{
	const struct sensor *sensor = collector->sensor;
	struct check check = live();

	if (!collector->up && report_has_twin(sampler, sensor->name))
		return;
	if (!collector->up) {
		check = (struct check){ .state = "impossible", .fix = remedy(sensor->needs) };
		(void) snprintf(check.why, sizeof(check.why), "needs %s", sensor->needs);
	} else if (collector->last_error < 0) {
		check.state = "degraded";
		(void) snprintf(check.why, sizeof(check.why), "%s (%llu times so far)",
				strerror(-collector->last_error),
				(unsigned long long) collector->errors);
	}
	add_check(json, sensor->name, &check);
}

static void add_disabled(struct json_out *json, const struct strings *names, const char *key)
{
	struct check check = { .state = "off" };

	for (size_t i = 0; i < names->count; i++) {
		(void) snprintf(check.why, sizeof(check.why), "by %s in the configuration", key);
		add_check(json, names->items[i], &check);
	}
}

static void add_engine(struct json_out *json, const struct agent *agent,
		       const struct runtime *runtime)
{
	const struct container *container = NULL;
	unsigned live_count = 0, stopped = 0, unnamed = 0;
	struct check check = live();

	if (runtime->optional && !strings_contain(&agent->config.runtimes.enable, runtime->name)) {
		check = (struct check){ .state = "off", .why = "not asked for" };
		check.fix = "runtimes.enable in plimsoll.yaml, if you want it";
		add_check(json, runtime->name, &check);
		return;
	}
	while ((container = registry_next(agent->census.registry, container)) != NULL) {
		if (container->runtime != runtime)
			continue;
		live_count += container->ended_ns == 0;
		stopped += container->stopped;
		unnamed += container->identity.detail != NULL;
	}

	if (!registry_runtime_found(agent->census.registry, runtime) && live_count == 0) {
		check.state = "off";
		(void) snprintf(check.why, sizeof(check.why), "no files in %s", runtime->where);
	} else {
		(void) snprintf(check.why, sizeof(check.why), "%u running, %u stopped", live_count,
				stopped);
	}
	if (unnamed > 0) {
		check.state = "degraded";
		(void) snprintf(check.why, sizeof(check.why),
				"%u running, %u stopped; metadata of %u is incomplete: see DETAIL "
				"in `plimsoll inspect`",
				live_count, stopped, unnamed);
	}
	add_check(json, runtime->name, &check);
}

/* User and system time of a process of ours, from its /proc/PID/stat; 0: it cannot be read. */
static double process_cpu_seconds(pid_t pid)
{
	char path[32], text[STAT_BYTES];
	struct slice line, word;
	const char *behind_name;
	uint64_t ticks = 0, value;

	(void) snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (pid <= 0 || fd_read_at(-1, path, text, sizeof(text)) < 0)
		return 0;
	behind_name = strrchr(text, ')');
	if (!behind_name)
		return 0;

	line = (struct slice){ behind_name + 1, strlen(behind_name + 1) };
	/* Fields 14 and 15 of the whole line; the state, first behind the name, is the third. */
	for (unsigned field = 3; word_next(&line, &word) && field <= 15; field++)
		if (field >= 14 && parse_u64(word, &value) == 0)
			ticks += value;
	return (double) ticks / (double) sysconf(_SC_CLK_TCK);
}

static void add_cost(struct json_out *json, const struct agent *agent, double uptime)
{
	const struct row *row = draft_single(agent->census.draft, ENTITY_AGENT);
	uint64_t memory = 0, containers = 0;
	double cpu = (double) clock_process_cpu_ns() / 1e9 + process_cpu_seconds(agent->web.pid);

	(void) row_get(row, METRIC_AGENT_RSS_BYTES, &memory); /* unknown: 0 */
	(void) row_get(row, METRIC_CONTAINERS, &containers);
	json_open(json, "cost", '{');
	json_double(json, "cpu_share", uptime > 0 ? cpu / uptime : 0);
	json_u64(json, "memory_bytes", memory);
	json_double(json, "round_seconds", (double) agent->census.sampler.round_ns / 1e9);
	json_u64(json, "containers", containers);
	json_u64(json, "rounds", agent->census.sampler.rounds);
	json_u64(json, "descriptors", agent->census.host.fd_used);
	json_close(json, '}');
}

void doctor_write(const struct agent *agent, struct json_out *json)
{
	const struct sampler *sampler = &agent->census.sampler;
	double uptime = (double) (clock_realtime_ns() - agent->self.start_ns) / 1e9;

	json_text(json, "version", PLIMSOLL_VERSION);
	json_double(json, "uptime_seconds", uptime);
	json_open(json, "checks", '[');
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		struct check check = checks[i].check(agent);

		add_check(json, checks[i].source, &check);
	}
	for (size_t i = 0; runtimes[i]; i++)
		if (!strings_contain(&agent->config.runtimes.disable, runtimes[i]->name))
			add_engine(json, agent, runtimes[i]);
	add_disabled(json, &agent->config.runtimes.disable, "runtimes.disable");
	for (size_t i = 0; i < sampler->count; i++)
		add_sensor(json, sampler, &sampler->collectors[i]);
	add_disabled(json, &agent->config.sensors.disable, "sensors.disable");
	json_close(json, ']');
	add_cost(json, agent, uptime);
}
