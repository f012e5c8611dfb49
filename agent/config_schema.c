/* SPDX-License-Identifier: Apache-2.0 */

/* config_schema: dotted keys become nested mappings. */

#include "config_schema.h"

#include <assert.h>
#include <string.h>

static const cyaml_schema_value_t item_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

cyaml_schema_value_t schema_mapping(const struct schema_group *group)
{
	return (cyaml_schema_value_t){ CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER_NULL_STR,
							   struct loaded_group, group->fields) };
}

static cyaml_schema_value_t key_value(const struct schema_key *key)
{
	if (key->group)
		return schema_mapping(key->group);
	if (setting_is_list(key->setting))
		return (cyaml_schema_value_t){ CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, char *,
								    &item_value, 0,
								    CYAML_UNLIMITED) };
	return item_value;
}

static void key_add(struct schema_group *group, const struct schema_key *key)
{
	size_t i = group->count++;
	size_t offset = offsetof(struct loaded_group, values) + i * sizeof(struct loaded);

	assert(i < SCHEMA_KEYS);
	group->keys[i] = *key;
	group->fields[i] = (cyaml_schema_field_t){
		.key = key->name,
		.data_offset = (uint32_t) offset,
		.count_offset = (uint32_t) (offset + offsetof(struct loaded, count)),
		.count_size = sizeof(((struct loaded *) NULL)->count),
		.value = key_value(key),
	};
	group->fields[i].value.flags |= CYAML_FLAG_OPTIONAL;
}

static size_t parent_length(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? (size_t) (dot - path) : 0;
}

static const char *last_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? dot + 1 : path;
}

/* The group that holds the keys "path.x"; made, with those above it, when it is new. */
static struct schema_group *group_get(struct schema *schema, const char *path, size_t length)
{
	struct schema_group *parent, *group;

	for (size_t i = 0; i < schema->count; i++) {
		group = &schema->groups[i];
		if (strlen(group->path) == length && memcmp(group->path, path, length) == 0)
			return group;
	}

	assert(schema->count < SCHEMA_GROUPS && length < SCHEMA_PATH_BYTES);
	group = &schema->groups[schema->count++];
	memcpy(group->path, path, length);
	if (length == 0)
		return group;

	parent = group_get(schema, group->path, parent_length(group->path));
	key_add(parent, &(struct schema_key){ .name = last_name(group->path), .group = group });
	return group;
}

void schema_init(struct schema *schema)
{
	*schema = (struct schema){ 0 };
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const struct setting *setting = &settings[i];
		struct schema_group *group =
			group_get(schema, setting->key, parent_length(setting->key));

		key_add(group, &(struct schema_key){ .name = last_name(setting->key),
						     .setting = setting });
	}
}

const struct schema_group *schema_group_with(const struct schema *schema, struct nearest *nearest)
{
	const struct schema_group *home = NULL;

	for (size_t g = 0; g < schema->count; g++)
		for (size_t i = 0; i < schema->groups[g].count; i++) {
			const char *before = nearest->match;

			nearest_try(nearest, schema->groups[g].keys[i].name);
			if (nearest->match != before)
				home = &schema->groups[g];
		}

	return home;
}
