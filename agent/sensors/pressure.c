/* SPDX-License-Identifier: Apache-2.0 */

/* pressure: "some avg10=0.00 avg60=0.00 avg300=0.00 total=N" and "full ..." lines.
 *
 * Source: Documentation/accounting/psi.rst; total is in microseconds. irq has no line "some". For
 * the whole system, "full" of cpu is not defined and written as 0, hence left out by the tables
 * that read it. The averages are left out everywhere: readers make their own from the total. */

#include "sensors/pressure.h"

#include <errno.h>

#include "base/clock.h"
#include "base/parse.h"
#include "sensors/fields.h"

#define PRESSURE_BYTES 512 /* two lines of at most 70 characters */

static int total_parse(struct slice line, uint64_t *ret_ns)
{
	static const char name[] = " total=";
	const char *total = memmem(line.start, line.length, name, strlen(name));
	struct slice rest, word;
	uint64_t usec;

	if (!total)
		return -EBADMSG;

	rest.start = total + strlen(name);
	rest.length = line.length - (size_t) (rest.start - line.start);
	if (!word_next(&rest, &word) || parse_u64(word, &usec) < 0 ||
	    __builtin_mul_overflow(usec, NSEC_PER_USEC, ret_ns))
		return -EBADMSG;
	return 0;
}

static void clear(const struct pressure *pressure, struct row *row)
{
	if (pressure->some != METRIC_COUNT)
		row_clear(row, pressure->some);
	if (pressure->full != METRIC_COUNT)
		row_clear(row, pressure->full);
}

static int fill(const struct pressure *pressure, const char *text, struct row *row)
{
	struct slice line, kind;
	int r = -EBADMSG; /* of a text without lines */

	while (line_next(&text, &line)) {
		enum metric metric = METRIC_COUNT;
		uint64_t ns;

		if (!word_next(&line, &kind))
			continue;
		if (SLICE_IS(kind, "some"))
			metric = pressure->some;
		else if (SLICE_IS(kind, "full"))
			metric = pressure->full;

		r = total_parse(line, &ns);
		if (r < 0)
			return r;
		if (metric != METRIC_COUNT)
			row_set(row, metric, ns);
	}

	return r;
}

static int sample_one(const struct pressure *pressure, struct site *site, struct row *row)
{
	char text[PRESSURE_BYTES];
	ssize_t n;
	int r;

	clear(pressure, row);
	n = site_read(site, pressure->file, text, sizeof(text));
	if (n < 0)
		return site_is_absence(n) ? 0 : (int) n;

	r = fill(pressure, text, row);
	if (r < 0)
		clear(pressure, row);
	return r;
}

int pressure_sample(const struct pressure *table, size_t count, struct site *site, struct row *row)
{
	int r = 0;

	for (size_t i = 0; i < count; i++)
		r = first_error(r, sample_one(&table[i], site, row));

	return r;
}

int pressure_probe(struct site *root)
{
	char text[PRESSURE_BYTES];

	if (site_read(root, FILE_HOST_CPU_PRESSURE, text, sizeof(text)) > 0 ||
	    site_read(root, FILE_CPU_PRESSURE, text, sizeof(text)) > 0)
		return 0;
	return -EOPNOTSUPP;
}
