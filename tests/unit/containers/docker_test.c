/* SPDX-License-Identifier: Apache-2.0 */

/* docker: which cgroups are its containers, and what its files say, recorded and forged. */

#include "host.h"

#include "base/clock.h"
#include "containers/dossier.h"

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

#define TIMES "\"StartedAt\":\"2026-11-23T18:41:31Z\",\"FinishedAt\":\"2026-11-23T18:42:31Z\""

static const struct condition *condition_of(struct bench *bench, const char *state)
{
	char text[1024];

	snprintf(text, sizeof(text), "{\"Name\":\"/web\",\"Config\":{},\"State\":%s}", state);
	write_config(bench, ID_A, text);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	return &bench->identity.condition;
}

static void states_are_those_of_docker_ps(void **state)
{
	static const struct {
		const char *file;
		enum container_state state;
	} cases[] = {
		{ "{\"Running\":true," TIMES "}", STATE_RUNNING },
		{ "{\"Running\":true,\"Paused\":true}", STATE_PAUSED },
		{ "{\"Running\":true,\"Restarting\":true}", STATE_RESTARTING },
		{ "{\"Running\":false,\"Dead\":true," TIMES "}", STATE_DEAD },
		{ "{\"RemovalInProgress\":true,\"Dead\":true}", STATE_REMOVING },
		{ "{\"Running\":false," TIMES "}", STATE_EXITED },
		{ "{\"Running\":false,\"StartedAt\":\"0001-01-01T00:00:00Z\"}", STATE_CREATED },
		{ "{\"Running\":\"true\"," TIMES "}", STATE_EXITED },
		{ "null", STATE_UNKNOWN },
		{ "[]", STATE_UNKNOWN },
	};
	struct bench *bench = *state;

	open_with(bench, "{}");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(condition_of(bench, cases[i].file)->state, cases[i].state);
}

static void end_of_a_run_is_told_with_its_code(void **state)
{
	struct bench *bench = *state;
	const struct condition *condition;

	open_with(bench, "{}");
	condition =
		condition_of(bench,
			     "{\"Running\":false,\"OOMKilled\":true,\"ExitCode\":137," TIMES "}");
	assert_true(condition->has_exit_code && condition->oom_killed);
	assert_int_equal(condition->exit_code, 137);
	assert_int_equal(condition->finished_ns, 1795459351 * NSEC_PER_SEC);
	assert_int_equal(bench->identity.started_ns, 1795459291 * NSEC_PER_SEC);
	/* It is set to 0 when it starts again: that is not how it ended. */
	assert_false(
		condition_of(bench, "{\"Running\":true,\"ExitCode\":0," TIMES "}")->has_exit_code);
	assert_false(condition_of(bench, "{\"ExitCode\":0,\"FinishedAt\":\"0001-01-01T00:00:00Z\"}")
			     ->has_exit_code);
	assert_false(condition_of(bench, "{\"ExitCode\":99999999999," TIMES "}")->has_exit_code);
	assert_false(condition_of(bench, "{\"ExitCode\":\"1\"," TIMES "}")->has_exit_code);
}

static enum health_status health_of(struct bench *bench, const char *healthcheck)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "{\"Name\":\"/web\",\"RestartCount\":2,\"Config\":{\"Healthcheck\":%s},"
		 "\"State\":{\"Running\":true,\"Health\":{\"Status\":\"healthy\"}}}",
		 healthcheck);
	write_config(bench, ID_A, text);
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	return bench->identity.condition.health;
}

static void health_on_disk_is_stale_and_not_told(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{}");
	assert_int_equal(health_of(bench, "{\"Test\":[\"CMD-SHELL\",\"true\"]}"), HEALTH_UNKNOWN);
	assert_int_equal(health_of(bench, "{\"Test\":[\"NONE\"]}"), HEALTH_NONE);
	assert_int_equal(health_of(bench, "{\"Test\":[]}"), HEALTH_NONE);
	assert_int_equal(health_of(bench, "null"), HEALTH_NONE);
	assert_int_equal(health_of(bench, "7"), HEALTH_NONE);
	assert_true(bench->identity.condition.has_restarts);
	assert_int_equal(bench->identity.condition.restarts, 2);
}

