/* SPDX-License-Identifier: Apache-2.0 */

/* podman_vfs: SQLite on one descriptor that is open already.
 *
 * SQLite would open a database by its path, and a path in somebody's home may be a FIFO by then,
 * or a file with a lease (fcntl(2), F_SETLEASE), at both of which open waits. So the file is opened
 * by fd_open_distrusted, and SQLite gets this VFS: it reads from that descriptor, knows no other
 * file (no journal, no write-ahead log, no temporary one), takes no lock and writes nothing.
 * Source: sqlite.org, "The OS Backend (VFS)". */

#include "podman.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define VFS_NAME     "plimsoll-descriptor"
#define SECTOR_BYTES 4096

struct file {
	sqlite3_file base; /* first: SQLite knows only this */
	int fd;
};

static int file_close(sqlite3_file *base)
{
	(void) base; /* the descriptor is the caller's */
	return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 offset)
{
	const struct file *file = (const struct file *) base;
	int got = 0;

	while (got < size) {
		ssize_t n =
			pread(file->fd, (char *) bytes + got, (size_t) (size - got), offset + got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return SQLITE_IOERR_READ;
		if (n == 0)
			break;
		got += (int) n;
	}

	memset((char *) bytes + got, 0, (size_t) (size - got)); /* SQLite demands it */
	return got == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 offset)
{
	(void) base;
	(void) bytes;
	(void) size;
	(void) offset;
	return SQLITE_READONLY;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	(void) base;
	(void) size;
	return SQLITE_READONLY;
}

static int file_sync(sqlite3_file *base, int flags)
{
	(void) base;
	(void) flags;
	return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
	const struct file *file = (const struct file *) base;
	struct stat status;

	if (fstat(file->fd, &status) < 0)
		return SQLITE_IOERR_FSTAT;

	*ret_size = status.st_size;
	return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
	(void) base;
	(void) level;
	return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *base, int *ret_reserved)
{
	(void) base;
	*ret_reserved = 0;
	return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
	(void) base;
	(void) operation;
	(void) argument;
	return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
	(void) base;
	return SECTOR_BYTES;
}

static int file_characteristics(sqlite3_file *base)
{
	(void) base;
	return 0;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1, /* neither shared memory nor mmap */
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_lock,
	.xCheckReservedLock = file_is_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
};

/* The name of a database is the number of its descriptor. */
static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
		    int *ret_flags)
{
	struct file *file = (struct file *) base;

	(void) vfs;
	*file = (struct file){ .fd = -1 };
	if (!name || !(flags & SQLITE_OPEN_MAIN_DB))
		return SQLITE_CANTOPEN;

	file->fd = atoi(name);
	file->base.pMethods = &methods;
	if (ret_flags)
		*ret_flags = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void) vfs;
	(void) name;
	(void) sync;
	return SQLITE_READONLY;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_there)
{
	(void) vfs;
	(void) name;
	(void) flags;
	*ret_there = 0;
	return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int size, char *ret_path)
{
	(void) vfs;
	return snprintf(ret_path, (size_t) size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

int podman_vfs_open(int fd, struct sqlite3 **ret_sqlite)
{
	static sqlite3_vfs vfs;
	char name[16];

	if (!vfs.zName) {
		vfs = *sqlite3_vfs_find(NULL); /* clock, randomness and so on are the usual ones */
		vfs.iVersion = 1;
		vfs.szOsFile = sizeof(struct file);
		vfs.pNext = NULL;
		vfs.zName = VFS_NAME;
		vfs.xOpen = vfs_open;
		vfs.xDelete = vfs_delete;
		vfs.xAccess = vfs_access;
		vfs.xFullPathname = vfs_full_path;
		if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) {
			vfs.zName = NULL;
			return -ENOMEM;
		}
	}

	(void) snprintf(name, sizeof(name), "%d", fd);
	return sqlite3_open_v2(name, ret_sqlite, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
			       VFS_NAME) == SQLITE_OK
		       ? 0
		       : -EIO;
}
