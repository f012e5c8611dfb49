/* SPDX-License-Identifier: Apache-2.0 */

/* podman of ordinary users: whose files are found, and whose are believed of what. */

#include "host.h"

#include <sqlite3.h>

#include "containers/podman_store.h"

#define BELOW_HOME ".local/share/containers/storage"
#define STORED     "overlay-containers/containers.json"
#define ROOT       "var/lib/containers/storage"
#define ANNE       1001
#define BERT       1002

#define SESSION(uid) "/user.slice/user-" #uid ".slice/user@" #uid ".service/user.slice/"

struct fixture {
	struct bench bench;
	char ids[8][RUNTIME_ID_BYTES];
	size_t listed;
};

/* Files of several users can be made by root only. */
static void need_root(void)
{
	if (geteuid() != 0) {
		print_message("needs root: files of several users\n");
		skip();
	}
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	host_make(&fixture->bench.host);
	host_write(&fixture->bench.host, "etc/passwd",
		   "root:x:0:0:root:/root:/bin/bash\n"
		   "broken:x:12\n"
		   "nobody:x:65534:65534::/:/bin/false\n"
		   "anne:x:1001:1001:Anne,,,:/home/anne:/bin/sh\n"
		   "bert:x:1002:1002::/home/bert:/bin/sh\n"
		   "ghost:x:1003:1003::/nonexistent:/bin/sh\n");
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->bench.runtime)
		bench_close(&fixture->bench);
	host_remove(&fixture->bench.host);
	free(fixture);
	return 0;
}

static void own(const struct host *host, const char *path, uid_t uid)
{
	assert_int_equal(fchownat(host->root_fd, path, uid, uid, AT_SYMLINK_NOFOLLOW), 0);
}

/* A user's graph root with one container. */
static void make_user(const struct host *host, const char *user, uid_t uid, const char *id,
		      const char *name)
{
	char path[256], text[512];

	snprintf(path, sizeof(path), "home/%s/" BELOW_HOME "/" STORED, user);
	snprintf(text, sizeof(text),
		 "[{\"id\":\"%s\",\"names\":[\"%s\"],\"metadata\":\"{\\\"name\\\":\\\"%s\\\"}\"}]",
		 id, name, name);
	host_write(host, path, text);
	snprintf(path, sizeof(path), "home/%s/" BELOW_HOME, user);
	own(host, path, uid);
}

static void refresh(struct bench *bench)
{
	if (!bench->runtime)
		bench_open(bench, "podman", NULL);
	(void) bench->runtime->refresh(bench->state);
}

static void on_listed(const char *id, void *userdata)
{
	struct fixture *fixture = userdata;

	assert_true(fixture->listed < ARRAY_SIZE(fixture->ids));
	strcpy(fixture->ids[fixture->listed++], id);
}

static size_t list(struct fixture *fixture, size_t max)
{
	struct bench *bench = &fixture->bench;

	fixture->listed = 0;
	assert_int_equal(bench->runtime->list(bench->state, max, on_listed, fixture), 0);
	return fixture->listed;
}

static void containers_of_each_user_are_named(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_A, "web");
	make_user(&bench->host, "bert", BERT, ID_B, "web");
	host_write(&bench->host, ROOT "/" STORED, "[{\"id\":\"" ID_C "\",\"names\":[\"web\"]}]");
	refresh(bench);

	assert_int_equal(bench_describe(bench, ID_A, SESSION(1001) "libpod-" ID_A ".scope"), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_true(bench->identity.has_owner);
	assert_int_equal(bench->identity.owner_uid, ANNE);
	assert_int_equal(bench_describe(bench, ID_B, SESSION(1002) "libpod-" ID_B ".scope"), 0);
	assert_int_equal(bench->identity.owner_uid, BERT);
	assert_int_equal(bench_describe(bench, ID_C, "/machine.slice/libpod-" ID_C ".scope"), 0);
	assert_false(bench->identity.has_owner);
}

