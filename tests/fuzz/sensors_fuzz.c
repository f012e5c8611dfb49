/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as the files that sensors read. An input is a text of sections:
 *
 *	== CPU_STAT
 *	usage_usec 7
 *	== MOUNTINFO
 *	...
 *
 * The names are those of files.def; a file without a section is missing. All sensors run, for a
 * container and for the root cgroup. Whatever the bytes are: no crash, labels are printable, and a
 * table that learned from earlier texts fills the same cells as one that did not. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "model/draft.h"
#include "model/snapshot.h"
#include "sensors/devices.h"
#include "sensors/fields.h"
#include "sensors/mounts.h"
#include "sensors/sensor.h"
#include "sensors/site.h"

#define PROCESS 7

static const char *const names[] = {
#define FILE_ROW(name, hierarchy, cadence, file) #name,
#include "sensors/files.def"
#undef FILE_ROW
};

/* For the few things that cannot be a memfd. In memory, where there is such a place. */
static char place[] = "/dev/shm/plimsoll-fuzz-XXXXXX", second_place[] = "/tmp/plimsoll-fuzz-XXXXXX";
static const char *root_path = place;
static int root_fd, mountinfo_fd, memory_fds[FILE_COUNT];
static struct site_host host;
static struct site container, root;
static struct draft *draft;
static struct row *container_row, *root_row;

/* Deepest last, for removal in reverse. */
static const char *const directories[] = { "proc", "proc/self", "proc/7",
					   "sys",  "sys/fs",    "sys/fs/cgroup" };
static const char *const plain_files[] = { "proc/self/mountinfo", "proc/diskstats",
					   "sys/fs/cgroup/cgroup.controllers" };

static void clean_up(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(plain_files); i++)
		(void) unlinkat(root_fd, plain_files[i], 0); /* as far as it goes */
	for (size_t i = ARRAY_SIZE(directories); i > 0; i--)
		(void) unlinkat(root_fd, directories[i - 1], AT_REMOVEDIR);
	(void) rmdir(root_path);
}

static int make_file(const char *path)
{
	int fd = openat(root_fd, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		abort();
	return fd;
}

static void make_place(void)
{
	if (!mkdtemp(place)) {
		root_path = second_place;
		if (!mkdtemp(second_place))
			abort();
	}
	atexit(clean_up);
	root_fd = open(root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		if (mkdirat(root_fd, directories[i], 0700) < 0)
			abort();
	for (enum site_file file = 0; file < FILE_COUNT; file++)
		memory_fds[file] = memfd_create(names[file], MFD_CLOEXEC);
	mountinfo_fd = make_file(plain_files[0]);
	close(memory_fds[FILE_HOST_DISKSTATS]);
	memory_fds[FILE_HOST_DISKSTATS] = make_file(plain_files[1]);
	close(make_file(plain_files[2]));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct draft_limits limits = draft_limits_for(10);

	(void) argc;
	(void) argv;
	make_place();
	if (site_host_open(root_fd, 1000, &host) < 0 || site_open(&host, "/", &root) < 0 ||
	    site_open(&host, "/", &container) < 0 || draft_new(&limits, &draft) < 0)
		abort();
	container.root = false;
	container.netns_owner = root.netns_owner = true; /* nobody closes what is put in by hand */
	container_row = draft_take(draft, ENTITY_CONTAINER);
	root_row = draft_take(draft, ENTITY_CONTAINER);
	return 0;
}

static void write_whole(int fd, struct slice text)
{
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text.start, text.length, 0) != (ssize_t) text.length)
		abort();
}

static void put_section(const char *name, struct slice text)
{
	if (strcmp(name, "MOUNTINFO") == 0)
		write_whole(mountinfo_fd, text);
	for (enum site_file file = 0; file < FILE_COUNT; file++)
		if (strcmp(name, names[file]) == 0) {
			write_whole(memory_fds[file], text);
			container.files[file] = root.files[file] = memory_fds[file];
		}
}

