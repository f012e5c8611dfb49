/* SPDX-License-Identifier: Apache-2.0 */

/* docker: which cgroups are its containers, and what its files say, recorded and forged. */

#include "host.h"

#define CONTAINERS "var/lib/docker/containers/"
#define IDLE       "d500aa03cb2365102b3890efa9698b05307a14d5e48699c6e751948b4257b420"

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

static void write_config(struct bench *bench, const char *id, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), CONTAINERS "%s/config.v2.json", id);
	host_write(&bench->host, path, text);
	snprintf(path, sizeof(path), CONTAINERS "%s/hostconfig.json", id);
	host_write(&bench->host, path, "{\"NetworkMode\":\"bridge\"}");
}

static void open_with(struct bench *bench, const char *config)
{
	write_config(bench, ID_A, config);
	bench_open(bench, "docker", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
}

static void names_of_both_cgroup_drivers_match(void **state)
{
	struct bench *bench = *state;

	bench_open(bench, "docker", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), -ENOENT);
	assert_string_equal(bench_match(bench, "/system.slice/docker-" ID_A ".scope"), ID_A);
	assert_string_equal(bench_match(bench, "/user.slice/user-1000.slice/user@1000.service/"
					       "user.slice/docker-" ID_B ".scope"),
			    ID_B);
	assert_string_equal(bench_match(bench, "/docker/" ID_A), ID_A);
	assert_string_equal(bench_match(bench, "/ecs.slice/docker/" ID_A), ID_A);
}

static void look_alikes_do_not_match(void **state)
{
	static const char *const paths[] = {
		"/docker",
		"/docker/buildkit",
		"/docker/buildkit/abcdefghijklmnopqrstuvwxy",
		"/docker/" ID_B "0",
		"/system.slice/docker.service",
		"/system.slice/docker-abcdefghijklmnopqrstuvwxy.scope",
		"/system.slice/docker-" ID_B ".mount",
		"/notdocker/" ID_B,
		"/" ID_B,
		"/kubepods/besteffort/pod1/" ID_B,
		"/machine.slice/libpod-" ID_B ".scope",
		"/docker/" ID_B "/init.scope",
	};
	struct bench *bench = *state;

	open_with(bench, "{}");
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_string_equal(bench_match(bench, paths[i]), "");
}

static void custom_parent_matches_by_the_state_on_disk(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{}");
	assert_string_equal(bench_match(bench, "/ecs/task/" ID_A), ID_A);
	assert_string_equal(bench_match(bench, "/ecs/task/" ID_B), "");
}

static void recorded_files_are_read(void **state)
{
	struct bench *bench = *state;
	char *config = host_data("docker-config.v2.json");
	char *hostconfig = host_data("docker-hostconfig.json");

	host_write(&bench->host, CONTAINERS IDLE "/config.v2.json", config);
	host_write(&bench->host, CONTAINERS IDLE "/hostconfig.json", hostconfig);
	free(config);
	free(hostconfig);
	bench_open(bench, "docker", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);

	assert_int_equal(bench_describe(bench, IDLE, "/docker/" IDLE), 0);
	assert_string_equal(bench->identity.name, "idle");
	assert_string_equal(bench->identity.image, "bb:1");
	assert_memory_equal(bench->identity.image_id, "sha256:36b0b628", 15);
	assert_string_equal(identity_find_label(&bench->identity, "com.docker.compose.project"),
			    "todo");
	assert_string_equal(identity_find_label(&bench->identity, "com.example.team"), "core");
	assert_int_equal(bench->identity.started_ns, 1795459291723380049ULL);
	assert_true(bench->identity.created_ns > 0 &&
		    bench->identity.created_ns < bench->identity.started_ns);
	assert_true(bench->identity.host_network);
	assert_null(bench->identity.detail);
}

static void start_of_an_earlier_run_is_not_told(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Name\":\"/web\",\"Config\":{},\"State\":{\"Running\":false,"
			 "\"StartedAt\":\"2026-11-23T18:41:31Z\"}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_int_equal(bench->identity.started_ns, 0);
}

static void unknown_container_has_no_file(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{}");
	assert_int_equal(bench_describe(bench, ID_B, "/docker/" ID_B), -ENOENT);
	assert_string_equal(bench->identity.detail,
			    "config.v2.json: in no data root that is known and readable");
	assert_int_equal(bench->runtime->stamp(bench->state, ID_B, ""), 0);
	assert_int_not_equal(bench->runtime->stamp(bench->state, ID_A, ""), 0);
}

static void truncated_file_is_an_error_with_a_reason(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Name\":\"/web\",\n\"Config\":{\n");
	assert_int_equal(bench_describe(bench, ID_A, ""), -EBADMSG);
	assert_null(bench->identity.name);
	assert_string_equal(bench->identity.detail, "config.v2.json: not valid JSON near line 3");
}

static void foreign_json_is_an_error(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "[1, 2]");
	assert_int_equal(bench_describe(bench, ID_A, ""), -EBADMSG);
	assert_string_equal(bench->identity.detail, "config.v2.json: not what Docker writes");

	write_config(bench, ID_A, "{\"ID\":\"" ID_B "\",\"Name\":\"/web\",\"Config\":{}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), -EBADMSG);
	assert_null(bench->identity.name);
	assert_string_equal(bench->identity.detail, "config.v2.json: describes another container");
}

