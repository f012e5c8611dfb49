/* SPDX-License-Identifier: Apache-2.0 */

/* podman_db: what podman's database says about a container.
 *
 * Source: db.sql in the graph root, tables ContainerConfig, ContainerState, PodConfig; the format
 * is SQLite's ("Database File Format").
 *
 * No lock is taken and nothing is written: a lock of ours, held while we are stopped, would stop
 * podman. So the file is opened read-only by the VFS "unix-none". What could go wrong without
 * locks:
 * - podman is writing, or died while writing: there is a journal, and SQLite refuses
 *   (SQLITE_READONLY_ROLLBACK), because it may not roll it back;
 * - podman writes while we read: the file's time or size is another one afterwards, and the row is
 *   thrown away;
 * - the file is empty, and a journal belongs to somebody who is just filling it: SQLite would
 * delete the journal, so an empty file is not opened at all;
 * - write-ahead logging, which an old podman used: needs locks and shared memory; SQLite refuses.
 */

#include "podman.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

#define FILE_NAME "db.sql"
#define CACHE_KIB 256  /* pages kept between two queries */
#define STEPS     1000 /* of SQLite's machine between two calls of spend() */
#define BUDGET    100  /* calls of spend() per query: a lookup by key takes some 50 steps */

static const char describe_sql[] =
	"SELECT c.Name, c.JSON, s.JSON, p.Name FROM ContainerConfig c"
	" LEFT JOIN ContainerState s ON s.ID = c.ID LEFT JOIN PodConfig p ON p.ID = c.PodID"
	" WHERE c.ID = ?1";
static const char stamp_sql[] =
	"SELECT c.Name, s.JSON FROM ContainerConfig c LEFT JOIN ContainerState s ON s.ID = c.ID"
	" WHERE c.ID = ?1";

void podman_db_close(struct podman_db *db)
{
	(void) sqlite3_finalize(db->describe); /* repeats an error that was seen */
	(void) sqlite3_finalize(db->stamp);
	(void) sqlite3_close(db->sqlite);
	*db = (struct podman_db){ 0 };
}

/* Not 0 makes SQLite give up. */
static int spend(void *budget)
{
	return --*(int *) budget < 0;
}

/* The file may be anybody's: no views or triggers that run on forever, no huge values, and broken
 * pages are noticed. */
static void harden(struct podman_db *db)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
	};
	char pragmas[96];

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		(void) sqlite3_db_config(db->sqlite, options[i].option, options[i].value, NULL);
	sqlite3_progress_handler(db->sqlite, STEPS, spend, &db->budget);
	(void) sqlite3_limit(db->sqlite, SQLITE_LIMIT_LENGTH, METADATA_BYTES);
	(void) snprintf(
		pragmas, sizeof(pragmas),
		"PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -%d",
		CACHE_KIB);
	(void) sqlite3_exec(db->sqlite, pragmas, NULL, NULL,
			    NULL); /* a bad file tells later, too */
}

/* dir_fd's own path has no symbolic link in it, and SQLite accepts none behind it. */
static int open_file(struct podman_db *db, int dir_fd)
{
	char link[48], path[PATH_MAX];
	ssize_t length;

	(void) snprintf(link, sizeof(link), "/proc/self/fd/%d", dir_fd);
	length = readlink(link, path, sizeof(path) - sizeof("/" FILE_NAME));
	if (length < 0)
		return -errno;
	memcpy(path + length, "/" FILE_NAME, sizeof("/" FILE_NAME));

	if (sqlite3_open_v2(path, &db->sqlite,
			    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
			    "unix-none") != SQLITE_OK)
		return -EIO;
	harden(db);
	return 0;
}

static int prepare(struct podman_db *db)
{
	if (sqlite3_prepare_v3(db->sqlite, describe_sql, sizeof(describe_sql),
			       SQLITE_PREPARE_PERSISTENT, &db->describe, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v3(db->sqlite, stamp_sql, sizeof(stamp_sql), SQLITE_PREPARE_PERSISTENT,
			       &db->stamp, NULL) != SQLITE_OK)
		return -EIO;

	return 0;
}

/* The errno of SQLite's latest failure, explained. */
static int explain(const struct podman_db *db, struct identity *identity)
{
	int code = db->sqlite ? sqlite3_extended_errcode(db->sqlite) : SQLITE_NOMEM;

	if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY) {
		metadata_explain(identity, FILE_NAME, -EAGAIN);
		return -EAGAIN;
	}
	identity_explain(identity, FILE_NAME ": %s",
			 code == SQLITE_CANTOPEN ? "cannot be opened without a lock"
						 : sqlite3_errstr(code & 0xff));
	/* A broken file may want any amount of memory: that is no lack of ours. */
	return -EBADMSG;
}

