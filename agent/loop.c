/* SPDX-License-Identifier: Apache-2.0 */

/* loop: what makes plimsolld do something: time, the cgroup tree, signals.
 *
 * Priorities: signals before changes of the tree before rounds, so that a container that ends is
 * looked at once more before the round that would find it gone. */

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "agent.h"
#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/share.h"

#define ACCURACY_USEC   1000 /* lets wake-ups merge; jitter of rounds stays far below 20 ms */
#define BLIND_RESCAN_NS (10 * NSEC_PER_SEC) /* without inotify */

static uint64_t rescan_ns(const struct agent *agent)
{
	bool blind = registry_fd(agent->census.registry) < 0;

	return blind && agent->config.rescan_ns > BLIND_RESCAN_NS ? BLIND_RESCAN_NS
								  : agent->config.rescan_ns;
}

/* Plans the next round; those that would already have begun are left out and counted. */
static void plan_next(struct agent *agent, uint64_t now_ns)
{
	uint64_t interval_ns = agent->census.sampler.interval_ns;

	agent->planned_ns += interval_ns;
	if (agent->planned_ns > now_ns)
		return;
	agent->census.sampler.skipped += (now_ns - agent->planned_ns) / interval_ns + 1;
	agent->planned_ns += ((now_ns - agent->planned_ns) / interval_ns + 1) * interval_ns;
}

static void run_round(struct agent *agent, uint64_t now_ns)
{
	struct census *census = &agent->census;
	struct row *row = draft_single(census->draft, ENTITY_AGENT);
	uint64_t realtime_ns = clock_realtime_ns();

	if (now_ns - agent->last_rescan_ns >= rescan_ns(agent)) {
		census_rescan(census);
		agent->last_rescan_ns = now_ns;
	}

	/* The last round's own figures, then this round's numbers. */
	row_set(row, METRIC_ROUND_NS, census->sampler.round_ns);
	row_set(row, METRIC_ROUND_LATE_NS, now_ns - agent->planned_ns);
	row_set(row, METRIC_LAST_ROUND_TIME, realtime_ns);
	self_sample(&agent->self, row);
	census_round(census, now_ns, realtime_ns);
	share_publish(agent->share, census->draft);
	if (agent->api)
		api_on_round(agent->api);

	if (census->host.fd_wanted > 0 && !agent->budget_said) {
		report_budget_used(agent);
		agent->budget_said = true;
	}
}

static int on_round(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct agent *agent = userdata;
	int r;

	(void) usec;
	run_round(agent, clock_boottime_ns());
	plan_next(agent, clock_boottime_ns());
	r = sd_event_source_set_time(source, agent->planned_ns / NSEC_PER_USEC);
	return r < 0 ? log_error(r, "cannot plan the next round") : 0;
}

static int on_tree(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct agent *agent = userdata;
	int r;

	(void) source;
	(void) fd;
	(void) events;
	r = registry_dispatch(agent->census.registry);
	if (r < 0)
		log_warning(r, "cannot read changes of the cgroup tree, rescans go on");
	return 0;
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	(void) userdata;
	log_info("stopping (signal %u)", info->ssi_signo);
	(void) sd_notify(0, "STOPPING=1"); /* no manager: nothing to tell */
	return sd_event_exit(sd_event_source_get_event(source), 0);
}

static void reload(struct agent *agent)
{
	struct config next;
	struct problem problem;
	char keys[256];
	int r;

	r = options_config(agent->options, &next, &problem);
	if (r < 0) {
		log_error(0, "%s; the configuration stays as it was", problem.text);
		return;
	}
	if (config_reload_differences(&agent->config, &next, keys, sizeof(keys)) > 0)
		log_warning(0, "these settings need a restart: %s", keys);
	config_reload(&agent->config, &next);
	config_fini(&next);

	log_init(agent->config.log_level);
	agent->census.sampler.interval_ns = agent->config.interval_ns;
	log_info("configuration read again");
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	uint64_t now_usec = 0;

	(void) info;
	(void) sd_event_now(sd_event_source_get_event(source), CLOCK_MONOTONIC, &now_usec);
	(void) sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu", (unsigned long long) now_usec);
	reload(userdata);
	(void) sd_notify(0, "READY=1");
	return 0;
}

static int add_signals(struct agent *agent)
{
	static const struct {
		int number;
		sd_event_signal_handler_t handler;
	} signals[] = {
		{ SIGTERM, on_stop },
		{ SIGINT, on_stop },
		{ SIGHUP, on_reload },
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sd_event_source *source = NULL;
		int r = sd_event_add_signal(agent->loop, &source, signals[i].number,
					    signals[i].handler, agent);

		if (r < 0)
			return log_error(r, "cannot wait for signal %d", signals[i].number);
		(void) sd_event_source_set_priority(source, SD_EVENT_PRIORITY_IMPORTANT);
		(void) sd_event_source_set_floating(source, true); /* the loop owns it */
		sd_event_source_unref(source);
	}

	return 0;
}

static int add_tree(struct agent *agent)
{
	int fd = registry_fd(agent->census.registry);
	sd_event_source *source = NULL;
	int r;

	if (fd < 0)
		return 0; /* rescans only; the start-up report says so */
	r = sd_event_add_io(agent->loop, &source, fd, EPOLLIN, on_tree, agent);
	if (r < 0)
		return log_error(r, "cannot wait for changes of the cgroup tree");
	(void) sd_event_source_set_priority(source, SD_EVENT_PRIORITY_IMPORTANT + 1);
	(void) sd_event_source_set_floating(source, true);
	sd_event_source_unref(source);
	return 0;
}

static int add_rounds(struct agent *agent)
{
	sd_event_source *source = NULL;
	int r;

	r = sd_event_add_time(agent->loop, &source, CLOCK_BOOTTIME,
			      agent->planned_ns / NSEC_PER_USEC, ACCURACY_USEC, on_round, agent);
	if (r < 0)
		return log_error(r, "cannot plan rounds");
	(void) sd_event_source_set_enabled(source, SD_EVENT_ON);
	(void) sd_event_source_set_floating(source, true);
	sd_event_source_unref(source);
	return 0;
}

int loop_run(struct agent *agent)
{
	int r;

	if ((r = add_signals(agent)) < 0 || (r = add_tree(agent)) < 0)
		return r;

	/* The first round before anybody is told that we are ready: a scrape then has numbers. */
	agent->planned_ns = agent->last_rescan_ns = clock_boottime_ns();
	run_round(agent, agent->planned_ns);
	plan_next(agent, clock_boottime_ns());
	if ((r = add_rounds(agent)) < 0)
		return r;

	r = sd_event_set_watchdog(agent->loop, true);
	if (r < 0)
		return log_error(r, "cannot serve the watchdog");
	(void) sd_notify(0, "READY=1"); /* no manager: nothing to tell */

	r = sd_event_loop(agent->loop);
	return r < 0 ? log_error(r, "the event loop failed") : 0;
}
