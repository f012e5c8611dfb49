/* SPDX-License-Identifier: Apache-2.0 */

/* devices: numbers and names of block devices.
 *
 * Source: /proc/diskstats (Documentation/admin-guide/iostats.rst); /sys/class/block/NAME has a file
 * "partition" when the device is one. */

#include "sensors/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "sensors/label.h"

#define NAME_BYTES 32 /* DISK_NAME_LEN */

struct device {
	struct device_number number;
	bool partition;
	char name[NAME_BYTES]; /* "": there is no such device, but somebody asked */
};

struct devices {
	int diskstats_fd; /* -1: none */
	int sys_fd;
	uint64_t read_ns; /* boottime of the last reading, 0: never */
	unsigned count;
	struct device entries[DEVICES_MAX];
};

int devices_new(int proc_fd, int sys_fd, struct devices **ret_devices)
{
	struct devices *devices = calloc(1, sizeof(*devices));

	if (!devices)
		return -ENOMEM;

	devices->sys_fd = sys_fd;
	devices->diskstats_fd = openat(proc_fd, "diskstats", O_RDONLY | O_CLOEXEC);
	*ret_devices = devices;
	return 0;
}

void devices_free(struct devices *devices)
{
	if (!devices)
		return;

	close_p(&devices->diskstats_fd);
	free(devices);
}

static int number_make(struct slice major, struct slice minor, struct device_number *ret_number)
{
	uint64_t values[2];

	if (parse_u64(major, &values[0]) < 0 || parse_u64(minor, &values[1]) < 0 ||
	    values[0] > UINT32_MAX || values[1] > UINT32_MAX)
		return -EINVAL;

	*ret_number = (struct device_number){ (uint32_t) values[0], (uint32_t) values[1] };
	return 0;
}

int device_number_parse(struct slice text, struct device_number *ret_number)
{
	const char *colon = memchr(text.start, ':', text.length);
	size_t length = colon ? (size_t) (colon - text.start) : 0;

	if (!colon)
		return -EINVAL;

	return number_make((struct slice){ text.start, length },
			   (struct slice){ colon + 1, text.length - length - 1 }, ret_number);
}

int device_line_parse(struct slice *line, struct device_number *ret_number, struct slice *ret_name)
{
	struct slice major, minor;

	if (!word_next(line, &major) || !word_next(line, &minor) || !word_next(line, ret_name) ||
	    number_make(major, minor, ret_number) < 0)
		return -EBADMSG;
	return 0;
}

static struct device *find(struct devices *devices, struct device_number number)
{
	for (unsigned i = 0; i < devices->count; i++)
		if (devices->entries[i].number.major == number.major &&
		    devices->entries[i].number.minor == number.minor)
			return &devices->entries[i];

	return NULL;
}

static struct device *find_or_add(struct devices *devices, struct device_number number)
{
	struct device *device = find(devices, number);

	if (device || devices->count == DEVICES_MAX)
		return device;

	device = &devices->entries[devices->count++];
	*device = (struct device){ .number = number };
	return device;
}

static bool is_partition(int sys_fd, const char *name)
{
	char path[sizeof("class/block//partition") + NAME_BYTES];

	if (sys_fd < 0)
		return false;

	(void) snprintf(path, sizeof(path), "class/block/%s/partition", name); /* always fits */
	for (char *c = path + strlen("class/block/"); *c && c < path + sizeof(path); c++)
		if (*c == '/' && strcmp(c, "/partition") != 0)
			*c = '!'; /* as sysfs writes it: "cciss!c0d0" */

	return fd_exists_at(sys_fd, path);
}

static void take_line(struct devices *devices, struct slice line)
{
	struct device_number number;
	struct device *device;
	struct slice name;

	if (device_line_parse(&line, &number, &name) < 0 || name.length >= NAME_BYTES)
		return;

	device = find_or_add(devices, number);
	if (!device || slice_is(name, device->name, strlen(device->name)))
		return;

	memcpy(device->name, name.start, name.length);
	device->name[name.length] = '\0';
	device->partition = is_partition(devices->sys_fd, device->name);
}

static void read_again(struct devices *devices)
{
	char text[DISKSTATS_BYTES];
	const char *cursor = text;
	struct slice line;

	devices->read_ns = clock_boottime_ns();
	if (devices->diskstats_fd < 0 || fd_pread(devices->diskstats_fd, text, sizeof(text)) < 0)
		return; /* what was known stays, the rest are numbers */

	while (line_next(&cursor, &line))
		take_line(devices, line);
}

/* NULL: unknown. An unknown number gets an entry without name, so that it does not cause another
 * reading before the table is old. */
static const struct device *look_up(struct devices *devices, struct device_number number)
{
	struct device *device = find(devices, number);
	bool full = devices->count == DEVICES_MAX;
	bool old =
		devices->read_ns == 0 || clock_boottime_ns() - devices->read_ns >= DEVICES_AGE_NS;

	if (old || (!device && !full)) {
		read_again(devices);
		device = find_or_add(devices, number);
	}

	return device && device->name[0] ? device : NULL;
}

void devices_label(struct devices *devices, struct device_number number,
		   char ret_label[ROW_LABEL_BYTES])
{
	const struct device *device = look_up(devices, number);

	if (device)
		label_set(ret_label, "/dev/", (struct slice){ device->name, strlen(device->name) });
	else
		(void) snprintf(ret_label, ROW_LABEL_BYTES, "%u:%u", number.major, number.minor);
}

bool devices_is_partition(struct devices *devices, struct device_number number)
{
	const struct device *device = look_up(devices, number);

	return device && device->partition;
}