static int stat_file(int dir_fd, struct stat *ret_status)
{
	if (fstatat(dir_fd, FILE_NAME, ret_status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(ret_status->st_mode))
		return -ELOOP;
	if (!S_ISREG(ret_status->st_mode))
		return -EINVAL;

	return ret_status->st_size > 0 ? 0 : -ENOENT;
}

/* Opens db.sql, or opens it anew when it is another file now. */
static int ensure_open(struct podman_db *db, int dir_fd, const struct stat *status,
		       struct identity *identity)
{
	int r;

	if (db->sqlite && db->inode == status->st_ino && db->device == status->st_dev)
		return 0;

	podman_db_close(db);
	db->inode = status->st_ino;
	db->device = status->st_dev;
	db->budget = BUDGET;
	r = open_file(db, dir_fd);
	if (r >= 0)
		r = prepare(db);
	if (r < 0) {
		r = explain(db, identity);
		podman_db_close(db);
	}
	return r;
}

static bool is_same_version(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Borrowed until the statement moves on. start is NULL for SQL's NULL. */
static struct slice column(struct sqlite3_stmt *row, int index)
{
	const char *text = (const char *) sqlite3_column_text(row, index);

	return (struct slice){
		.start = text,
		.length = text ? (size_t) sqlite3_column_bytes(row, index) : 0,
	};
}

static int parse_row(struct sqlite3_stmt *row, struct identity *identity)
{
	struct slice name = column(row, 0), config = column(row, 1);
	struct slice state = column(row, 2), pod = column(row, 3);
	CLEANUP(json_decref_p) json_t *config_json = NULL;
	CLEANUP(json_decref_p) json_t *state_json = NULL;
	int r = 0;

	if (name.length > 0)
		r = identity_set(&identity->name, name.start, name.length);
	if (r >= 0 && pod.length > 0)
		r = identity_set(&identity->pod, pod.start, pod.length);
	if (r >= 0)
		r = metadata_parse(config.start ? config.start : "", config.length, FILE_NAME,
				   identity, &config_json);
	if (r >= 0)
		r = podman_config_parse(config_json, identity);
	if (r >= 0 && state.length > 0)
		r = metadata_parse(state.start, state.length, FILE_NAME, identity, &state_json);
	if (r >= 0)
		podman_state_parse(state_json, identity);
	return r;
}

static uint64_t hash_row(struct sqlite3_stmt *row)
{
	uint64_t hash = 0xcbf29ce484222325ULL; /* FNV-1a */

	for (int i = 0; i < sqlite3_column_count(row); i++) {
		struct slice value = column(row, i);

		for (size_t k = 0; k < value.length; k++)
			hash = (hash ^ (unsigned char) value.start[k]) * 0x100000001b3ULL;
		hash *= 0x100000001b3ULL;
	}

	return hash > 0 ? hash : 1;
}

/* Runs one of the statements and leaves it at its row. Returns 0, -ENOENT or another errno. */
static int find_row(struct podman_db *db, struct sqlite3_stmt *statement, const char *id,
		    struct identity *identity)
{
	int r;

	db->budget = BUDGET;
	(void) sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC); /* index 1 is there */
	r = sqlite3_step(statement);
	if (r == SQLITE_ROW)
		return 0;

	return r == SQLITE_DONE ? -ENOENT : explain(db, identity);
}

int podman_db_describe(struct podman_db *db, int dir_fd, const char *id, struct identity *identity)
{
	struct stat before, after;
	int r = stat_file(dir_fd, &before);

	if (r == -ENOENT)
		return r;
	if (r < 0) {
		metadata_explain(identity, FILE_NAME, r);
		return r;
	}
	r = ensure_open(db, dir_fd, &before, identity);
	if (r < 0)
		return r;

	r = find_row(db, db->describe, id, identity);
	if (r >= 0)
		r = parse_row(db->describe, identity);
	(void) sqlite3_reset(db->describe); /* repeats the error of the step */

	if (r != -ENOMEM && (stat_file(dir_fd, &after) < 0 || !is_same_version(&before, &after))) {
		identity_fini(identity);
		metadata_explain(identity, FILE_NAME, -EAGAIN);
		return -EAGAIN;
	}
	return r;
}

uint64_t podman_db_stamp(struct podman_db *db, int dir_fd, const char *id)
{
	struct identity unused = { 0 };
	struct stat status;
	uint64_t stamp = 0;

	if (stat_file(dir_fd, &status) < 0 || ensure_open(db, dir_fd, &status, &unused) < 0) {
		identity_fini(&unused);
		return 0;
	}

	if (find_row(db, db->stamp, id, &unused) >= 0)
		stamp = hash_row(db->stamp);
	(void) sqlite3_reset(db->stamp);
	identity_fini(&unused);
	return stamp;
}
