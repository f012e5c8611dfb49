/* SPDX-License-Identifier: Apache-2.0 */

/* device_numbers: one small file for each device, now and then. */

#include "api/device_numbers.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/parse.h"

#define DEV_PREFIX "/dev/"

/* "254:0", maybe with a line feed. */
static bool parse_numbers(const char *text, uint32_t *ret_major, uint32_t *ret_minor)
{
	size_t length = strcspn(text, "\n");
	const char *colon = memchr(text, ':', length);
	uint64_t major, minor;

	if (!colon || parse_u64((struct slice){ text, (size_t) (colon - text) }, &major) < 0 ||
	    parse_u64((struct slice){ colon + 1, length - (size_t) (colon - text) - 1 }, &minor) <
		    0 ||
	    major > UINT32_MAX || minor > UINT32_MAX)
		return false;

	*ret_major = (uint32_t) major;
	*ret_minor = (uint32_t) minor;
	return true;
}

/* sysfs writes '!' where the name of a device has a slash. */
static bool read_numbers(int root_fd, const char *name, uint32_t *ret_major, uint32_t *ret_minor)
{
	char path[ROW_LABEL_BYTES + 32], file[ROW_LABEL_BYTES], text[32];

	(void) snprintf(file, sizeof(file), "%s", name);
	for (char *slash = file; (slash = strchr(slash, '/'));)
		*slash = '!';
	if (file[0] == '\0' || file[0] == '.')
		return false;
	(void) snprintf(path, sizeof(path), "sys/class/block/%s/dev", file);

	return fd_read_at(root_fd, path, text, sizeof(text)) > 0 &&
	       parse_numbers(text, ret_major, ret_minor);
}

static void look_up(struct device_numbers *numbers, struct device_number_entry *entry)
{
	entry->found = strncmp(entry->label, DEV_PREFIX, strlen(DEV_PREFIX)) == 0
			       ? read_numbers(numbers->root_fd, entry->label + strlen(DEV_PREFIX),
					      &entry->major, &entry->minor)
			       : parse_numbers(entry->label, &entry->major, &entry->minor);
	entry->read_ns = clock_boottime_ns();
}

/* The label's entry; when all are taken, the last one is given to it. */
static struct device_number_entry *find_entry(struct device_numbers *numbers, const char *label)
{
	struct device_number_entry *entry;

	for (unsigned i = 0; i < numbers->count; i++)
		if (strcmp(numbers->entries[i].label, label) == 0)
			return &numbers->entries[i];

	if (numbers->count < DEVICE_NUMBERS)
		numbers->count++;
	entry = &numbers->entries[numbers->count - 1];
	*entry = (struct device_number_entry){ 0 };
	(void) snprintf(entry->label, sizeof(entry->label), "%s", label);
	return entry;
}

bool device_numbers_find(struct device_numbers *numbers, const char *label, uint32_t *ret_major,
			 uint32_t *ret_minor)
{
	struct device_number_entry *entry = find_entry(numbers, label);

	if (entry->read_ns == 0 || clock_boottime_ns() - entry->read_ns >= DEVICE_NUMBERS_AGE_NS)
		look_up(numbers, entry);
	if (!entry->found)
		return false;

	*ret_major = entry->major;
	*ret_minor = entry->minor;
	return true;
}
