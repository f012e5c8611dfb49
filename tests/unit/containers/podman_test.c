/* SPDX-License-Identifier: Apache-2.0 */

/* podman: which cgroups are its containers, and what it says with and without its database. */

#include "host.h"

#include "containers/cgroup_name.h"
#include "containers/dossier.h"
#include "containers/podman.h"

#define ROOT     "var/lib/containers/storage"
#define RECORDED "6dcdc5cb606ce14cc01aafd037bffa85b0e97e724d85e272b7df6e57a4a3faba"

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	host_make(&bench->host);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	bench_close(bench);
	host_remove(&bench->host);
	free(bench);
	return 0;
}

static void open_podman(struct bench *bench)
{
	host_directory(&bench->host, ROOT);
	bench_open(bench, "podman", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
}

static void names_of_all_cgroup_managers_match(void **state)
{
	struct bench *bench = *state;

	open_podman(bench);
	assert_string_equal(bench_match(bench, "/machine.slice/libpod-" ID_A ".scope"), ID_A);
	assert_string_equal(bench_match(bench, "/machine.slice/machine-libpod_pod_" ID_B
					       ".slice/libpod-" ID_A ".scope"),
			    ID_A);
	assert_string_equal(bench_match(bench, "/libpod_parent/libpod-" ID_A), ID_A);
	assert_string_equal(bench_match(bench, "/system.slice/web.service/libpod-payload-" ID_A),
			    ID_A);
}

static void look_alikes_do_not_match(void **state)
{
	static const char *const paths[] = {
		("/machine.slice/machine-libpod_pod_" ID_A ".slice"),
		("/machine.slice/libpod-" ID_A ".scope/container"),
		("/machine.slice/libpod-conmon-" ID_A ".scope"),
		("/machine.slice/libpod-" ID_A ".slice"),
		"/libpod_parent/conmon",
		"/system.slice/web.service/runtime",
		("/docker/" ID_A),
	};
	struct bench *bench = *state;

	open_podman(bench);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_string_equal(bench_match(bench, paths[i]), "");
}

static void without_a_database_the_storage_tells_name_and_image(void **state)
{
	struct bench *bench = *state;
	char *containers = host_data("podman-containers.json");

	host_write(&bench->host, ROOT "/overlay-containers/containers.json", containers);
	free(containers);
	open_podman(bench);
	assert_int_equal(bench_describe(bench, RECORDED, ""), 0);
	assert_string_equal(bench->identity.name, "pod1");
	assert_string_equal(bench->identity.image, "localhost/bb:1");
	assert_memory_equal(bench->identity.image_id, "f57865b52ddd", 12);
	assert_int_equal(bench->identity.created_ns, 1795459313037920785ULL);
	assert_null(bench->identity.labels);
	assert_non_null(strstr(bench->identity.detail, "labels"));
}

static void specification_tells_of_the_host_network(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, ROOT "/vfs-containers/" ID_A "/userdata/config.json",
		   "{\"annotations\":{\"io.kubernetes.cri-o.Created\":\"2026-11-23T18:41:52Z\"},"
		   "\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"mount\"}]}}");
	host_write(&bench->host, ROOT "/vfs-containers/" ID_B "/userdata/config.json",
		   "{\"linux\":{\"namespaces\":[{\"type\":\"network\"}]}}");
	open_podman(bench);
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_true(bench->identity.host_network);
	assert_int_equal(bench->identity.created_ns, 1795459312000000000ULL);
	assert_int_equal(bench_describe(bench, ID_B, ""), 0);
	assert_false(bench->identity.host_network);
}

static void run_root_is_looked_into_as_well(void **state)
{
	struct bench *bench = *state;

	open_podman(bench);
	host_write(&bench->host,
		   "run/containers/storage/overlay-containers/"
		   "volatile-containers.json",
		   "[{\"id\":\"" ID_A "\",\"names\":[\"brief\"]}]");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.name, "brief");
}

static void unknown_container_is_not_invented(void **state)
{
	struct bench *bench = *state;

	open_podman(bench);
	assert_int_equal(bench_describe(bench, ID_A, ""), -ENOENT);
	assert_null(bench->identity.name);
	assert_string_equal(bench->identity.detail,
			    "podman's files do not have it, or are not readable");
}

static void unreadable_database_falls_back_and_says_so(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, ROOT "/db.sql", "this is no database, but it is long enough");
	host_write(&bench->host, ROOT "/overlay-containers/containers.json",
		   "[{\"id\":\"" ID_A "\",\"names\":[\"web\"]}]");
	open_podman(bench);
	assert_int_equal(bench_describe(bench, ID_A, ""), -EBADMSG);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.detail, "db.sql: file is not a database");
}

