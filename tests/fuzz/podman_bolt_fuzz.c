/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as podman's bolt_state.db. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "containers/podman.h"
#include "identity_check.h"

#define FILE_NAME "libpod/bolt_state.db"
#define ID        "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"

static char in_memory[] = "/dev/shm/plimsoll-fuzz.XXXXXX", on_disk[] = "/tmp/plimsoll-fuzz.XXXXXX";
static const char *directory;
static int directory_fd;

static void remove_directory(void)
{
	(void) unlinkat(directory_fd, FILE_NAME, 0);
	(void) unlinkat(directory_fd, "libpod", AT_REMOVEDIR);
	(void) rmdir(directory);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	directory = mkdtemp(in_memory); /* ten times as fast */
	if (!directory)
		directory = mkdtemp(on_disk);
	if (!directory)
		abort();
	directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(directory_fd, "libpod", 0700) < 0)
		abort();
	atexit(remove_directory);
	return 0;
}

static void check_row(bool brief)
{
	struct podman_row row = { 0 };
	struct podman_record record = { 0 };
	struct identity identity = { 0 };
	int r = podman_bolt_read(directory_fd, ID, brief, &identity, &row);

	assert(r == 0 || r == -ENOENT || identity.detail);
	assert(r == 0 || !row.config.start);
	if (r == 0)
		(void) podman_record_parse(&row, "bolt_state.db", &identity, &record);
	check_identity(&identity);
	podman_record_fini(&record);
	podman_row_fini(&row);
	identity_fini(&identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct podman_ids ids = { 0 };
	int fd = openat(directory_fd, FILE_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t) size)
		abort();
	close(fd);

	check_row(false);
	check_row(true);
	(void) podman_bolt_list(directory_fd, 100, &ids);
	assert(ids.count <= 100);
	podman_ids_fini(&ids);
	return 0;
}
