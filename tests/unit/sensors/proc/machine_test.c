/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define CPUS "sys/devices/system/cpu/"

static const struct row *machine_row(struct fake *fake)
{
	return draft_single(fake->draft, ENTITY_MACHINE);
}

static void write_cpu(struct fake *fake, unsigned cpu, const char *core, const char *package)
{
	char path[128];

	(void) snprintf(path, sizeof(path), CPUS "cpu%u/topology/core_cpus_list", cpu);
	fake_write(fake, path, core);
	(void) snprintf(path, sizeof(path), CPUS "cpu%u/topology/package_cpus_list", cpu);
	fake_write(fake, path, package);
}

/* Two sockets of two cores with two threads each; one thread is off. */
static struct fake *machine_new(void)
{
	static const char *const cores[] = { "0,4\n", "1,5\n", "2,6\n", "3\n" };
	struct fake *fake = fake_new();

	fake_write(fake, CPUS "online", "0-6\n");
	for (unsigned cpu = 0; cpu <= 6; cpu++)
		write_cpu(fake, cpu, cores[cpu % 4], cpu % 2 ? "1,3,5\n" : "0,2,4,6\n");
	fake_write(fake, "proc/meminfo", "MemTotal: 24684096 kB\nSwapTotal: 8 kB\n");
	return fake;
}

static void threads_cores_and_sockets(void **state)
{
	struct fake *fake = machine_new();

	(void) state;
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "machine"), 0);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_CORES, 7);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_PHYSICAL_CORES, 4);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_SOCKETS, 2);
	assert_cell(machine_row(fake), METRIC_MACHINE_MEMORY_BYTES, 24684096ULL * 1024);
	assert_cell(machine_row(fake), METRIC_MACHINE_SWAP_BYTES, 8 * 1024ULL);
	fake_free(fake);
}

static void topology_is_read_again_only_when_cpus_come_or_go(void **state)
{
	struct fake *fake = machine_new();
	uint64_t opens;

	(void) state;
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "machine"), 0);
	opens = fake->host.opens;
	assert_int_equal(fake_sample(fake, "machine"), 0);
	assert_int_equal(fake->host.opens, opens);

	fake_write(fake, CPUS "online", "0,2\n");
	assert_int_equal(fake_sample(fake, "machine"), 0);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_CORES, 2);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_PHYSICAL_CORES, 2);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_SOCKETS, 1);
	fake_free(fake);
}

static void without_sysfs_cpus_are_counted_in_proc(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/stat", "cpu  1 2 3\ncpu0 1\ncpu1 1\nctxt 1\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "machine"), 0);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_CORES, 2);
	assert_absent(machine_row(fake), METRIC_MACHINE_CPU_PHYSICAL_CORES);
	assert_absent(machine_row(fake), METRIC_MACHINE_CPU_SOCKETS);
	assert_absent(machine_row(fake), METRIC_MACHINE_MEMORY_BYTES);
	fake_free(fake);
}

static void incomplete_topology_is_absent(void **state)
{
	struct fake *fake = machine_new();

	(void) state;
	fake_unlink(fake, CPUS "cpu3/topology/core_cpus_list");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "machine"), 0);
	assert_cell(machine_row(fake), METRIC_MACHINE_CPU_CORES, 7);
	assert_absent(machine_row(fake), METRIC_MACHINE_CPU_PHYSICAL_CORES);
	fake_free(fake);
}

static void absurd_lists_are_absent_and_an_error(void **state)
{
	static const char *const lists[] = { "\n",    "x\n",
					     "1-\n",  "-1\n",
					     "3-1\n", "0-99999999999\n",
					     ",,\n",  "0-4294967295\n",
					     "0-1",   "1-2-3\n" };
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		fake_write(fake, CPUS "online", lists[i]);
		site_retry(&fake->root);
		assert_int_equal(fake_sample(fake, "machine"), -EBADMSG);
		assert_absent(machine_row(fake), METRIC_MACHINE_CPU_CORES);
	}
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_cores_and_sockets),
		cmocka_unit_test(topology_is_read_again_only_when_cpus_come_or_go),
		cmocka_unit_test(without_sysfs_cpus_are_counted_in_proc),
		cmocka_unit_test(incomplete_topology_is_absent),
		cmocka_unit_test(absurd_lists_are_absent_and_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
