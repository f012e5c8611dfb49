/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

static char directory[sizeof("/tmp/plimsoll-fd-XXXXXX")];
static int dir_fd = -1;

static int make_directory(void **state)
{
	(void) state;
	strcpy(directory, "/tmp/plimsoll-fd-XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	dir_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir_fd < 0 ? -1 : 0;
}

/* Removes one level of files; the tests make no deeper ones. */
static int remove_directory(void **state)
{
	static const char *const names[] = { "file",       "link",  "fifo",
					     "sub/inside", "other", ".file.new" };

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		(void) unlinkat(dir_fd, names[i], 0); /* most are not there */
	(void) unlinkat(dir_fd, "sub", AT_REMOVEDIR);
	(void) unlinkat(dir_fd, "file", AT_REMOVEDIR);
	close(dir_fd);
	return rmdir(directory);
}

static void put(const char *name, const char *text)
{
	CLEANUP(close_p)
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void small_file_is_read_whole_and_ended(void **state)
{
	char text[16];

	(void) state;
	put("file", "value 1\n");
	memset(text, 'x', sizeof(text));
	assert_int_equal(fd_read_at(dir_fd, "file", text, sizeof(text)), 8);
	assert_string_equal(text, "value 1\n");
	put("file", "");
	assert_int_equal(fd_read_at(dir_fd, "file", text, sizeof(text)), 0);
	assert_string_equal(text, "");
}

static void kept_descriptor_reads_from_the_start_again(void **state)
{
	CLEANUP(close_p) int fd = -1;
	char text[16];

	(void) state;
	put("file", "one");
	fd = openat(dir_fd, "file", O_RDONLY | O_CLOEXEC);
	assert_int_equal(fd_pread(fd, text, sizeof(text)), 3);
	put("file", "three");
	assert_int_equal(fd_pread(fd, text, sizeof(text)), 5);
	assert_string_equal(text, "three");
}

static void file_that_does_not_fit_is_refused(void **state)
{
	char text[9];

	(void) state;
	put("file", "12345678");
	assert_int_equal(fd_read_at(dir_fd, "file", text, 9), 8);
	assert_int_equal(fd_read_at(dir_fd, "file", text, 8), -EFBIG);
	assert_int_equal(fd_read_at(dir_fd, "absent", text, 8), -ENOENT);
}

static size_t read_to_the_end(const char *path, char *text, size_t size)
{
	CLEANUP(close_p) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t n;

	assert_true(fd >= 0);
	while ((n = read(fd, text + length, size - length)) > 0)
		length += (size_t) n;
	return length;
}

/* The kernel ends a read of /proc/self/maps before the page is full, when a line does not fit. */
static void records_behind_a_short_read_are_not_lost(void **state)
{
	static char expected[1 << 20], text[1 << 20];
	char *pages = mmap(NULL, 200 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t length;

	(void) state;
	assert_ptr_not_equal(pages, MAP_FAILED);
	for (unsigned i = 0; i < 200; i += 2)
		assert_int_equal(mprotect(pages + i * 4096, 4096, PROT_READ | PROT_WRITE), 0);

	length = read_to_the_end("/proc/self/maps", expected, sizeof(expected));
	assert_true(length > 3 * 4096);
	assert_int_equal(fd_read_at(AT_FDCWD, "/proc/self/maps", text, sizeof(text)), length);
	assert_memory_equal(text, expected, length);
	munmap(pages, 200 * 4096);
}

static void presence_is_told(void **state)
{
	(void) state;
	put("file", "");
	assert_true(fd_exists_at(dir_fd, "file"));
	assert_false(fd_exists_at(dir_fd, "absent"));
}

static void distrusted_file_is_read(void **state)
{
	CLEANUP(free_p) char *text = NULL;
	size_t length;

	(void) state;
	put("file", "{\"Name\":\"web\"}");
	assert_int_equal(fd_read_distrusted(dir_fd, "file", 100, &text, &length), 0);
	assert_int_equal(length, 14);
	assert_string_equal(text, "{\"Name\":\"web\"}");
}

static void links_are_not_followed(void **state)
{
	(void) state;
	put("file", "secret");
	assert_int_equal(symlinkat("file", dir_fd, "link"), 0);
	assert_int_equal(fd_open_distrusted(dir_fd, "link", 100), -ELOOP);
	assert_int_equal(mkdirat(dir_fd, "sub", 0755), 0);
	assert_int_equal(unlinkat(dir_fd, "link", 0), 0);
	assert_int_equal(symlinkat("sub", dir_fd, "link"), 0);
	put("sub/inside", "secret");
	assert_int_equal(fd_open_distrusted(dir_fd, "link/inside", 100), -ELOOP);
}

static void nothing_outside_is_opened(void **state)
{
	(void) state;
	assert_int_equal(fd_open_distrusted(dir_fd, "/etc/passwd", 1 << 20), -EXDEV);
	assert_int_equal(fd_open_distrusted(dir_fd, "../../etc/passwd", 1 << 20), -EXDEV);
}

static void what_is_no_regular_file_is_refused(void **state)
{
	(void) state;
	assert_int_equal(mkfifoat(dir_fd, "fifo", 0644), 0);
	assert_int_equal(fd_open_distrusted(dir_fd, "fifo", 100), -EINVAL); /* and does not hang */
	assert_int_equal(mkdirat(dir_fd, "sub", 0755), 0);
	assert_int_equal(fd_open_distrusted(dir_fd, "sub", 100), -EINVAL);
	assert_int_equal(fd_open_distrusted(dir_fd, "absent", 100), -ENOENT);
}

static void distrusted_file_above_the_limit_is_not_read(void **state)
{
	CLEANUP(free_p) char *text = NULL;
	size_t length = 77;

	(void) state;
	put("file", "12345");
	assert_int_equal(fd_read_distrusted(dir_fd, "file", 4, &text, &length), -EFBIG);
	assert_null(text);
	assert_int_equal(length, 77);
	assert_int_equal(fd_read_distrusted(dir_fd, "file", 5, &text, &length), 0);
	assert_int_equal(length, 5);
}

static void file_is_replaced_whole(void **state)
{
	char text[16];
	struct stat status;

	(void) state;
	put("file", "a long old text");
	assert_int_equal(fd_write_atomic(dir_fd, "file", "new", 3, 0600), 0);
	assert_int_equal(fd_read_at(dir_fd, "file", text, sizeof(text)), 3);
	assert_string_equal(text, "new");
	assert_int_equal(fstatat(dir_fd, "file", &status, 0), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_false(fd_exists_at(dir_fd, ".file.new"));
}

static void failed_replacement_leaves_nothing_behind(void **state)
{
	char name[300];

	(void) state;
	assert_int_equal(mkdirat(dir_fd, "file", 0755), 0);
	assert_int_equal(fd_write_atomic(dir_fd, "file", "new", 3, 0600), -EISDIR);
	assert_false(fd_exists_at(dir_fd, ".file.new"));
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(fd_write_atomic(dir_fd, name, "new", 3, 0600), -ENAMETOOLONG);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(small_file_is_read_whole_and_ended),
		TEST(kept_descriptor_reads_from_the_start_again),
		TEST(file_that_does_not_fit_is_refused),
		TEST(records_behind_a_short_read_are_not_lost),
		TEST(presence_is_told),
		TEST(distrusted_file_is_read),
		TEST(links_are_not_followed),
		TEST(nothing_outside_is_opened),
		TEST(what_is_no_regular_file_is_refused),
		TEST(distrusted_file_above_the_limit_is_not_read),
		TEST(file_is_replaced_whole),
		TEST(failed_replacement_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
