/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The file plimsoll.db and its tables: opened, brought up to date, set aside when it is broken.
 * Everything here may wait for a disk; it is used by the store's own thread only.
 *
 * Errors are errnos: -EBADMSG (broken, or not ours: database_set_aside), -ENOSPC, -EROFS, -EIO,
 * -EBUSY (somebody else is writing), -ENOMEM. Source: sqlite3 "Result and Error Codes". */

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#define DATABASE_NAME          "plimsoll.db"
#define DATABASE_BROKEN_KEPT   3 /* set aside at a time; the oldest are removed */
#define DATABASE_BUSY_MS       1000
#define DATABASE_PROBLEM_BYTES 160

enum statement {
	STATEMENT_BEGIN,
	STATEMENT_COMMIT,
	STATEMENT_ROLLBACK,
	STATEMENT_ADD,
	STATEMENT_QUERY_NEWEST,
	STATEMENT_QUERY_OLDEST,
	STATEMENT_FORGET_OLD,
	STATEMENT_FORGET_MANY,
	STATEMENT_COUNT,
};

struct database {
	sqlite3 *sqlite; /* NULL: not open */
	sqlite3_stmt *statements[STATEMENT_COUNT];
	char problem[DATABASE_PROBLEM_BYTES]; /* of the last failure, for people */
};

/* Opens the file in this directory (0600), or makes it, and brings the tables up to date. On
 * failure the database is closed, and `problem` says why. */
int database_open(struct database *database, int dir_fd);

/* Accepts one that is not open. */
void database_close(struct database *database);

/* Renames the closed file to plimsoll.db.broken-SECONDS, so that the next open begins anew.
 * Returns 0 or a negative errno. */
int database_set_aside(int dir_fd);

/* SQLite's result as an errno; 0 for SQLITE_OK, SQLITE_ROW and SQLITE_DONE. Remembers the text. */
int database_result(struct database *database, int code);

/* Runs a statement that gives no rows, and resets it. */
int database_run(struct database *database, enum statement statement);
