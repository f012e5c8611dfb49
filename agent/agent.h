/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* plimsolld as a whole: built by agent_open, run by loop.c, taken down by agent_close. */

#include <stdint.h>

#include "census.h"
#include "config.h"
#include "options.h"
#include "self.h"
#include "webchild.h"

struct api;
struct docker_socket;
struct share;
struct store;
typedef struct sd_event sd_event;
typedef struct sd_event_source sd_event_source;

struct agent {
	const struct options *options;
	struct config config;
	int root_fd;   /* what is sampled: "/" */
	int lock_fd;   /* the run directory is ours as long as it is open */
	int state_fd;  /* the state directory */
	int listen_fd; /* bound for plimsoll-web; -1: no web */
	struct census census;
	struct share *share;
	struct self self;
	sd_event *loop;
	struct webchild web;
	struct store *store; /* NULL: events are kept in memory only */
	sd_event_source *store_source;
	struct api *api;              /* NULL: off */
	struct docker_socket *docker; /* NULL: off */
	uint64_t planned_ns;          /* boottime at which the next round is to begin */
	uint64_t last_rescan_ns;      /* boottime */
	bool budget_said;
};

/* Reads the configuration into the agent. Returns 0 or a negative errno; what is wrong was said. */
int agent_configure(const struct options *options, struct agent *ret_agent);

/* Everything up to the first look at the host. Logs what fails; negative errno then. */
int agent_open(struct agent *agent);
void agent_close(struct agent *agent);

/* setup.c: one step each, errors are logged. They return a descriptor, or a negative errno. */
int setup_run_directory(const char *path); /* the lock */
int setup_state_directory(const char *path);
int setup_listen(const char *address);

/* Drops every capability that plimsolld does not use. Returns 0 or a negative errno. */
int setup_privileges(void);

/* report.c: says what was found, what is degraded and why, and where to look. */
void report_start(const struct agent *agent);

/* That reading costs more from now on, and what to do. */
void report_budget_used(const struct agent *agent);

/* serve.c: the store of events and the UNIX socket, which both hear of each event. Returns 0 or a
 * negative errno, which was logged. Close accepts what was not opened. */
int serve_open(struct agent *agent);
void serve_close(struct agent *agent);

/* Where the socket is, as configured. Returns 0 or -ENAMETOOLONG. Source: unix(7), sun_path. */
#define SOCKET_PATH_BYTES 108
int serve_socket_path(const struct config *config, char *ret_path, size_t size);

/* Whether another sensor reads the same numbers from the other kind of cgroup tree. */
bool report_has_twin(const struct sampler *sampler, const char *name);

/* doctor.c: members of an open JSON object: "version", "uptime_seconds", "checks": [{"source",
 * "state": "live" | "degraded" | "impossible" | "off", "why", "fix"}], and "cost". */
struct json_out;
void doctor_write(const struct agent *agent, struct json_out *json);

/* loop.c: rounds, changes of the tree, signals, until SIGTERM. Returns 0 or a negative errno. */
int loop_run(struct agent *agent);
