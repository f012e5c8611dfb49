/* SPDX-License-Identifier: Apache-2.0 */

/* podman_db: a recorded database, one that podman is writing, and broken or forged ones. */

#include "host.h"

#include <signal.h>
#include <sqlite3.h>

#include "containers/podman.h"

#define RECORDED "1e3d4b1592efc1c972af24105e2debe0d9ed64943dc90189e75f38163ca0dd4d"

struct fixture {
	struct host host;
	struct podman_db db;
	struct identity identity;
	sqlite3 *engine; /* podman's own connection */
};

static void run_sql(sqlite3 *sqlite, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(sqlite, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static void open_engine(struct fixture *fixture)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/db.sql", fixture->host.path);
	assert_int_equal(sqlite3_open(path, &fixture->engine), SQLITE_OK);
}

/* The recorded database. */
static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	char *sql = host_data("podman-db.sql");

	host_make(&fixture->host);
	open_engine(fixture);
	run_sql(fixture->engine, sql);
	free(sql);
	*state = fixture;
	return 0;
}

static int setup_empty(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	host_make(&fixture->host);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	podman_db_close(&fixture->db);
	identity_fini(&fixture->identity);
	sqlite3_close(fixture->engine);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

/* Reads and understands a row. */
static int describe(struct fixture *fixture, const char *id)
{
	struct podman_record record = { 0 };
	struct podman_row row = { 0 };
	int r;

	identity_fini(&fixture->identity);
	r = podman_db_read(&fixture->db, fixture->host.root_fd, id, false, &fixture->identity,
			   &row);
	if (r >= 0)
		r = podman_record_parse(&row, "db.sql", &fixture->identity, &record);
	fixture->identity.name = TAKE_PTR(record.name);
	fixture->identity.pod = TAKE_PTR(record.pod);
	if (record.config)
		assert_int_equal(podman_config_parse(record.config, &fixture->identity), 0);
	podman_state_parse(record.state, &fixture->identity);
	podman_record_fini(&record);
	podman_row_fini(&row);
	return r;
}

static uint64_t stamp(struct fixture *fixture, const char *id)
{
	struct identity unused = { 0 };
	struct podman_row row = { 0 };
	uint64_t hash = 0;

	if (podman_db_read(&fixture->db, fixture->host.root_fd, id, true, &unused, &row) >= 0)
		hash = podman_row_hash(&row);
	podman_row_fini(&row);
	identity_fini(&unused);
	return hash;
}

static void recorded_database_is_read(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(describe(fixture, RECORDED), 0);
	assert_string_equal(fixture->identity.name, "pod1");
	assert_string_equal(fixture->identity.image, "localhost/bb:1");
	assert_int_equal(strlen(fixture->identity.image_id), 64);
	assert_true(fixture->identity.created_ns > 1700000000000000000ULL);
	assert_true(fixture->identity.started_ns > fixture->identity.created_ns);
	assert_false(fixture->identity.host_network);
	assert_string_equal(fixture->identity.address, "10.88.0.2");
	assert_null(fixture->identity.pod);
	assert_null(fixture->identity.detail);
	assert_int_not_equal(stamp(fixture, RECORDED), 0);
}

static void unknown_container_is_told_apart(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(describe(fixture, ID_A), -ENOENT);
	assert_null(fixture->identity.detail);
	assert_int_equal(stamp(fixture, ID_A), 0);
}

static void pod_and_labels_are_joined(void **state)
{
	struct fixture *fixture = *state;

	run_sql(fixture->engine,
		"PRAGMA foreign_keys = OFF;"
		"INSERT INTO PodConfig VALUES('" ID_B "', 'shop', '{}');"
		"INSERT INTO ContainerConfig VALUES('" ID_A "', 'cart', '" ID_B "',"
		" '{\"name\":\"old\",\"labels\":{\"team\":\"blue\"},\"networkMode\":\"host\","
		"   \"RawImageName\":\"cart:2\"}');"
		"INSERT INTO ContainerState VALUES('" ID_A "', 2, 0,"
		" '{\"state\":2,\"startedTime\":\"2026-11-23T18:41:57Z\"}');");
	assert_int_equal(describe(fixture, ID_A), 0);
	assert_string_equal(fixture->identity.name, "cart");
	assert_string_equal(fixture->identity.pod, "shop");
	assert_string_equal(fixture->identity.image, "cart:2");
	assert_string_equal(identity_find_label(&fixture->identity, "team"), "blue");
	assert_true(fixture->identity.host_network);
	assert_int_equal(fixture->identity.started_ns, 0); /* created, not running */
}

static void stopping_is_seen(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = stamp(fixture, RECORDED);

	run_sql(fixture->engine, "UPDATE ContainerState SET State = 6, ExitCode = 7, JSON ="
				 " '{\"state\":6,\"exitCode\":7,\"exited\":true,"
				 "   \"finishedTime\":\"2026-11-23T18:41:57Z\"}'");
	assert_int_not_equal(stamp(fixture, RECORDED), before);
	assert_int_equal(describe(fixture, RECORDED), 0);
	assert_int_equal(fixture->identity.condition.state, STATE_EXITED);
	assert_int_equal(fixture->identity.condition.exit_code, 7);
}

static void every_id_is_listed(void **state)
{
	struct fixture *fixture = *state;
	struct podman_ids ids = { 0 };

	run_sql(fixture->engine, "PRAGMA foreign_keys = OFF;"
				 "INSERT INTO ContainerConfig VALUES('" ID_A "', 'a', NULL, '{}');"
				 "INSERT INTO ContainerConfig VALUES('../x', 'b', NULL, '{}');");
	assert_int_equal(podman_db_list(&fixture->db, fixture->host.root_fd, 10, &ids), 0);
	assert_int_equal(ids.count, 2); /* what is no id is left out */
	ids.count = 0;
	assert_int_equal(podman_db_list(&fixture->db, fixture->host.root_fd, 2, &ids), 0);
	assert_int_equal(ids.count, 1); /* of two rows */
	podman_ids_fini(&ids);
}

static void list_of_a_database_that_is_written_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct podman_ids ids = { 0 };

	host_write(&fixture->host, "db.sql-journal", "pages");
	assert_int_equal(podman_db_list(&fixture->db, fixture->host.root_fd, 10, &ids), -EAGAIN);
	assert_int_equal(ids.count, 0);
	host_write_bytes(&fixture->host, "db.sql-journal", "\0ages",
			 5); /* of no meaning any more */
	assert_int_equal(podman_db_list(&fixture->db, fixture->host.root_fd, 10, &ids), 0);
	assert_int_equal(ids.count, 1);
	podman_ids_fini(&ids);
}

