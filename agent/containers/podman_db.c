/* SPDX-License-Identifier: Apache-2.0 */

/* podman_db: what podman's database says about a container.
 *
 * Source: db.sql in the graph root, tables ContainerConfig, ContainerState, PodConfig; the format
 * is SQLite's ("Database File Format").
 *
 * No lock is taken and nothing is written: a lock of ours, held while we are stopped, would stop
 * podman. So SQLite reads through podman_vfs.c. What could go wrong without locks:
 * - podman is writing, or died while writing: then there is a journal whose first byte is not 0,
 *   and the file is left alone (a rollback would have to write);
 * - podman writes while we read: the file's time, size or change counter is another one
 *   afterwards, or a journal is there, and the row is thrown away;
 * - write-ahead logging, which an old podman used: the newest rows are in another file, whose
 *   readers need locks; SQLite refuses, and containers.json has to do. */

#include "podman.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "containers/cgroup_name.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

#define FILE_NAME "db.sql"
#define JOURNAL   FILE_NAME "-journal"
#define CACHE_KIB 256  /* pages kept between two queries */
#define STEPS     1000 /* of SQLite's machine between two calls of spend() */
#define BUDGET    100  /* calls of spend() per query: a lookup by key takes some 50 steps */

/* Where the file's change counter is ("Database File Format", 1.3.9). */
#define COUNTER_OFFSET 24

static const char full_sql[] =
	"SELECT c.Name, p.Name, s.JSON, c.JSON FROM ContainerConfig c"
	" LEFT JOIN ContainerState s ON s.ID = c.ID LEFT JOIN PodConfig p ON p.ID = c.PodID"
	" WHERE c.ID = ?1";
static const char brief_sql[] = "SELECT c.Name, NULL, s.JSON, NULL FROM ContainerConfig c"
				" LEFT JOIN ContainerState s ON s.ID = c.ID WHERE c.ID = ?1";
static const char list_sql[] = "SELECT ID FROM ContainerConfig LIMIT ?1";

/* What is another one after podman wrote. */
struct version {
	struct stat status;
	unsigned char counter[4];
};

void podman_db_close(struct podman_db *db)
{
	(void) sqlite3_finalize(db->full); /* repeats an error that was seen */
	(void) sqlite3_finalize(db->brief);
	(void) sqlite3_finalize(db->list);
	if (db->sqlite) {
		(void) sqlite3_close(db->sqlite);
		close_p(&db->fd);
	}
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
	char pragmas[112];

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		(void) sqlite3_db_config(db->sqlite, options[i].option, options[i].value, NULL);
	sqlite3_progress_handler(db->sqlite, STEPS, spend, &db->budget);
	(void) sqlite3_limit(db->sqlite, SQLITE_LIMIT_LENGTH, METADATA_BYTES);
	(void) snprintf(
		pragmas, sizeof(pragmas),
		"PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -%d",
		CACHE_KIB);
	(void) sqlite3_exec(db->sqlite, pragmas, NULL, NULL,
			    NULL); /* a bad file tells later, too */
}

static int open_file(struct podman_db *db, int fd)
{
	int r = podman_vfs_open(fd, &db->sqlite);

	if (!db->sqlite) {
		close_p(&fd);
		return -ENOMEM;
	}
	db->fd = fd; /* closed together with the connection */
	harden(db);
	return r;
}