static void configured_root_is_used(void **state)
{
	static const char *const places[] = { "/home/u/.local/share/containers/storage", NULL };
	struct bench *bench = *state;

	host_write(&bench->host,
		   "home/u/.local/share/containers/storage/overlay-containers/"
		   "containers.json",
		   "[{\"id\":\"" ID_A "\",\"names\":[\"rootless\"]}]");
	bench_open(bench, "podman", places);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.name, "rootless");
}

static void on_listed(const char *id, void *userdata)
{
	strcat(userdata, id);
}

/* CRI-O and buildah keep theirs in the same storage. */
static void containers_of_other_programs_are_not_listed(void **state)
{
	struct bench *bench = *state;
	char ids[8 * CGROUP_ID_DIGITS] = "";

	host_write(&bench->host, ROOT "/overlay-containers/containers.json",
		   "[{\"id\":\"" ID_A "\",\"metadata\":\"{\\\"name\\\":\\\"web\\\"}\"},"
		   "{\"id\":\"" ID_B "\",\"metadata\":\"{\\\"pod-name\\\":\\\"k8s_x\\\","
		   "\\\"name\\\":\\\"y\\\"}\"},"
		   "{\"id\":\"" ID_C "\",\"names\":[\"bb-working-container\"],\"metadata\":\"\"}]");
	open_podman(bench);
	assert_int_equal(bench->runtime->list(bench->state, 10, on_listed, ids), 0);
	assert_string_equal(ids, ID_A);
	/* Asked by its cgroup, each is told as far as it is known. */
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_int_equal(bench_describe(bench, ID_B, NULL), -ENOENT);
}

/* Podman 4.3 with a BoltDB, as Debian 12 has it. */
static void older_podman_tells_as_much(void **state)
{
	struct bench *bench = *state;
	char *bolt = host_data("podman-bolt_state.db");
	const char *id = "e48761089425b9201074c78bdca707b3d3152cecbe416d8b83db3306c622205e";
	struct dossier dossier = { 0 };

	host_write_bytes(&bench->host, ROOT "/libpod/bolt_state.db", bolt, 44 * 4096);
	free(bolt);
	open_podman(bench);
	assert_int_equal(bench_describe(bench, id, NULL), 0);
	assert_string_equal(bench->identity.name, "ended");
	assert_null(bench->identity.detail);
	assert_int_equal(bench->identity.condition.exit_code, 7);
	assert_int_not_equal(bench->runtime->stamp(bench->state, id, NULL), 0);
	assert_int_equal(bench->runtime->inspect(bench->state, id, NULL, &dossier), 0);
	assert_int_equal(json_array_size(dossier.args), 3);
	dossier_fini(&dossier);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, NULL, &dossier), -ENOENT);
}

static void health_of_a_running_container_is_read(void **state)
{
	struct bench *bench = *state;
	char *bolt = host_data("podman-bolt_state.db");
	const char *id = "0016d167dd0546c26b6bd56f4426ca179b5c9ff9c3de228b6552c1ac7b2b4ccf";
	const struct condition *condition = &bench->identity.condition;
	struct dossier dossier = { 0 };
	char path[256];
	uint64_t stamp;

	host_write_bytes(&bench->host, ROOT "/libpod/bolt_state.db", bolt, 44 * 4096);
	free(bolt);
	snprintf(path, sizeof(path), "run/containers/storage/overlay-containers/%s/healthcheck.log",
		 id);
	host_write(&bench->host, path, "{\"Status\":\"starting\",\"FailingStreak\":1}");
	open_podman(bench);
	assert_int_equal(bench_describe(bench, id, ""), 0);
	assert_int_equal(condition->health, HEALTH_STARTING);
	assert_int_equal(condition->failing_streak, 1);

	stamp = bench->runtime->stamp(bench->state, id, "");
	host_write(&bench->host, path, "{\"Status\":\"unhealthy\",\"FailingStreak\":2}");
	assert_int_not_equal(bench->runtime->stamp(bench->state, id, ""), stamp);
	assert_int_equal(bench_describe(bench, id, ""), 0);
	assert_int_equal(condition->health, HEALTH_UNHEALTHY);
	assert_int_equal(bench->runtime->inspect(bench->state, id, "", &dossier), 0);
	assert_string_equal(json_string_value(json_object_get(dossier.health, "Status")),
			    "unhealthy");
	dossier_fini(&dossier);
}

