/* SPDX-License-Identifier: Apache-2.0 */

/* volumes: those that containers have mounted. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/derived.h"
#include "api/filters.h"
#include "api/view.h"

#define KEY_BYTES 8192 /* a path and a name */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *volume_new(const json_t *mount, const char *runtime)
{
	return json_pack("{s:s, s:s, s:s, s:n, s:s, s:{s:s}, s:{s:i, s:i}}", "Name",
			 text_of(mount, "Name"), "Driver", text_of(mount, "Driver"), "Mountpoint",
			 text_of(mount, "Source"), "Options", "Scope", "local", "Labels",
			 LABEL_ENGINE, runtime, "UsageData", "Size", -1, "RefCount", 0);
}

static int count_mount(json_t *volumes, const struct view *view, const json_t *mount)
{
	const char *runtime = view->container->runtime->name;
	json_t *volume, *count;
	char key[KEY_BYTES];

	if (strcmp(text_of(mount, "Type"), "volume") != 0 || text_of(mount, "Name")[0] == '\0')
		return 0;
	(void) snprintf(key, sizeof(key), "%s:%s:%s", runtime, text_of(mount, "Name"),
			text_of(mount, "Source"));
	volume = json_object_get(volumes, key);
	if (!volume) {
		volume = volume_new(mount, runtime);
		if (json_object_set_new(volumes, key, volume) < 0)
			return -ENOMEM;
	}
	count = json_object_get(json_object_get(volume, "UsageData"), "RefCount");
	return json_integer_set(count, json_integer_value(count) + 1);
}

json_t *derive_volumes(struct api *api)
{
	const struct container *container = NULL;
	json_t *volumes = json_object(), *mount;
	size_t i;

	while (volumes && (container = view_next(api, container))) {
		struct view view = view_of(api, container);

		json_array_foreach (view.dossier->mounts, i, mount)
			if (count_mount(volumes, &view, mount) < 0) {
				json_decref(volumes);
				return NULL;
			}
	}

	return volumes;
}

static const char *find_label(const void *volume, const char *key)
{
	return json_string_value(json_object_get(json_object_get(volume, "Labels"), key));
}

static bool name_allowed(const struct filters *filters, const char *name)
{
	size_t cursor = 0;
	const char *part;

	if (!api_filters_has(filters, "name"))
		return true;
	while ((part = api_filters_next(filters, "name", &cursor)))
		if (strstr(name, part))
			return true;

	return false;
}

static bool volume_allowed(const json_t *volume, const void *filters)
{
	size_t cursor = 0;
	const char *dangling = api_filters_next(filters, "dangling", &cursor);

	return (!dangling || dangling[0] == 'f' || dangling[0] == '0') &&
	       api_filters_allow(filters, "driver", text_of(volume, "Driver")) &&
	       name_allowed(filters, text_of(volume, "Name")) &&
	       api_filters_allow_labels(filters, "label", find_label, volume);
}

void handle_volumes(struct api *api, const struct api_request *request, struct reply *reply)
{
	static const char *const known[] = { "dangling", "driver", "label", "name", NULL };
	struct filters filters;
	struct problem problem;
	json_t *volumes, *list;
	int r;

	r = api_filters_parse(request_value(request, "filters"), known, &filters, &problem);
	if (r < 0) {
		reply_error(reply, r == -EINVAL ? 400 : 500, "%s",
			    r == -EINVAL ? problem.text : "not enough memory");
		return;
	}
	volumes = derive_volumes(api);
	list = volumes ? derived_list(volumes, volume_allowed, &filters) : NULL;
	reply_derived(reply, list ? json_pack("{s:o, s:n}", "Volumes", list, "Warnings") : NULL);
	json_decref(volumes);
	api_filters_fini(&filters);
}

void handle_volume(struct api *api, const struct api_request *request, struct reply *reply)
{
	const char *word = request->segments[1];
	json_t *volumes = derive_volumes(api);
	const json_t *volume;
	size_t count = 0;

	volume = derived_find(volumes, "Name", word, &count);
	if (!volumes)
		reply_error(reply, 500, "not enough memory");
	else if (volume)
		reply_derived(reply, json_incref((json_t *) volume));
	else if (count > 1)
		reply_error(reply, 400, "several volumes are called %s", word);
	else
		reply_error(reply, 404, "get %s: no such volume", word);
	json_decref(volumes);
}
