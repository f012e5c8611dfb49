/* SPDX-License-Identifier: Apache-2.0 */

/* images: those that containers were made of: their ids and the references that the containers were
 * given. Sizes and dates are unknown: -1 and 0. */

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "api/derived.h"
#include "api/filters.h"
#include "api/image_name.h"
#include "api/view.h"
#include "base/text.h"

#define ID_UNKNOWN "<missing>" /* Docker's word */

static json_t *image_new(const char *id)
{
	return json_pack("{s:s, s:s, s:[], s:[], s:i, s:i, s:i, s:i, s:n}", "Id", id, "ParentId",
			 "", "RepoTags", "RepoDigests", "Created", 0, "Size", -1, "SharedSize", -1,
			 "Containers", 0, "Labels");
}

static bool array_has(const json_t *array, const char *text)
{
	const json_t *item;
	size_t i;

	json_array_foreach (array, i, item)
		if (strcmp(json_string_value(item), text) == 0)
			return true;

	return false;
}

/* "nginx" is shown as "nginx:latest", a reference by digest among the digests. */
static void add_reference(json_t *image, const char *reference)
{
	const char *member = strchr(reference, '@') ? "RepoDigests" : "RepoTags";
	json_t *array = json_object_get(image, member);
	struct text name = { 0 };

	text_add_string(&name, image_name_familiar(reference));
	if (!image_name_has_tag(reference))
		TEXT_ADD(&name, ":latest");
	text_add(&name, "", 1);
	if (!name.overflowed && !array_has(array, name.bytes))
		(void) json_array_append_new(array, json_string(name.bytes)); /* one is missing */
	text_fini(&name);
}

static int count_in(json_t *images, const struct container *container)
{
	char id[IMAGE_ID_BYTES];
	const char *key = view_image_id(container, id)[0] ? id : view_image(container);
	json_t *image, *count;

	if (key[0] == '\0')
		return 0; /* made of no image, or of one that nobody names */
	image = json_object_get(images, key);
	if (!image) {
		image = image_new(id[0] ? id : ID_UNKNOWN);
		if (json_object_set_new(images, key, image) < 0)
			return -1;
	}
	count = json_object_get(image, "Containers");
	(void) json_integer_set(count, json_integer_value(count) + 1);
	/* An id in place of a name is none. */
	if (container->identity.image && !image_name_fits(container->identity.image, NULL, id))
		add_reference(image, container->identity.image);
	return 0;
}

json_t *derive_images(struct api *api)
{
	const struct container *container = NULL;
	json_t *images = json_object();

	while (images && (container = view_next(api, container)))
		if (count_in(images, container) < 0) {
			json_decref(images);
			return NULL;
		}

	return images;
}

size_t images_count(struct api *api)
{
	json_t *images = derive_images(api);
	size_t count = json_object_size(images);

	json_decref(images);
	return count;
}

/* "nginx", "nginx:1*" */
static bool reference_fits(const char *pattern, const char *tag)
{
	return fnmatch(pattern, tag, 0) == 0 || image_name_fits(pattern, tag, NULL) ||
	       (!image_name_has_tag(pattern) && strncmp(tag, pattern, strlen(pattern)) == 0 &&
		tag[strlen(pattern)] == ':');
}

static bool references_allow(const struct filters *filters, const json_t *image)
{
	const json_t *tag;
	const char *pattern;
	size_t cursor = 0, i;

	if (!api_filters_has(filters, "reference"))
		return true;
	while ((pattern = api_filters_next(filters, "reference", &cursor)))
		json_array_foreach (json_object_get(image, "RepoTags"), i, tag)
			if (reference_fits(pattern, json_string_value(tag)))
				return true;

	return false;
}

/* What is asked about and not known does not fit: labels, dates. Used images do not dangle. */
static bool image_allowed(const json_t *image, const void *filters)
{
	static const char *const unknown[] = { "label", "before", "since", "until" };
	size_t cursor = 0;
	const char *dangling = api_filters_next(filters, "dangling", &cursor);

	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (api_filters_has(filters, unknown[i]))
			return false;
	if (dangling && (dangling[0] == 't' || dangling[0] == '1'))
		return false;
	return references_allow(filters, image);
}

void handle_images(struct api *api, const struct api_request *request, struct reply *reply)
{
	static const char *const known[] = { "dangling",  "label", "before", "since",
					     "reference", "until", NULL };
	struct filters filters;
	struct problem problem;
	json_t *images;
	int r;

	r = api_filters_parse(request_value(request, "filters"), known, &filters, &problem);
	if (r < 0) {
		reply_error(reply, r == -EINVAL ? 400 : 500, "%s",
			    r == -EINVAL ? problem.text : "not enough memory");
		return;
	}
	images = derive_images(api);
	reply_derived(reply, images ? derived_list(images, image_allowed, &filters) : NULL);
	json_decref(images);
	api_filters_fini(&filters);
}

/* Layers, history and configuration of an image are its engine's. */
void handle_image(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct text name = { 0 };

	(void) api;
	for (size_t i = 1; i + 1 < request->segment_count; i++) {
		if (i > 1)
			TEXT_ADD(&name, "/");
		text_add_string(&name, request->segments[i]);
	}
	text_add(&name, "", 1);
	reply_error(reply, 404, "No such image: %s", name.overflowed ? "" : name.bytes);
	text_fini(&name);
}
