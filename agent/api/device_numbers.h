/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Numbers of block devices by the label that their rows have: clients of Docker's API tell devices
 * apart by number. What was found is kept for a while, since devices come and go. */

#include <stdbool.h>
#include <stdint.h>

#include "model/row.h"

#define DEVICE_NUMBERS        256 /* remembered; more are looked up each time */
#define DEVICE_NUMBERS_AGE_NS (10 * 1000000000ULL)

struct device_number_entry {
	char label[ROW_LABEL_BYTES];
	uint32_t major, minor;
	bool found;
	uint64_t read_ns; /* boottime */
};

struct device_numbers {
	int root_fd; /* borrowed; directory that looks like "/" */
	unsigned count;
	struct device_number_entry entries[DEVICE_NUMBERS];
};

/* For "/dev/NAME" or "MAJ:MIN". Returns false when it is unknown. Source: sysfs,
 * /sys/class/block/NAME/dev (Documentation/admin-guide/sysfs-rules.rst). */
bool device_numbers_find(struct device_numbers *numbers, const char *label, uint32_t *ret_major,
			 uint32_t *ret_minor);
