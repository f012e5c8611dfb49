/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Small files, read and written through descriptors relative to a directory. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads a whole file of the kernel into `text` from offset 0 and ends it with a NUL byte.
 * Returns the number of bytes, -EFBIG when it does not fit into size - 1 bytes, or a negative
 * errno. The descriptor's own offset is not used. `text` is untouched on open errors only. */
ssize_t fd_pread(int fd, char *text, size_t size);

/* Opens, reads as above and closes. */
ssize_t fd_read_at(int dir_fd, const char *path, char *text, size_t size);

bool fd_exists_at(int dir_fd, const char *path);

/* Opens a regular file that another user may own, without being led astray: no symbolic link in
 * any component, nothing outside of dir_fd, no FIFO or device, at most max_bytes long.
 * Returns the descriptor, or -ELOOP (link), -EXDEV (outside), -EINVAL (not a regular file),
 * -EFBIG, -ENOENT and so on. Source: openat2(2), RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS. */
int fd_open_distrusted(int dir_fd, const char *path, size_t max_bytes);

/* Reads what fd_open_distrusted opens, into memory that the caller frees; ends it with a NUL
 * byte that is not counted. Returns 0 or a negative errno. */
int fd_read_distrusted(int dir_fd, const char *path, size_t max_bytes, char **ret_text,
		       size_t *ret_length);

/* Replaces a file so that a reader, or a crash at any time, sees the old or the new text whole:
 * temporary file, fsync, rename, fsync of the directory. Returns 0 or a negative errno. */
int fd_write_atomic(int dir_fd, const char *name, const char *text, size_t length, mode_t mode);
