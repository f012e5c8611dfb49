/* SPDX-License-Identifier: Apache-2.0 */

/* containers: GET /containers/json. */

#include "api/containers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/choice.h"
#include "api/port.h"
#include "api/shape.h"
#include "api/status.h"
#include "base/cleanup.h"
#include "base/clock.h"

void command_write(const json_t *args, struct text *text)
{
	const json_t *arg;
	size_t i;

	json_array_foreach (args, i, arg) {
		const char *word = json_string_value(arg);
		/* The program itself is never quoted: so Docker shows it. */
		const char *quote = word && i > 0 && strchr(word, ' ') ? "'" : "";

		if (!word)
			continue;
		if (text->length > 0)
			TEXT_ADD(text, " ");
		text_add_string(text, quote);
		text_add_string(text, word);
		text_add_string(text, quote);
	}
}

static void write_command(struct json_out *json, const struct view *view, enum api_role role)
{
	struct text command = { 0 };

	if (role == ROLE_ADMIN)
		command_write(view->dossier->args, &command);
	text_add(&command, "", 1);
	json_text(json, "Command", command.overflowed ? "" : command.bytes);
	text_fini(&command);
}

static void write_name(struct json_out *json, const struct container *container)
{
	char name[IDENTITY_TEXT_BYTES + 2];

	(void) snprintf(name, sizeof(name), "/%s", container->identity.name);
	json_open(json, "Names", '[');
	json_text(json, NULL, name);
	json_close(json, ']');
}

static void write_ports(struct json_out *json, const json_t *ports)
{
	struct port_cursor cursor = port_begin(ports);
	struct port port;

	json_open(json, "Ports", '[');
	while (port_next(&cursor, &port)) {
		json_open(json, NULL, '{');
		if (port.public_port > 0)
			json_text(json, "IP", port.address);
		json_u64(json, "PrivatePort", port.private_port);
		if (port.public_port > 0)
			json_u64(json, "PublicPort", port.public_port);
		json_text(json, "Type", port.protocol);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void write_condition(struct json_out *json, const struct view *view, uint64_t now_ns)
{
	const struct condition *condition = &view->container->identity.condition;
	char status[STATUS_BYTES];

	status_text(view->state, condition, view_started_ns(view->container), now_ns, status);
	json_text(json, "State", container_state_name(view->state));
	json_text(json, "Status", status);
	if (condition->health <= HEALTH_NONE)
		return;
	json_open(json, "Health", '{');
	view_write_health(json, condition);
	json_close(json, '}');
}

static void write_networks(struct json_out *json, const struct view *view, enum api_role role)
{
	json_open(json, "HostConfig", '{');
	json_text(json, "NetworkMode", view_network_mode(view));
	json_close(json, '}');
	json_open(json, "NetworkSettings", '{');
	shape_write_value(json, "Networks", &shape_networks, view->dossier->networks, role);
	json_close(json, '}');
}

void container_item_write(struct json_out *json, const struct view *view, enum api_role role,
			  uint64_t now_ns)
{
	const struct container *container = view->container;
	char image_id[IMAGE_ID_BYTES];

	json_open(json, NULL, '{');
	json_text(json, "Id", view->id);
	write_name(json, container);
	json_text(json, "Image", view_image(container));
	json_text(json, "ImageID", view_image_id(container, image_id));
	write_command(json, view, role);
	json_u64(json, "Created", view_created_ns(container) / NSEC_PER_SEC);
	write_ports(json, view->dossier->ports);
	view_write_labels(json, "Labels", view);
	write_condition(json, view, now_ns);
	write_networks(json, view, role);
	shape_write_value(json, "Mounts", &shape_mounts, view->dossier->mounts, role);
	json_close(json, '}');
}

struct item {
	const struct container *container;
	uint64_t created_ns;
};

struct chosen {
	struct item *items;
	size_t count, capacity;
};

static int chosen_add(struct chosen *chosen, const struct container *container)
{
	if (chosen->count == chosen->capacity) {
		size_t capacity = chosen->capacity > 0 ? 2 * chosen->capacity : 64;
		struct item *grown = realloc(chosen->items, capacity * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		chosen->items = grown;
		chosen->capacity = capacity;
	}
	chosen->items[chosen->count++] = (struct item){ container, view_created_ns(container) };
	return 0;
}

/* Newest first; of the same moment, by slot, so that the order stays. */
static int newer(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->created_ns != y->created_ns)
		return x->created_ns < y->created_ns ? 1 : -1;
	return x->container->slot < y->container->slot ? 1 : -1;
}

static int choose(struct api *api, const struct choice *choice, struct chosen *chosen)
{
	const struct container *container = NULL;
	int r;

	while ((container = view_next(api, container))) {
		r = choice_allows(choice, container);
		if (r > 0)
			r = chosen_add(chosen, container);
		if (r < 0)
			return r;
	}
	if (chosen->count > 0)
		qsort(chosen->items, chosen->count, sizeof(*chosen->items), newer);
	return 0;
}

/* 0: no limit. */
static uint64_t limit_of(const struct api_request *request)
{
	const char *text = request_value(request, "limit");
	long limit = text ? strtol(text, NULL, 10) : 0;

	return limit > 0 ? (uint64_t) limit : 0;
}

static void write_list(struct api *api, const struct api_request *request,
		       const struct choice *choice, const struct chosen *chosen, struct text *text)
{
	struct json_out json = { .text = text };
	uint64_t now_ns = clock_realtime_ns(), limit = limit_of(request), count = 0;

	json_open(&json, NULL, '[');
	for (size_t i = 0; i < chosen->count && (limit == 0 || count < limit); i++) {
		struct view view = view_of(api, chosen->items[i].container);

		if (!choice_allows_view(choice, &view))
			continue;
		container_item_write(&json, &view, request->role, now_ns);
		count++;
	}
	json_close(&json, ']');
}

void handle_containers(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct chosen chosen = { 0 };
	struct text text = { 0 };
	struct choice choice;
	int r;

	if (!choice_make(api, request, &choice, reply))
		return;
	r = choose(api, &choice, &chosen);
	if (r == 0) {
		write_list(api, request, &choice, &chosen, &text);
		reply_json(reply, 200, &text);
	} else {
		reply_error(reply, r == -E2BIG ? 400 : 500, "%s",
			    r == -E2BIG ? "a pattern of the filters takes too long to match"
					: "not enough memory");
	}
	free(chosen.items);
	choice_fini(&choice);
}