static void user_does_not_rename_a_container_of_root(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_A, "fake");
	host_directory(&bench->host, ROOT);
	refresh(bench);
	/* Running: root's files do not know it, and nobody else is asked. */
	assert_int_equal(bench_describe(bench, ID_A, "/machine.slice/libpod-" ID_A ".scope"),
			 -ENOENT);
	assert_null(bench->identity.name);
	assert_false(bench->identity.has_owner);

	/* Stopped: root's word counts, though the user said it before. */
	assert_int_equal(list(fixture, 8), 1);
	host_write(&bench->host, ROOT "/" STORED,
		   "[{\"id\":\"" ID_A
		   "\",\"names\":[\"real\"],\"metadata\":\"{\\\"name\\\":\\\"real\\\"}\"}]");
	refresh(bench);
	assert_int_equal(list(fixture, 8), 1);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_string_equal(bench->identity.name, "real");
	assert_false(bench->identity.has_owner);
}

static void user_does_not_rename_a_container_of_another_user(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "bert", BERT, ID_A, "real");
	refresh(bench);
	assert_int_equal(bench_describe(bench, ID_A, SESSION(1002) "libpod-" ID_A ".scope"), 0);

	/* It stops, and the user whose turn is first claims it. */
	make_user(&bench->host, "anne", ANNE, ID_A, "fake");
	refresh(bench);
	assert_int_equal(list(fixture, 8), 1);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_string_equal(bench->identity.name, "real");
	assert_int_equal(bench->identity.owner_uid, BERT);

	/* Her own cgroup of this name is hers, and takes nothing away. */
	assert_int_equal(bench_describe(bench, ID_A, SESSION(1002) "libpod-" ID_A ".scope"), 0);
	assert_string_equal(bench->identity.name, "real");
}

static void claim_of_two_users_names_nobody(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_A, "one");
	make_user(&bench->host, "bert", BERT, ID_A, "two");
	refresh(bench);
	assert_int_equal(list(fixture, 8), 1);
	assert_true(bench_describe(bench, ID_A, NULL) < 0);
	assert_null(bench->identity.name);
	assert_string_equal(bench->identity.detail, "files of several users claim it");

	/* Its cgroup tells. */
	assert_int_equal(bench_describe(bench, ID_A, SESSION(1001) "libpod-" ID_A ".scope"), 0);
	assert_string_equal(bench->identity.name, "one");
}

static void many_claims_hide_nobody(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;
	char *text = malloc(64 * 1024), *end = text;

	need_root();
	end += sprintf(end, "[");
	for (unsigned i = 0; i < 300; i++)
		end += sprintf(end,
			       "%s{\"id\":\"%064x\",\"names\":[\"n\"],"
			       "\"metadata\":\"{\\\"name\\\":\\\"n\\\"}\"}",
			       i ? "," : "", i + 1);
	sprintf(end, "]");
	make_user(&bench->host, "anne", ANNE, ID_B, "x");
	host_write(&bench->host, "home/anne/" BELOW_HOME "/" STORED, text);
	make_user(&bench->host, "bert", BERT, ID_A, "real");
	free(text);
	refresh(bench);
	assert_int_equal(list(fixture, 8), 4 + 1);
	assert_string_equal(fixture->ids[4], ID_A);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_string_equal(bench->identity.name, "real");
}

static void home_that_leads_to_another_users_is_not_followed(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "bert", BERT, ID_A, "real");
	host_link(&bench->host, "bert", "home/anne");
	refresh(bench);
	assert_int_equal(list(fixture, 8), 1);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_int_equal(bench->identity.owner_uid, BERT);
	assert_int_equal(bench_describe(bench, ID_A, SESSION(1001) "libpod-" ID_A ".scope"),
			 -ENOENT);
	assert_true(bench->identity.has_owner); /* the cgroup tells */
	assert_int_equal(bench->identity.owner_uid, ANNE);
}

static void link_below_a_home_is_not_followed(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "bert", BERT, ID_A, "real");
	host_directory(&bench->host, "home/anne/.local/share/containers");
	host_link(&bench->host, "../../../../bert/" BELOW_HOME, "home/anne/" BELOW_HOME);
	refresh(bench);
	assert_int_equal(list(fixture, 8), 1);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_int_equal(bench->identity.owner_uid, BERT);
}

