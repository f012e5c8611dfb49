/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#include "base/clock.h"

#define STAT \
	"cpu  17523 1 9465 277520 1360 2 277 27 5 6\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5 0 1\n" \
	"ctxt 123456\nbtime 1700000000\nprocesses 7338\nprocs_running 2\nprocs_blocked 1\n" \
	"softirq 1 2\n"

static const struct row *host_row(struct fake *fake)
{
	return draft_single(fake->draft, ENTITY_HOST);
}

static void cpu_times_by_mode(void **state)
{
	struct fake *fake = fake_new();
	uint64_t tick_ns = NSEC_PER_SEC / (uint64_t) sysconf(_SC_CLK_TCK);

	(void) state;
	fake_write(fake, "proc/stat", STAT);
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "host_cpu"), 0);
	assert_cell(host_row(fake), METRIC_HOST_CPU_USER_NS, 17523 * tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CPU_NICE_NS, tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CPU_SYSTEM_NS, 9465 * tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CPU_IDLE_NS, 277520 * tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CPU_IOWAIT_NS, 1360 * tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CPU_IRQ_NS, 2 * tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CPU_SOFTIRQ_NS, 277 * tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CPU_STEAL_NS, 27 * tick_ns);
	assert_cell(host_row(fake), METRIC_HOST_CONTEXT_SWITCHES, 123456);
	assert_cell(host_row(fake), METRIC_HOST_FORKS, 7338);
	assert_cell(host_row(fake), METRIC_HOST_PROCS_RUNNING, 2);
	assert_cell(host_row(fake), METRIC_HOST_PROCS_BLOCKED, 1);
	fake_free(fake);
}

static void absurd_stat_is_absent_and_an_error(void **state)
{
	static const char *const texts[] = {
		"\n",
		"cpu0 1 2 3\n",
		"cpu x\nctxt 1\n",
		"cpu 99999999999999999999 1\nctxt 1\n",
		"cpu  1 2 3",
		"cpu 1 2 3\n",
		"cpu 18446744073709551615 0 0 0 0 0 0 0\nctxt 1\n",
	};
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fake_write(fake, "proc/stat", texts[i]);
		site_retry(&fake->root);
		row_set(draft_single(fake->draft, ENTITY_HOST), METRIC_HOST_CPU_STEAL_NS, 1);
		assert_int_equal(fake_sample(fake, "host_cpu"), -EBADMSG);
	}
	fake_write(fake, "proc/stat", "cpu 1 2 3\n");
	assert_int_equal(fake_sample(fake, "host_cpu"), -EBADMSG);
	assert_absent(host_row(fake), METRIC_HOST_CPU_STEAL_NS);
	assert_absent(host_row(fake), METRIC_HOST_CONTEXT_SWITCHES);
	fake_free(fake);
}

static void memory_is_in_bytes(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(
		fake, "proc/meminfo",
		"MemTotal:       24684096 kB\nMemFree:        23527580 kB\n"
		"MemAvailable:   24233392 kB\nBuffers:           77364 kB\n"
		"Cached:           702832 kB\nSwapCached:            9 kB\n"
		"SwapTotal:             8 kB\nSwapFree:              0 kB\n"
		"Dirty:               192 kB\nShmem:              8872 kB\nShmemHugePages: 7 kB\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "host_memory"), 0);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_TOTAL_BYTES, 24684096ULL * 1024);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_FREE_BYTES, 23527580ULL * 1024);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_AVAILABLE_BYTES, 24233392ULL * 1024);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_BUFFERS_BYTES, 77364 * 1024ULL);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_CACHED_BYTES, 702832 * 1024ULL);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_DIRTY_BYTES, 192 * 1024ULL);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_SHARED_BYTES, 8872 * 1024ULL);
	assert_cell(host_row(fake), METRIC_HOST_SWAP_TOTAL_BYTES, 8 * 1024ULL);
	assert_cell(host_row(fake), METRIC_HOST_SWAP_FREE_BYTES, 0);
	fake_free(fake);
}

static void load_and_uptime_keep_their_fractions(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/loadavg", "0.07 10.26 0.19 1/93 7338\n");
	fake_write(fake, "proc/uptime", "1535.92 2775.21\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "host_load"), 0);
	assert_cell(host_row(fake), METRIC_HOST_LOAD_1, 70000000);
	assert_cell(host_row(fake), METRIC_HOST_LOAD_5, 10260000000);
	assert_cell(host_row(fake), METRIC_HOST_LOAD_15, 190000000);
	assert_cell(host_row(fake), METRIC_HOST_UPTIME_NS, 1535920000000);
	fake_free(fake);
}

static void absurd_load_is_absent_and_an_error(void **state)
{
	static const char *const texts[] = {
		"\n",        "x 1 2\n",     "-0.1 1 2\n",
		"1.0 2.0\n", "1.0 2.0 3.0", "99999999999999999999.0 1 1\n",
		""
	};
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fake_write(fake, "proc/loadavg", texts[i]);
		site_retry(&fake->root);
		row_set(draft_single(fake->draft, ENTITY_HOST), METRIC_HOST_LOAD_15, 1);
		assert_int_equal(fake_sample(fake, "host_load"), -EBADMSG);
		assert_absent(host_row(fake), METRIC_HOST_LOAD_15);
	}
	fake_free(fake);
}

static void pressure_of_the_host(void **state)
{
	static const char text[] = "some avg10=5.69 avg60=4.79 avg300=2.27 total=23917406\n"
				   "full avg10=0.00 avg60=0.00 avg300=0.00 total=12\n";
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, "proc/pressure/cpu", text);
	fake_write(fake, "proc/pressure/memory", text);
	fake_write(fake, "proc/pressure/io", text);
	fake_write(fake, "proc/pressure/irq", "full avg10=0.00 avg60=0.00 avg300=0.00 total=3\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "host_pressure"), 0);
	assert_cell(host_row(fake), METRIC_HOST_CPU_SOME_NS, 23917406000);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_SOME_NS, 23917406000);
	assert_cell(host_row(fake), METRIC_HOST_MEMORY_FULL_NS, 12000);
	assert_cell(host_row(fake), METRIC_HOST_IO_SOME_NS, 23917406000);
	assert_cell(host_row(fake), METRIC_HOST_IO_FULL_NS, 12000);
	assert_cell(host_row(fake), METRIC_HOST_IRQ_FULL_NS, 3000);
	fake_free(fake);
}

static void host_without_procfs_files_is_absent(void **state)
{
	static const char *const names[] = { "host_cpu", "host_memory", "host_load",
					     "host_pressure" };
	struct fake *fake = fake_new();

	(void) state;
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(fake_sample(fake, names[i]), 0);
	for (enum metric metric = METRIC_FIRST_HOST; metric < METRIC_END_HOST; metric++)
		assert_absent(host_row(fake), metric);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu_times_by_mode),
		cmocka_unit_test(absurd_stat_is_absent_and_an_error),
		cmocka_unit_test(memory_is_in_bytes),
		cmocka_unit_test(load_and_uptime_keep_their_fractions),
		cmocka_unit_test(absurd_load_is_absent_and_an_error),
		cmocka_unit_test(pressure_of_the_host),
		cmocka_unit_test(host_without_procfs_files_is_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