/* Fills the files that the input has. `text` ends with NUL, and may have more of them. */
static void put_sections(char *text, size_t length)
{
	char *end = text + length;

	for (char *section = text; section < end && strncmp(section, "== ", 3) == 0;) {
		char *name = section + 3, *content = memchr(name, '\n', (size_t) (end - name)),
		     *next;

		if (!content)
			return;
		*content++ = '\0';
		next = memmem(content, (size_t) (end - content), "\n== ", 4);
		next = next ? next + 1 : end;
		put_section(name, (struct slice){ content, (size_t) (next - content) });
		section = next;
	}
}

static void forget_files(void)
{
	for (enum site_file file = 0; file < FILE_COUNT; file++)
		container.files[file] = root.files[file] = SITE_FILE_MISSING;
	container.pid = PROCESS;
	host.fd_used = 0; /* what is put in by hand is not counted */
	devices_free(host.devices);
	if (ftruncate(mountinfo_fd, 0) < 0 || ftruncate(memory_fds[FILE_HOST_DISKSTATS], 0) < 0 ||
	    devices_new(host.proc_fd, host.sys_fd, &host.devices) < 0)
		abort();
}

static void check_labels(void)
{
	static struct snapshot *block;

	if (!block && !(block = calloc(1, draft_bytes_max(draft))))
		abort();
	assert(snapshot_check(block, draft_write(draft, block)) == 0);
	for (enum entity entity = ENTITY_DEVICE; entity < ENTITY_COUNT; entity++) {
		if (entity == ENTITY_MACHINE)
			continue; /* strings of its own */
		for (uint32_t i = 0; i < snapshot_rows(block, entity); i++) {
			const struct row *row = snapshot_row(block, entity, i);

			if (!row)
				continue;
			assert(strnlen(row->label, sizeof(row->label)) < sizeof(row->label));
			for (const char *c = row->label; *c; c++)
				assert(*c > ' ' && *c <= '~');
		}
	}
}

static const struct field rows[] = {
	{ "anon", METRIC_MEMORY_RSS_BYTES, 1 },
	{ "file", METRIC_MEMORY_CACHE_BYTES, 1 },
	{ "kernel", METRIC_MEMORY_KERNEL_BYTES, 1 },
	{ "inactive_file", METRIC_MEMORY_INACTIVE_FILE_BYTES, 1 },
	{ "pgfault", METRIC_MEMORY_PGFAULT, 1000 },
};

/* The kernel writes each key once; of two, the two ways may take another one. */
static bool has_key_twice(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t length = strlen(rows[i].key);
		unsigned count = 0;

		for (const char *line = text; line; line = strchr(line, '\n')) {
			line += *line == '\n';
			count += strncmp(line, rows[i].key, length) == 0 && line[length] == ' ';
			if (*line == '\0')
				break;
		}
		if (count > 1)
			return true;
	}

	return false;
}

static void check_learning(const char *text)
{
	static struct fields learned = FIELDS(rows);
	struct fields fresh = FIELDS(rows);
	int r;

	if (has_key_twice(text))
		return;
	r = fields_fill(&learned, text, container_row);
	assert(fields_fill(&fresh, text, root_row) == r);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t a = 0, b = 0;

		assert(row_get(container_row, rows[i].metric, &a) ==
		       row_get(root_row, rows[i].metric, &b));
		assert(a == b);
	}
}

static void run_sensors(void)
{
	for (size_t i = 0; sensors[i]; i++) {
		struct row *host_row = draft_single(draft, ENTITY_HOST);

		draft_begin(draft, 1, 1, 1);
		if (sensors[i]->probe)
			(void) sensors[i]->probe(&root); /* any answer is fine */
		if (sensors[i]->entity == ENTITY_HOST)
			(void) sensors[i]->sample(&root, draft, host_row);
		else if (sensors[i]->sample(&container, draft, container_row) <= 0)
			(void) sensors[i]->sample(&root, draft, root_row);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	int trees[HIERARCHY_COUNT];

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_learning(text);

	forget_files();
	put_sections(text, size);
	run_sensors();
	check_labels();
	if (mounts_open(root_fd, trees) == 0)
		for (size_t i = 0; i < ARRAY_SIZE(trees); i++)
			close_p(&trees[i]);
	free(text);
	return 0;
}
