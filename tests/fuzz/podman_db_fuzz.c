/* SPDX-License-Identifier: Apache-2.0 */

/* Any bytes as podman's db.sql. The file must be the same afterwards. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "containers/podman.h"
#include "identity_check.h"

#define ID "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"

static char in_memory[] = "/dev/shm/plimsoll-fuzz.XXXXXX", on_disk[] = "/tmp/plimsoll-fuzz.XXXXXX";
static const char *directory;
static int directory_fd;

static void remove_directory(void)
{
	(void) unlinkat(directory_fd, "db.sql", 0);
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
	atexit(remove_directory);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct podman_db db = { 0 };
	struct podman_ids ids = { 0 };
	struct podman_record record = { 0 };
	struct podman_row row = { 0 };
	struct identity identity = { 0 };
	struct stat before, after;
	int fd = openat(directory_fd, "db.sql", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r;

	if (fd < 0 || write(fd, data, size) != (ssize_t) size || fstat(fd, &before) < 0)
		abort();
	close(fd);

	r = podman_db_read(&db, directory_fd, ID, false, &identity, &row);
	assert(r == 0 || r == -ENOENT || identity.detail);
	if (r == 0)
		(void) podman_record_parse(&row, "db.sql", &identity, &record);
	podman_row_fini(&row);
	if (podman_db_read(&db, directory_fd, ID, true, &identity, &row) == 0)
		assert(podman_row_hash(&row) != 0);
	(void) podman_db_list(&db, directory_fd, 100, &ids);
	assert(ids.count <= 100);
	podman_db_close(&db);
	podman_ids_fini(&ids);
	podman_record_fini(&record);
	podman_row_fini(&row);
	check_identity(&identity);
	identity_fini(&identity);

	assert(fstatat(directory_fd, "db.sql", &after, 0) == 0);
	assert(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec && before.st_size == after.st_size);
	assert(faccessat(directory_fd, "db.sql-journal", F_OK, 0) < 0);
	return 0;
}
