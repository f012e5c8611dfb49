/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Files with one number, into cells, by table. */

#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"
#include "model/row.h"
#include "sensors/site.h"

/* What a limit that is not set becomes. */
enum unlimited {
	UNLIMITED_ABSENT,
	UNLIMITED_ZERO,
};

struct value {
	enum site_file file;
	enum metric metric;
	enum unlimited unlimited;
	bool zero_absent; /* 0 means "none" here */
};

/* Reads one number; PARSE_MAX stands for "no limit", which the kernel writes as "max", as -1, or
 * (v1 memory) as the largest multiple of the page size below 2^63. Returns 0, or a negative errno
 * as site_read does; -EBADMSG: no number. */
int value_read(struct site *site, enum site_file file, uint64_t *ret_value);

/* Fills the cells of a table. Returns 0 also when there is nothing to read, else the first
 * failure; all rows of the table are tried, and cells without a number become absent. */
int values_sample(const struct value *values, size_t count, struct site *site, struct row *row);