static void renaming_is_seen(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = stamp(fixture, RECORDED);

	assert_int_equal(stamp(fixture, RECORDED), before);
	run_sql(fixture->engine, "UPDATE ContainerConfig SET Name = 'renamed'");
	assert_int_not_equal(stamp(fixture, RECORDED), before);
	assert_int_equal(describe(fixture, RECORDED), 0);
	assert_string_equal(fixture->identity.name, "renamed");
}

static void many_queries_do_not_exhaust_the_budget(void **state)
{
	struct fixture *fixture = *state;
	uint64_t first = stamp(fixture, RECORDED);

	for (unsigned i = 0; i < 20000; i++)
		assert_int_equal(stamp(fixture, RECORDED), first);
}

static void lock_of_the_engine_does_not_matter(void **state)
{
	struct fixture *fixture = *state;

	run_sql(fixture->engine, "BEGIN EXCLUSIVE");
	assert_int_equal(describe(fixture, RECORDED), 0);
	assert_string_equal(fixture->identity.name, "pod1");
	run_sql(fixture->engine, "ROLLBACK");
}

static void engine_is_never_locked_out(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(describe(fixture, RECORDED), 0); /* and the connection stays open */
	run_sql(fixture->engine, "BEGIN EXCLUSIVE; UPDATE ContainerConfig SET Name = 'x'; COMMIT");
}

/* Pages of a transaction that does not fit into the cache go to the file before the commit. */
static void half_written_database_is_left_alone(void **state)
{
	struct fixture *fixture = *state;

	run_sql(fixture->engine,
		"PRAGMA cache_size = 5; PRAGMA cache_spill = 5; BEGIN EXCLUSIVE;"
		"UPDATE ContainerConfig SET Name = 'half';"
		"CREATE TABLE filler(x);"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		" INSERT INTO filler SELECT hex(randomblob(500)) FROM n;");
	assert_int_equal(describe(fixture, RECORDED), -EAGAIN);
	assert_null(fixture->identity.name);
	assert_string_equal(fixture->identity.detail, "db.sql: is being written");
	assert_int_equal(faccessat(fixture->host.root_fd, "db.sql-journal", F_OK, 0), 0);

	run_sql(fixture->engine, "COMMIT");
	assert_int_equal(describe(fixture, RECORDED), 0);
	assert_string_equal(fixture->identity.name, "half");
}

