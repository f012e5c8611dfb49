/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The rows of settings.def as the nested mappings of the YAML file: what config_walk.c checks a
 * text against, and what libcyaml loads it by. Only config_*.c use this. */

#include <cyaml/cyaml.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "base/nearest.h"

#define SCHEMA_KEYS       16 /* of one mapping; config_schema.c asserts that settings.def fits */
#define SCHEMA_GROUPS     32 /* mappings, the outermost included */
#define SCHEMA_PATH_BYTES 48

/* What libcyaml makes of one mapping: a value for each key, in the order of the group's keys.
 * Nothing is converted yet, so that every sentence about a value is written in one place. */
struct loaded_group {
	struct loaded {
		union {
			char *text;
			char **items; /* of a list */
			struct loaded_group *group;
		};
		uint32_t count; /* of items */
	} values[SCHEMA_KEYS];
};

struct schema_key {
	const char *name;
	const struct setting *setting; /* NULL: the key of a group */
	struct schema_group *group;
	unsigned line; /* where the text has it, from config_walk; 0: it has not */
};

struct schema_group {
	char path[SCHEMA_PATH_BYTES]; /* "runtimes.docker"; "" for the outermost mapping */
	size_t count;
	struct schema_key keys[SCHEMA_KEYS];
	cyaml_schema_field_t fields[SCHEMA_KEYS + 1]; /* the same for libcyaml, with an end mark */
};

/* Points into itself: not to be copied. */
struct schema {
	struct schema_group groups[SCHEMA_GROUPS]; /* the outermost mapping is the first */
	size_t count;
};

void schema_init(struct schema *schema);

/* How libcyaml sees the mapping of a group: a pointer to struct loaded_group; an empty value
 * ("web:" with nothing but comments below) is NULL. */
cyaml_schema_value_t schema_mapping(const struct schema_group *group);

/* Tries every key of every group, and returns the group that has the nearest; NULL: none has. */
const struct schema_group *schema_group_with(const struct schema *schema, struct nearest *nearest);
