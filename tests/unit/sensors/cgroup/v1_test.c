/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define MOUNT(name, controllers) \
	"3 31 0:3 / /sys/fs/cgroup/" name " rw - cgroup cgroup rw," controllers "\n"
#define CPU    TREE "cpu/docker/one/"
#define MEMORY TREE "memory/docker/one/"
#define PIDS   TREE "pids/docker/one/"
#define BLKIO  TREE "blkio/docker/one/"
#define HUGE   TREE "hugetlb/docker/one/"

/* Files must be written before fake_open, or be tried again after it. */
static struct fake *hybrid_new(void)
{
	struct fake *fake = fake_new();

	fake_write(fake, "proc/self/mountinfo",
		   MOUNT("cpu", "cpu,cpuacct") MOUNT("memory", "memory") MOUNT("pids", "pids")
			   MOUNT("blkio", "blkio") MOUNT("hugetlb", "hugetlb")
				   MOUNT("freezer", "freezer") "9 31 0:9 / /sys/fs/cgroup/unified "
							       "rw - cgroup2 cgroup2 rw\n");
	fake_write(fake, "proc/diskstats", "254 0 vda 1\n8 0 sda 1\n");
	fake_write(fake, TREE "unified/cgroup.controllers", "\n");
	fake_write(fake, TREE "unified/docker/one/cpu.stat",
		   "usage_usec 5\nuser_usec 2\nsystem_usec 3\nnice_usec 0\n");
	fake_write(fake, CPU "tasks", "");
	fake_write(fake, MEMORY "tasks", "");
	fake_write(fake, PIDS "tasks", "");
	fake_write(fake, BLKIO "tasks", "");
	fake_write(fake, HUGE "tasks", "");
	return fake;
}

/* Exactly one of the two sisters serves. */
static void v1_sensors_serve_what_v2_does_not(void **state)
{
	static const char *const pairs[][2] = {
		{ "memory", "v1_memory" },
		{ "memory_limits", "v1_memory_limits" },
		{ "pids", "v1_pids" },
		{ "pids_limits", "v1_pids_limits" },
		{ "io", "v1_io" },
		{ "hugetlb", "v1_hugetlb" },
		{ "cpu_limits", "v1_cpu_limits" },
	};
	struct fake *hybrid = hybrid_new(), *pure = fake_new();

	(void) state;
	fake_open(hybrid);
	fake_open(pure);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		assert_int_equal(fake_probe(hybrid, pairs[i][0]), -EOPNOTSUPP);
		assert_int_equal(fake_probe(hybrid, pairs[i][1]), 0);
		assert_int_equal(fake_probe(pure, pairs[i][0]), 0);
		assert_int_equal(fake_probe(pure, pairs[i][1]), -EOPNOTSUPP);
	}
	assert_int_equal(fake_probe(hybrid, "v1_cpu"), 0);
	assert_int_equal(fake_probe(pure, "v1_cpu"), -EOPNOTSUPP);
	fake_free(hybrid);
	fake_free(pure);
}

static void throttling_comes_from_v1_and_usage_from_the_unified_tree(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, CPU "cpu.stat",
		   "nr_periods 9\nnr_throttled 4\nthrottled_time 2000001\nnr_bursts 1\nburst_time "
		   "7\n");
	fake_write(fake, CPU "cpu.cfs_quota_us", "150000\n");
	fake_write(fake, CPU "cpu.cfs_period_us", "100000\n");
	fake_write(fake, CPU "cpu.shares", "1024\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_cpu_limits"), 0);
	assert_int_equal(fake_sample(fake, "cpu"), 0);
	assert_int_equal(fake_sample(fake, "v1_cpu"), 0);
	assert_cell(fake->row, METRIC_CPU_USAGE_NS, 5000);
	assert_cell(fake->row, METRIC_CPU_PERIODS, 9);
	assert_cell(fake->row, METRIC_CPU_THROTTLED_PERIODS, 4);
	assert_cell(fake->row, METRIC_CPU_THROTTLED_NS, 2000001);
	assert_cell(fake->row, METRIC_CPU_BURSTS, 1);
	assert_cell(fake->row, METRIC_CPU_BURST_NS, 7);
	assert_cell(fake->row, METRIC_SPEC_CPU_QUOTA, 150000);
	assert_cell(fake->row, METRIC_SPEC_CPU_PERIOD, 100000);
	assert_cell(fake->row, METRIC_CPU_LIMIT_CORES, 1500000000);
	assert_cell(fake->row, METRIC_SPEC_CPU_SHARES, 1024);
	assert_absent(fake->row, METRIC_CPU_WEIGHT);
	fake_free(fake);
}

