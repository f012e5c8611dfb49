/* SPDX-License-Identifier: Apache-2.0 */

/* io: what a cgroup read from and wrote to each block device.
 *
 * Source: io.stat, one line per device: "254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6",
 * and "cost.usage=..." in microseconds where io.cost.qos is on. A device without traffic may stand
 * there without numbers, or with zeros: it is left out.
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "IO Interface Files". */

#include <errno.h>

#include "base/clock.h"
#include "model/draft.h"
#include "sensors/devices.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"

#define IO_STAT_BYTES (64 * 1024) /* a line is at most 200 bytes: some 300 devices */

static const struct field fields[] = {
	{ "rbytes", METRIC_READ_BYTES, 1 },
	{ "rbytes", METRIC_BLKIO_READ_BYTES, 1 },
	{ "wbytes", METRIC_WRITE_BYTES, 1 },
	{ "wbytes", METRIC_BLKIO_WRITE_BYTES, 1 },
	{ "rios", METRIC_READS, 1 },
	{ "wios", METRIC_WRITES, 1 },
	{ "dbytes", METRIC_BLKIO_DISCARD_BYTES, 1 },
	{ "cost.usage", METRIC_IO_COST_USAGE_NS, NSEC_PER_USEC },
	{ "cost.wait", METRIC_IO_COST_WAIT_NS, NSEC_PER_USEC },
	{ "cost.indebt", METRIC_IO_COST_INDEBT_NS, NSEC_PER_USEC },
	{ "cost.indelay", METRIC_IO_COST_INDELAY_NS, NSEC_PER_USEC },
};

struct io_line {
	struct device_number number;
	uint64_t values[ARRAY_SIZE(fields)];
	bool present[ARRAY_SIZE(fields)];
	bool any; /* a value is not 0 */
	int error;
};

static void take_pair(struct io_line *line, const struct keyed *pair)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!slice_is(pair->key, fields[i].key, strlen(fields[i].key)))
			continue;
		if (parse_u64(pair->rest, &line->values[i]) < 0 ||
		    __builtin_mul_overflow(line->values[i], fields[i].scale, &line->values[i])) {
			line->error = -EBADMSG;
			continue;
		}
		line->present[i] = true;
		line->any |= line->values[i] > 0;
	}
}

static int parse_line(struct slice text, struct io_line *ret_line)
{
	struct io_line line = { .error = 0 };
	struct slice number;
	struct keyed pair;

	if (!word_next(&text, &number) || device_number_parse(number, &line.number) < 0)
		return -EBADMSG;
	while (pair_next(&text, &pair))
		take_pair(&line, &pair);

	*ret_line = line;
	return line.error;
}

static void fill(struct site *site, struct draft *draft, struct row *row,
		 const struct io_line *line)
{
	char label[ROW_LABEL_BYTES];
	struct row *child;

	devices_label(site->host->devices, line->number, label);
	child = draft_child(draft, row, ENTITY_DEVICE, label);
	if (!child)
		return;

	row_clear_all(child);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (line->present[i])
			row_set(child, fields[i].metric, line->values[i]);
}

static int fill_all(struct site *site, struct draft *draft, struct row *row, const char *text)
{
	struct slice rest;
	int r = 0;

	while (line_next(&text, &rest)) {
		struct io_line line = { .any = false };

		r = first_error(r, parse_line(rest, &line));
		if (line.any)
			fill(site, draft, row, &line);
	}

	return r;
}

static int io_sample(struct site *site, struct draft *draft, struct row *row)
{
	char text[IO_STAT_BYTES];
	ssize_t n;
	int r;

	n = site_read(site, FILE_IO_STAT, text, sizeof(text));
	if (n < 0)
		r = site_is_absence(n) ? 0 : (int) n;
	else
		r = fill_all(site, draft, row, text);

	draft_sweep(draft, row, ENTITY_DEVICE);
	return r;
}

static int io_probe(struct site *root)
{
	return site_has_controller(root, "io") ? 0 : -EOPNOTSUPP;
}

const struct sensor sensor_io = {
	.name = "io",
	.needs = "cgroup v2 with the io controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = io_probe,
	.sample = io_sample,
};
