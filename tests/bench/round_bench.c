/* SPDX-License-Identifier: Apache-2.0 */

/* round_bench COUNT [SENSOR ...]: what one sampling round costs with COUNT cgroups made for it.
 *
 * The cgroups lie below plimsoll-bench/docker in every tree, are recognised as containers, and are
 * removed at the end. With sensor names only these run. Prints "key value" lines; tests/bench/run
 * compares them with their budgets. In the same process, so that the machine is the same: the cost
 * of reading the same files by bare pread and by open, read, close. */

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "census.h"
#include "sensors/sensor.h"

#define ROOT_NAME  "plimsoll-bench"
#define ROUNDS     20
#define WARM_UP    25 /* rounds: slow sensors have had their turn, and missing files were found */
#define FILES_MAX  8
#define PATH_BYTES 256

/* Every allocation of the process is counted: glibc lets a program bring its own malloc, and
 * keeps its own reachable under these names. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);

static atomic_ulong allocations;

void *malloc(size_t size)
{
	atomic_fetch_add(&allocations, 1);
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	atomic_fetch_add(&allocations, 1);
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	atomic_fetch_add(&allocations, 1);
	return __libc_realloc(old, size);
}

static void container_path(unsigned number, char *ret_path)
{
	(void) snprintf(ret_path, PATH_BYTES, ROOT_NAME "/docker/%064x", number + 1);
}

static int make_tree(int tree_fd, unsigned count)
{
	char path[PATH_BYTES];

	if (mkdirat(tree_fd, ROOT_NAME, 0755) < 0 && errno != EEXIST)
		return -errno;
	/* On a v2 host controllers are handed down level by level; on v1 these files are absent. */
	for (unsigned level = 0; level < 2; level++) {
		CLEANUP(close_p) int fd = -1;
		static const char *const controls[] = {
			"cgroup.subtree_control",
			ROOT_NAME "/cgroup.subtree_control",
		};

		fd = openat(tree_fd, controls[level], O_WRONLY | O_CLOEXEC);
		if (fd >= 0)
			(void) !write(fd, "+cpu +memory +io +pids", 22); /* fewer is fine */
	}
	if (mkdirat(tree_fd, ROOT_NAME "/docker", 0755) < 0 && errno != EEXIST)
		return -errno;
	{
		CLEANUP(close_p)
		int fd = openat(tree_fd, ROOT_NAME "/docker/cgroup.subtree_control",
				O_WRONLY | O_CLOEXEC);

		if (fd >= 0)
			(void) !write(fd, "+cpu +memory +io +pids", 22);
	}
	for (unsigned i = 0; i < count; i++) {
		container_path(i, path);
		if (mkdirat(tree_fd, path, 0755) < 0 && errno != EEXIST)
			return -errno;
	}

	return 0;
}

static void remove_tree(int tree_fd, unsigned count)
{
	char path[PATH_BYTES];

	for (unsigned i = 0; i < count; i++) {
		container_path(i, path);
		(void) unlinkat(tree_fd, path, AT_REMOVEDIR); /* clean up as far as it goes */
	}
	(void) unlinkat(tree_fd, ROOT_NAME "/docker", AT_REMOVEDIR);
	(void) unlinkat(tree_fd, ROOT_NAME, AT_REMOVEDIR);
}

/* Docker's files for these containers: empty cgroups alone would not be taken for any. */
static int make_metadata(const char *data_root, unsigned count)
{
	char path[PATH_BYTES * 2], text[512];

	for (unsigned i = 0; i < count; i++) {
		int length = snprintf(text, sizeof(text),
				      "{\"ID\":\"%064x\",\"Name\":\"/shop-worker-%u\","
				      "\"Created\":\"2026-01-02T03:04:05Z\",\"Config\":"
				      "{\"Image\":\"shop/worker:1.2\"}}",
				      i + 1, i);

		(void) snprintf(path, sizeof(path), "%s/containers/%064x", data_root, i + 1);
		if (mkdir(path, 0755) < 0)
			return -errno;
		strncat(path, "/config.v2.json", sizeof(path) - strlen(path) - 1);
		CLEANUP(close_p) int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		if (fd < 0 || write(fd, text, (size_t) length) != length)
			return -errno;
	}

	return 0;
}