static void linked_directory_is_not_followed(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Name\":\"/web\",\"Config\":{}}");
	host_link(&bench->host, ID_A, CONTAINERS ID_B);
	assert_int_equal(bench_describe(bench, ID_B, ""), -ELOOP);
	assert_null(bench->identity.name);
}

static void missing_hostconfig_leaves_the_name(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Name\":\"/web\",\"Config\":{\"Image\":\"bb:1\"}}");
	host_unlink(&bench->host, CONTAINERS ID_A "/hostconfig.json");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.image, "bb:1");
	assert_string_equal(bench->identity.detail, "hostconfig.json: not there");
}

static void hostile_strings_are_kept_as_text(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Name\":\"/a\\\"b\\nc\\\\d\xff\",\"Config\":{\"Image\":\"x\\u0000y\","
			 "\"Labels\":{\"k\\nk\":\"v\\\"\",\"\":\"e\",\"n\":null}}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.name, "a\"b\nc\\d\xef\xbf\xbd");
	assert_null(bench->identity.image);
	assert_string_equal(identity_find_label(&bench->identity, "k\nk"), "v\"");
	assert_int_equal(bench->identity.labels_length, 8);
}

static void nameless_container_says_so(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Name\":\"/\",\"Config\":{}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_null(bench->identity.name);
	assert_string_equal(bench->identity.detail, "config.v2.json: has no name");
}

static void kubernetes_pod_comes_from_its_label(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Name\":\"/k8s\",\"Config\":{\"Labels\":"
			 "{\"io.kubernetes.pod.name\":\"shop-1\"}}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.pod, "shop-1");
}

static void moved_data_root_is_found_in_daemon_json(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "etc/docker/daemon.json", "{\"data-root\": \"/srv/docker/\"}");
	host_write(&bench->host, "srv/docker/containers/" ID_A "/config.v2.json",
		   "{\"Name\":\"/moved\",\"Config\":{}}");
	host_write(&bench->host, "srv/docker/containers/" ID_A "/hostconfig.json", "{}");
	bench_open(bench, "docker", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.name, "moved");
}

static void configured_root_replaces_the_usual_one(void **state)
{
	static const char *const places[] = { "/data/docker", NULL };
	struct bench *bench = *state;

	write_config(bench, ID_A, "{\"Name\":\"/usual\",\"Config\":{}}");
	host_write(&bench->host, "etc/docker/daemon.json", "{\"data-root\": \"/var/lib/docker\"}");
	bench_open(bench, "docker", places);
	assert_int_equal(bench->runtime->refresh(bench->state), -ENOENT);
	host_write(&bench->host, "data/docker/containers/" ID_B "/config.v2.json", "{}");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_equal(bench_describe(bench, ID_A, ""), -ENOENT);
	assert_int_equal(bench_describe(bench, ID_B, ""), -EBADMSG);
}

static void broken_daemon_json_changes_nothing(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "etc/docker/daemon.json", "{\"data-root\": ");
	open_with(bench, "{\"Name\":\"/web\",\"Config\":{}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.name, "web");
}

static void changes_name_the_container(void **state)
{
	static const struct {
		const char *directory, *name;
		enum change_kind kind;
	} cases[] = {
		{ "docker:" ID_A, "config.v2.json", CHANGE_CONTAINER },
		{ "docker:" ID_A, ".tmp-config.v2.json123", CHANGE_NONE },
		{ "docker:" ID_A, ID_A "-json.log", CHANGE_NONE },
		{ "var/lib/docker/containers", ID_A, CHANGE_CONTAINER },
		{ "var/lib/docker/containers", "tmp", CHANGE_NONE },
		{ "var/lib/docker", "containers", CHANGE_NONE }, /* it is there already */
		{ "run", "runc", CHANGE_NONE },
	};
	struct bench *bench = *state;

	open_with(bench, "{}");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct change change = { .kind = CHANGE_NONE };

		bench->runtime->changed(bench->state, cases[i].directory, cases[i].name, &change);
		assert_int_equal(change.kind, cases[i].kind);
		if (change.kind == CHANGE_CONTAINER)
			assert_string_equal(change.text, ID_A);
	}
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_of_both_cgroup_drivers_match),
		TEST(look_alikes_do_not_match),
		TEST(custom_parent_matches_by_the_state_on_disk),
		TEST(recorded_files_are_read),
		TEST(start_of_an_earlier_run_is_not_told),
		TEST(unknown_container_has_no_file),
		TEST(truncated_file_is_an_error_with_a_reason),
		TEST(foreign_json_is_an_error),
		TEST(linked_directory_is_not_followed),
		TEST(missing_hostconfig_leaves_the_name),
		TEST(hostile_strings_are_kept_as_text),
		TEST(nameless_container_says_so),
		TEST(kubernetes_pod_comes_from_its_label),
		TEST(moved_data_root_is_found_in_daemon_json),
		TEST(configured_root_replaces_the_usual_one),
		TEST(broken_daemon_json_changes_nothing),
		TEST(changes_name_the_container),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
