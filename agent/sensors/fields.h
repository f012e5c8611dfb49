/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Flat keyed files ("KEY VALUE" lines) into cells, by table.
 *
 *	static const struct field stat_rows[] = {
 *		{ "usage_usec", METRIC_CPU_USAGE_NS, NSEC_PER_USEC },
 *	};
 *	static struct fields stat_fields = FIELDS(stat_rows);
 *
 * memory.stat has some 60 lines and is read for each container in each round. The kernel writes
 * the lines of a file in one order for all cgroups, so a table remembers in which line it found
 * each key: there, one comparison is enough, and other lines are skipped. A text that is not as
 * remembered is searched line by line and key by key, and remembered anew; the result is the same.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "model/row.h"
#include "sensors/site.h"

#define FIELDS_MAX   64          /* keys in a table */
#define FIELDS_LINES 128         /* of a file, that are remembered */
#define FIELDS_BYTES (16 * 1024) /* memory.stat and meminfo: 3 KB at their largest today */

struct field {
	const char *key;
	enum metric metric;
	uint64_t scale; /* from the kernel's unit to ours */
};

struct fields {
	const struct field *rows;
	unsigned count;
	/* What was learned from earlier texts. */
	uint64_t placed;          /* bit i: the line of rows[i] is known */
	unsigned end;             /* behind the last such line */
	uint8_t at[FIELDS_LINES]; /* line -> row + 1; 0: no known key */
};
#define FIELDS(table) \
	{ \
		.rows = (table), .count = ARRAY_SIZE(table), \
	}

/* Fills the table's cells of a row; those whose key is not in the text become absent. A unit
 * behind the number ("kB") is passed over: the table's scale stands for it.
 * Returns 0, or -EBADMSG when none of the keys was there, or a value was no number that fits. */
int fields_fill(struct fields *fields, const char *text, struct row *row);

/* Makes the table's cells absent. */
void fields_clear(const struct fields *fields, struct row *row);

/* Reads a file and fills as above. Returns 0 also when there is nothing to read. */
int fields_sample(struct fields *fields, struct site *site, enum site_file file, struct row *row);

/* For steps that are all tried: the first failure among them. */
static inline int first_error(int before, int now)
{
	return before < 0 ? before : now;
}
