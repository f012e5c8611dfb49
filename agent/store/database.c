/* SPDX-License-Identifier: Apache-2.0 */

/* database: one SQLite file in WAL mode.
 *
 * The directory is reached through its descriptor (/proc/self/fd/N), so that it is the one that was
 * opened at start whatever was mounted or renamed since. synchronous=NORMAL: a crash of the host
 * may lose the last few events, never the file. Source: sqlite.org "Write-Ahead Logging". */

#include "store/database.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define BROKEN_PREFIX DATABASE_NAME ".broken-"

/* From version N to N + 1 of the tables (user_version). Lines are only ever added. */
static const char *const migrations[] = {
	/* AUTOINCREMENT: a number is never given twice, even when every row was deleted. */
	"CREATE TABLE events ("
	" number INTEGER PRIMARY KEY AUTOINCREMENT,"
	" time INTEGER NOT NULL," /* realtime, ns */
	" type TEXT NOT NULL,"
	" instance INTEGER NOT NULL,"
	" id TEXT NOT NULL, name TEXT NOT NULL, image TEXT NOT NULL, runtime TEXT NOT NULL,"
	" cpu_usage INTEGER NOT NULL,"
	" exit_code INTEGER,"
	" duration INTEGER NOT NULL,"
	" health TEXT NOT NULL,"
	" labels BLOB NOT NULL);"
	"CREATE INDEX events_time ON events (time);",
};

#define VERSION ((int) ARRAY_SIZE(migrations))

#define QUERY \
	"SELECT number, time, type, instance, id, name, image, runtime, cpu_usage," \
	" exit_code, duration, health, labels FROM events" \
	" WHERE time BETWEEN ?1 AND ?2 AND number > ?3 ORDER BY number "

static const char *const sql[STATEMENT_COUNT] = {
	[STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
	[STATEMENT_COMMIT] = "COMMIT",
	[STATEMENT_ROLLBACK] = "ROLLBACK",
	[STATEMENT_ADD] =
		"INSERT INTO events (time, type, instance, id, name, image, runtime, cpu_usage,"
		" exit_code, duration, health, labels)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	[STATEMENT_QUERY_NEWEST] = QUERY "DESC LIMIT ?4",
	[STATEMENT_QUERY_OLDEST] = QUERY "ASC LIMIT ?4",
	[STATEMENT_FORGET_OLD] =
		"DELETE FROM events WHERE number IN"
		" (SELECT number FROM events WHERE time < ?1 ORDER BY time LIMIT ?2)",
	/* Rows are only ever deleted from the old end, so numbers count them; those that went by
	 * time out of order make it keep a few less. */
	[STATEMENT_FORGET_MANY] =
		"DELETE FROM events WHERE number IN (SELECT number FROM events"
		" WHERE number <= (SELECT max(number) FROM events) - ?1 ORDER BY number LIMIT ?2)",
};

static int errno_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_ERROR: /* our own SQL does not fit the tables: they are not ours */
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_MISMATCH:
	case SQLITE_SCHEMA:
		return -EBADMSG;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return -EROFS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_NOMEM:
		return -ENOMEM;
	default:
		return -EIO;
	}
}

int database_result(struct database *database, int code)
{
	int r = errno_of(code);

	if (r < 0)
		(void) snprintf(database->problem, sizeof(database->problem), "%s: %s",
				DATABASE_NAME,
				database->sqlite ? sqlite3_errmsg(database->sqlite)
						 : sqlite3_errstr(code));
	return r;
}

int database_run(struct database *database, enum statement statement)
{
	sqlite3_stmt *prepared = database->statements[statement];
	int r = database_result(database, sqlite3_step(prepared));

	(void) sqlite3_reset(prepared); /* repeats the error of the step */
	return r;
}

static int run_text(struct database *database, const char *text)
{
	return database_result(database, sqlite3_exec(database->sqlite, text, NULL, NULL, NULL));
}

/* SQLite would make the file with the umask's rights, and gives its companions those of the file.
 */
static int make_file(struct database *database, int dir_fd)
{
	CLEANUP(close_p) int fd = -1;

	fd = openat(dir_fd, DATABASE_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		    0600);
	if (fd < 0 || fchmod(fd, 0600) < 0) {
		int r = -errno;

		(void) snprintf(database->problem, sizeof(database->problem),
				"%s cannot be opened: %s", DATABASE_NAME, strerror(-r));
		return r;
	}
	return 0;
}