static void quota_of_minus_one_is_none(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, CPU "cpu.stat", "nr_periods 9\nnr_throttled 0\nthrottled_time 0\n");
	fake_write(fake, CPU "cpu.cfs_quota_us", "-1\n");
	fake_write(fake, CPU "cpu.cfs_period_us", "100000\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_cpu_limits"), 0);
	assert_int_equal(fake_sample(fake, "v1_cpu"), 0);
	assert_absent(fake->row, METRIC_SPEC_CPU_QUOTA);
	assert_absent(fake->row, METRIC_CPU_LIMIT_CORES);
	assert_cell(fake->row, METRIC_SPEC_CPU_PERIOD, 100000);
	assert_absent(fake->row, METRIC_CPU_PERIODS);
	fake_free(fake);
}

static void memory_counts_descendants(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, MEMORY "memory.stat",
		   "cache 1\nrss 1\nswap 1\ninactive_file 1\nhierarchical_memory_limit 1\n"
		   "total_cache 5000\ntotal_rss 1000\ntotal_mapped_file 40\ntotal_dirty 50\n"
		   "total_writeback 60\ntotal_workingset_refault_anon 71\n"
		   "total_workingset_refault_file 72\ntotal_swap 123\ntotal_pgfault 91\n"
		   "total_pgmajfault 92\ntotal_inactive_file 3000\ntotal_active_file 2000\n");
	fake_write(fake, MEMORY "memory.usage_in_bytes", "7000\n");
	fake_write(fake, MEMORY "memory.max_usage_in_bytes", "9000\n");
	fake_write(fake, MEMORY "memory.failcnt", "3\n");
	fake_write(fake, MEMORY "memory.kmem.usage_in_bytes", "300\n");
	fake_write(fake, MEMORY "memory.oom_control",
		   "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_memory"), 0);
	assert_int_equal(fake_sample(fake, "v1_memory_limits"), 0);
	assert_cell(fake->row, METRIC_MEMORY_USAGE_BYTES, 7000);
	assert_cell(fake->row, METRIC_MEMORY_WORKING_SET_BYTES, 4000);
	assert_cell(fake->row, METRIC_MEMORY_RSS_BYTES, 1000);
	assert_cell(fake->row, METRIC_MEMORY_CACHE_BYTES, 5000);
	assert_cell(fake->row, METRIC_MEMORY_MAPPED_BYTES, 40);
	assert_cell(fake->row, METRIC_MEMORY_DIRTY_BYTES, 50);
	assert_cell(fake->row, METRIC_MEMORY_WRITEBACK_BYTES, 60);
	assert_cell(fake->row, METRIC_MEMORY_REFAULT_ANON, 71);
	assert_cell(fake->row, METRIC_MEMORY_REFAULT_FILE, 72);
	assert_cell(fake->row, METRIC_MEMORY_SWAP_BYTES, 123);
	assert_cell(fake->row, METRIC_MEMORY_PGFAULT, 91);
	assert_cell(fake->row, METRIC_MEMORY_PGMAJFAULT, 92);
	assert_cell(fake->row, METRIC_MEMORY_INACTIVE_FILE_BYTES, 3000);
	assert_cell(fake->row, METRIC_MEMORY_ACTIVE_FILE_BYTES, 2000);
	assert_cell(fake->row, METRIC_MEMORY_PEAK_BYTES, 9000);
	assert_cell(fake->row, METRIC_MEMORY_FAILCNT, 3);
	assert_cell(fake->row, METRIC_MEMORY_KERNEL_BYTES, 300);
	assert_cell(fake->row, METRIC_MEMORY_EVENTS_OOM_KILL, 2);
	assert_cell(fake->row, METRIC_OOM_EVENTS, 2);
	assert_absent(fake->row, METRIC_MEMORY_EVENTS_MAX);
	fake_free(fake);
}