static void missing_database_is_no_error(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(describe(fixture, ID_A), -ENOENT);
	assert_null(fixture->identity.detail);
	assert_int_equal(stamp(fixture, ID_A), 0);
}

/* SQLite would take the journal for a leftover and delete it. */
static void journal_of_an_empty_database_is_left_alone(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, "db.sql", "");
	host_write(&fixture->host, "db.sql-journal", "somebody's");
	assert_int_equal(describe(fixture, ID_A), -ENOENT);
	assert_int_equal(faccessat(fixture->host.root_fd, "db.sql-journal", F_OK, 0), 0);
}

/* An open for reading would wait until the owner gives the lease back. */
static void leased_database_does_not_block(void **state)
{
	struct fixture *fixture = *state;
	int fd;

	sqlite3_close(fixture->engine);
	fixture->engine = NULL;
	fd = openat(fixture->host.root_fd, "db.sql", O_RDWR | O_CLOEXEC);
	if (fcntl(fd, F_SETLEASE, F_WRLCK) < 0) {
		close(fd);
		skip();
	}
	signal(SIGIO, SIG_IGN);
	assert_int_equal(describe(fixture, RECORDED), -EAGAIN);
	assert_null(fixture->identity.name);
	close(fd);
	assert_int_equal(describe(fixture, RECORDED), 0);
}

static void foreign_file_is_no_database(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, "db.sql", "no database at all, but some bytes of text");
	assert_int_equal(describe(fixture, ID_A), -EBADMSG);
	assert_string_equal(fixture->identity.detail, "db.sql: file is not a database");
	assert_int_equal(stamp(fixture, ID_A), 0);
}

static void database_without_the_tables_is_an_error(void **state)
{
	struct fixture *fixture = *state;

	open_engine(fixture);
	run_sql(fixture->engine, "CREATE TABLE other(x)");
	assert_int_equal(describe(fixture, ID_A), -EBADMSG);
	assert_string_equal(fixture->identity.detail, "db.sql: SQL logic error");
}

static void corrupt_pages_are_an_error(void **state)
{
	struct fixture *fixture = *state;
	char garbage[4096];
	int fd;

	memset(garbage, 0xee, sizeof(garbage));
	fd = openat(fixture->host.root_fd, "db.sql", O_WRONLY);
	assert_true(fd >= 0);
	for (off_t page = 1; page < 30; page++)
		assert_int_equal(pwrite(fd, garbage, sizeof(garbage), page * 4096), 4096);
	close(fd);
	assert_int_equal(describe(fixture, RECORDED), -EBADMSG);
	assert_null(fixture->identity.name);
}

static void truncated_database_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/db.sql", fixture->host.path);
	assert_int_equal(truncate(path, 4096), 0);
	assert_int_equal(describe(fixture, RECORDED), -EBADMSG);
}

static void linked_database_is_not_followed(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, "elsewhere", "x");
	host_link(&fixture->host, "elsewhere", "db.sql");
	assert_int_equal(describe(fixture, ID_A), -ELOOP);
	assert_int_equal(stamp(fixture, ID_A), 0);
}

static void fifo_does_not_block(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkfifoat(fixture->host.root_fd, "db.sql", 0600), 0);
	assert_int_equal(describe(fixture, ID_A), -EINVAL);
}

static void endless_view_is_refused(void **state)
{
	struct fixture *fixture = *state;

	open_engine(fixture);
	run_sql(fixture->engine,
		"CREATE TABLE ContainerState(ID, JSON); CREATE TABLE PodConfig(ID, Name);"
		"CREATE VIEW ContainerConfig AS WITH RECURSIVE n(i) AS"
		" (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
		" SELECT 'x' ID, 'y' Name, 'z' PodID, '{}' JSON FROM n;");
	assert_int_equal(describe(fixture, ID_A), -EBADMSG);
}

