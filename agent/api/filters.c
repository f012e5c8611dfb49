/* SPDX-License-Identifier: Apache-2.0 */

/* filters: both forms become the second one, arrays of strings, when they are parsed. */

#include "api/filters.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define LABEL_BYTES 1024 /* the key of a label that is looked for */

static void json_decref_p(json_t **json)
{
	json_decref(*json);
}

static bool is_known(const char *key, const char *const *known)
{
	for (; *known; known++)
		if (strcmp(*known, key) == 0)
			return true;

	return false;
}

/* Appends what is a value. Returns 0, -EINVAL or -ENOMEM. */
static int add_value(json_t *values, json_t *value)
{
	if (!json_is_string(value))
		return -EINVAL;
	return json_array_append(values, value) < 0 ? -ENOMEM : 0;
}

static int add_array(json_t *values, const json_t *array)
{
	json_t *item;
	size_t i;
	int r = 0;

	json_array_foreach (array, i, item)
		if ((r = add_value(values, item)) < 0)
			break;

	return r;
}

/* A value that is mapped to false is none. */
static int add_map(json_t *values, json_t *map)
{
	const char *key;
	json_t *wanted;

	json_object_foreach (map, key, wanted) {
		if (!json_is_boolean(wanted))
			return -EINVAL;
		if (json_is_true(wanted) && json_array_append_new(values, json_string(key)) < 0)
			return -ENOMEM;
	}

	return 0;
}

/* Returns a new array in *ret_values. */
static int values_of(json_t *given, json_t **ret_values)
{
	CLEANUP(json_decref_p) json_t *values = json_array();
	int r = -EINVAL;

	if (!values)
		return -ENOMEM;
	if (json_is_array(given))
		r = add_array(values, given);
	else if (json_is_object(given))
		r = add_map(values, given);
	if (r < 0)
		return r;

	*ret_values = TAKE_PTR(values);
	return 0;
}

static int set_key(struct filters *filters, const char *key, json_t *given,
		   const char *const *known, struct problem *ret_problem)
{
	json_t *values;
	int r;

	if (!is_known(key, known)) {
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
				"invalid filter '%.64s'", key);
		return -EINVAL;
	}
	r = values_of(given, &values);
	if (r == -EINVAL)
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
				"invalid filter '%.64s': its values have to be texts", key);
	if (r < 0)
		return r;
	return json_object_set_new(filters->root, key, values) < 0 ? -ENOMEM : 0;
}

static size_t count_values(const struct filters *filters)
{
	const json_t *values;
	const char *key;
	size_t count = 0;

	json_object_foreach (filters->root, key, values)
		count += json_array_size(values);
	return count;
}

static int set_all(struct filters *filters, json_t *given, const char *const *known,
		   struct problem *ret_problem)
{
	json_t *values;
	const char *key;
	int r;

	filters->root = json_object();
	if (!filters->root)
		return -ENOMEM;
	json_object_foreach (given, key, values)
		if ((r = set_key(filters, key, values, known, ret_problem)) < 0)
			return r;
	if (count_values(filters) <= FILTER_VALUES_MAX)
		return 0;
	(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
			"invalid filter: more than %d values", FILTER_VALUES_MAX);
	return -EINVAL;
}

int api_filters_parse(const char *text, const char *const *known, struct filters *ret_filters,
		      struct problem *ret_problem)
{
	CLEANUP(json_decref_p) json_t *given = NULL;
	struct filters filters = { 0 };
	json_error_t error;
	int r = 0;

	if (text && text[0] != '\0') {
		given = json_loads(text, JSON_REJECT_DUPLICATES, &error);
		if (!json_is_object(given)) {
			(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
					"invalid filter: it is no JSON object of filters");
			return -EINVAL;
		}
		r = set_all(&filters, given, known, ret_problem);
	}
	if (r < 0) {
		api_filters_fini(&filters);
		return r;
	}

	*ret_filters = filters;
	return 0;
}

void api_filters_fini(struct filters *filters)
{
	json_decref(filters->root);
	filters->root = NULL;
}

bool api_filters_has(const struct filters *filters, const char *key)
{
	return json_array_size(json_object_get(filters->root, key)) > 0;
}

const char *api_filters_next(const struct filters *filters, const char *key, size_t *cursor)
{
	return json_string_value(json_array_get(json_object_get(filters->root, key), (*cursor)++));
}

bool api_filters_allow(const struct filters *filters, const char *key, const char *value)
{
	size_t cursor = 0;
	const char *allowed;

	if (!api_filters_has(filters, key))
		return true;
	while ((allowed = api_filters_next(filters, key, &cursor)))
		if (strcmp(allowed, value) == 0)
			return true;

	return false;
}

/* "k" or "k=v" */
static bool label_fits(const char *wanted, const char *(*find)(const void *, const char *),
		       const void *labels)
{
	const char *equals = strchr(wanted, '='), *value;
	size_t length = equals ? (size_t) (equals - wanted) : strlen(wanted);
	char key[LABEL_BYTES];

	if (length >= sizeof(key))
		return false;
	memcpy(key, wanted, length);
	key[length] = '\0';
	value = find(labels, key);
	return value && (!equals || strcmp(value, equals + 1) == 0);
}

bool api_filters_allow_labels(const struct filters *filters, const char *key,
			      const char *(*find)(const void *labels, const char *label),
			      const void *labels)
{
	size_t cursor = 0;
	const char *wanted;

	while ((wanted = api_filters_next(filters, key, &cursor)))
		if (!label_fits(wanted, find, labels))
			return false;

	return true;
}
