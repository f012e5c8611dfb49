/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The look at a YAML text before libcyaml loads it. Only config_*.c use this. */

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "config_schema.h"

/* Goes through the whole text once: whatever is no YAML, has a key, a shape or a duplicate that
 * the schema does not allow, or uses aliases, is refused with line and sentence. Notes the line of
 * each key in the schema. *ret_empty: there is nothing to load. Returns 0, -EINVAL or -ENOMEM. */
int config_walk(const char *text, size_t length, struct schema *schema, bool *ret_empty,
		struct problem *ret_problem);
