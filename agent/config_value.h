/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One setting's member of struct config, whatever its type. Only config_*.c and options.c use
 * this. */

#include <stddef.h>

#include "config.h"

/* Where a value stands, for the sentence about what is wrong with it. */
struct value_source {
	const char *name; /* "'web.listen'", "--listen" */
	unsigned line;    /* 0: not in a file */
};

/* Makes the member from text: one item; for a list any number (its max is config_walk's). What the
 * member held before is freed. Returns 0, -EINVAL with ret_problem, or -ENOMEM; then the member is
 * as before.
 */
int value_parse(const struct setting *setting, const struct value_source *source,
		const char *const *items, size_t count, struct config *config,
		struct problem *ret_problem);

void value_fini(const struct setting *setting, struct config *config);
void value_swap(const struct setting *setting, struct config *a, struct config *b);
bool value_equal(const struct setting *setting, const struct config *a, const struct config *b);

/* "100ms to 1m", "1 to 65536"; "" for a type without a range. Returns text. */
#define VALUE_RANGE_BYTES 56
const char *value_range(const struct setting *setting, char text[VALUE_RANGE_BYTES]);
