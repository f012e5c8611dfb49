/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Header values that are lists: elements between commas, each with parameters between semicolons.
 * Source: RFC 9110, 5.6.1 (lists), 5.6.4 (quoted strings), 5.6.6 (parameters), 12.4.2 (weights).
 * All of it is pure: slices of the caller's text, nothing is copied. */

#include <stdbool.h>

#include "base/parse.h"

#define WEIGHT_ONE 1000 /* weights are thousandths: q=0.25 is 250 */

/* Takes the next piece off *rest, up to a separator that is not inside of a quoted string, and
 * without the blanks around it. Returns false at the end. A piece may be empty. */
bool piece_next(struct slice *rest, char separator, struct slice *ret_piece);

/* Takes the next NAME=VALUE off *rest, quotes around the value removed; without "=" the value is
 * empty. Returns false at the end. */
bool parameter_next(struct slice *rest, struct slice *ret_name, struct slice *ret_value);

bool slice_is_nocase(struct slice slice, const char *text);

/* "0.25" as 250. Returns 0, or -EINVAL when it is none or above 1. */
int weight_parse(struct slice value, unsigned *ret_weight);