/* A link that the administrator made, as Fedora's /home. */
static void linked_home_of_the_same_user_is_fine(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_A, "web");
	assert_int_equal(renameat(bench->host.root_fd, "home", bench->host.root_fd, "var_home"), 0);
	host_link(&bench->host, "/var_home", "home");
	refresh(bench);
	assert_int_equal(bench_describe(bench, ID_A, SESSION(1001) "libpod-" ID_A ".scope"), 0);
	assert_string_equal(bench->identity.name, "web");
}

static void hostile_files_are_refused(void **state)
{
	static const char *const files[] = { STORED, "db.sql", "libpod/bolt_state.db" };
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;
	char path[256];

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_B, "x");
	make_user(&bench->host, "bert", BERT, ID_A, "real");
	host_write(&bench->host, "secret", "{}");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		for (unsigned kind = 0; kind < 4; kind++) {
			int fd;

			snprintf(path, sizeof(path), "home/anne/" BELOW_HOME "/%s", files[i]);
			host_write(&bench->host, path, "text that is nothing, but long enough");
			if (kind < 3)
				host_unlink(&bench->host, path);
			if (kind == 0)
				assert_int_equal(mkfifoat(bench->host.root_fd, path, 0666), 0);
			if (kind == 1)
				host_link(&bench->host, "/secret", path);
			if (kind == 2) { /* 1 GB of nothing */
				fd = openat(bench->host.root_fd, path, O_WRONLY | O_CREAT, 0644);
				assert_int_equal(ftruncate(fd, 1L << 30), 0);
				close(fd);
			}
			refresh(bench);
			(void) list(fixture, 8);
			assert_true(bench_describe(bench, ID_B,
						   SESSION(1001) "libpod-" ID_B ".scope") < 0 ||
				    strcmp(bench->identity.name, "x") == 0);
			assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
			assert_string_equal(bench->identity.name, "real");
			host_unlink(&bench->host, path);
		}
	}
}

static void deep_json_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;
	char *text = malloc(500001);

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_A, "x");
	memset(text, '[', 500000);
	text[500000] = '\0';
	host_write(&bench->host, "home/anne/" BELOW_HOME "/" STORED, text);
	free(text);
	refresh(bench);
	assert_int_equal(bench_describe(bench, ID_A, SESSION(1001) "libpod-" ID_A ".scope"),
			 -EBADMSG);
	assert_null(bench->identity.name);
	assert_int_equal(list(fixture, 8), 0);
}

static void database_of_a_user_that_is_written_keeps_what_it_said(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;
	char path[128];
	sqlite3 *sqlite;

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_B, "unused");
	snprintf(path, sizeof(path), "%s/home/anne/" BELOW_HOME "/db.sql", bench->host.path);
	assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(sqlite,
			     "CREATE TABLE ContainerConfig(ID TEXT PRIMARY KEY, Name, PodID, JSON);"
			     "CREATE TABLE ContainerState(ID TEXT PRIMARY KEY, JSON);"
			     "CREATE TABLE PodConfig(ID TEXT PRIMARY KEY, Name);"
			     "INSERT INTO ContainerConfig VALUES('" ID_A "', 'a', NULL, '{}');",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(sqlite);
	refresh(bench);
	assert_int_equal(list(fixture, 8), 1);
	assert_string_equal(fixture->ids[0], ID_A);

	host_write(&bench->host, "home/anne/" BELOW_HOME "/db.sql-journal", "pages");
	assert_int_equal(list(fixture, 8), 1);
	assert_string_equal(fixture->ids[0], ID_A);
	host_unlink(&bench->host, "home/anne/" BELOW_HOME "/db.sql-journal");
	host_unlink(&bench->host, "home/anne/" BELOW_HOME "/db.sql");
	assert_int_equal(list(fixture, 8), 1);
	assert_string_equal(fixture->ids[0], ID_B);
}

