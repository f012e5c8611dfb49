/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define VDA \
	" 254       0 vda 134726 27667 4448834 29243 189756 32111 13713976 48140 5 26400 80695 " \
	"13700 " \
	"42 3087600 1819 42916 1490\n"

static void disk_in_our_units(void **state)
{
	struct fake *fake = fake_new();
	const struct row *row;

	(void) state;
	fake_write(fake, "proc/diskstats", VDA);
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "disks"), 0);
	row = fake_find(fake, ENTITY_DISK, "/dev/vda");
	assert_cell(row, METRIC_DISK_READS, 134726);
	assert_cell(row, METRIC_DISK_READ_BYTES, 4448834ULL * 512);
	assert_cell(row, METRIC_DISK_READ_NS, 29243000000);
	assert_cell(row, METRIC_DISK_WRITES, 189756);
	assert_cell(row, METRIC_DISK_WRITTEN_BYTES, 13713976ULL * 512);
	assert_cell(row, METRIC_DISK_WRITE_NS, 48140000000);
	assert_cell(row, METRIC_DISK_IN_FLIGHT, 5);
	assert_cell(row, METRIC_DISK_BUSY_NS, 26400000000);
	fake_free(fake);
}

static void what_is_no_disk_of_its_own_is_left_out(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/diskstats",
		   VDA "254 1 vda1 1 1 1 1 1 1 1 1 1 1 1\n7 0 loop0 1 1 1 1 1 1 1 1 1 1 1\n"
		       "1 0 ram0 1 1 1 1 1 1 1 1 1 1 1\n11 0 sr0 0 0 0 0 0 0 0 0 0 0 0\n"
		       "253 0 zram0 1 1 1 1 1 1 1 1 1 1 1\n252 0 dm-0 1 1 1 1 1 1 1 1 1 1 1\n");
	fake_write(fake, "sys/class/block/vda1/partition", "1\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "disks"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DISK), 3);
	assert_non_null(fake_find(fake, ENTITY_DISK, "/dev/vda"));
	assert_non_null(fake_find(fake, ENTITY_DISK, "/dev/zram0"));
	assert_non_null(fake_find(fake, ENTITY_DISK, "/dev/dm-0"));
	fake_free(fake);
}

static void disk_that_was_removed_loses_its_row(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/diskstats", VDA);
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "disks"), 0);
	fake_write(fake, "proc/diskstats", "");
	assert_int_equal(fake_sample(fake, "disks"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DISK), 0);
	fake_free(fake);
}

static void one_bad_line_does_not_spoil_the_others(void **state)
{
	static const char *const bad[] = {
		"x 0 a 1\n",
		"8 0\n",
		"8 x sda 1\n",
		"8 0 sda x\n",
		"8 0 sda 99999999999999999999\n",
		"8 0 sda 1 2 3\n",
		"4294967296 0 sda 1 1 1 1 1 1 1 1 1 1\n",
		"8 0 sda 1 1 1 1 1 1 1 1 1 18446744073709551615\n",
	};
	char text[512];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fake *fake = fake_new();

		(void) snprintf(text, sizeof(text), "%s%s", bad[i], VDA);
		fake_write(fake, "proc/diskstats", text);
		fake_open(fake);
		assert_int_equal(fake_sample(fake, "disks"), -EBADMSG);
		assert_cell(fake_find(fake, ENTITY_DISK, "/dev/vda"), METRIC_DISK_READS, 134726);
		assert_absent(fake_find(fake, ENTITY_DISK, "/dev/sda"), METRIC_DISK_BUSY_NS);
		fake_free(fake);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disk_in_our_units),
		cmocka_unit_test(what_is_no_disk_of_its_own_is_left_out),
		cmocka_unit_test(disk_that_was_removed_loses_its_row),
		cmocka_unit_test(one_bad_line_does_not_spoil_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
