/* SPDX-License-Identifier: Apache-2.0 */

/* values: single-value files.
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Format"; for v1, page_counter.h: no limit is
 * LONG_MAX rounded down to a page. */

#include "sensors/values.h"

#include <errno.h>
#include <string.h>

#include "sensors/fields.h"

#define VALUE_BYTES 64 /* 20 digits and a line's end, and room for blanks */

/* No memory, and no number of processes, is that large. */
#define VALUE_UNLIMITED (1ULL << 62)

int value_read(struct site *site, enum site_file file, uint64_t *ret_value)
{
	char text[VALUE_BYTES];
	uint64_t value;
	ssize_t n;

	n = site_read(site, file, text, sizeof(text));
	if (n < 0)
		return (int) n;

	if (strcmp(text, "-1\n") == 0)
		value = PARSE_MAX;
	else if (parse_value(text, &value) < 0)
		return -EBADMSG;

	*ret_value = value >= VALUE_UNLIMITED ? PARSE_MAX : value;
	return 0;
}

static int sample_one(const struct value *value, struct site *site, struct row *row)
{
	uint64_t number;
	int r;

	r = value_read(site, value->file, &number);
	if (r == 0 && number == PARSE_MAX && value->unlimited == UNLIMITED_ZERO)
		number = 0;
	else if (r < 0 || number == PARSE_MAX || (number == 0 && value->zero_absent)) {
		row_clear(row, value->metric);
		return site_is_absence(r) ? 0 : r;
	}

	row_set(row, value->metric, number);
	return 0;
}

int values_sample(const struct value *values, size_t count, struct site *site, struct row *row)
{
	int r = 0;

	for (size_t i = 0; i < count; i++)
		r = first_error(r, sample_one(&values[i], site, row));

	return r;
}