static void health_and_exit_code_are_in_the_users_run_directory(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;
	const struct condition *condition = &bench->identity.condition;
	const char *path = SESSION(1001) "libpod-" ID_A ".scope";

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_A, "web");
	host_write(&bench->host,
		   "run/user/1001/containers/overlay-containers/" ID_A "/healthcheck.log",
		   "{\"Status\":\"unhealthy\",\"FailingStreak\":3}");
	refresh(bench);
	assert_int_equal(bench_describe(bench, ID_A, path), 0);
	assert_int_equal(condition->health, HEALTH_UNKNOWN); /* not anne's directory */

	own(&bench->host, "run/user/1001/containers", ANNE);
	host_write(&bench->host, "run/user/1001/libpod/tmp/exits/" ID_B, "3");
	own(&bench->host, "run/user/1001/libpod/tmp", ANNE);
	refresh(bench);
	assert_int_equal(bench_describe(bench, ID_A, path), 0);
	assert_int_equal(condition->health, HEALTH_UNHEALTHY);
	assert_int_equal(condition->failing_streak, 3);

	host_write(&bench->host, "run/user/1001/libpod/tmp/exits/" ID_A, "137");
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_int_equal(condition->state, STATE_EXITED);
	assert_int_equal(condition->exit_code, 137);
	assert_int_equal(condition->health, HEALTH_UNKNOWN);
}

static void configured_path_of_users_is_looked_at(void **state)
{
	static const struct {
		const char *conf, *path;
	} cases[] = {
		{ "rootless_storage_path = \"/srv/$USER/pod\"\n", "srv/anne/pod" },
		{ "[storage]\n# rootless_storage_path = "
		  "\"/x\"\n\trootless_storage_path=\"$HOME/c\"",
		  "home/anne/c" },
		{ "rootless_storage_path = \"/srv/$UID\" # each has one\n", "srv/1001" },
	};
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char path[256];

		host_write(&bench->host, "etc/containers/storage.conf", cases[i].conf);
		snprintf(path, sizeof(path), "%s/" STORED, cases[i].path);
		host_write(&bench->host, path, "[{\"id\":\"" ID_A "\",\"names\":[\"web\"]}]");
		own(&bench->host, cases[i].path, ANNE);
		refresh(bench);
		assert_int_equal(bench_describe(bench, ID_A, SESSION(1001) "libpod-" ID_A ".scope"),
				 0);
		assert_string_equal(bench->identity.name, "web");
		host_unlink(&bench->host, path);
	}
	host_write(&bench->host, "etc/containers/storage.conf",
		   "rootless_storage_path = \"/srv/$OTHER\"\nrootless_storage_path = \n");
	refresh(bench);
	assert_true(bench_describe(bench, ID_A, SESSION(1001) "libpod-" ID_A ".scope") < 0);
}

static void user_who_is_gone_is_forgotten(void **state)
{
	struct fixture *fixture = *state;
	struct bench *bench = &fixture->bench;

	need_root();
	make_user(&bench->host, "anne", ANNE, ID_A, "web");
	refresh(bench);
	assert_int_equal(list(fixture, 8), 1);
	assert_int_equal(renameat(bench->host.root_fd, "home/anne", bench->host.root_fd,
				  "home/old"),
			 0);
	assert_int_equal(bench->runtime->refresh(bench->state), -ENOENT);
	assert_int_equal(list(fixture, 8), 0);
	assert_int_equal(bench_describe(bench, ID_A, NULL), -ENOENT);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(containers_of_each_user_are_named),
		TEST(user_does_not_rename_a_container_of_root),
		TEST(user_does_not_rename_a_container_of_another_user),
		TEST(claim_of_two_users_names_nobody),
		TEST(many_claims_hide_nobody),
		TEST(home_that_leads_to_another_users_is_not_followed),
		TEST(link_below_a_home_is_not_followed),
		TEST(linked_home_of_the_same_user_is_fine),
		TEST(hostile_files_are_refused),
		TEST(deep_json_is_refused),
		TEST(database_of_a_user_that_is_written_keeps_what_it_said),
		TEST(health_and_exit_code_are_in_the_users_run_directory),
		TEST(configured_path_of_users_is_looked_at),
		TEST(user_who_is_gone_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
