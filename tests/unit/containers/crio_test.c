/* SPDX-License-Identifier: Apache-2.0 */

/* crio: which cgroups are its containers, and how those are found that have ended. */

#include "recorder.h"

#include "containers/dossier.h"

#define GRAPH   "var/lib/containers/storage/overlay-containers/"
#define RUN     "run/containers/storage/overlay-containers/"
#define UID     "12345678-1234-1234-1234-123456789abc"
#define POD     "/kubepods.slice/kubepods-pod12345678_1234_1234_1234_123456789abc.slice"
#define SCOPE   POD "/crio-" ID_A ".scope"
#define RUNNING "{\"status\":\"running\",\"pid\":4711,\"started\":\"2026-11-23T18:41:31Z\"}"
#define STOPPED "{\"status\":\"stopped\",\"pid\":4711,\"exitCode\":3}"
#define MINUTE  (60 * NSEC_PER_SEC)

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

static void write_spec(const struct host *host, const char *root, const char *id, const char *type,
		       const char *name)
{
	char path[512], text[2048];

	snprintf(path, sizeof(path), "%s%s/userdata/config.json", root, id);
	snprintf(text, sizeof(text),
		 "{\"process\":{\"args\":[\"/bin/app\"]},\"annotations\":{"
		 "\"io.container.manager\":\"cri-o\",\"io.kubernetes.cri-o.ContainerType\":\"%s\","
		 "\"io.kubernetes.cri-o.ContainerID\":\"%s\",\"io.kubernetes.cri-o.LogPath\":"
		 "\"/var/log/pods/x/0.log\",\"io.kubernetes.cri-o.Labels\":"
		 "\"{\\\"io.kubernetes.container.name\\\":\\\"%s\\\","
		 "\\\"io.kubernetes.pod.name\\\":\\\"shop-1\\\"}\"}}",
		 type, id, name);
	host_write(host, path, text);
}

static void write_state(const struct host *host, const char *id, const char *text)
{
	char path[512];

	snprintf(path, sizeof(path), GRAPH "%s/userdata/state.json", id);
	host_write(host, path, text);
}

static void open_bench(struct bench *bench, int expected)
{
	bench_open(bench, "crio", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), expected);
}

static enum match_kind match_kind(struct bench *bench, const char *path)
{
	struct match match = { .kind = MATCH_NONE };

	bench->runtime->match(bench->state, path, &match);
	return match.kind;
}

static void names_of_both_cgroup_drivers_match(void **state)
{
	struct bench *bench = *state;

	open_bench(bench, -ENOENT);
	assert_string_equal(bench_match(bench, SCOPE), ID_A);
	assert_string_equal(bench_match(bench, "/kubepods/pod" UID "/crio-" ID_A), ID_A);
	assert_string_equal(bench_match(bench, "/system.slice/crio-" ID_A ".scope"), ID_A);
	assert_string_equal(bench_match(bench, "/crio/crio-" ID_A), ID_A);
}

static void look_alikes_do_not_match(void **state)
{
	static const char *const paths[] = {
		"/crio",
		"/system.slice/crio.service",
		"/system.slice/crio-abc.scope",
		"/kubepods/pod" UID "/" ID_A,
		SCOPE "/container",
		POD "/cri-containerd-" ID_A ".scope",
		POD "/crio-" ID_A ".mount",
	};
	struct bench *bench = *state;

	open_bench(bench, -ENOENT);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_string_equal(bench_match(bench, paths[i]), "");
}

static void sandbox_and_conmon_are_helpers(void **state)
{
	struct bench *bench = *state;

	write_spec(&bench->host, RUN, ID_B, "sandbox", "POD");
	open_bench(bench, 0);
	assert_int_equal(match_kind(bench, POD "/crio-" ID_B ".scope"), MATCH_HELPER);
	assert_int_equal(match_kind(bench, POD "/crio-" ID_B), MATCH_HELPER);
	assert_int_equal(match_kind(bench, "/kubepods/pod" UID "/crio-conmon-" ID_A), MATCH_HELPER);
	assert_int_equal(runtimes_helper(POD "/crio-conmon-" ID_A ".scope"), MATCH_HELPER);
	/* Known to be one as soon as its file is there. */
	assert_int_equal(match_kind(bench, POD "/crio-" ID_C ".scope"), MATCH_CONTAINER);
	write_spec(&bench->host, RUN, ID_C, "sandbox", "POD");
	assert_int_equal(match_kind(bench, POD "/crio-" ID_C ".scope"), MATCH_HELPER);
}