static int prepare(struct podman_db *db)
{
	const struct {
		const char *sql;
		struct sqlite3_stmt **statement;
	} statements[] = {
		{ full_sql, &db->full },
		{ brief_sql, &db->brief },
		{ list_sql, &db->list },
	};

	for (size_t i = 0; i < ARRAY_SIZE(statements); i++)
		if (sqlite3_prepare_v3(db->sqlite, statements[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
				       statements[i].statement, NULL) != SQLITE_OK)
			return -EIO;

	return 0;
}

/* The errno of SQLite's latest failure, explained. A broken file may want any amount of memory:
 * that is no lack of ours. */
static int explain(const struct podman_db *db, struct identity *identity)
{
	int code = db->sqlite ? sqlite3_extended_errcode(db->sqlite) : SQLITE_NOMEM;

	identity_explain(identity, FILE_NAME ": %s",
			 code == SQLITE_CANTOPEN ? "cannot be opened without a lock"
						 : sqlite3_errstr(code & 0xff));
	return -EBADMSG;
}

/* Whether podman is writing, or has not finished to. */
static bool is_half_written(int dir_fd)
{
	CLEANUP(close_p) int fd = -1;
	char first = 0;

	fd = fd_open_distrusted(dir_fd, JOURNAL, SIZE_MAX);
	if (fd < 0)
		return fd != -ENOENT;
	return pread(fd, &first, 1, 0) == 1 && first != 0;
}

/* The file that is there now, through db->fd. Returns 0, -EAGAIN, or another negative errno. */
static int version_read(const struct podman_db *db, int dir_fd, struct version *ret_version)
{
	if (fstatat(dir_fd, FILE_NAME, &ret_version->status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (is_half_written(dir_fd) ||
	    pread(db->fd, ret_version->counter, sizeof(ret_version->counter), COUNTER_OFFSET) !=
		    sizeof(ret_version->counter))
		return -EAGAIN;

	return 0;
}

static bool version_equal(const struct version *a, const struct version *b)
{
	return a->status.st_dev == b->status.st_dev && a->status.st_ino == b->status.st_ino &&
	       a->status.st_size == b->status.st_size &&
	       a->status.st_mtim.tv_sec == b->status.st_mtim.tv_sec &&
	       a->status.st_mtim.tv_nsec == b->status.st_mtim.tv_nsec &&
	       memcmp(a->counter, b->counter, sizeof(a->counter)) == 0;
}

/* Opens the file, or opens it anew when it is another one now. */
static int ensure_open(struct podman_db *db, int dir_fd, const struct stat *now,
		       struct identity *identity)
{
	struct stat status;
	int fd, r;

	if (db->sqlite && db->inode == now->st_ino && db->device == now->st_dev)
		return 0;

	podman_db_close(db);
	fd = fd_open_distrusted(dir_fd, FILE_NAME, SIZE_MAX);
	if (fd < 0 || fstat(fd, &status) < 0) {
		r = fd < 0 ? fd : -errno;
		metadata_explain(identity, FILE_NAME, r);
		close_p(&fd);
		return r;
	}
	db->inode = status.st_ino;
	db->device = status.st_dev;
	db->budget = BUDGET;
	r = open_file(db, fd);
	if (r >= 0)
		r = prepare(db);
	if (r < 0) {
		r = explain(db, identity);
		podman_db_close(db);
	}
	return r;
}

/* Starts reading. Returns 0 with the version; -ENOENT when there is no file, or an empty one that
 * somebody is about to fill; or another negative errno with `detail`. */
static int begin(struct podman_db *db, int dir_fd, struct identity *identity,
		 struct version *ret_version)
{
	struct stat now;
	int r;

	if (fstatat(dir_fd, FILE_NAME, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? -ENOENT : -EIO;
	if (S_ISREG(now.st_mode) && now.st_size == 0)
		return -ENOENT;

	/* Before the schema is read, too. */
	r = is_half_written(dir_fd) ? -EAGAIN : ensure_open(db, dir_fd, &now, identity);
	if (r >= 0)
		r = version_read(db, dir_fd, ret_version);
	if (r == -EAGAIN)
		metadata_explain(identity, FILE_NAME, r);
	return r;
}

/* Whether podman wrote meanwhile. */
static bool was_disturbed(struct podman_db *db, int dir_fd, const struct version *before)
{
	struct version after;

	return version_read(db, dir_fd, &after) < 0 || !version_equal(before, &after);
}

static int take_column(struct sqlite3_stmt *statement, int index, struct podman_text *text)
{
	const void *bytes = sqlite3_column_blob(statement, index);
	int length = sqlite3_column_bytes(statement, index);

	return bytes ? podman_text_set(text, bytes, (size_t) length) : 0;
}

static int take_row(struct sqlite3_stmt *statement, struct podman_row *row)
{
	struct podman_text *const columns[] = { &row->name, &row->pod, &row->state, &row->config };

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		int r = take_column(statement, (int) i, columns[i]);

		if (r < 0)
			return r;
	}

	return 0;
}

int podman_db_read(struct podman_db *db, int dir_fd, const char *id, bool brief,
		   struct identity *identity, struct podman_row *ret_row)
{
	struct podman_row row = { 0 };
	struct sqlite3_stmt *statement;
	struct version version;
	int r = begin(db, dir_fd, identity, &version);

	if (r < 0)
		return r;

	db->budget = BUDGET;
	statement = brief ? db->brief : db->full;
	(void) sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC); /* index 1 is there */
	r = sqlite3_step(statement);
	if (was_disturbed(db, dir_fd, &version)) {
		metadata_explain(identity, FILE_NAME, -EAGAIN);
		r = -EAGAIN;
	} else if (r == SQLITE_ROW) {
		r = take_row(statement, &row);
	} else {
		r = r == SQLITE_DONE ? -ENOENT : explain(db, identity);
	}
	(void) sqlite3_reset(statement); /* repeats the error of the step */

	if (r < 0)
		podman_row_fini(&row);
	else
		*ret_row = row;
	return r;
}

/* Steps through the rows and keeps the ids. Returns SQLite's last word, or SQLITE_NOMEM. */
static int collect(struct sqlite3_stmt *statement, struct podman_ids *ids)
{
	int r;

	while ((r = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *id = (const char *) sqlite3_column_text(statement, 0);

		if (id && cgroup_is_id(id) && podman_ids_add(ids, id) < 0)
			return SQLITE_NOMEM;
	}

	return r;
}

int podman_db_list(struct podman_db *db, int dir_fd, size_t max, struct podman_ids *ids)
{
	struct identity unused = { 0 };
	struct version version;
	size_t before = ids->count;
	int r = begin(db, dir_fd, &unused, &version);

	identity_fini(&unused);
	if (r < 0)
		return r;

	db->budget = BUDGET;
	(void) sqlite3_bind_int64(db->list, 1, (sqlite3_int64) max);
	r = collect(db->list, ids) == SQLITE_DONE ? 0 : -EBADMSG;
	(void) sqlite3_reset(db->list); /* repeats the error of the step */
	if (was_disturbed(db, dir_fd, &version))
		r = -EAGAIN;
	if (r < 0)
		ids->count = before;
	return r;
}