static void memory_without_limit_is_zero(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, MEMORY "memory.limit_in_bytes", "9223372036854771712\n");
	fake_write(fake, MEMORY "memory.memsw.limit_in_bytes", "9223372036854771712\n");
	fake_write(fake, MEMORY "memory.soft_limit_in_bytes", "9223372036854771712\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_memory_limits"), 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_SWAP_LIMIT_BYTES, 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_RESERVATION_BYTES, 0);

	fake_write(fake, MEMORY "memory.limit_in_bytes", "67108864\n");
	assert_int_equal(fake_sample(fake, "v1_memory_limits"), 0);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 67108864);
	fake_free(fake);
}

static void threads_from_v1(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, PIDS "pids.current", "6\n");
	fake_write(fake, PIDS "pids.max", "max\n");
	fake_write(fake, PIDS "pids.events", "max 3\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_pids"), 0);
	assert_int_equal(fake_sample(fake, "v1_pids_limits"), 0);
	assert_cell(fake->row, METRIC_THREADS, 6);
	assert_cell(fake->row, METRIC_THREADS_MAX, 0);
	assert_cell(fake->row, METRIC_PIDS_MAX_EVENTS, 3);
	fake_free(fake);
}

static void blkio_by_device(void **state)
{
	struct fake *fake = hybrid_new();
	const struct row *row;

	(void) state;
	fake_write(fake, BLKIO "blkio.throttle.io_service_bytes_recursive",
		   "254:0 Read 0\n254:0 Write 4096\n254:0 Sync 4096\n254:0 Async 0\n"
		   "254:0 Discard 8\n254:0 Total 4104\n8:0 Read 0\n8:0 Write 0\nTotal 4104\n");
	fake_write(fake, BLKIO "blkio.throttle.io_serviced_recursive",
		   "254:0 Read 0\n254:0 Write 2\n254:0 Discard 1\nTotal 3\n");
	fake_write(fake, BLKIO "blkio.throttle.io_service_bytes", "254:0 Write 1\nTotal 1\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_io"), 0);
	assert_int_equal(fake_count(fake, ENTITY_DEVICE), 1);
	row = fake_find(fake, ENTITY_DEVICE, "/dev/vda");
	assert_cell(row, METRIC_READ_BYTES, 0);
	assert_cell(row, METRIC_WRITE_BYTES, 4096);
	assert_cell(row, METRIC_BLKIO_WRITE_BYTES, 4096);
	assert_cell(row, METRIC_BLKIO_DISCARD_BYTES, 8);
	assert_cell(row, METRIC_READS, 0);
	assert_cell(row, METRIC_WRITES, 2);
	fake_free(fake);
}

static void blkio_without_recursive_files(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, BLKIO "blkio.throttle.io_service_bytes", "8:0 Read 512\nTotal 512\n");
	fake_write(fake, BLKIO "blkio.throttle.io_serviced", "8:0 Read 1\nTotal 1\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_io"), 0);
	assert_cell(fake_find(fake, ENTITY_DEVICE, "/dev/sda"), METRIC_READ_BYTES, 512);
	fake_free(fake);
}

static void blkio_absurd_text_is_an_error(void **state)
{
	static const char *const texts[] = {
		"8:0\n",      "8:0 Read\n", "8:0 Read x\n",  "8:0 Read 99999999999999999999\n",
		"x Read 1\n", "8:0 Read 1", "8:0 Read -1\n",
	};
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, BLKIO "blkio.throttle.io_serviced_recursive", "Total 0\n");
	fake_open(fake);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fake_write(fake, BLKIO "blkio.throttle.io_service_bytes_recursive", texts[i]);
		site_retry(&fake->site);
		assert_int_equal(fake_sample(fake, "v1_io"), -EBADMSG);
		assert_int_equal(fake_count(fake, ENTITY_DEVICE), 0);
	}
	fake_free(fake);
}

