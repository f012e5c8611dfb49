/* SPDX-License-Identifier: Apache-2.0 */

/* serve: the history of events and the UNIX socket, joined with the rest of the agent.
 *
 * An event goes three ways: into the ring (census.c), into the store, and to those who listen on
 * the socket. The store answers through a descriptor on our loop. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>

#include "agent.h"
#include "api/api.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "store/store.h"

static int on_store(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct agent *agent = userdata;

	(void) source, (void) fd, (void) events;
	store_dispatch(agent->store);
	return 0;
}

/* Without history the agent is still worth running. */
static int open_store(struct agent *agent)
{
	const struct store_options options = {
		.retention_ns = agent->config.events.retention_ns,
		.max_events = agent->config.events.max,
	};
	int r = store_open(agent->state_fd, &options, &agent->store);

	if (r < 0) {
		log_warning(r, "events are kept in memory only");
		return 0;
	}
	r = sd_event_add_io(agent->loop, &agent->store_source, store_fd(agent->store), EPOLLIN,
			    on_store, agent);
	return r < 0 ? log_error(r, "cannot listen to the history of events") : 0;
}

static void write_doctor(struct json_out *json, void *userdata)
{
	doctor_write(userdata, json);
}

static void write_config(struct json_out *json, void *userdata)
{
	const struct agent *agent = userdata;

	config_write_json(&agent->config, json);
}

int serve_socket_path(const struct config *config, char *ret_path, size_t size)
{
	const char *name = config->api.socket;
	int length = name[0] == '/' ? snprintf(ret_path, size, "%s", name)
				    : snprintf(ret_path, size, "%s/%s", config->run_dir, name);

	return length < (int) size ? 0 : -ENAMETOOLONG;
}

static int open_api(struct agent *agent)
{
	char path[SOCKET_PATH_BYTES];
	const struct api_host host = {
		.loop = agent->loop,
		.registry = agent->census.registry,
		.share = agent->share,
		.events = agent->census.events,
		.store = agent->store,
		.root_fd = agent->root_fd,
		.cgroup_fd = agent->census.host.trees[HIERARCHY_UNIFIED],
		.write_doctor = write_doctor,
		.write_config = write_config,
		.userdata = agent,
	};
	const struct api_options options = {
		.socket_path = path,
		.group = agent->config.api.group,
		.connections = (unsigned) agent->config.api.connections,
	};
	int r;

	if (!agent->config.api.enabled)
		return 0;
	r = serve_socket_path(&agent->config, path, sizeof(path));
	if (r < 0)
		return log_error(r,
				 "the path of the socket '%s' is too long (%zu bytes at most); "
				 "choose a shorter --run-dir or api.socket",
				 agent->config.api.socket, sizeof(path) - 1);
	return api_open(&host, &options, &agent->api);
}

static void on_event(const struct event *event, const char *labels, size_t labels_length,
		     void *userdata)
{
	struct agent *agent = userdata;

	if (agent->store)
		store_add_event(agent->store, event, labels, labels_length);
	if (agent->api)
		api_on_event(agent->api, event, labels);
}

int serve_open(struct agent *agent)
{
	int r;

	if ((r = open_store(agent)) < 0 || (r = open_api(agent)) < 0)
		return r;
	agent->census.on_event = on_event;
	agent->census.on_event_userdata = agent;
	return 0;
}

void serve_close(struct agent *agent)
{
	agent->census.on_event = NULL;
	api_close(agent->api); /* first: it may wait for the store */
	agent->api = NULL;
	agent->store_source = sd_event_source_unref(agent->store_source);
	store_close(agent->store);
	agent->store = NULL;
}
