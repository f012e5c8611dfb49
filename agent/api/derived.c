/* SPDX-License-Identifier: Apache-2.0 */

/* derived: what images, networks and volumes have in common. */

#include "api/derived.h"

#include <string.h>

static int add_to_text(const char *bytes, size_t length, void *text)
{
	text_add(text, bytes, length);
	return 0;
}

void reply_derived(struct reply *reply, json_t *json)
{
	struct text text = { 0 };

	if (json && json_dump_callback(json, add_to_text, &text, JSON_COMPACT) == 0) {
		reply_json(reply, 200, &text);
	} else {
		text_fini(&text);
		reply_error(reply, 500, "not enough memory");
	}
	json_decref(json);
}

json_t *derived_list(const json_t *items, bool (*allows)(const json_t *item, const void *userdata),
		     const void *userdata)
{
	json_t *list = json_array(), *item;
	const char *key;

	json_object_foreach ((json_t *) items, key, item) {
		if (allows && !allows(item, userdata))
			continue;
		if (json_array_append(list, item) < 0) {
			json_decref(list);
			return NULL;
		}
	}

	return list;
}

const json_t *derived_find(const json_t *items, const char *key, const char *value,
			   size_t *ret_count)
{
	const json_t *item, *found = NULL;
	const char *name;

	*ret_count = 0;
	json_object_foreach ((json_t *) items, name, item) {
		const char *text = json_string_value(json_object_get(item, key));

		if (!text || strcmp(text, value) != 0)
			continue;
		found = item;
		++*ret_count;
	}

	return *ret_count == 1 ? found : NULL;
}