static void first_address_is_told(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"Config\":{},\"NetworkSettings\":{\"Networks\":{\"none\":null,"
			 "\"a\":{\"IPAddress\":\"\"},\"b\":{\"IPAddress\":\"10.0.0.7\"}}}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.address, "10.0.0.7");
	write_config(bench, ID_A,
		     "{\"Config\":{},\"NetworkSettings\":{\"Networks\":{\"a\":{\"IPAddress\":\"\","
		     "\"GlobalIPv6Address\":\"fd00::7\"}}}}");
	assert_int_equal(bench_describe(bench, ID_A, ""), 0);
	assert_string_equal(bench->identity.address, "fd00::7");
}

/* Constructed after a recorded one: images in the containerd store leave no layer id, the driver
 * is a snapshotter, and ImageManifest is set. */
static void containerd_image_store_changes_no_name(void **state)
{
	struct bench *bench = *state;
	struct dossier dossier = { 0 };

	open_with(bench, "{\"ID\":\"" ID_A "\",\"Name\":\"/web\",\"Driver\":\"overlayfs\","
			 "\"Image\":\"sha256:36b0b628\",\"ImageManifest\":{\"mediaType\":"
			 "\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:1\","
			 "\"size\":480},\"Config\":{\"Image\":\"nginx:1.29\"},"
			 "\"State\":{\"Running\":true}}");
	assert_int_equal(bench_describe(bench, ID_A, "/docker/" ID_A), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.image, "nginx:1.29");
	assert_string_equal(bench->identity.image_id, "sha256:36b0b628");
	assert_null(bench->identity.detail);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, NULL, &dossier), 0);
	assert_string_equal(dossier.driver, "overlayfs");
	dossier_fini(&dossier);
}

static void note_id(const char *id, void *userdata)
{
	strcat(userdata, id);
	strcat(userdata, " ");
}

static void list_has_directories_of_containers_only(void **state)
{
	struct bench *bench = *state;
	char ids[1024] = "";

	open_with(bench, "{}");
	host_directory(&bench->host, CONTAINERS "readme");
	host_directory(&bench->host, CONTAINERS ID_A "0");
	assert_int_equal(bench->runtime->list(bench->state, 10, note_id, ids), 0);
	assert_string_equal(ids, ID_A " ");
	write_config(bench, ID_B, "{}");
	ids[0] = '\0';
	assert_int_equal(bench->runtime->list(bench->state, 1, note_id, ids), 0);
	assert_int_equal(strlen(ids), 65);
}

static void recorded_files_make_a_dossier(void **state)
{
	struct bench *bench = *state;
	struct dossier d = { 0 };
	char *config = host_data("docker-config.v2.json");
	char *hostconfig = host_data("docker-hostconfig.json");
	const json_t *bridge;

	host_write(&bench->host, CONTAINERS IDLE "/config.v2.json", config);
	host_write(&bench->host, CONTAINERS IDLE "/hostconfig.json", hostconfig);
	free(config);
	free(hostconfig);
	bench_open(bench, "docker", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);

	assert_int_equal(bench->runtime->inspect(bench->state, IDLE, "/docker/" IDLE, &d), 0);
	assert_int_equal(json_array_size(d.args), 2);
	assert_string_equal(json_string_value(json_array_get(d.args, 0)), "sleep");
	assert_string_equal(json_string_value(json_object_get(d.config, "Image")), "bb:1");
	assert_non_null(json_object_get(d.host_config, "NetworkMode"));
	bridge = json_object_get(d.networks, "bridge");
	assert_string_equal(json_string_value(json_object_get(bridge, "IPAddress")), "172.17.0.3");
	assert_null(json_object_get(bridge, "IPAMOperational"));
	assert_int_equal(json_object_size(d.ports), 0);
	assert_int_equal(json_array_size(d.mounts), 0);
	assert_int_equal(d.pid, 755);
	assert_string_equal(d.driver, "overlay2");
	assert_memory_equal(d.log_path, "/var/lib/docker/containers/d500", 31);
	assert_non_null(d.hosts_path);
	assert_null(d.error);
	assert_null(d.health);
	dossier_fini(&d);
}

