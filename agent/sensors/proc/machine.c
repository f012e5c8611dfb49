/* SPDX-License-Identifier: Apache-2.0 */

/* machine: how the machine is built.
 *
 * Source: /sys/devices/system/cpu/online; of each CPU, topology/core_cpus_list and
 * package_cpus_list (5.3): it is the first of its core, or socket, when it stands first in the
 * list. Without sysfs the CPUs are counted in /proc/stat. The topology is read when the number of
 * CPUs changes, which is hardly ever: it takes two files for each of them. Memory and swap:
 * /proc/meminfo. Kernel: Documentation/admin-guide/cputopology.rst. */

#include <errno.h>
#include <stdio.h>

#include "base/fd.h"
#include "base/parse.h"
#include "model/draft.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"

#define CPU_LIST_BYTES 4096         /* "0-3,8,10": ranges, 10 bytes each at most */
#define STAT_BYTES     (256 * 1024) /* as in host.c */
#define CPUS_MAX       8192         /* the largest CONFIG_NR_CPUS */

static const struct field memory_rows[] = {
	{ "MemTotal:", METRIC_MACHINE_MEMORY_BYTES, 1024 },
	{ "SwapTotal:", METRIC_MACHINE_SWAP_BYTES, 1024 },
};
static struct fields memory_fields = FIELDS(memory_rows);

/* Takes the next range off a list like "0-3,8". Returns 1, 0 at the end, or -EBADMSG. */
static int range_next(struct slice *list, uint64_t *ret_first, uint64_t *ret_last)
{
	const char *comma = memchr(list->start, ',', list->length);
	struct slice range = { list->start, comma ? (size_t) (comma - list->start) : list->length };
	const char *dash = memchr(range.start, '-', range.length);
	struct slice first = { range.start, dash ? (size_t) (dash - range.start) : range.length };
	struct slice last =
		dash ? (struct slice){ dash + 1, range.length - first.length - 1 } : first;

	if (list->length == 0)
		return 0;
	if (parse_u64(first, ret_first) < 0 || parse_u64(last, ret_last) < 0 ||
	    *ret_first > *ret_last || *ret_last >= CPUS_MAX)
		return -EBADMSG;

	list->start += range.length + (comma ? 1 : 0);
	list->length -= range.length + (comma ? 1 : 0);
	return 1;
}

struct topology {
	uint64_t cpus, cores, sockets;
	bool known; /* cores and sockets */
};

/* Whether the CPU stands first in a list of its topology directory. Returns 0 or 1, or a
 * negative errno. */
static int is_first(struct site_host *host, uint64_t cpu, const char *file)
{
	char path[96], text[CPU_LIST_BYTES];
	uint64_t first, last;
	struct slice list;
	ssize_t n;
	int r;

	(void) snprintf(path, sizeof(path), "devices/system/cpu/cpu%llu/topology/%s",
			(unsigned long long) cpu, file); /* always fits */
	host->opens++;
	n = fd_read_at(host->sys_fd, path, text, sizeof(text));
	if (n <= 0)
		return n < 0 ? (int) n : -EBADMSG;

	list = (struct slice){ text, strcspn(text, "\n") };
	r = range_next(&list, &first, &last);
	if (r <= 0)
		return r < 0 ? r : -EBADMSG;
	return first == cpu;
}

static void count_cpu(struct site_host *host, uint64_t cpu, struct topology *topology)
{
	int core = is_first(host, cpu, "core_cpus_list");
	int socket = is_first(host, cpu, "package_cpus_list");

	if (core < 0 || socket < 0) {
		topology->known = false;
		return;
	}
	topology->cores += (uint64_t) core;
	topology->sockets += (uint64_t) socket;
}

static int count_online(const char *text, uint64_t *ret_cpus)
{
	struct slice list = { text, strcspn(text, "\n") };
	uint64_t first, last, cpus = 0;
	int r;

	while ((r = range_next(&list, &first, &last)) > 0)
		cpus += last - first + 1;
	if (r < 0 || cpus == 0)
		return -EBADMSG;

	*ret_cpus = cpus;
	return 0;
}

static void count_topology(struct site_host *host, const char *text, struct topology *topology)
{
	struct slice list = { text, strcspn(text, "\n") };
	uint64_t first, last;

	topology->known = true;
	while (range_next(&list, &first, &last) > 0)
		for (uint64_t cpu = first; cpu <= last && topology->known; cpu++)
			count_cpu(host, cpu, topology);
}

/* Lines "cpu0 ..." of /proc/stat. */
static int count_stat(struct site *site, uint64_t *ret_cpus)
{
	char text[STAT_BYTES];
	const char *cursor = text;
	struct slice line;
	uint64_t cpus = 0;
	ssize_t n;

	n = site_read(site, FILE_HOST_STAT, text, sizeof(text));
	if (n < 0)
		return (int) n;
	while (line_next(&cursor, &line))
		if (line.length > 3 && memcmp(line.start, "cpu", 3) == 0 && line.start[3] != ' ')
			cpus++;
	if (cpus == 0)
		return -EBADMSG;

	*ret_cpus = cpus;
	return 0;
}

static void topology_fill(const struct topology *topology, struct row *row)
{
	row_set(row, METRIC_MACHINE_CPU_CORES, topology->cpus);
	row_clear(row, METRIC_MACHINE_CPU_PHYSICAL_CORES);
	row_clear(row, METRIC_MACHINE_CPU_SOCKETS);
	if (topology->known) {
		row_set(row, METRIC_MACHINE_CPU_PHYSICAL_CORES, topology->cores);
		row_set(row, METRIC_MACHINE_CPU_SOCKETS, topology->sockets);
	}
}

static int cpus_sample(struct site *site, struct row *row)
{
	struct topology topology = { .known = false };
	char text[CPU_LIST_BYTES];
	uint64_t before;
	ssize_t n;
	int r;

	n = site_read(site, FILE_CPUS_ONLINE, text, sizeof(text));
	if (site_is_absence(n))
		r = count_stat(site, &topology.cpus);
	else
		r = n < 0 ? (int) n : count_online(text, &topology.cpus);
	if (r < 0) {
		row_clear(row, METRIC_MACHINE_CPU_CORES);
		row_clear(row, METRIC_MACHINE_CPU_PHYSICAL_CORES);
		row_clear(row, METRIC_MACHINE_CPU_SOCKETS);
		return site_is_absence(r) ? 0 : r;
	}
	if (row_get(row, METRIC_MACHINE_CPU_CORES, &before) && before == topology.cpus)
		return 0;

	if (n >= 0)
		count_topology(site->host, text, &topology);
	topology_fill(&topology, row);
	return 0;
}

static int machine_sample(struct site *site, struct draft *draft, struct row *row)
{
	struct row *machine = draft_single(draft, ENTITY_MACHINE);

	(void) row; /* the host's */
	return first_error(cpus_sample(site, machine),
			   fields_sample(&memory_fields, site, FILE_HOST_MEMINFO, machine));
}

const struct sensor sensor_machine = {
	.name = "machine",
	.needs = "procfs and sysfs",
	.entity = ENTITY_HOST,
	.cadence = CADENCE_SLOW,
	.sample = machine_sample,
};
