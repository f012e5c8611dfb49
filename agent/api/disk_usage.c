/* SPDX-License-Identifier: Apache-2.0 */

/* disk_usage: GET /system/df. What is there, not how large it is: that would mean to walk through
 * every engine's storage. Sizes are -1, Docker's word for unknown. */

#include <string.h>

#include "api/containers.h"
#include "api/derived.h"
#include "base/cleanup.h"
#include "base/clock.h"

static int add_to_text(const char *bytes, size_t length, void *text)
{
	text_add(text, bytes, length);
	return 0;
}

/* An array under `key`, out of what was derived; freed. */
static void write_derived(struct json_out *json, const char *key, json_t *items)
{
	json_t *item;
	const char *name;

	json_open(json, key, '[');
	json_object_foreach (items, name, item) {
		if (json->has_member[json->depth - 1])
			TEXT_ADD(json->text, ",");
		json->has_member[json->depth - 1] = true;
		(void) json_dump_callback(item, add_to_text, json->text, JSON_COMPACT);
	}
	json_close(json, ']');
	json_decref(items);
}

static void write_containers(struct json_out *json, struct api *api, enum api_role role)
{
	const struct container *container = NULL;
	uint64_t now_ns = clock_realtime_ns();

	json_open(json, "Containers", '[');
	while ((container = view_next(api, container))) {
		struct view view = view_of(api, container);

		container_item_write(json, &view, role, now_ns);
	}
	json_close(json, ']');
}

/* Without `type`, everything. */
static bool is_wanted(const struct api_request *request, const char *type)
{
	bool any = false;

	for (size_t i = 0; i < request->pair_count; i++) {
		if (strcmp(request->pairs[i].key, "type") != 0)
			continue;
		if (strcmp(request->pairs[i].value, type) == 0)
			return true;
		any = true;
	}

	return !any;
}

void handle_disk_usage(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	json_open(&json, NULL, '{');
	json_i64(&json, "LayersSize", -1);
	if (is_wanted(request, "image"))
		write_derived(&json, "Images", derive_images(api));
	if (is_wanted(request, "container"))
		write_containers(&json, api, request->role);
	if (is_wanted(request, "volume"))
		write_derived(&json, "Volumes", derive_volumes(api));
	if (is_wanted(request, "build-cache"))
		write_derived(&json, "BuildCache", NULL);
	json_close(&json, '}');
	reply_json(reply, 200, &text);
}