static void huge_pages_from_v1(void **state)
{
	struct fake *fake = hybrid_new();
	const struct row *row;

	(void) state;
	fake_write(fake, HUGE "hugetlb.2MB.usage_in_bytes", "2097152\n");
	fake_write(fake, HUGE "hugetlb.2MB.max_usage_in_bytes", "4194304\n");
	fake_write(fake, HUGE "hugetlb.2MB.failcnt", "1\n");
	fake_open(fake);
	assert_int_equal(fake_sample(fake, "v1_hugetlb"), 0);
	row = fake_find(fake, ENTITY_HUGEPAGE, "2MB");
	assert_cell(row, METRIC_HUGETLB_USAGE_BYTES, 2097152);
	assert_cell(row, METRIC_HUGETLB_PEAK_BYTES, 4194304);
	assert_cell(row, METRIC_HUGETLB_FAILCNT, 1);
	assert_int_equal(fake_count(fake, ENTITY_HUGEPAGE), 1);
	fake_free(fake);
}

/* An engine may not make a directory in every tree. */
static void container_without_v1_directories_is_absent(void **state)
{
	static const char *const names[] = { "v1_cpu_limits", "v1_cpu",
					     "v1_memory",     "v1_memory_limits",
					     "v1_pids",       "v1_pids_limits",
					     "v1_io",         "v1_hugetlb" };
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, TREE "unified/docker/two/cpu.stat", "usage_usec 1\n");
	fake_open(fake);
	site_close(&fake->site);
	assert_int_equal(site_open(&fake->host, "/docker/two", &fake->site), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(fake_sample(fake, names[i]), 0);
	for (enum metric metric = METRIC_FIRST_CONTAINER; metric < METRIC_END_CONTAINER; metric++)
		assert_absent(fake->row, metric);
	assert_int_equal(fake_count(fake, ENTITY_DEVICE), 0);
	fake_free(fake);
}

static void frozen_by_the_v1_freezer_is_frozen(void **state)
{
	struct fake *fake = hybrid_new();

	(void) state;
	fake_write(fake, TREE "unified/docker/one/cgroup.events", "populated 1\nfrozen 0\n");
	fake_write(fake, TREE "freezer/docker/one/freezer.state", "FROZEN\n");
	fake_open(fake);
	assert_int_equal(fake_probe(fake, "v1_state"), 0);
	assert_int_equal(fake_sample(fake, "state"), 0);
	assert_int_equal(fake_sample(fake, "v1_state"), 0);
	assert_cell(fake->row, METRIC_FROZEN, 1);

	fake_write(fake, TREE "freezer/docker/one/freezer.state", "THAWED\n");
	assert_int_equal(fake_sample(fake, "state"), 0);
	assert_int_equal(fake_sample(fake, "v1_state"), 0);
	assert_cell(fake->row, METRIC_FROZEN, 0);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frozen_by_the_v1_freezer_is_frozen),
		cmocka_unit_test(v1_sensors_serve_what_v2_does_not),
		cmocka_unit_test(throttling_comes_from_v1_and_usage_from_the_unified_tree),
		cmocka_unit_test(quota_of_minus_one_is_none),
		cmocka_unit_test(memory_counts_descendants),
		cmocka_unit_test(memory_without_limit_is_zero),
		cmocka_unit_test(threads_from_v1),
		cmocka_unit_test(blkio_by_device),
		cmocka_unit_test(blkio_without_recursive_files),
		cmocka_unit_test(blkio_absurd_text_is_an_error),
		cmocka_unit_test(huge_pages_from_v1),
		cmocka_unit_test(container_without_v1_directories_is_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