static void table_without_a_key_does_not_take_forever(void **state)
{
	struct fixture *fixture = *state;

	open_engine(fixture);
	run_sql(fixture->engine,
		"CREATE TABLE ContainerState(ID, JSON); CREATE TABLE PodConfig(ID, Name);"
		"CREATE TABLE ContainerConfig(ID, Name, PodID, JSON);"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
		" INSERT INTO ContainerConfig SELECT i, i, NULL, '{}' FROM n;");
	assert_int_equal(describe(fixture, ID_A), -EBADMSG);
	assert_string_equal(fixture->identity.detail, "db.sql: interrupted");
}

static void huge_value_is_refused(void **state)
{
	struct fixture *fixture = *state;

	run_sql(fixture->engine,
		"UPDATE ContainerConfig SET JSON = '{\"a\":\"' || hex(zeroblob(1048576)) || '\"}'");
	assert_int_equal(describe(fixture, RECORDED), -EBADMSG);
	assert_string_equal(fixture->identity.detail, "db.sql: string or blob too big");
}

static void broken_json_leaves_the_name(void **state)
{
	struct fixture *fixture = *state;

	run_sql(fixture->engine, "UPDATE ContainerConfig SET JSON = '{\"name\":'");
	assert_int_equal(describe(fixture, RECORDED), -EBADMSG);
	assert_string_equal(fixture->identity.name, "pod1");
	assert_string_equal(fixture->identity.detail, "db.sql: not valid JSON near line 1");
}

static void write_ahead_log_cannot_be_read_without_a_lock(void **state)
{
	struct fixture *fixture = *state;

	run_sql(fixture->engine, "PRAGMA journal_mode = WAL;"
				 "UPDATE ContainerConfig SET Name = 'wal'");
	assert_int_equal(describe(fixture, RECORDED), -EBADMSG);
	assert_string_equal(fixture->identity.detail, "db.sql: cannot be opened without a lock");
}

static void replaced_database_is_opened_again(void **state)
{
	struct fixture *fixture = *state;
	char *sql = host_data("podman-db.sql");

	assert_int_equal(describe(fixture, RECORDED), 0);
	sqlite3_close(fixture->engine);
	assert_int_equal(renameat(fixture->host.root_fd, "db.sql", fixture->host.root_fd, "old"),
			 0);
	open_engine(fixture);
	run_sql(fixture->engine, sql);
	free(sql);
	run_sql(fixture->engine, "UPDATE ContainerConfig SET Name = 'anew'");
	assert_int_equal(describe(fixture, RECORDED), 0);
	assert_string_equal(fixture->identity.name, "anew");
}

int main(void)
{
#define TEST(function)       cmocka_unit_test_setup_teardown(function, setup, teardown)
#define TEST_EMPTY(function) cmocka_unit_test_setup_teardown(function, setup_empty, teardown)
	const struct CMUnitTest tests[] = {
		TEST(recorded_database_is_read),
		TEST(unknown_container_is_told_apart),
		TEST(pod_and_labels_are_joined),
		TEST(stopping_is_seen),
		TEST(every_id_is_listed),
		TEST(list_of_a_database_that_is_written_is_refused),
		TEST(leased_database_does_not_block),
		TEST(renaming_is_seen),
		TEST(many_queries_do_not_exhaust_the_budget),
		TEST(lock_of_the_engine_does_not_matter),
		TEST(engine_is_never_locked_out),
		TEST(half_written_database_is_left_alone),
		TEST_EMPTY(missing_database_is_no_error),
		TEST_EMPTY(journal_of_an_empty_database_is_left_alone),
		TEST_EMPTY(foreign_file_is_no_database),
		TEST_EMPTY(database_without_the_tables_is_an_error),
		TEST(corrupt_pages_are_an_error),
		TEST(truncated_database_is_an_error),
		TEST_EMPTY(linked_database_is_not_followed),
		TEST_EMPTY(fifo_does_not_block),
		TEST_EMPTY(endless_view_is_refused),
		TEST_EMPTY(table_without_a_key_does_not_take_forever),
		TEST(huge_value_is_refused),
		TEST(broken_json_leaves_the_name),
		TEST(write_ahead_log_cannot_be_read_without_a_lock),
		TEST(replaced_database_is_opened_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
