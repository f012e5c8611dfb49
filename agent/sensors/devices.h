/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Block devices by number: cgroup files know "254:0", people know "/dev/vda".
 *
 * The table is read from proc/diskstats, and read again when a number appears that it does not
 * have, and every DEVICES_AGE_NS, since numbers are given to other devices in time. */

#include <stdbool.h>
#include <stdint.h>

#include "base/parse.h"
#include "model/row.h"

#define DEVICES_MAX     1024 /* beyond it, labels are numbers */
#define DEVICES_AGE_NS  (10 * 1000000000ULL)
#define DISKSTATS_BYTES (128 * 1024UL) /* a line is about 120 bytes: some 1,000 devices */

struct devices;

struct device_number {
	uint32_t major, minor;
};

/* sys_fd may be -1: then partitions are not told apart. Both are borrowed. Returns 0 or a
 * negative errno; a proc directory without diskstats is none. */
int devices_new(int proc_fd, int sys_fd, struct devices **ret_devices);
void devices_free(struct devices *devices);

/* "MAJ:MIN". Returns 0 or -EINVAL. */
int device_number_parse(struct slice text, struct device_number *ret_number);

/* Takes "MAJ MIN NAME" off a line of diskstats; its numbers remain. Returns 0 or -EBADMSG. */
int device_line_parse(struct slice *line, struct device_number *ret_number, struct slice *ret_name);

/* "/dev/NAME", or "MAJ:MIN" when the name is unknown. */
void devices_label(struct devices *devices, struct device_number number,
		   char ret_label[ROW_LABEL_BYTES]);

/* Whether it is a part of another device, whose numbers contain its own. */
bool devices_is_partition(struct devices *devices, struct device_number number);
