/* SPDX-License-Identifier: Apache-2.0 */

/* report: the few lines with which plimsolld starts. What was found, what is not there and what
 * that costs, where to look. */

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent.h"
#include "base/log.h"
#include "base/text.h"
#include "sensors/sensor.h"

#define NAMES_SHOWN 8 /* containers that are named; the page and /metrics have them all */

/* Lines are short; a text that could not grow is shown as far as it got. */
static void say(struct text *line)
{
	log_info("%.*s", (int) line->length, line->bytes ? line->bytes : "");
	line->length = 0;
}

static void report_cgroups(const struct agent *agent, struct text *line)
{
	const struct site_host *host = &agent->census.host;
	static const char *const names[] = {
		[HIERARCHY_V1_CPU] = "cpu",         [HIERARCHY_V1_MEMORY] = "memory",
		[HIERARCHY_V1_PIDS] = "pids",       [HIERARCHY_V1_BLKIO] = "blkio",
		[HIERARCHY_V1_HUGETLB] = "hugetlb", [HIERARCHY_V1_FREEZER] = "freezer",
	};

	if (!site_host_hybrid(host)) {
		log_info("  cgroups     v2, one tree for everything");
		return;
	}
	text_add_string(line, "  cgroups     hybrid: CPU time, pressure and freezing from the v2 "
			      "tree, limits and use from v1:");
	for (size_t i = HIERARCHY_UNIFIED + 1; i < HIERARCHY_COUNT; i++)
		if (host->trees[i] >= 0)
			text_add_format(line, " %s", names[i]);
	say(line);
}

struct population {
	unsigned running, stopped;
};

static struct population count_containers(const struct agent *agent, const struct runtime *runtime)
{
	const struct container *container = NULL;
	struct population count = { 0 };

	while ((container = registry_next(agent->census.registry, container)) != NULL) {
		if (container->runtime != runtime)
			continue;
		count.running += container->ended_ns == 0;
		count.stopped += container->stopped;
	}

	return count;
}

static void report_engine(const struct agent *agent, const struct runtime *runtime,
			  struct text *line)
{
	struct population count = count_containers(agent, runtime);

	text_add_format(line, " %s (%u running", runtime->name, count.running);
	if (count.stopped > 0)
		text_add_format(line, ", %u stopped", count.stopped);
	if (!registry_runtime_found(agent->census.registry, runtime))
		text_add_format(line, ", no metadata in %s", runtime->where);
	text_add_string(line, ")");
}

static void report_runtimes(const struct agent *agent, struct text *line)
{
	struct text missing = { 0 };

	text_add_string(line, "  engines    ");
	for (size_t i = 0; runtimes[i]; i++) {
		if (registry_runtime_found(agent->census.registry, runtimes[i]) ||
		    count_containers(agent, runtimes[i]).running > 0)
			report_engine(agent, runtimes[i], line);
		else if (!runtimes[i]->optional)
			text_add_format(&missing, " %s", runtimes[i]->name);
	}
	if (missing.length > 0) {
		text_add_string(line, "; not here:");
		text_add(line, missing.bytes, missing.length);
	}
	say(line);
	text_fini(&missing);
}

static void report_containers(const struct agent *agent, struct text *line)
{
	const struct container *container = NULL;
	struct registry_stats stats;
	unsigned shown = 0;

	registry_stats_get(agent->census.registry, &stats);
	text_add_format(line, "  containers  %u", stats.live);
	while ((container = registry_next(agent->census.registry, container)) != NULL &&
	       shown < NAMES_SHOWN)
		if (container->ended_ns == 0)
			text_add_format(line, "%s %s", shown++ == 0 ? ":" : ",",
					container->identity.name);
	if (stats.live > shown)
		text_add_string(line, ", ...");
	if (stats.live == 0)
		text_add_string(line, "; they will appear here as they start "
				      "(packaging/quickstart --demo starts three)");
	say(line);
}

/* A number has two sources, "x" on cgroup v2 and "v1_x" on hybrid hosts: one is enough. */
bool report_has_twin(const struct sampler *sampler, const char *name)
{
	for (size_t i = 0; i < sampler->count; i++) {
		const char *other = sampler->collectors[i].sensor->name;

		if (!sampler->collectors[i].up)
			continue;
		if (strncmp(name, "v1_", 3) == 0 && strcmp(name + 3, other) == 0)
			return true;
		if (strncmp(other, "v1_", 3) == 0 && strcmp(other + 3, name) == 0)
			return true;
	}

	return false;
}

static void report_degraded(const struct agent *agent, struct text *line)
{
	const struct sampler *sampler = &agent->census.sampler;
	unsigned missing = 0;

	for (size_t i = 0; i < sampler->count; i++) {
		const struct sensor *sensor = sampler->collectors[i].sensor;

		if (sampler->collectors[i].up || report_has_twin(sampler, sensor->name))
			continue;
		text_add_format(line, "%s %s (needs %s)", missing++ == 0 ? "  not here   " : ",",
				sensor->name, sensor->needs);
	}
	if (missing > 0)
		say(line);
	if (registry_fd(agent->census.registry) < 0)
		log_warning(0, "inotify cannot be had: new containers are found by rescans, every "
			       "10 s");
	if (geteuid() != 0)
		log_warning(0, "not root: names, images and network of containers may stay "
			       "unknown; run as root for all of them");
}

void report_budget_used(const struct agent *agent)
{
	log_warning(0,
		    "the descriptor budget of %u is used up: files beyond it are opened for each "
		    "read, which costs three times as much; raise the limit of open files "
		    "(LimitNOFILE=, ulimit -n) for more",
		    agent->census.host.fd_budget);
}

static void report_budget(const struct agent *agent)
{
	const struct site_host *host = &agent->census.host;

	log_info("  sampling    every %.1f s, up to %u descriptors kept open",
		 (double) agent->config.interval_ns / 1e9, host->fd_budget);
}

/* The address as bound: the port may have been chosen by the kernel. */
static void report_web(const struct agent *agent)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof(address);
	char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
	bool v6;

	if (agent->listen_fd < 0) {
		log_info("  web         off (--no-web or web.enabled: false)");
		return;
	}
	if (getsockname(agent->listen_fd, (struct sockaddr *) &address, &length) < 0 ||
	    getnameinfo((struct sockaddr *) &address, length, host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return; /* nothing to show */
	v6 = address.ss_family == AF_INET6;
	log_info("  look at     http://%s%s%s:%s/ (page), /metrics (Prometheus), "
		 "/api/v1/containers (JSON)",
		 v6 ? "[" : "", host, v6 ? "]" : "", port);
}

static void report_socket(const struct agent *agent)
{
	char path[SOCKET_PATH_BYTES];

	if (!agent->api || serve_socket_path(&agent->config, path, sizeof(path)) < 0) {
		log_info("  socket      off (--no-api or api.enabled: false)");
		return;
	}
	log_info("  ask it      plimsoll stats, plimsoll ps, plimsoll doctor (--socket %s)", path);
	log_info("              docker -H unix://%s ps", path);
}

void report_start(const struct agent *agent)
{
	struct text line = { 0 };

	log_info("plimsolld " PLIMSOLL_VERSION " on %s, Linux %s",
		 agent->census.roster.machine.name, agent->census.roster.machine.kernel);
	report_cgroups(agent, &line);
	report_runtimes(agent, &line);
	report_containers(agent, &line);
	report_degraded(agent, &line);
	report_budget(agent);
	report_web(agent);
	report_socket(agent);
	text_fini(&line);
}
