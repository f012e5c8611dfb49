/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define DISKSTATS "254 0 vda 1 0 2 0\n8 0 sda 1 0 2 0\n"

static struct fake *host_with_io(const char *io_stat)
{
	struct fake *fake = fake_new();

	fake_write(fake, "proc/diskstats", DISKSTATS);
	fake_write(fake, CGROUP "io.stat", io_stat);
	fake_open(fake);
	return fake;
}

static void every_device_has_a_row(void **state)
{
	struct fake *fake =
		host_with_io("254:0 rbytes=1 wbytes=734003200 rios=3 wios=352 dbytes=5 dios=6\n"
			     "9:7 rbytes=11 wbytes=0 rios=1 wios=0 dbytes=0 dios=0 "
			     "cost.vrate=100.00 cost.usage=7 "
			     "cost.wait=8 cost.indebt=9 cost.indelay=10\n");
	const struct row *row;

	(void) state;
	assert_int_equal(fake_sample(fake, "io"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DEVICE), 2);
	row = fake_find(fake, ENTITY_DEVICE, "/dev/vda");
	assert_cell(row, METRIC_READ_BYTES, 1);
	assert_cell(row, METRIC_BLKIO_READ_BYTES, 1);
	assert_cell(row, METRIC_WRITE_BYTES, 734003200);
	assert_cell(row, METRIC_BLKIO_WRITE_BYTES, 734003200);
	assert_cell(row, METRIC_READS, 3);
	assert_cell(row, METRIC_WRITES, 352);
	assert_cell(row, METRIC_BLKIO_DISCARD_BYTES, 5);
	assert_absent(row, METRIC_IO_COST_USAGE_NS);

	row = fake_find(fake, ENTITY_DEVICE, "9:7");
	assert_cell(row, METRIC_READ_BYTES, 11);
	assert_cell(row, METRIC_IO_COST_USAGE_NS, 7000);
	assert_cell(row, METRIC_IO_COST_WAIT_NS, 8000);
	assert_cell(row, METRIC_IO_COST_INDEBT_NS, 9000);
	assert_cell(row, METRIC_IO_COST_INDELAY_NS, 10000);
	fake_free(fake);
}

static void unused_device_has_no_row(void **state)
{
	struct fake *fake =
		host_with_io("11:0 \n8:0 rbytes=0 wbytes=0 rios=0 wios=0 dbytes=0 dios=0\n");

	(void) state;
	assert_int_equal(fake_sample(fake, "io"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DEVICE), 0);
	fake_free(fake);
}

static void device_that_is_no_longer_listed_loses_its_row(void **state)
{
	struct fake *fake = host_with_io("254:0 rbytes=1\n8:0 rbytes=2\n");

	(void) state;
	assert_int_equal(fake_sample(fake, "io"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DEVICE), 2);
	fake_write(fake, CGROUP "io.stat", "8:0 rbytes=3\n");
	assert_int_equal(fake_sample(fake, "io"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DEVICE), 1);
	assert_cell(fake_find(fake, ENTITY_DEVICE, "/dev/sda"), METRIC_READ_BYTES, 3);
	fake_free(fake);
}

static void value_that_is_no_longer_given_becomes_absent(void **state)
{
	struct fake *fake = host_with_io("254:0 rbytes=1 wbytes=2\n");

	(void) state;
	assert_int_equal(fake_sample(fake, "io"), 0);
	fake_write(fake, CGROUP "io.stat", "254:0 wbytes=3\n");
	assert_int_equal(fake_sample(fake, "io"), 0);
	assert_absent(fake_find(fake, ENTITY_DEVICE, "/dev/vda"), METRIC_READ_BYTES);
	fake_free(fake);
}

static void empty_file_is_no_error(void **state)
{
	struct fake *fake = host_with_io("");

	(void) state;
	assert_int_equal(fake_sample(fake, "io"), 0);
	fake_free(fake);
}

static void vanished_file_ends_all_rows(void **state)
{
	struct fake *fake = host_with_io("254:0 rbytes=1\n");

	(void) state;
	assert_int_equal(fake_sample(fake, "io"), 0);
	site_release(&fake->site, FILE_IO_STAT);
	fake_unlink(fake, CGROUP "io.stat");
	assert_int_equal(fake_sample(fake, "io"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DEVICE), 0);
	fake_free(fake);
}

static void one_bad_line_does_not_spoil_the_others(void **state)
{
	static const char *const bad[] = {
		"x:y rbytes=1\n",
		"254 rbytes=1\n",
		":\n",
		"1:2:3 rbytes=1\n",
		"4294967296:0 rbytes=1\n",
		"8:0 rbytes=99999999999999999999\n",
		"8:0 rbytes=-1\n",
		"8:0 rbytes=\n",
		"8:0 rbytes=1x\n",
		"8:0 cost.usage=18446744073709551615\n",
	};
	char text[256];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fake *fake;

		(void) snprintf(text, sizeof(text), "%s254:0 rbytes=5\n", bad[i]);
		fake = host_with_io(text);
		assert_int_equal(fake_sample(fake, "io"), -EBADMSG);
		assert_int_equal(fake_count(fake, ENTITY_DEVICE), 1);
		assert_cell(fake_find(fake, ENTITY_DEVICE, "/dev/vda"), METRIC_READ_BYTES, 5);
		fake_free(fake);
	}
}

static void more_devices_than_rows_are_left_out(void **state)
{
	struct fake *fake = fake_new();
	char *text = calloc(1, 64 * 1024ULL), *end = text;
	struct draft_stats stats;

	(void) state;
	assert_non_null(text);
	for (int i = 0; i < 300; i++)
		end += sprintf(end, "7:%d rbytes=%d\n", i, i + 1);
	fake_write(fake, CGROUP "io.stat", text);
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "io"), 0);
	draft_stats_get(fake->draft, &stats);
	assert_int_equal(stats.used[ENTITY_DEVICE], stats.capacity[ENTITY_DEVICE]);
	assert_true(stats.refused[ENTITY_DEVICE] > 0);
	free(text);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_device_has_a_row),
		cmocka_unit_test(unused_device_has_no_row),
		cmocka_unit_test(device_that_is_no_longer_listed_loses_its_row),
		cmocka_unit_test(value_that_is_no_longer_given_becomes_absent),
		cmocka_unit_test(empty_file_is_no_error),
		cmocka_unit_test(vanished_file_ends_all_rows),
		cmocka_unit_test(one_bad_line_does_not_spoil_the_others),
		cmocka_unit_test(more_devices_than_rows_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
