/* SPDX-License-Identifier: Apache-2.0 */

/* disks: what the host's block devices did.
 *
 * Source: /proc/diskstats; a sector is 512 bytes whatever the device says. Loop and RAM devices are
 * left out, since what they carry is counted by what is below them or is no disk; so are
 * partitions, and devices that were never used.
 * Kernel: Documentation/admin-guide/iostats.rst. */

#include <errno.h>

#include "base/clock.h"
#include "model/draft.h"
#include "sensors/devices.h"
#include "sensors/fields.h"
#include "sensors/label.h"
#include "sensors/proc/columns.h"
#include "sensors/sensor.h"

#define SECTOR_BYTES 512

static const struct column table[] = {
	{ 0, METRIC_DISK_READS, 1 },
	{ 2, METRIC_DISK_READ_BYTES, SECTOR_BYTES },
	{ 3, METRIC_DISK_READ_NS, NSEC_PER_MSEC },
	{ 4, METRIC_DISK_WRITES, 1 },
	{ 6, METRIC_DISK_WRITTEN_BYTES, SECTOR_BYTES },
	{ 7, METRIC_DISK_WRITE_NS, NSEC_PER_MSEC },
	{ 8, METRIC_DISK_IN_FLIGHT, 1 },
	{ 9, METRIC_DISK_BUSY_NS, NSEC_PER_MSEC },
};

static const char *const skipped[] = { "loop", "ram" };

static bool is_skipped(struct slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(skipped); i++)
		if (name.length >= strlen(skipped[i]) &&
		    memcmp(name.start, skipped[i], strlen(skipped[i])) == 0)
			return true;

	return false;
}

static int fill(struct site *site, struct draft *draft, struct slice line)
{
	struct device_number number;
	char label[ROW_LABEL_BYTES];
	struct columns columns;
	struct slice name;
	struct row *row;

	if (device_line_parse(&line, &number, &name) < 0 || columns_parse(line, &columns) < 0)
		return -EBADMSG;
	if (is_skipped(name) || !columns_any(&columns) ||
	    devices_is_partition(site->host->devices, number))
		return 0;

	label_set(label, "/dev/", name);
	row = draft_labelled(draft, ENTITY_DISK, label);
	return row ? columns_fill(&columns, table, ARRAY_SIZE(table), row) : 0;
}

static int disks_sample(struct site *site, struct draft *draft, struct row *row)
{
	char text[DISKSTATS_BYTES];
	const char *cursor = text;
	struct slice line;
	ssize_t n;
	int r = 0;

	(void) row; /* the host's; disks have rows of their own */
	n = site_read(site, FILE_HOST_DISKSTATS, text, sizeof(text));
	if (n < 0)
		r = site_is_absence(n) ? 0 : (int) n;
	while (n >= 0 && line_next(&cursor, &line))
		r = first_error(r, fill(site, draft, line));

	draft_sweep(draft, NULL, ENTITY_DISK);
	return r;
}

const struct sensor sensor_disks = {
	.name = "disks",
	.needs = "procfs",
	.entity = ENTITY_HOST,
	.cadence = CADENCE_ROUND,
	.sample = disks_sample,
};