static void running_container_is_described(void **state)
{
	struct bench *bench = *state;

	write_spec(&bench->host, RUN, ID_A, "container", "app");
	write_state(&bench->host, ID_A, RUNNING);
	open_bench(bench, 0);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), 0);
	assert_string_equal(bench->identity.name, "app");
	assert_string_equal(bench->identity.pod, "shop-1");
	assert_string_equal(identity_find_label(&bench->identity, "io.kubernetes.pod.uid"), UID);
	assert_int_equal(bench->identity.condition.state, STATE_RUNNING);
	assert_int_equal(bench->identity.started_ns, 1795459291000000000ULL);
	assert_null(bench->identity.detail);
}

static void exit_file_is_newer_than_the_state(void **state)
{
	struct bench *bench = *state;
	uint64_t before;

	write_spec(&bench->host, GRAPH, ID_A, "container", "app");
	write_state(&bench->host, ID_A, RUNNING);
	host_directory(&bench->host, "run/crio/exits");
	open_bench(bench, 0);
	before = bench->runtime->stamp(bench->state, ID_A, NULL);
	assert_int_not_equal(before, 0);
	host_write(&bench->host, "run/crio/exits/" ID_A, "137");
	assert_int_not_equal(bench->runtime->stamp(bench->state, ID_A, NULL), before);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_int_equal(bench->identity.condition.state, STATE_EXITED);
	assert_true(bench->identity.condition.has_exit_code);
	assert_int_equal(bench->identity.condition.exit_code, 137);
	assert_true(bench->identity.condition.finished_ns > 0);

	host_write(&bench->host, "run/crio/exits/" ID_A, "many");
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_int_equal(bench->identity.condition.state, STATE_RUNNING);
}

static void last_id(const char *id, void *userdata)
{
	snprintf(userdata, RUNTIME_ID_BYTES, "%s", id);
}

static void stopped_ones_are_listed_and_others_are_not(void **state)
{
	struct bench *bench = *state;
	char id[RUNTIME_ID_BYTES] = "";

	write_spec(&bench->host, GRAPH, ID_A, "container", "app");
	write_state(&bench->host, ID_A, STOPPED);
	write_spec(&bench->host, GRAPH, ID_B, "sandbox", "POD");
	host_write(&bench->host, GRAPH ID_C "/userdata/config.json",
		   "{\"annotations\":{\"io.container.manager\":\"libpod\","
		   "\"io.kubernetes.cri-o.ContainerType\":\"container\"}}");
	host_directory(&bench->host, GRAPH "tmp");
	open_bench(bench, 0);
	assert_int_equal(bench->runtime->list(bench->state, 10, last_id, id), 0);
	assert_string_equal(id, ID_A);
	assert_int_equal(bench_describe(bench, ID_A, NULL), 0);
	assert_int_equal(bench->identity.condition.state, STATE_EXITED);
	assert_int_equal(bench->identity.condition.exit_code, 3);

	host_unlink(&bench->host, GRAPH ID_A "/userdata/config.json");
	id[0] = '\0';
	assert_int_equal(bench->runtime->refresh(bench->state), 0); /* the sandbox is left */
	assert_int_equal(bench->runtime->list(bench->state, 10, last_id, id), 0);
	assert_string_equal(id, "");
}

static void unknown_container_has_the_pods_uid(void **state)
{
	struct bench *bench = *state;

	open_bench(bench, -ENOENT);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -ENOENT);
	assert_null(bench->identity.name);
	assert_string_equal(identity_find_label(&bench->identity, "io.kubernetes.pod.uid"), UID);
	assert_string_equal(bench->identity.detail, "config.json: not there");
	assert_int_equal(bench->runtime->stamp(bench->state, ID_A, SCOPE), 0);
}

static void hostile_files_are_refused_with_a_reason(void **state)
{
	static const char spec[] = GRAPH ID_A "/userdata/config.json";
	static const char status[] = GRAPH ID_A "/userdata/state.json";
	struct bench *bench = *state;
	int fd;

	host_directory(&bench->host, GRAPH ID_A "/userdata");
	assert_int_equal(mkfifoat(bench->host.root_fd, spec, 0644), 0);
	open_bench(bench, -ENOENT);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -EINVAL);
	host_unlink(&bench->host, spec);
	host_link(&bench->host, "/etc/passwd", spec);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -ELOOP);
	host_unlink(&bench->host, spec);
	fd = openat(bench->host.root_fd, spec, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(ftruncate(fd, 1 << 30), 0);
	close(fd);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -EFBIG);
	host_write(&bench->host, spec, "[[[[");
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -EBADMSG);

	/* A bad state costs the state only. */
	write_spec(&bench->host, GRAPH, ID_A, "container", "app");
	host_link(&bench->host, "/etc/passwd", status);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), 0);
	assert_string_equal(bench->identity.name, "app");
	assert_int_equal(bench->identity.condition.state, STATE_UNKNOWN);
	assert_string_equal(bench->identity.detail,
			    "state.json: is a symbolic link or behind one, not followed");
}