static void remove_metadata(const char *data_root, unsigned count)
{
	char path[PATH_BYTES * 2];

	for (unsigned i = 0; i < count; i++) {
		(void) snprintf(path, sizeof(path), "%s/containers/%064x/config.v2.json", data_root,
				i + 1);
		(void) unlink(path); /* clean up as far as it goes */
		*strrchr(path, '/') = '\0';
		(void) rmdir(path);
	}
	(void) snprintf(path, sizeof(path), "%s/containers", data_root);
	(void) rmdir(path);
	(void) rmdir(data_root);
}

static double microseconds(uint64_t ns, unsigned long divisor)
{
	return (double) ns / 1000.0 / (double) divisor;
}

/* The same files without Plimsoll: kept open and pread, or opened for each read. */
struct plain {
	int tree;
	const char *file;
};

static unsigned find_plain(const struct site_host *host, struct plain *ret_files)
{
	static const struct {
		enum hierarchy v1;
		const char *v2_file, *v1_file;
	} wanted[] = {
		{ HIERARCHY_COUNT, "cpu.stat", NULL },
		{ HIERARCHY_V1_MEMORY, "memory.current", "memory.usage_in_bytes" },
		{ HIERARCHY_V1_MEMORY, "memory.stat", "memory.stat" },
		{ HIERARCHY_V1_BLKIO, "io.stat", "blkio.throttle.io_service_bytes_recursive" },
		{ HIERARCHY_V1_PIDS, "pids.current", "pids.current" },
		{ HIERARCHY_COUNT, "cpu.pressure", NULL },
	};
	unsigned count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		bool v1 = wanted[i].v1 != HIERARCHY_COUNT && host->trees[wanted[i].v1] >= 0;

		ret_files[count++] = (struct plain){
			host->trees[v1 ? wanted[i].v1 : HIERARCHY_UNIFIED],
			v1 ? wanted[i].v1_file : wanted[i].v2_file,
		};
	}

	return count;
}

static uint64_t measure_plain(const struct plain *files, unsigned count, unsigned cgroups,
			      bool keep)
{
	int *fds = calloc((size_t) count * cgroups, sizeof(*fds));
	char path[PATH_BYTES], full[PATH_BYTES + 64], text[8192];
	uint64_t start_ns = 0;

	if (!fds)
		return 0;
	for (int pass = 0; pass < 2; pass++) { /* the first opens, or warms up */
		start_ns = clock_process_cpu_ns();
		for (unsigned i = 0; i < cgroups * count; i++) {
			if (!keep || pass == 0) {
				container_path(i / count, path);
				(void) snprintf(full, sizeof(full), "%s/%s", path,
						files[i % count].file);
				fds[i] = openat(files[i % count].tree, full, O_RDONLY | O_CLOEXEC);
			}
			(void) !pread(fds[i], text, sizeof(text), 0);
			if (!keep)
				close(fds[i]);
		}
	}
	start_ns = clock_process_cpu_ns() - start_ns;
	for (unsigned i = 0; keep && i < cgroups * count; i++)
		close(fds[i]);
	free(fds);
	return start_ns;
}

static void measure_rounds(struct census *census, unsigned count)
{
	uint64_t opens, reads, start_ns, spent_ns;
	struct registry_stats registry;
	unsigned long allocated;
	uint64_t boottime_ns = clock_boottime_ns();

	for (unsigned i = 0; i < WARM_UP; i++)
		census_round(census, boottime_ns += NSEC_PER_SEC, clock_realtime_ns());

	opens = census->host.opens;
	reads = census->host.reads;
	allocated = atomic_load(&allocations);
	start_ns = clock_process_cpu_ns();
	for (unsigned i = 0; i < ROUNDS; i++)
		census_round(census, boottime_ns += NSEC_PER_SEC, clock_realtime_ns());
	spent_ns = clock_process_cpu_ns() - start_ns;

	registry_stats_get(census->registry, &registry);
	printf("containers %u\n", registry.live);
	printf("round_cpu_ms %.3f\n", microseconds(spent_ns, ROUNDS) / 1000);
	printf("us_per_cgroup %.2f\n", microseconds(spent_ns, (unsigned long) ROUNDS * count));
	printf("reads_per_cgroup %.2f\n",
	       (double) (census->host.reads - reads) / ROUNDS / (double) count);
	printf("opens_per_round %.2f\n", (double) (census->host.opens - opens) / ROUNDS);
	printf("allocations_per_round %.2f\n",
	       (double) (atomic_load(&allocations) - allocated) / ROUNDS);
	printf("descriptors_kept %u of %u\n", census->host.fd_used, census->host.fd_budget);
	printf("draft_bytes %zu\n", draft_bytes(census->draft));
}

