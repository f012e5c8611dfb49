/* SPDX-License-Identifier: Apache-2.0 */

/* inspect: GET /containers/{c}/json. What is unknown has Docker's zero value where clients read it
 * unasked; ExitCode of a container whose exit code nobody knows is left out, since 0 is success. */

#include <stdio.h>

#include "api/internal.h"
#include "api/process.h"
#include "api/shape.h"
#include "api/view.h"
#include "base/json_out.h"

static void write_time(struct json_out *json, const char *key, uint64_t ns)
{
	char text[VIEW_TIME_BYTES];

	json_text(json, key, view_time(ns, text));
}

static void write_string(struct json_out *json, const char *key, const char *value)
{
	json_text(json, key, value ? value : "");
}

static bool runs(enum container_state state)
{
	return state == STATE_RUNNING || state == STATE_PAUSED || state == STATE_RESTARTING;
}

static void write_health(struct json_out *json, const struct view *view, enum api_role role)
{
	const struct condition *condition = &view->container->identity.condition;

	if (condition->health <= HEALTH_NONE)
		return;
	json_open(json, "Health", '{');
	view_write_health(json, condition);
	shape_write(json, shape_health, view->dossier->health, role);
	json_close(json, '}');
}

static void write_state(struct json_out *json, struct api *api, const struct view *view,
			enum api_role role)
{
	const struct condition *condition = &view->container->identity.condition;
	bool running = runs(view->state);

	json_open(json, "State", '{');
	json_text(json, "Status", container_state_name(view->state));
	json_bool(json, "Running", running);
	json_bool(json, "Paused", view->state == STATE_PAUSED);
	json_bool(json, "Restarting", view->state == STATE_RESTARTING);
	json_bool(json, "OOMKilled", condition->oom_killed);
	json_bool(json, "Dead", view->state == STATE_DEAD);
	json_i64(json, "Pid", running ? process_of(api, view) : 0);
	if (running || view->state == STATE_CREATED)
		json_i64(json, "ExitCode", 0);
	else if (condition->has_exit_code)
		json_i64(json, "ExitCode", condition->exit_code);
	/* It often repeats the command that failed. */
	write_string(json, "Error", role == ROLE_ADMIN ? view->dossier->error : NULL);
	write_time(json, "StartedAt", view_started_ns(view->container));
	write_time(json, "FinishedAt", condition->finished_ns);
	write_health(json, view, role);
	json_close(json, '}');
}

/* The program apart from its arguments. */
static void write_command(struct json_out *json, const struct view *view, enum api_role role)
{
	const json_t *args = role == ROLE_ADMIN ? view->dossier->args : NULL, *arg;
	size_t i;

	write_string(json, "Path", json_string_value(json_array_get(args, 0)));
	json_open(json, "Args", '[');
	json_array_foreach (args, i, arg)
		if (i > 0 && json_is_string(arg))
			json_text(json, NULL, json_string_value(arg));
	json_close(json, ']');
}

static void write_config(struct json_out *json, const struct view *view, enum api_role role)
{
	json_open(json, "Config", '{');
	shape_write(json, shape_config, view->dossier->config, role);
	json_text(json, "Image", view_image(view->container));
	view_write_labels(json, "Labels", view);
	json_close(json, '}');
}

static void write_host_config(struct json_out *json, const struct view *view, enum api_role role)
{
	json_open(json, "HostConfig", '{');
	json_text(json, "NetworkMode", view_network_mode(view));
	shape_write(json, shape_host_config, view->dossier->host_config, role);
	json_close(json, '}');
}

/* Members that clients of old read beside Networks: those of the default bridge. */
static const struct shape bridge_members[] = {
	{ "EndpointID", SHAPE_TEXT, SHAPE_ALWAYS },
	{ "Gateway", SHAPE_TEXT, SHAPE_ALWAYS },
	{ "GlobalIPv6Address", SHAPE_TEXT, SHAPE_ALWAYS },
	{ "GlobalIPv6PrefixLen", SHAPE_NUMBER, SHAPE_ALWAYS },
	{ "IPAddress", SHAPE_TEXT, SHAPE_ALWAYS },
	{ "IPPrefixLen", SHAPE_NUMBER, SHAPE_ALWAYS },
	{ "IPv6Gateway", SHAPE_TEXT, SHAPE_ALWAYS },
	{ "MacAddress", SHAPE_TEXT, SHAPE_ALWAYS },
	{ NULL },
};

static void write_network_settings(struct json_out *json, const struct view *view,
				   enum api_role role)
{
	json_open(json, "NetworkSettings", '{');
	json_text(json, "SandboxID", "");
	json_text(json, "SandboxKey", "");
	shape_write_value(json, "Ports", &shape_ports, view->dossier->ports, role);
	shape_write(json, bridge_members, json_object_get(view->dossier->networks, "bridge"), role);
	shape_write_value(json, "Networks", &shape_networks, view->dossier->networks, role);
	json_close(json, '}');
}

static void write_files(struct json_out *json, const struct dossier *dossier)
{
	write_string(json, "ResolvConfPath", dossier->resolv_path);
	write_string(json, "HostnamePath", dossier->hostname_path);
	write_string(json, "HostsPath", dossier->hosts_path);
	write_string(json, "LogPath", dossier->log_path);
}

static void write_storage(struct json_out *json, const struct dossier *dossier)
{
	write_string(json, "Driver", dossier->driver);
	json_text(json, "Platform", "linux");
	json_text(json, "MountLabel", "");
	json_text(json, "ProcessLabel", "");
	json_text(json, "AppArmorProfile", "");
	json_nothing(json, "ExecIDs");
	json_open(json, "GraphDriver", '{');
	write_string(json, "Name", dossier->driver);
	json_nothing(json, "Data");
	json_close(json, '}');
}

static void write_container(struct json_out *json, struct api *api, const struct view *view,
			    enum api_role role)
{
	const struct container *container = view->container;
	char name[IDENTITY_TEXT_BYTES + 2], image_id[IMAGE_ID_BYTES];

	(void) snprintf(name, sizeof(name), "/%s", container->identity.name);
	json_open(json, NULL, '{');
	json_text(json, "Id", view->id);
	write_time(json, "Created", view_created_ns(container));
	write_command(json, view, role);
	write_state(json, api, view, role);
	json_text(json, "Image", view_image_id(container, image_id));
	write_files(json, view->dossier);
	json_text(json, "Name", name);
	json_u64(json, "RestartCount", container->identity.condition.restarts);
	write_storage(json, view->dossier);
	write_host_config(json, view, role);
	shape_write_value(json, "Mounts", &shape_mounts, view->dossier->mounts, role);
	write_config(json, view, role);
	write_network_settings(json, view, role);
	json_close(json, '}');
}

void handle_container(struct api *api, const struct api_request *request, struct reply *reply)
{
	const struct container *container = api_find(api, request->segments[1], reply);
	struct text text = { 0 };
	struct json_out json = { .text = &text };
	struct view view;

	if (!container)
		return;
	view = view_of(api, container);
	write_container(&json, api, &view, request->role);
	reply_json(reply, 200, &text);
}
