/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What each type of settings.def is: how text becomes a member of struct config, and what has to
 * be done with the member otherwise. Only config_*.c and options.c use this. */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "config.h"

struct kind {
	size_t bytes; /* of the member */

	/* Makes one value, or one item of a list (a char *). Returns 0, -EINVAL (not of this
	 * type), -ERANGE (a number above 64 bits) or -ENOMEM; writes ret_value only on success. */
	int (*parse)(const char *text, void *ret_value);

	/* NULL for plain values, which are compared as bytes. */
	void (*fini)(void *member);
	bool (*equal)(const void *a, const void *b);

	/* One value, or one item of a list, as a person would write it. */
	void (*write)(const void *value, struct text *ret_text);

	const char *expects;     /* in words: "it has to be ..." */
	const char *placeholder; /* in --help: "--interval TIME"; NULL: a flag without value */
};

extern const struct kind kinds[SETTING_TYPE_COUNT];
