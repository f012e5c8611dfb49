/* SPDX-License-Identifier: Apache-2.0 */

/* Requests to the API, about a container whose files are hostile, too. A line for the method, one
 * for the path, lines KEY=VALUE of the query; behind an empty line, JSON: the dossier by members.
 *
 * The registry is this one container: what of it the API calls is defined here, and the linker
 * needs no other. */

#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "api/dossiers.h"
#include "api/internal.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "base/log.h"
#include "containers/registry.h"
#include "model/event.h"
#include "model/share.h"

#define INPUT_BYTES_MAX 16384

static struct container web = {
	.id = "4f2a01",
	.path = (char *) "/docker/4f2a01",
	.identity = {
		.name = (char *) "web",
		.image = (char *) "nginx:1.27",
		.created_ns = 1700000000000000000,
		.condition = { .state = STATE_RUNNING, .health = HEALTH_HEALTHY },
	},
};
static const struct runtime docker = { .name = "docker" };
static struct event_ring ring;
static struct api api = { .host = { .root_fd = -1, .cgroup_fd = -1, .events = &ring } };
static const json_t *files;

struct container *registry_next(const struct registry *registry, const struct container *after)
{
	(void) registry;
	return after ? NULL : &web;
}

enum container_state container_state(const struct container *container)
{
	return container->identity.condition.state;
}

uint64_t registry_stamp(const struct registry *registry, const struct container *container)
{
	(void) registry, (void) container;
	return 0;
}

int registry_inspect(const struct registry *registry, const struct container *container,
		     struct dossier *ret_dossier)
{
	const char *path = json_string_value(json_object_get(files, "log_path"));

	(void) registry, (void) container;
	ret_dossier->args = json_incref(json_object_get(files, "args"));
	ret_dossier->config = json_incref(json_object_get(files, "config"));
	ret_dossier->host_config = json_incref(json_object_get(files, "host_config"));
	ret_dossier->mounts = json_incref(json_object_get(files, "mounts"));
	ret_dossier->networks = json_incref(json_object_get(files, "networks"));
	ret_dossier->ports = json_incref(json_object_get(files, "ports"));
	ret_dossier->health = json_incref(json_object_get(files, "health"));
	ret_dossier->pid = 4711;
	ret_dossier->log_path = path ? strdup(path) : NULL;
	return 0;
}

bool registry_runtime_found(const struct registry *registry, const struct runtime *runtime)
{
	(void) registry, (void) runtime;
	return true;
}

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	(void) fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void write_nothing(struct json_out *json, void *userdata)
{
	(void) json, (void) userdata;
}

static void setup(void)
{
	struct share *share;

	log_init(LOG_LEVEL_ERROR);
	web.runtime = &docker;
	require(share_new(1 << 20, &share) == 0 && sd_event_new(&api.host.loop) >= 0,
		"shared memory and a loop");
	api.host.share = share;
	api.host.write_doctor = api.host.write_config = write_nothing;
	require(dossiers_new(NULL, &api.dossiers) == 0 && round_feeds_new(&api, &api.rounds) == 0 &&
			event_feeds_new(&api, &api.events) == 0 &&
			stat_feeds_new(&api, &api.stats) == 0,
		"memory");
}

/* The next line as a string of its own, or NULL at the end. */
static char *line_take(char **rest)
{
	return *rest ? strsep(rest, "\n") : NULL;
}

static void check_reply(const struct reply *reply, enum api_role role)
{
	json_error_t error;
	json_t *json;

	require(reply->state != REPLY_WAITING || reply->on_close, "an answer, now or later");
	if (reply->state != REPLY_ANSWERED)
		return;
	require(reply->status >= 200 && reply->status < 600, "status");
	if (strcmp(reply->content_type, "application/json") != 0)
		return;
	json = json_loadb(reply->body.bytes, reply->body.length, 0, &error);
	require(json, "JSON");
	if (reply->status >= 400)
		require(json_is_string(json_object_get(json, "message")), "a message");
	if (role == ROLE_VIEW && json_is_object(json))
		require(!json_is_array(json_object_get(json_object_get(json, "Config"), "Env")),
			"no environment for a VIEW");
	json_decref(json);
}

static void ask(char *rest, enum api_role role)
{
	struct api_request request = { .role = role, .body = "" };
	struct reply reply = { 0 };
	struct problem problem;
	json_t *json;
	char *line, *path;

	request.method = line_take(&rest);
	path = line_take(&rest);
	if (!path)
		return;
	while ((line = line_take(&rest)) && line[0] != '\0') {
		char *value = line;

		line = strsep(&value, "=");
		(void) request_add(&request, line, value); /* too many: the first ones do */
	}
	files = json = rest ? json_loads(rest, 0, NULL) : NULL;
	if (request_set_path(&request, path, &problem) == 0) {
		routes_handle(&api, &request, &reply);
		check_reply(&reply, role);
		reply_close(&reply);
		reply_fini(&reply);
	}
	files = NULL;
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!api.dossiers)
		setup();
	if (size > INPUT_BYTES_MAX)
		return 0;
	for (int role = ROLE_VIEW; role <= ROLE_ADMIN; role++) {
		char *input = malloc(size + 1);

		require(input, "memory");
		memcpy(input, data, size);
		input[size] = '\0';
		ask(input, (enum api_role) role);
		free(input);
	}
	return 0;
}