static void assert_text(const json_t *object, const char *key, const char *expected)
{
	assert_string_equal(json_string_value(json_object_get(object, key)), expected);
}

static void mounts_get_the_shape_of_the_api(void **state)
{
	struct bench *bench = *state;
	struct dossier d = { 0 };
	const json_t *bind, *volume;

	open_with(bench,
		  "{\"Config\":{},\"MountPoints\":{"
		  "\"/data\":{\"Type\":\"bind\",\"Source\":\"/srv\",\"Destination\":\"/data\","
		  "\"RW\":false,\"Name\":\"\",\"Driver\":\"\",\"Relabel\":\"ro\","
		  "\"Propagation\":\"rprivate\",\"Spec\":{}},"
		  "\"/db\":{\"Type\":\"volume\",\"Source\":\"\",\"Destination\":\"/db\","
		  "\"RW\":true,\"Name\":\"vol\",\"Driver\":\"local\",\"Relabel\":\"z\"},"
		  "\"/odd\":7}}");
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, NULL, &d), 0);
	assert_int_equal(json_array_size(d.mounts), 2);
	bind = json_array_get(d.mounts, 0);
	volume = json_array_get(d.mounts, 1);
	assert_text(bind, "Type", "bind");
	assert_text(bind, "Source", "/srv");
	assert_text(bind, "Mode", "ro");
	assert_text(bind, "Propagation", "rprivate");
	assert_true(json_is_false(json_object_get(bind, "RW")));
	assert_null(json_object_get(bind, "Name"));
	assert_text(volume, "Name", "vol");
	assert_text(volume, "Source", "/var/lib/docker/volumes/vol/_data");
	assert_true(json_is_true(json_object_get(volume, "RW")));
	dossier_fini(&d);
}

static void dossier_of_a_stopped_one_has_its_last_health(void **state)
{
	struct bench *bench = *state;
	struct dossier d = { 0 };

	open_with(bench, "{\"Config\":{},\"State\":{\"Running\":false,\"Error\":\"no such file\","
			 "\"Health\":{\"Status\":\"unhealthy\"}}}");
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, NULL, &d), 0);
	assert_text(d.health, "Status", "unhealthy");
	assert_string_equal(d.error, "no such file");
	dossier_fini(&d);
}

static void dossier_of_bad_files_is_an_error_and_bounded(void **state)
{
	struct bench *bench = *state;
	struct dossier d = { 0 };

	open_with(bench, "{\"Config\":");
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, NULL, &d), -EBADMSG);
	assert_non_null(d.host_config); /* what could be read */
	dossier_fini(&d);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_B, NULL, &d), -ENOENT);
	write_config(bench, ID_A,
		     "{\"Config\":{\"Env\":[\"A=b\\u0000c\",7]},\"Args\":[1,null,\"x\"],"
		     "\"State\":{\"Pid\":-5},\"NetworkSettings\":[],\"MountPoints\":[]}");
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, NULL, &d), 0);
	assert_int_equal(json_string_length(json_array_get(json_object_get(d.config, "Env"), 0)),
			 3);
	assert_null(d.args);
	assert_int_equal(d.pid, 0);
	assert_null(d.networks);
	dossier_fini(&d);
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
		TEST(states_are_those_of_docker_ps),
		TEST(end_of_a_run_is_told_with_its_code),
		TEST(health_on_disk_is_stale_and_not_told),
		TEST(first_address_is_told),
		TEST(containerd_image_store_changes_no_name),
		TEST(list_has_directories_of_containers_only),
		TEST(recorded_files_make_a_dossier),
		TEST(mounts_get_the_shape_of_the_api),
		TEST(dossier_of_a_stopped_one_has_its_last_health),
		TEST(dossier_of_bad_files_is_an_error_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
