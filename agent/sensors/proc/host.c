/* SPDX-License-Identifier: Apache-2.0 */

/* host: the machine as the kernel counts it.
 *
 * Source: /proc/stat, meminfo, loadavg, uptime, pressure/. Read through the root's site.
 * Kernel: Documentation/filesystems/proc.rst, proc_stat(5), proc_meminfo(5). */

#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "sensors/fields.h"
#include "sensors/pressure.h"
#include "sensors/proc/columns.h"
#include "sensors/sensor.h"

#define STAT_BYTES  (256 * 1024) /* 90 bytes a CPU, 2 to 10 for each interrupt: 1,000 CPUs */
#define WORDS_BYTES 128          /* of loadavg and uptime: five words at most */

/* Guest time is part of user and nice time, and not shown a second time. The scale is set when
 * a sensor runs: the length of a tick is known at run time only, though it is 10 ms everywhere. */
static const enum metric cpu_cells[] = {
	METRIC_HOST_CPU_USER_NS,    METRIC_HOST_CPU_NICE_NS,   METRIC_HOST_CPU_SYSTEM_NS,
	METRIC_HOST_CPU_IDLE_NS,    METRIC_HOST_CPU_IOWAIT_NS, METRIC_HOST_CPU_IRQ_NS,
	METRIC_HOST_CPU_SOFTIRQ_NS, METRIC_HOST_CPU_STEAL_NS,
};

static const struct field stat_rows[] = {
	{ "ctxt", METRIC_HOST_CONTEXT_SWITCHES, 1 },
	{ "processes", METRIC_HOST_FORKS, 1 },
	{ "procs_running", METRIC_HOST_PROCS_RUNNING, 1 },
	{ "procs_blocked", METRIC_HOST_PROCS_BLOCKED, 1 },
};
static struct fields stat_fields = FIELDS(stat_rows);

static void cpu_clear(struct row *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(cpu_cells); i++)
		row_clear(row, cpu_cells[i]);
}

/* The first line: "cpu  USER NICE SYSTEM ...", in ticks, all CPUs together. */
static int cpu_fill(const char *text, struct row *row)
{
	uint64_t tick_ns = NSEC_PER_SEC / (uint64_t) sysconf(_SC_CLK_TCK);
	struct columns columns;
	struct slice line, word;
	int r = 0;

	if (!line_next(&text, &line) || !word_next(&line, &word) || !SLICE_IS(word, "cpu") ||
	    columns_parse(line, &columns) < 0) {
		cpu_clear(row);
		return -EBADMSG;
	}

	for (unsigned i = 0; i < ARRAY_SIZE(cpu_cells); i++) {
		const struct column column = { i, cpu_cells[i], tick_ns };

		r = first_error(r, columns_fill(&columns, &column, 1, row));
	}

	return r;
}

static int host_cpu_sample(struct site *site, struct draft *draft, struct row *row)
{
	char text[STAT_BYTES];
	ssize_t n;

	(void) draft;
	n = site_read(site, FILE_HOST_STAT, text, sizeof(text));
	if (n < 0) {
		cpu_clear(row);
		fields_clear(&stat_fields, row);
		return site_is_absence(n) ? 0 : (int) n;
	}

	return first_error(cpu_fill(text, row), fields_fill(&stat_fields, text, row));
}

const struct sensor sensor_host_cpu = {
	.name = "host_cpu",
	.needs = "procfs",
	.entity = ENTITY_HOST,
	.cadence = CADENCE_ROUND,
	.sample = host_cpu_sample,
};

static const struct field meminfo_rows[] = {
	{ "MemTotal:", METRIC_HOST_MEMORY_TOTAL_BYTES, 1024 },
	{ "MemFree:", METRIC_HOST_MEMORY_FREE_BYTES, 1024 },
	{ "MemAvailable:", METRIC_HOST_MEMORY_AVAILABLE_BYTES, 1024 },
	{ "Buffers:", METRIC_HOST_MEMORY_BUFFERS_BYTES, 1024 },
	{ "Cached:", METRIC_HOST_MEMORY_CACHED_BYTES, 1024 },
	{ "Dirty:", METRIC_HOST_MEMORY_DIRTY_BYTES, 1024 },
	{ "Shmem:", METRIC_HOST_MEMORY_SHARED_BYTES, 1024 },
	{ "SwapTotal:", METRIC_HOST_SWAP_TOTAL_BYTES, 1024 },
	{ "SwapFree:", METRIC_HOST_SWAP_FREE_BYTES, 1024 },
};
static struct fields meminfo_fields = FIELDS(meminfo_rows);

static int host_memory_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return fields_sample(&meminfo_fields, site, FILE_HOST_MEMINFO, row);
}

const struct sensor sensor_host_memory = {
	.name = "host_memory",
	.needs = "procfs",
	.entity = ENTITY_HOST,
	.cadence = CADENCE_ROUND,
	.sample = host_memory_sample,
};

/* The first words of a file, decimal numbers, into cells in billionths. */
static int words_sample(struct site *site, enum site_file file, const enum metric *cells,
			size_t count, struct row *row)
{
	char text[WORDS_BYTES];
	const char *cursor = text;
	struct slice line = { 0 }, word;
	uint64_t nano;
	ssize_t n;

	for (size_t i = 0; i < count; i++)
		row_clear(row, cells[i]);
	n = site_read(site, file, text, sizeof(text));
	if (n < 0)
		return site_is_absence(n) ? 0 : (int) n;

	(void) line_next(&cursor, &line); /* an empty text: no word */
	for (size_t i = 0; i < count; i++) {
		if (!word_next(&line, &word) || parse_scaled(word, NSEC_PER_SEC, &nano) < 0)
			return -EBADMSG;
		row_set(row, cells[i], nano);
	}

	return 0;
}

static int host_load_sample(struct site *site, struct draft *draft, struct row *row)
{
	static const enum metric load[] = { METRIC_HOST_LOAD_1, METRIC_HOST_LOAD_5,
					    METRIC_HOST_LOAD_15 };
	static const enum metric uptime[] = { METRIC_HOST_UPTIME_NS };

	(void) draft;
	return first_error(words_sample(site, FILE_HOST_LOADAVG, load, ARRAY_SIZE(load), row),
			   words_sample(site, FILE_HOST_UPTIME, uptime, ARRAY_SIZE(uptime), row));
}

const struct sensor sensor_host_load = {
	.name = "host_load",
	.needs = "procfs",
	.entity = ENTITY_HOST,
	.cadence = CADENCE_ROUND,
	.sample = host_load_sample,
};

static const struct pressure pressure_table[] = {
	{ FILE_HOST_CPU_PRESSURE, METRIC_HOST_CPU_SOME_NS, METRIC_COUNT },
	{ FILE_HOST_MEMORY_PRESSURE, METRIC_HOST_MEMORY_SOME_NS, METRIC_HOST_MEMORY_FULL_NS },
	{ FILE_HOST_IO_PRESSURE, METRIC_HOST_IO_SOME_NS, METRIC_HOST_IO_FULL_NS },
	{ FILE_HOST_IRQ_PRESSURE, METRIC_COUNT, METRIC_HOST_IRQ_FULL_NS },
};

static int host_pressure_sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return pressure_sample(pressure_table, ARRAY_SIZE(pressure_table), site, row);
}

const struct sensor sensor_host_pressure = {
	.name = "host_pressure",
	.needs = "a kernel that counts pressure stalls (CONFIG_PSI, psi=1)",
	.entity = ENTITY_HOST,
	.cadence = CADENCE_ROUND,
	.probe = pressure_probe,
	.sample = host_pressure_sample,
};
