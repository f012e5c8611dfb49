/* SPDX-License-Identifier: Apache-2.0 */

/* fd: open, read and write small files. */

#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SEQ_PAGE_BYTES 4096 /* smallest buffer of seq_file; our records fit in half of it */

ssize_t fd_pread(int fd, char *text, size_t size)
{
	size_t length = 0;

	/* The kernel's small files come in one read. A file made of records (seq_file) ends a read
	 * early when the next record does not fit into its page: only a read that leaves half of
	 * the page free is taken for the end, which saves the call that would return 0. */
	while (length < size) {
		ssize_t n = pread(fd, text + length, size - length, (off_t) length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += (size_t) n;
		if (length < SEQ_PAGE_BYTES / 2 && length < size)
			break;
	}
	if (length == size)
		return -EFBIG;

	text[length] = '\0';
	return (ssize_t) length;
}

ssize_t fd_read_at(int dir_fd, const char *path, char *text, size_t size)
{
	CLEANUP(close_p) int fd = -1;

	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;

	return fd_pread(fd, text, size);
}

bool fd_exists_at(int dir_fd, const char *path)
{
	return faccessat(dir_fd, path, F_OK, 0) == 0;
}

int fd_open_distrusted(int dir_fd, const char *path, size_t max_bytes)
{
	CLEANUP(close_p) int fd = -1;
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	struct stat status;

	fd = (int) syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));
	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	if (status.st_size < 0 || (size_t) status.st_size > max_bytes)
		return -EFBIG;

	return TAKE_FD(fd);
}

int fd_read_distrusted(int dir_fd, const char *path, size_t max_bytes, char **ret_text,
		       size_t *ret_length)
{
	CLEANUP(close_p) int fd = -1;
	CLEANUP(free_p) char *text = NULL;
	struct stat status;
	ssize_t length;

	fd = fd_open_distrusted(dir_fd, path, max_bytes);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;

	/* Two bytes more than it had: one for NUL, one to notice that it grew meanwhile. */
	text = malloc((size_t) status.st_size + 2);
	if (!text)
		return -ENOMEM;

	length = 0;
	for (;;) {
		ssize_t n = read(fd, text + length, (size_t) status.st_size + 1 - (size_t) length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += n;
		if (length > status.st_size)
			return -EAGAIN; /* being written at this moment: the caller tries later */
	}

	text[length] = '\0';
	*ret_length = (size_t) length;
	*ret_text = TAKE_PTR(text);
	return 0;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t) n;
	}

	return 0;
}

int fd_write_atomic(int dir_fd, const char *name, const char *text, size_t length, mode_t mode)
{
	CLEANUP(close_p) int fd = -1;
	char temporary[256];
	int r;

	r = snprintf(temporary, sizeof(temporary), ".%s.new", name);
	if (r < 0 || (size_t) r >= sizeof(temporary))
		return -ENAMETOOLONG;

	fd = openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return -errno;

	r = write_all(fd, text, length);
	if (r >= 0 && fsync(fd) < 0)
		r = -errno;
	if (r >= 0 && renameat(dir_fd, temporary, dir_fd, name) < 0)
		r = -errno;
	if (r < 0) {
		(void) unlinkat(dir_fd, temporary, 0); /* the first error is the one to report */
		return r;
	}

	/* The name is durable only with its directory. Some file systems refuse; data is safe. */
	(void) fsync(dir_fd);
	return 0;
}
