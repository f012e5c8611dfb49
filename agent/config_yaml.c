/* SPDX-License-Identifier: Apache-2.0 */

/* config_yaml: a YAML text put over a configuration.
 *
 * Three steps, each with one job: config_walk checks the shape and knows lines, libcyaml loads
 * texts into the schema made from settings.def, and value_parse makes numbers and so on of them.
 * Nothing of the configuration changes before all three went well. */

#include <errno.h>
#include <stdio.h>

#include "config.h"
#include "config_problem.h"
#include "config_schema.h"
#include "config_value.h"
#include "config_walk.h"

static const cyaml_config_t cyaml = {
	.mem_fn = cyaml_mem,
	.log_level = CYAML_LOG_ERROR, /* and no log_fn: config_walk has said what there is to say */
	.flags = CYAML_CFG_NO_ALIAS,
};

static int key_convert(const struct schema_key *key, const struct loaded *loaded,
		       struct config *config, struct problem *ret_problem)
{
	const char *const *items = (const char *const *) loaded->items;
	const char *text = loaded->text;
	char name[SCHEMA_PATH_BYTES + 2];

	(void) snprintf(name, sizeof(name), "'%s'", key->setting->key);
	return value_parse(key->setting, &(struct value_source){ .name = name, .line = key->line },
			   setting_is_list(key->setting) ? items : &text, loaded->count, config,
			   ret_problem);
}

/* Makes the members that the text has; all others stay zero. */
static int group_convert(const struct schema_group *group, const struct loaded_group *loaded,
			 struct config *config, struct problem *ret_problem)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct schema_key *key = &group->keys[i];
		int r = 0;

		if (key->line == 0)
			continue;
		if (!key->group)
			r = key_convert(key, &loaded->values[i], config, ret_problem);
		else if (loaded->values[i].group)
			r = group_convert(key->group, loaded->values[i].group, config, ret_problem);
		if (r < 0)
			return r;
	}

	return 0;
}

static void take_key(const struct schema_key *key, struct config *config, struct config *from)
{
	value_swap(key->setting, config, from);
	config_set_origin(config, key->setting, config->reading ? config->reading : "text",
			  key->line);
}

/* Moves the members that the text has; *from gets the old ones. */
static void group_take(const struct schema_group *group, struct config *config, struct config *from)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct schema_key *key = &group->keys[i];

		if (key->group)
			group_take(key->group, config, from);
		else if (key->line > 0)
			take_key(key, config, from);
	}
}

static int load(const char *text, size_t length, const struct schema *schema,
		struct config *ret_changes, struct problem *ret_problem)
{
	const cyaml_schema_value_t root = schema_mapping(&schema->groups[0]);
	struct loaded_group *loaded = NULL;
	cyaml_err_t error;
	int r;

	error = cyaml_load_data((const uint8_t *) text, length, &cyaml, &root,
				(cyaml_data_t **) &loaded, NULL);
	if (error == CYAML_ERR_OOM)
		return -ENOMEM;
	if (error != CYAML_OK)
		return problem_set(ret_problem, 0, "libcyaml cannot load this: %s",
				   cyaml_strerror(error));

	r = group_convert(&schema->groups[0], loaded, ret_changes, ret_problem);
	(void) cyaml_free(&cyaml, &root, loaded, 0); /* fails for a wrong schema only */
	return r;
}

int config_parse(const char *text, size_t length, struct config *config,
		 struct problem *ret_problem)
{
	struct config changes = { 0 };
	struct schema schema;
	bool empty;
	int r;

	if (length > CONFIG_FILE_BYTES)
		return problem_set(ret_problem, 0, "this is longer than %lu KiB",
				   CONFIG_FILE_BYTES / 1024);

	schema_init(&schema);
	r = config_walk(text, length, &schema, &empty, ret_problem);
	if (r == 0 && !empty)
		r = load(text, length, &schema, &changes, ret_problem);
	if (r == 0)
		group_take(&schema.groups[0], config, &changes);

	config_fini(&changes);
	return r;
}