static int read_version(struct database *database, int *ret_version)
{
	sqlite3_stmt *statement = NULL;
	int version = -1, r;

	r = database_result(database, sqlite3_prepare_v2(database->sqlite, "PRAGMA user_version",
							 -1, &statement, NULL));
	if (r == 0)
		r = database_result(database, sqlite3_step(statement));
	if (r == 0)
		version = sqlite3_column_int(statement, 0);
	(void) sqlite3_finalize(statement); /* repeats the error of the step */
	if (r < 0)
		return r;

	if (version < 0 || version > VERSION) {
		(void) snprintf(database->problem, sizeof(database->problem),
				"%s has tables of version %d, and version %d is the newest known",
				DATABASE_NAME, version, VERSION);
		return -EBADMSG;
	}
	*ret_version = version;
	return 0;
}

static int migrate(struct database *database)
{
	int version = 0, r = read_version(database, &version);

	for (; r == 0 && version < VERSION; version++) {
		char text[1024];
		int length = snprintf(text, sizeof(text),
				      "BEGIN IMMEDIATE; %s PRAGMA user_version = %d; COMMIT",
				      migrations[version], version + 1);

		r = length < (int) sizeof(text) ? run_text(database, text) : -EMSGSIZE;
	}
	return r;
}

static int prepare(struct database *database)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < STATEMENT_COUNT; i++)
		r = database_result(database, sqlite3_prepare_v3(database->sqlite, sql[i], -1,
								 SQLITE_PREPARE_PERSISTENT,
								 &database->statements[i], NULL));
	return r;
}

static int open_file(struct database *database, int dir_fd)
{
	char path[64];
	int r;

	(void) snprintf(path, sizeof(path), "/proc/self/fd/%d/" DATABASE_NAME, dir_fd);
	r = database_result(database,
			    sqlite3_open_v2(path, &database->sqlite,
					    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
	if (r < 0)
		return r;

	(void) sqlite3_busy_timeout(database->sqlite, DATABASE_BUSY_MS); /* cannot fail */
	(void) sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void) sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void) sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	return run_text(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
				  "PRAGMA cell_size_check = ON; PRAGMA cache_size = -1024;"
				  "PRAGMA journal_size_limit = 4194304;"
				  "PRAGMA temp_store = MEMORY");
}

int database_open(struct database *database, int dir_fd)
{
	int r;

	*database = (struct database){ 0 };
	r = make_file(database, dir_fd);
	if (r == 0)
		r = open_file(database, dir_fd);
	if (r == 0)
		r = migrate(database);
	if (r == 0)
		r = prepare(database);
	if (r < 0)
		database_close(database);
	return r;
}

void database_close(struct database *database)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++) {
		(void) sqlite3_finalize(database->statements[i]); /* repeats an older error */
		database->statements[i] = NULL;
	}
	(void) sqlite3_close(database->sqlite); /* nothing is open in it */
	database->sqlite = NULL;
}

static int is_broken(const struct dirent *entry)
{
	return strncmp(entry->d_name, BROKEN_PREFIX, strlen(BROKEN_PREFIX)) == 0;
}

static int by_version(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

/* Leaves room for one more. */
static void remove_oldest_broken(int dir_fd)
{
	struct dirent **entries;
	int count = scandirat(dir_fd, ".", &entries, is_broken, by_version);

	if (count < 0)
		return;
	for (int i = 0; i < count; i++) {
		if (i <= count - DATABASE_BROKEN_KEPT)
			(void) unlinkat(dir_fd, entries[i]->d_name, 0); /* then one more stays */
		free(entries[i]);
	}
	free(entries);
}

int database_set_aside(int dir_fd)
{
	char name[64];

	remove_oldest_broken(dir_fd);
	(void) snprintf(name, sizeof(name), BROKEN_PREFIX "%llu",
			(unsigned long long) (clock_realtime_ns() / NSEC_PER_SEC));
	/* What belongs to another file would break the new one; there may be none. */
	(void) unlinkat(dir_fd, DATABASE_NAME "-wal", 0);
	(void) unlinkat(dir_fd, DATABASE_NAME "-shm", 0);

	return renameat(dir_fd, DATABASE_NAME, dir_fd, name) < 0 ? -errno : 0;
}
