/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Orders of containers. Numbers go from the highest to the lowest first, names from A to Z; what is
 * unknown comes last either way; equals are in the order of their names. */

#include <stdbool.h>

#include "cli/command.h"
#include "cli/container.h"

struct order {
	const char *name; /* of --sort */
	const char *help;
	int string;        /* of enum container_string; -1: it is the sum of two numbers */
	int first, second; /* of enum container_number; second -1: none */
	char key;          /* in the live view; 0: none */
};

/* Every order; the end has no name. */
extern const struct order orders[];

/* Returns NULL with a sentence when there is no such order. */
const struct order *order_find(const char *name, struct problem *ret_problem);

void listing_sort(struct listing *listing, const struct order *order, bool reverse);
