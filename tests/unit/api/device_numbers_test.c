/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api/device_numbers.h"
#include "base/clock.h"
#include "harness/fake_host.h"

static void numbers_come_from_sysfs_or_from_the_label(void **state)
{
	static struct device_numbers numbers;
	struct fake_host host;
	uint32_t major, minor;

	(void) state;
	fake_host_init(&host);
	fake_host_write(&host, "sys/class/block/vda/dev", "254:16\n");
	fake_host_write(&host, "sys/class/block/cciss!c0d0/dev", "104:0\n");
	numbers = (struct device_numbers){ .root_fd = host.root_fd };
	assert_true(device_numbers_find(&numbers, "/dev/vda", &major, &minor));
	assert_int_equal(major, 254);
	assert_int_equal(minor, 16);
	assert_true(device_numbers_find(&numbers, "/dev/cciss/c0d0", &major, &minor));
	assert_int_equal(major, 104);
	assert_true(device_numbers_find(&numbers, "8:3", &major, &minor));
	assert_int_equal(major, 8);
	assert_int_equal(minor, 3);
	fake_host_fini(&host);
}

static void what_is_no_device_has_no_number(void **state)
{
	static const char *const labels[] = {
		"",   "/dev/", "/dev/gone", "/dev/..",      "/dev/../../x", "8",
		"8:", ":3",    "8:3:1",     "4294967296:1", "-1:2",         "/dev/bad",
	};
	static struct device_numbers numbers;
	struct fake_host host;
	uint32_t major, minor;

	(void) state;
	fake_host_init(&host);
	fake_host_write(&host, "sys/class/block/bad/dev", "much text that is no number at all");
	numbers = (struct device_numbers){ .root_fd = host.root_fd };
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (device_numbers_find(&numbers, labels[i], &major, &minor))
			fail_msg("%s has a number", labels[i]);
	fake_host_fini(&host);
}

static void a_device_is_looked_up_again_after_a_while(void **state)
{
	static struct device_numbers numbers;
	struct fake_host host;
	uint32_t major, minor;

	(void) state;
	fake_host_init(&host);
	clock_freeze(1000 * NSEC_PER_SEC, NSEC_PER_SEC);
	numbers = (struct device_numbers){ .root_fd = host.root_fd };
	assert_false(device_numbers_find(&numbers, "/dev/sda", &major, &minor));
	fake_host_write(&host, "sys/class/block/sda/dev", "8:0\n");
	assert_false(device_numbers_find(&numbers, "/dev/sda", &major, &minor));
	clock_freeze(1010 * NSEC_PER_SEC, NSEC_PER_SEC);
	assert_true(device_numbers_find(&numbers, "/dev/sda", &major, &minor));
	clock_release();
	fake_host_fini(&host);
}

static void more_devices_than_places_are_still_found(void **state)
{
	static struct device_numbers numbers;
	uint32_t major, minor;
	char label[16];

	(void) state;
	numbers = (struct device_numbers){ .root_fd = -1 };
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 2 * DEVICE_NUMBERS; i++) {
			snprintf(label, sizeof(label), "9:%u", i);
			assert_true(device_numbers_find(&numbers, label, &major, &minor));
			assert_int_equal(minor, i);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_from_sysfs_or_from_the_label),
		cmocka_unit_test(what_is_no_device_has_no_number),
		cmocka_unit_test(a_device_is_looked_up_again_after_a_while),
		cmocka_unit_test(more_devices_than_places_are_still_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
