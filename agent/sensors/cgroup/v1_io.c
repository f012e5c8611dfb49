/* SPDX-License-Identifier: Apache-2.0 */

/* io on hybrid hosts, from the v1 tree.
 *
 * Source: blkio.throttle.io_service_bytes_recursive and io_serviced_recursive, which count
 * descendants as v2 does (the files without _recursive, where these are missing, do not). Lines are
 * "8:0 Read 4096", one per device and operation, and "Total N" at the end. Newer kernels (seen with
 * 6.18) count here only after a limit was set for a device: until then there are no lines.
 * Kernel: Documentation/admin-guide/cgroup-v1/blkio-controller.rst. */

#include <errno.h>

#include "model/draft.h"
#include "sensors/devices.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"

#define IO_FILE_BYTES (64 * 1024) /* six lines of 30 bytes for a device: some 300 devices */
#define IO_DEVICES    128         /* that one cgroup used; a host with more has left v1 */

enum operation { OPERATION_READ, OPERATION_WRITE, OPERATION_DISCARD, OPERATION_COUNT };

static const char *const operation_names[] = { "Read", "Write", "Discard" };
static_assert(ARRAY_SIZE(operation_names) == OPERATION_COUNT, "an operation lacks its name");

struct io_device {
	struct device_number number;
	uint64_t bytes[OPERATION_COUNT], counts[OPERATION_COUNT];
};

struct io_devices {
	unsigned count;
	struct io_device devices[IO_DEVICES];
};

static struct io_device *find_or_add(struct io_devices *devices, struct device_number number)
{
	struct io_device *device;

	for (unsigned i = 0; i < devices->count; i++) {
		device = &devices->devices[i];
		if (device->number.major == number.major && device->number.minor == number.minor)
			return device;
	}
	if (devices->count == IO_DEVICES)
		return NULL;

	device = &devices->devices[devices->count++];
	*device = (struct io_device){ .number = number };
	return device;
}

static int take_line(struct io_devices *devices, struct slice line, bool counts)
{
	struct slice name, operation, value;
	struct device_number number;
	struct io_device *device;
	uint64_t count;

	if (!word_next(&line, &name) || SLICE_IS(name, "Total"))
		return 0;
	if (device_number_parse(name, &number) < 0 || !word_next(&line, &operation) ||
	    !word_next(&line, &value) || parse_u64(value, &count) < 0)
		return -EBADMSG;

	for (enum operation i = 0; i < OPERATION_COUNT; i++) {
		if (count == 0 ||
		    !slice_is(operation, operation_names[i], strlen(operation_names[i])))
			continue;
		device = find_or_add(devices, number);
		if (!device)
			return -E2BIG;
		(counts ? device->counts : device->bytes)[i] = count;
	}

	return 0;
}

static int take_file(struct io_devices *devices, struct site *site, enum site_file recursive,
		     enum site_file here, bool counts)
{
	char text[IO_FILE_BYTES];
	const char *cursor = text;
	struct slice line;
	ssize_t n;
	int r = 0;

	n = site_read(site, recursive, text, sizeof(text));
	if (n == -ENOENT)
		n = site_read(site, here, text, sizeof(text));
	if (n < 0)
		return (int) n;

	while (line_next(&cursor, &line))
		r = first_error(r, take_line(devices, line, counts));
	return r;
}

static void fill(struct site *site, struct draft *draft, struct row *row,
		 const struct io_device *device)
{
	char label[ROW_LABEL_BYTES];
	struct row *child;

	devices_label(site->host->devices, device->number, label);
	child = draft_child(draft, row, ENTITY_DEVICE, label);
	if (!child)
		return;

	row_set(child, METRIC_READ_BYTES, device->bytes[OPERATION_READ]);
	row_set(child, METRIC_BLKIO_READ_BYTES, device->bytes[OPERATION_READ]);
	row_set(child, METRIC_WRITE_BYTES, device->bytes[OPERATION_WRITE]);
	row_set(child, METRIC_BLKIO_WRITE_BYTES, device->bytes[OPERATION_WRITE]);
	row_set(child, METRIC_BLKIO_DISCARD_BYTES, device->bytes[OPERATION_DISCARD]);
	row_set(child, METRIC_READS, device->counts[OPERATION_READ]);
	row_set(child, METRIC_WRITES, device->counts[OPERATION_WRITE]);
}

static int v1_io_sample(struct site *site, struct draft *draft, struct row *row)
{
	struct io_devices devices;
	int r;

	devices.count = 0;
	r = take_file(&devices, site, FILE_V1_IO_BYTES, FILE_V1_IO_BYTES_HERE, false);
	if (r == 0)
		r = take_file(&devices, site, FILE_V1_IO_COUNTS, FILE_V1_IO_COUNTS_HERE, true);
	/* With one of the two files in doubt, zeros in the other's place would be invented. */
	for (unsigned i = 0; r == 0 && i < devices.count; i++)
		fill(site, draft, row, &devices.devices[i]);

	draft_sweep(draft, row, ENTITY_DEVICE);
	return site_is_absence(r) ? 0 : r;
}

static int v1_io_probe(struct site *root)
{
	return site_has_v1(root, HIERARCHY_V1_BLKIO, "io") ? 0 : -EOPNOTSUPP;
}

const struct sensor sensor_v1_io = {
	.name = "v1_io",
	.needs = "a cgroup v1 tree with the blkio controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = v1_io_probe,
	.sample = v1_io_sample,
};