static void measure_collectors(const struct census *census, unsigned count)
{
	for (size_t i = 0; i < census->sampler.count; i++) {
		const struct collector *collector = &census->sampler.collectors[i];
		uint64_t ns;

		if (collector->up && row_get(collector->row, METRIC_COLLECTOR_DURATION_NS, &ns))
			printf("sensor %s %.2f us_per_cgroup\n", collector->sensor->name,
			       microseconds(ns, count));
	}
}

static bool is_wanted(const char *name, char **wanted, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(name, wanted[i]) == 0)
			return true;

	return false;
}

/* sensors.disable: everything that was not asked for. */
static int configure(struct config *config, const char *data_root, char **wanted, int count)
{
	CLEANUP(text_fini) struct text yaml = { 0 };
	struct problem problem;
	int r;

	text_add_format(&yaml, "runtimes: {docker: {data_roots: [%s]}}\n", data_root);
	if (count > 0) {
		text_add_string(&yaml, "sensors: {disable: [");
		for (size_t i = 0; sensors[i]; i++)
			if (!is_wanted(sensors[i]->name, wanted, count))
				text_add_format(&yaml, "%s,", sensors[i]->name);
		text_add_string(&yaml, "]}\n");
	}
	r = config_parse(yaml.bytes, yaml.length, config, &problem);
	return r < 0 ? log_error(r, "%s", problem.text) : 0;
}

static int run(unsigned count, struct config *config)
{
	CLEANUP(close_p) int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct plain files[FILES_MAX];
	struct census census;
	uint64_t kept_ns, opened_ns;
	unsigned file_count;
	int r;

	r = census_open(root_fd, config, &census);
	if (r < 0)
		return log_error(r, "cannot open the host");
	for (enum hierarchy tree = 0; tree < HIERARCHY_COUNT && r >= 0; tree++)
		if (census.host.trees[tree] >= 0)
			r = make_tree(census.host.trees[tree], count);
	if (r < 0) {
		log_error(r, "cannot make the cgroups");
	} else {
		file_count = find_plain(&census.host, files);
		opened_ns = measure_plain(files, file_count, count < 1000 ? count : 1000, false);
		kept_ns = measure_plain(files, file_count, count < 1000 ? count : 1000, true);
		printf("plain_pread_us_per_cgroup %.2f\n",
		       microseconds(kept_ns, count < 1000 ? count : 1000));
		printf("plain_open_us_per_cgroup %.2f\n",
		       microseconds(opened_ns, count < 1000 ? count : 1000));
		census_rescan(&census);
		measure_rounds(&census, count);
		measure_collectors(&census, count);
	}

	for (enum hierarchy tree = 0; tree < HIERARCHY_COUNT; tree++)
		if (census.host.trees[tree] >= 0)
			remove_tree(census.host.trees[tree], count);
	census_close(&census);
	return r;
}

int main(int argc, char **argv)
{
	CLEANUP(config_fini) struct config config = { 0 };
	unsigned count = argc > 1 ? (unsigned) strtoul(argv[1], NULL, 10) : 0;
	char data_root[] = "/tmp/plimsoll-bench-XXXXXX", containers[64];
	int r;

	if (count == 0) {
		fprintf(stderr, "round_bench COUNT [SENSOR ...]\n");
		return 2;
	}
	log_init(LOG_LEVEL_WARNING);
	if (!mkdtemp(data_root))
		return 1;
	(void) snprintf(containers, sizeof(containers), "%s/containers", data_root);
	r = mkdir(containers, 0755) < 0 ? -errno : make_metadata(data_root, count);
	if (r >= 0)
		r = config_defaults(&config);
	if (r >= 0)
		r = configure(&config, data_root, argv + 2, argc - 2);
	if (r >= 0)
		r = run(count, &config);
	remove_metadata(data_root, count);
	return r < 0 ? 1 : 0;
}
