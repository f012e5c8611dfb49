/* SPDX-License-Identifier: Apache-2.0 */

/* shape: JSON of others, member by member. */

#include "api/shape.h"

static void write_texts(struct json_out *json, const char *key, const json_t *array)
{
	const json_t *item;
	size_t i;

	json_open(json, key, '[');
	json_array_foreach (array, i, item)
		if (json_is_string(item))
			json_text(json, NULL, json_string_value(item));
	json_close(json, ']');
}

static void write_object(struct json_out *json, const char *key, const struct shape *inner,
			 const json_t *object, enum api_role role)
{
	json_open(json, key, '{');
	if (inner)
		shape_write(json, inner, object, role);
	json_close(json, '}');
}

static void write_objects(struct json_out *json, const char *key, const struct shape *inner,
			  const json_t *array, enum api_role role)
{
	const json_t *item;
	size_t i;

	json_open(json, key, '[');
	json_array_foreach (array, i, item)
		if (json_is_object(item))
			write_object(json, NULL, inner, item, role);
	json_close(json, ']');
}

/* One entry of a map, whose key comes from outside. */
static void write_entry(struct json_out *json, const char *name, const struct shape *shape,
			const json_t *value, enum api_role role)
{
	if (shape->kind == SHAPE_TEXT_MAP) {
		if (json_is_string(value))
			json_member_text(json, name, json_string_value(value));
	} else if (shape->kind == SHAPE_OBJECTS_MAP) {
		json_key(json, name);
		if (json_is_array(value))
			write_objects(json, NULL, shape->inner, value, role);
		else
			json_nothing(json, NULL);
	} else {
		json_key(json, name);
		write_object(json, NULL, shape->inner, value, role);
	}
}

static void write_map(struct json_out *json, const char *key, const struct shape *shape,
		      const json_t *object, enum api_role role)
{
	const json_t *value;
	const char *name;

	json_open(json, key, '{');
	json_object_foreach ((json_t *) object, name, value)
		write_entry(json, name, shape, value, role);
	json_close(json, '}');
}

static const struct {
	json_type type;
	json_type other; /* the same, but for booleans */
} types[] = {
	[SHAPE_TEXT] = { JSON_STRING, JSON_STRING },
	[SHAPE_NUMBER] = { JSON_INTEGER, JSON_INTEGER },
	[SHAPE_BOOL] = { JSON_TRUE, JSON_FALSE },
	[SHAPE_TEXTS] = { JSON_ARRAY, JSON_ARRAY },
	[SHAPE_TEXT_MAP] = { JSON_OBJECT, JSON_OBJECT },
	[SHAPE_SET] = { JSON_OBJECT, JSON_OBJECT },
	[SHAPE_OBJECT] = { JSON_OBJECT, JSON_OBJECT },
	[SHAPE_OBJECTS] = { JSON_ARRAY, JSON_ARRAY },
	[SHAPE_OBJECT_MAP] = { JSON_OBJECT, JSON_OBJECT },
	[SHAPE_OBJECTS_MAP] = { JSON_OBJECT, JSON_OBJECT },
};

static bool fits(const struct shape *shape, const json_t *value)
{
	return value && (json_typeof(value) == types[shape->kind].type ||
			 json_typeof(value) == types[shape->kind].other);
}

/* jansson's accessors give "", 0, false and no elements for NULL: the zero values. */
void shape_write_value(struct json_out *json, const char *key, const struct shape *shape,
		       const json_t *value, enum api_role role)
{
	const char *text;

	if (!fits(shape, value))
		value = NULL;
	switch (shape->kind) {
	case SHAPE_TEXT:
		text = json_string_value(value);
		json_text(json, key, text ? text : "");
		break;
	case SHAPE_NUMBER:
		json_i64(json, key, json_integer_value(value));
		break;
	case SHAPE_BOOL:
		json_bool(json, key, json_is_true(value));
		break;
	case SHAPE_TEXTS:
		write_texts(json, key, value);
		break;
	case SHAPE_OBJECT:
		write_object(json, key, shape->inner, value, role);
		break;
	case SHAPE_OBJECTS:
		write_objects(json, key, shape->inner, value, role);
		break;
	case SHAPE_TEXT_MAP:
	case SHAPE_SET:
	case SHAPE_OBJECT_MAP:
	case SHAPE_OBJECTS_MAP:
		write_map(json, key, shape, value, role);
		break;
	}
}

void shape_write(struct json_out *json, const struct shape *shape, const json_t *object,
		 enum api_role role)
{
	for (; shape->key; shape++) {
		const json_t *value = json_object_get(object, shape->key);
		bool hidden = (shape->flags & SHAPE_SECRET) && role != ROLE_ADMIN;

		if (!hidden && fits(shape, value))
			shape_write_value(json, shape->key, shape, value, role);
		else if (shape->flags & SHAPE_ALWAYS)
			shape_write_value(json, shape->key, shape, NULL, role);
		else if (shape->flags & SHAPE_NULL)
			json_nothing(json, shape->key);
	}
}
