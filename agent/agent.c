/* SPDX-License-Identifier: Apache-2.0 */

/* agent: building plimsolld and taking it down. */

#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "docker_socket.h"
#include "model/share.h"
#include "sensors/sensor.h"

#define NAMES_MAX 64 /* sensors, runtimes */

static int check_runtimes(const struct strings *names, const char *key, bool optional,
			  struct problem *ret_problem)
{
	const char *known[NAMES_MAX + 1] = { 0 };
	size_t count = 0;

	for (size_t i = 0; runtimes[i] && count < NAMES_MAX; i++)
		if (runtimes[i]->optional || !optional)
			known[count++] = runtimes[i]->name;

	return config_check_names(names, key, known, ret_problem);
}

/* sensors.disable, runtimes.disable and runtimes.enable name rows of lists that config.c does not
 * know. */
static int check_names(const struct config *config, struct problem *ret_problem)
{
	const char *known[NAMES_MAX + 1] = { 0 };
	int r;

	for (size_t i = 0; sensors[i] && i < NAMES_MAX; i++)
		known[i] = sensors[i]->name;
	r = config_check_names(&config->sensors.disable, "sensors.disable", known, ret_problem);
	if (r >= 0)
		r = check_runtimes(&config->runtimes.disable, "runtimes.disable", false,
				   ret_problem);
	if (r >= 0)
		r = check_runtimes(&config->runtimes.enable, "runtimes.enable", true, ret_problem);
	return r;
}

int agent_configure(const struct options *options, struct agent *ret_agent)
{
	struct problem problem;
	struct config config;
	int r;

	*ret_agent = (struct agent){
		.options = options,
		.root_fd = -1,
		.lock_fd = -1,
		.state_fd = -1,
		.listen_fd = -1,
		.self.statm_fd = -1,
	};
	r = options_config(options, &config, &problem);
	if (r < 0) {
		log_error(0, "%s", problem.text);
		return r;
	}
	r = check_names(&config, &problem);
	if (r < 0) {
		config_fini(&config);
		log_error(0, "%s", problem.text);
		return r;
	}

	ret_agent->config = config;
	log_init(config.log_level);
	return 0;
}

/* sd-event takes them from signalfds; children's exits as well. */
static int block_signals(void)
{
	sigset_t signals;

	(void) sigemptyset(&signals); /* these four cannot fail with valid numbers */
	(void) sigaddset(&signals, SIGTERM);
	(void) sigaddset(&signals, SIGINT);
	(void) sigaddset(&signals, SIGHUP);
	(void) sigaddset(&signals, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0)
		return log_error(-errno, "cannot block signals");
	return 0;
}

static int open_census(struct agent *agent)
{
	int r;

	agent->root_fd = open(agent->options->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (agent->root_fd < 0)
		return log_error(-errno, "cannot open '%s'", agent->options->root);

	r = census_open(agent->root_fd, &agent->config, &agent->census);
	if (r == -ENOENT)
		return log_error(-ENOENT,
				 "no cgroup v2 tree is mounted (no cgroup2 line in "
				 "/proc/self/mountinfo); mount one, for example with `mount -t "
				 "cgroup2 none /sys/fs/cgroup`, or boot with "
				 "systemd.unified_cgroup_hierarchy=1");
	if (r < 0)
		return log_error(r, "cannot prepare sampling of '%s'", agent->options->root);
	return 0;
}

static int open_share(struct agent *agent)
{
	int r = share_new(draft_bytes_max(agent->census.draft), &agent->share);

	if (r < 0)
		return log_error(r, "cannot reserve shared memory for snapshots");
	census_share_events(&agent->census, share_event_ring(agent->share));
	return 0;
}

static int open_loop(struct agent *agent)
{
	int r = sd_event_new(&agent->loop);

	return r < 0 ? log_error(r, "cannot make the event loop") : 0;
}

static int open_web(struct agent *agent)
{
	if (!agent->config.web.enabled)
		return 0;
	agent->listen_fd = setup_listen(agent->config.web.listen);
	return agent->listen_fd < 0 ? agent->listen_fd : 0;
}

/* Below the root that is sampled: a recorded host has no daemon. */
static int open_docker(struct agent *agent)
{
	const struct config *config = &agent->config;
	const char *root = agent->options->root, *socket = config->runtimes.docker.socket;
	char path[PATH_MAX];
	int r;

	if (strcmp(socket, "none") == 0 || strings_contain(&config->runtimes.disable, "docker"))
		return 0;
	(void) snprintf(path, sizeof(path), "%s%s", strcmp(root, "/") == 0 ? "" : root,
			socket); /* what is cut is not there */
	r = docker_socket_open(agent->loop, path, agent->census.registry, &agent->docker);
	return r < 0 ? log_error(r, "cannot prepare asking Docker for health") : 0;
}

int agent_open(struct agent *agent)
{
	int r;

	agent->lock_fd = setup_run_directory(agent->config.run_dir);
	if (agent->lock_fd < 0)
		return agent->lock_fd;
	agent->state_fd = setup_state_directory(agent->config.state_dir);
	if (agent->state_fd < 0)
		return agent->state_fd;
	if ((r = block_signals()) < 0 || (r = open_web(agent)) < 0 ||
	    (r = open_census(agent)) < 0 || (r = open_share(agent)) < 0 ||
	    (r = open_loop(agent)) < 0 || (r = serve_open(agent)) < 0 ||
	    (r = open_docker(agent)) < 0)
		return r;
	self_open(&agent->self);

	if (agent->config.web.enabled) {
		r = webchild_start(&agent->web, agent->loop, &agent->config, agent->listen_fd,
				   share_fd(agent->share));
		if (r < 0)
			return r;
	}

	r = setup_privileges();
	if (r < 0)
		return log_error(r, "cannot give up the rights that are not needed");
	census_rescan(&agent->census);
	return 0;
}

void agent_close(struct agent *agent)
{
	webchild_stop(&agent->web);
	docker_socket_close(agent->docker);
	agent->docker = NULL;
	serve_close(agent);
	agent->loop = sd_event_unref(agent->loop);
	self_close(&agent->self);
	share_free(agent->share);
	agent->share = NULL;
	if (agent->census.draft)
		census_close(&agent->census);
	close_p(&agent->root_fd);
	close_p(&agent->listen_fd);
	close_p(&agent->state_fd);
	close_p(&agent->lock_fd);
	config_fini(&agent->config);
}