/* The database says "running"; conmon has seen its end. */
static void conmon_is_faster_than_the_database(void **state)
{
	struct bench *bench = *state;
	char *bolt = host_data("podman-bolt_state.db");
	const char *id = "0016d167dd0546c26b6bd56f4426ca179b5c9ff9c3de228b6552c1ac7b2b4ccf";
	const struct timespec before[2] = { { 1000, 0 }, { 1000, 0 } };
	char path[256];

	host_write_bytes(&bench->host, ROOT "/libpod/bolt_state.db", bolt, 44 * 4096);
	free(bolt);
	snprintf(path, sizeof(path), "run/libpod/exits/%s", id);
	host_write(&bench->host, path, "9");
	open_podman(bench);
	assert_int_equal(utimensat(bench->host.root_fd, path, before, 0), 0);
	assert_int_equal(bench_describe(bench, id, NULL), 0);
	assert_int_equal(bench->identity.condition.state, STATE_RUNNING); /* of another run */
	host_write(&bench->host, path, "9");
	assert_int_equal(utimensat(bench->host.root_fd, path,
				   (struct timespec[2]){ { 2000000000, 0 }, { 2000000000, 0 } }, 0),
			 0);
	assert_int_equal(bench_describe(bench, id, NULL), 0);
	assert_int_equal(bench->identity.condition.state, STATE_EXITED);
	assert_int_equal(bench->identity.condition.exit_code, 9);
	assert_int_equal(bench->identity.started_ns, 0);
}

static void shared_network_is_not_the_hosts(void **state)
{
	struct bench *bench = *state;
	struct identity identity = { 0 };
	json_t *config =
		json_pack("{s:s, s:{s:{s:[]}}}", "netNsCtr", ID_B, "spec", "linux", "namespaces");

	open_podman(bench);
	assert_int_equal(podman_config_parse(config, &identity), 0);
	assert_false(identity.host_network);
	json_object_del(config, "netNsCtr");
	assert_int_equal(podman_config_parse(config, &identity), 0);
	assert_true(identity.host_network);
	json_object_set_new(config, "networkMode", json_string("bridge"));
	assert_int_equal(podman_config_parse(config, &identity), 0);
	assert_false(identity.host_network);
	json_decref(config);
	identity_fini(&identity);
}

static void changes_concern_those_who_came_lately(void **state)
{
	static const struct {
		const char *directory, *name;
		enum change_kind kind;
	} cases[] = {
		{ ROOT, "db.sql", CHANGE_RECENT },
		{ ROOT, "db.sql-journal", CHANGE_RECENT },
		{ ROOT "/overlay-containers", "containers.json", CHANGE_RECENT },
		{ ROOT "/libpod", "bolt_state.db", CHANGE_RECENT },
		{ ROOT, "storage.lock", CHANGE_NONE },
		{ "podman:" ID_A, "healthcheck.log", CHANGE_CONTAINER },
		{ "podman:" ID_A, "userdata", CHANGE_NONE },
		{ "podman:junk", "healthcheck.log", CHANGE_NONE },
		{ "run/libpod/exits", ID_A, CHANGE_CONTAINER },
		{ "run/libpod/exits", "junk", CHANGE_NONE },
		{ "var/lib/containers/storage2", "db.sql", CHANGE_NONE },
		{ "run/containers", "storage", CHANGE_ENGINE },
		{ "var/lib/docker/containers", "db.sql", CHANGE_NONE },
	};
	struct bench *bench = *state;

	open_podman(bench);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct change change = { .kind = CHANGE_NONE };

		bench->runtime->changed(bench->state, cases[i].directory, cases[i].name, &change);
		assert_int_equal(change.kind, cases[i].kind);
	}
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_of_all_cgroup_managers_match),
		TEST(look_alikes_do_not_match),
		TEST(without_a_database_the_storage_tells_name_and_image),
		TEST(specification_tells_of_the_host_network),
		TEST(run_root_is_looked_into_as_well),
		TEST(unknown_container_is_not_invented),
		TEST(unreadable_database_falls_back_and_says_so),
		TEST(configured_root_is_used),
		TEST(containers_of_other_programs_are_not_listed),
		TEST(older_podman_tells_as_much),
		TEST(health_of_a_running_container_is_read),
		TEST(conmon_is_faster_than_the_database),
		TEST(shared_network_is_not_the_hosts),
		TEST(changes_concern_those_who_came_lately),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