static void changes_name_the_container(void **state)
{
	static const struct {
		const char *directory, *name;
		enum change_kind kind;
	} cases[] = {
		{ "crio:" ID_A, "state.json", CHANGE_CONTAINER },
		{ "crio:" ID_A, "attach", CHANGE_NONE },
		{ "run/crio/exits", ID_A, CHANGE_CONTAINER },
		{ "run/crio/exits", "x", CHANGE_NONE },
		{ "run/containers/storage/overlay-containers", ID_A, CHANGE_CONTAINER },
		{ "run/containers/storage/overlay-containers", "containers.json", CHANGE_NONE },
		{ "run/containers/storage/overlay-layers", ID_A, CHANGE_NONE },
		{ "var/lib/containers", "storage", CHANGE_ENGINE },
		{ "run", "runc", CHANGE_NONE },
	};
	struct bench *bench = *state;

	write_spec(&bench->host, RUN, ID_A, "container", "app");
	host_directory(&bench->host, "run/crio/exits");
	open_bench(bench, 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct change change = { .kind = CHANGE_NONE };

		bench->runtime->changed(bench->state, cases[i].directory, cases[i].name, &change);
		assert_int_equal(change.kind, cases[i].kind);
		if (change.kind == CHANGE_CONTAINER)
			assert_string_equal(change.text, ID_A);
	}
}

static void configured_roots_replace_the_usual_ones(void **state)
{
	static const char *const places[] = { "/srv/storage", NULL };
	struct bench *bench = *state;

	write_spec(&bench->host, GRAPH, ID_A, "container", "usual");
	write_spec(&bench->host, "srv/storage/vfs-containers/", ID_B, "container", "moved");
	bench_open(bench, "crio", places);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -ENOENT);
	assert_int_equal(bench_describe(bench, ID_B, SCOPE), 0);
	assert_string_equal(bench->identity.name, "moved");
}

static void inspect_tells_arguments_pid_and_log(void **state)
{
	struct bench *bench = *state;
	struct dossier dossier = { 0 };

	write_spec(&bench->host, GRAPH, ID_A, "container", "app");
	write_state(&bench->host, ID_A, RUNNING);
	open_bench(bench, 0);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, SCOPE, &dossier), 0);
	assert_string_equal(json_string_value(json_array_get(dossier.args, 0)), "/bin/app");
	assert_int_equal(dossier.pid, 4711);
	assert_string_equal(dossier.log_path, "/var/log/pods/x/0.log");
	dossier_fini(&dossier);

	write_state(&bench->host, ID_A, STOPPED);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, NULL, &dossier), 0);
	assert_int_equal(dossier.pid, 0); /* it may be another process by now */
	dossier_fini(&dossier);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_B, NULL, &dossier), -ENOENT);
}

static void pod_is_told_once(void **state)
{
	struct record *record = *state;

	write_spec(&record->host, GRAPH, ID_B, "sandbox", "POD");
	record_open(record, 10, MINUTE);
	record_rescan(record);
	host_cgroup(&record->host, &(POD "/crio-" ID_B ".scope")[1], 1);
	host_cgroup(&record->host, &(POD "/crio-conmon-" ID_A ".scope")[1], 1);
	host_cgroup(&record->host, &(SCOPE "/container")[1], 1);
	host_cgroup(&record->host, &SCOPE[1], 1);
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "came aaaaaaaaaaaa"); /* before its file */
	write_spec(&record->host, GRAPH, ID_A, "container", "app");
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "changed app");
	assert_int_equal(record_stats(record).live, 1);
}

int main(void)
{
#define TEST(function)   cmocka_unit_test_setup_teardown(function, setup, teardown)
#define RECORD(function) cmocka_unit_test_setup_teardown(function, record_setup, record_teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_of_both_cgroup_drivers_match),
		TEST(look_alikes_do_not_match),
		TEST(sandbox_and_conmon_are_helpers),
		TEST(running_container_is_described),
		TEST(exit_file_is_newer_than_the_state),
		TEST(stopped_ones_are_listed_and_others_are_not),
		TEST(unknown_container_has_the_pods_uid),
		TEST(hostile_files_are_refused_with_a_reason),
		TEST(changes_name_the_container),
		TEST(configured_roots_replace_the_usual_ones),
		TEST(inspect_tells_arguments_pid_and_log),
		RECORD(pod_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
