/* SPDX-License-Identifier: Apache-2.0 */

/* podman_json: copies of what podman's documents have, made safe to pass on. */

#include "podman_json.h"

#include <errno.h>

int podman_put(json_t *object, const char *key, json_t *value)
{
	return value && json_object_set_new(object, key, value) < 0 ? -ENOMEM : 0;
}

/* Strings end where a NUL is. NULL: no memory. */
static json_t *clean(json_t *value)
{
	json_t *copy = NULL, *member;
	const char *key;

	if (json_is_string(value))
		return json_string(json_string_value(value));
	if (json_is_array(value)) {
		copy = json_array();
		for (size_t i = 0; copy && i < json_array_size(value); i++)
			if (json_array_append_new(copy, clean(json_array_get(value, i))) < 0)
				goto fail;
		return copy;
	}
	if (!json_is_object(value))
		return json_incref(value);

	copy = json_object();
	json_object_foreach (value, key, member)
		if (!copy || json_object_set_new(copy, key, clean(member)) < 0)
			goto fail;
	return copy;
fail:
	json_decref(copy);
	return NULL;
}

int podman_put_clean(json_t *object, const char *key, json_t *value)
{
	json_t *copy = clean(value);

	return copy ? podman_put(object, key, copy) : -ENOMEM;
}
