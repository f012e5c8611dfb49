/* SPDX-License-Identifier: Apache-2.0 */

/* docker_stats: names, nesting and spelling are those of Docker's engine on a cgroup v2 host: no
 * percpu_usage, operations in lower case, null for I/O numbers that v2 has not.
 *
 * memory_stats.stats has the keys of memory.stat that are cells. total_inactive_file must never be
 * among them: docker's command line would take the host for one of cgroup v1. */

#include "exporters/docker_stats.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "exporters/docker_traffic.h"

#define TIME_NONE  "0001-01-01T00:00:00Z" /* Go's time that was not set */
#define TIME_BYTES 48
#define NAME_BYTES 2048       /* names are cut to 1 KiB */
#define NO_MAXIMUM UINT64_MAX /* as pids.max says "max" */

static void add_zeros(struct json_out *json, const struct key_cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_u64(json, cells[i].key, 0);
}

/* RFC 3339 with as many digits of the fraction as it has. */
static void add_time(struct json_out *json, const char *key, uint64_t realtime_ns)
{
	time_t seconds = (time_t) (realtime_ns / NSEC_PER_SEC);
	char date[TIME_BYTES], text[TIME_BYTES + 16];
	struct tm broken;
	int length;

	if (!gmtime_r(&seconds, &broken) ||
	    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &broken) == 0)
		return; /* a year that has no number */
	length = snprintf(text, sizeof(text), "%s.%09u", date,
			  (unsigned) (realtime_ns % NSEC_PER_SEC));
	while (text[length - 1] == '0')
		length--;
	if (text[length - 1] == '.')
		length--;
	(void) snprintf(text + length, sizeof(text) - (size_t) length, "Z");
	json_text(json, key, text);
}

static const struct row *single_row(const struct snapshot *snapshot, enum entity entity)
{
	return snapshot_rows(snapshot, entity) > 0 ? snapshot_row(snapshot, entity, 0) : NULL;
}

/* The first seven numbers of proc/stat: without steal, guest is in user. */
static void add_system_usage(struct json_out *json, const struct snapshot *snapshot)
{
	static const enum metric parts[] = {
		METRIC_HOST_CPU_USER_NS,    METRIC_HOST_CPU_NICE_NS,   METRIC_HOST_CPU_SYSTEM_NS,
		METRIC_HOST_CPU_IDLE_NS,    METRIC_HOST_CPU_IOWAIT_NS, METRIC_HOST_CPU_IRQ_NS,
		METRIC_HOST_CPU_SOFTIRQ_NS,
	};
	const struct row *host = single_row(snapshot, ENTITY_HOST);
	uint64_t sum = 0, part;

	if (!host)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!row_get(host, parts[i], &part))
			return;
		sum += part;
	}
	json_u64(json, "system_cpu_usage", sum);
}

static const struct key_cell cpu_usage[] = {
	{ "total_usage", METRIC_CPU_USAGE_NS },
	{ "usage_in_kernelmode", METRIC_CPU_SYSTEM_NS },
	{ "usage_in_usermode", METRIC_CPU_USER_NS },
};
static const struct key_cell throttling[] = {
	{ "periods", METRIC_CPU_PERIODS },
	{ "throttled_periods", METRIC_CPU_THROTTLED_PERIODS },
	{ "throttled_time", METRIC_CPU_THROTTLED_NS },
};

static void add_cpu(struct json_out *json, const char *key, const struct snapshot *snapshot,
		    const struct row *row)
{
	const struct row *machine = single_row(snapshot, ENTITY_MACHINE);
	uint64_t cores;

	json_open(json, key, '{');
	json_open(json, "cpu_usage", '{');
	docker_add_cells(json, row, cpu_usage, ARRAY_SIZE(cpu_usage));
	json_close(json, '}');
	add_system_usage(json, snapshot);
	if (machine && row_get(machine, METRIC_MACHINE_CPU_CORES, &cores))
		json_u64(json, "online_cpus", cores);
	json_open(json, "throttling_data", '{');
	docker_add_cells(json, row, throttling, ARRAY_SIZE(throttling));
	json_close(json, '}');
	json_close(json, '}');
}

static void add_no_cpu(struct json_out *json, const char *key)
{
	json_open(json, key, '{');
	json_open(json, "cpu_usage", '{');
	add_zeros(json, cpu_usage, ARRAY_SIZE(cpu_usage));
	json_close(json, '}');
	json_open(json, "throttling_data", '{');
	add_zeros(json, throttling, ARRAY_SIZE(throttling));
	json_close(json, '}');
	json_close(json, '}');
}

static bool total_memory(const struct snapshot *snapshot, uint64_t *ret_bytes)
{
	const struct row *host = single_row(snapshot, ENTITY_HOST);
	const struct row *machine = single_row(snapshot, ENTITY_MACHINE);

	return (machine && row_get(machine, METRIC_MACHINE_MEMORY_BYTES, ret_bytes)) ||
	       (host && row_get(host, METRIC_HOST_MEMORY_TOTAL_BYTES, ret_bytes));
}

/* No limit, or one above the machine's memory: the machine is the limit. */
static void add_memory_limit(struct json_out *json, const struct snapshot *snapshot,
			     const struct row *row)
{
	uint64_t limit, total;

	if (!row_get(row, METRIC_SPEC_MEMORY_LIMIT_BYTES, &limit))
		return;
	if (total_memory(snapshot, &total) && (limit == 0 || limit > total))
		limit = total;
	if (limit > 0)
		json_u64(json, "limit", limit);
}

