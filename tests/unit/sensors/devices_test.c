/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#include "base/clock.h"
#include "sensors/devices.h"
#include "sensors/label.h"

static const struct device_number vda = { 254, 0 }, vda1 = { 254, 1 }, unknown = { 9, 9 };

static void assert_label(struct fake *fake, struct device_number number, const char *expected)
{
	char label[ROW_LABEL_BYTES];

	devices_label(fake->host.devices, number, label);
	assert_string_equal(label, expected);
}

static struct fake *host_with_disks(void)
{
	struct fake *fake = fake_new();

	fake_write(fake, "proc/diskstats",
		   " 254       0 vda 1 0 2 0\n 254       1 vda1 1 0 2 0\n 104 0 cciss/c0d0 1\n"
		   " 104 1 cciss/c0d0p1 1\n");
	fake_write(fake, "sys/class/block/vda/size", "8\n");
	fake_write(fake, "sys/class/block/vda1/partition", "1\n");
	fake_write(fake, "sys/class/block/cciss!c0d0p1/partition", "1\n");
	fake_open(fake);
	return fake;
}

static void number_becomes_a_name(void **state)
{
	struct fake *fake = host_with_disks();

	(void) state;
	assert_label(fake, vda, "/dev/vda");
	assert_label(fake, (struct device_number){ 104, 0 }, "/dev/cciss/c0d0");
	fake_free(fake);
}

static void unknown_number_stays_a_number(void **state)
{
	struct fake *fake = host_with_disks();

	(void) state;
	assert_label(fake, unknown, "9:9");
	assert_label(fake, (struct device_number){ UINT32_MAX, UINT32_MAX },
		     "4294967295:4294967295");
	fake_free(fake);
}

static void new_device_is_known_at_once(void **state)
{
	struct fake *fake = host_with_disks();

	(void) state;
	assert_label(fake, vda, "/dev/vda");
	fake_write(fake, "proc/diskstats", "9 9 md9 1\n");
	assert_label(fake, unknown, "/dev/md9");
	fake_free(fake);
}

/* A number that nobody knows is asked for in each round: that must not read the table each time,
 * but the table must not stay wrong for ever. */
static void unknown_number_is_looked_for_again_after_a_while(void **state)
{
	struct fake *fake = host_with_disks();

	(void) state;
	clock_freeze(NSEC_PER_SEC, 1);
	assert_label(fake, unknown, "9:9");
	fake_write(fake, "proc/diskstats", "9 9 md9 1\n254 0 sdz 1\n");
	assert_label(fake, unknown, "9:9");
	clock_freeze(NSEC_PER_SEC + DEVICES_AGE_NS, 1);
	assert_label(fake, unknown, "/dev/md9");
	assert_label(fake, vda, "/dev/sdz");
	clock_release();
	fake_free(fake);
}

static void partitions_are_told_by_sysfs(void **state)
{
	struct fake *fake = host_with_disks();

	(void) state;
	assert_false(devices_is_partition(fake->host.devices, vda));
	assert_true(devices_is_partition(fake->host.devices, vda1));
	assert_false(devices_is_partition(fake->host.devices, (struct device_number){ 104, 0 }));
	assert_true(devices_is_partition(fake->host.devices, (struct device_number){ 104, 1 }));
	assert_false(devices_is_partition(fake->host.devices, unknown));
	fake_free(fake);
}

static void more_devices_than_entries_are_numbers(void **state)
{
	struct fake *fake = fake_new();
	char *text = calloc(1, DISKSTATS_BYTES), *end = text;

	(void) state;
	assert_non_null(text);
	for (int i = 0; i < DEVICES_MAX + 10; i++)
		end += sprintf(end, "1 %d d%d 1\n", i, i);
	fake_write(fake, "proc/diskstats", text);
	fake_open(fake);
	assert_label(fake, (struct device_number){ 1, DEVICES_MAX - 1 }, "/dev/d1023");
	assert_label(fake, (struct device_number){ 1, DEVICES_MAX }, "1:1024");
	fake_write(fake, "proc/diskstats", "1 0 new 1\n"); /* and is not read again for them */
	assert_label(fake, unknown, "9:9");
	assert_label(fake, (struct device_number){ 1, 0 }, "/dev/d0");
	free(text);
	fake_free(fake);
}

static void absurd_lines_are_passed_over(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/diskstats",
		   "\n1\n1 2\nx y z\n99999999999999999999 0 a\n4294967296 0 b\n-1 0 c\n"
		   "7 7 a_name_that_is_much_too_long_for_any_disk\n254 0 vda\n");
	fake_open(fake);
	assert_label(fake, vda, "/dev/vda");
	assert_label(fake, (struct device_number){ 7, 7 }, "7:7");
	fake_free(fake);
}

static void host_without_diskstats_has_numbers(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	assert_label(fake, vda, "254:0");
	fake_free(fake);
}

static void labels_are_printable_and_cut(void **state)
{
	static const char hostile[] = "a\xff\n\"\\\x1b[31m";
	char label[ROW_LABEL_BYTES], name[100];

	(void) state;
	label_set(label, "", (struct slice){ hostile, strlen(hostile) });
	assert_string_equal(label, "a??\"\\?[31m");
	memset(name, 'n', sizeof(name));
	label_set(label, "/dev/", (struct slice){ name, sizeof(name) });
	assert_int_equal(strlen(label), ROW_LABEL_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_becomes_a_name),
		cmocka_unit_test(unknown_number_stays_a_number),
		cmocka_unit_test(new_device_is_known_at_once),
		cmocka_unit_test(unknown_number_is_looked_for_again_after_a_while),
		cmocka_unit_test(partitions_are_told_by_sysfs),
		cmocka_unit_test(more_devices_than_entries_are_numbers),
		cmocka_unit_test(absurd_lines_are_passed_over),
		cmocka_unit_test(host_without_diskstats_has_numbers),
		cmocka_unit_test(labels_are_printable_and_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