static void add_memory_failures(struct json_out *json, const struct row *row)
{
	uint64_t count;

	/* On hosts with cgroup v1 it is memory.failcnt. */
	if (!row_get(row, METRIC_MEMORY_EVENTS_OOM, &count) &&
	    !row_get(row, METRIC_MEMORY_FAILCNT, &count))
		return;
	if (count > 0)
		json_u64(json, "failcnt", count);
}

/* The kernel counts them in two halves since 5.9, and Docker's key is the whole. */
static void add_refaults(struct json_out *json, const struct row *row)
{
	uint64_t file, anon = 0;

	if (!row_get(row, METRIC_MEMORY_REFAULT_FILE, &file))
		return;
	(void) row_get(row, METRIC_MEMORY_REFAULT_ANON, &anon); /* older kernels count no other */
	json_u64(json, "workingset_refault", file + anon);
}

static void add_memory(struct json_out *json, const struct snapshot *snapshot,
		       const struct row *row)
{
	static const struct key_cell usage[] = {
		{ "usage", METRIC_MEMORY_USAGE_BYTES },
		{ "max_usage", METRIC_MEMORY_PEAK_BYTES },
	};
	static const struct key_cell stats[] = {
		{ "anon", METRIC_MEMORY_RSS_BYTES },
		{ "file", METRIC_MEMORY_CACHE_BYTES },
		{ "file_mapped", METRIC_MEMORY_MAPPED_BYTES },
		{ "file_dirty", METRIC_MEMORY_DIRTY_BYTES },
		{ "file_writeback", METRIC_MEMORY_WRITEBACK_BYTES },
		{ "inactive_file", METRIC_MEMORY_INACTIVE_FILE_BYTES },
		{ "active_file", METRIC_MEMORY_ACTIVE_FILE_BYTES },
		{ "pgfault", METRIC_MEMORY_PGFAULT },
		{ "pgmajfault", METRIC_MEMORY_PGMAJFAULT },
		{ "pgscan", METRIC_MEMORY_PGSCAN },
		{ "pgsteal", METRIC_MEMORY_PGSTEAL },
	};

	json_open(json, "memory_stats", '{');
	docker_add_cells(json, row, usage, ARRAY_SIZE(usage));
	add_memory_limit(json, snapshot, row);
	add_memory_failures(json, row);
	json_open(json, "stats", '{');
	docker_add_cells(json, row, stats, ARRAY_SIZE(stats));
	add_refaults(json, row);
	json_close(json, '}');
	json_close(json, '}');
}

static void add_pids(struct json_out *json, const struct row *row)
{
	uint64_t value;

	json_open(json, "pids_stats", '{');
	if (row_get(row, METRIC_THREADS, &value)) /* the kernel's pids are tasks */
		json_u64(json, "current", value);
	if (row_get(row, METRIC_THREADS_MAX, &value))
		json_u64(json, "limit", value == 0 ? NO_MAXIMUM : value);
	json_close(json, '}');
}

static void add_who(struct json_out *json, const struct docker_who *who)
{
	char name[NAME_BYTES];

	(void) snprintf(name, sizeof(name), "/%s", who->name); /* fits: names are bounded */
	json_text(json, "name", name);
	json_text(json, "id", who->id);
	json_text(json, "os_type", "linux");
}

/* Members that exist for Windows. */
static void add_unused(struct json_out *json)
{
	json_u64(json, "num_procs", 0);
	json_open(json, "storage_stats", '{');
	json_close(json, '}');
}

static void add_stopped(struct json_out *json, const struct docker_stats *stats)
{
	json_text(json, "read", TIME_NONE);
	json_text(json, "preread", TIME_NONE);
	json_open(json, "pids_stats", '{');
	json_close(json, '}');
	add_unused(json);
	docker_add_io(json, stats, NULL);
	add_no_cpu(json, "cpu_stats");
	add_no_cpu(json, "precpu_stats");
	json_open(json, "memory_stats", '{');
	json_close(json, '}');
}

static void add_running(struct json_out *json, const struct docker_stats *stats,
			const struct row *row, const struct snapshot *before)
{
	const struct row *row_before = before ? snapshot_same(before, row) : NULL;

	add_time(json, "read", stats->now->realtime_ns);
	if (row_before)
		add_time(json, "preread", before->realtime_ns);
	else
		json_text(json, "preread", TIME_NONE);
	add_pids(json, row);
	add_unused(json);
	docker_add_io(json, stats, row);
	add_cpu(json, "cpu_stats", stats->now, row);
	if (row_before)
		add_cpu(json, "precpu_stats", before, row_before);
	else
		add_no_cpu(json, "precpu_stats");
	add_memory(json, stats->now, row);
	docker_add_networks(json, stats, row);
}

void docker_stats_write(const struct docker_stats *stats, const struct docker_who *who,
			const struct row *row, const struct snapshot *before, struct text *text)
{
	struct json_out json = { .text = text };

	json_open(&json, NULL, '{');
	add_who(&json, who);
	if (row)
		add_running(&json, stats, row, before);
	else
		add_stopped(&json, stats);
	json_close(&json, '}');
	TEXT_ADD(text, "\n");
}
