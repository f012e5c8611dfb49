/* SPDX-License-Identifier: Apache-2.0 */

/* containerd: which cgroups are its containers, with and without Kubernetes, and what a container
 * is called whose files are missing, hostile, or late. */

#include "recorder.h"

#include "containers/dossier.h"

#define TASKS "run/containerd/io.containerd.runtime.v2.task/"
#define CRI   "\"io.kubernetes.cri."
#define UID   "12345678-1234-1234-1234-123456789abc"
#define POD \
	"/kubepods.slice/kubepods-besteffort.slice/" \
	"kubepods-besteffort-pod12345678_1234_1234_1234_123456789abc.slice"
#define SLICE  "kubepods-besteffort-pod12345678_1234_1234_1234_123456789abc.slice"
#define SCOPE  POD "/cri-containerd-" ID_A ".scope"
#define MINUTE (60 * NSEC_PER_SEC)

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

static void write_task(const struct host *host, const char *directory, const char *cgroups_path,
		       const char *annotations)
{
	char path[512], text[2048];

	snprintf(path, sizeof(path), TASKS "%s/config.json", directory);
	snprintf(text, sizeof(text),
		 "{\"process\":{\"args\":[\"/bin/app\"]},\"annotations\":{%s},\"linux\":{"
		 "\"cgroupsPath\":\"%s\",\"namespaces\":[{\"type\":\"network\"}]}}",
		 annotations, cgroups_path);
	host_write(host, path, text);
}

static void write_cri(const struct host *host, const char *id, const char *type, const char *name)
{
	char directory[128], cgroups_path[256], annotations[512];

	snprintf(directory, sizeof(directory), "k8s.io/%s", id);
	snprintf(cgroups_path, sizeof(cgroups_path), SLICE ":cri-containerd:%s", id);
	snprintf(annotations, sizeof(annotations),
		 CRI "container-type\":\"%s\"," CRI "container-name\":\"%s\"," CRI
		     "sandbox-name\":\"shop-1\"," CRI "sandbox-namespace\":\"prod\"," CRI
		     "sandbox-uid\":\"" UID "\"",
		 type, name);
	write_task(host, directory, cgroups_path, annotations);
}

static void open_bench(struct bench *bench, int expected)
{
	bench_open(bench, "containerd", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), expected);
}

static enum match_kind match_kind(struct bench *bench, const char *path)
{
	struct match match = { .kind = MATCH_NONE };

	bench->runtime->match(bench->state, path, &match);
	return match.kind;
}

static void names_of_kubernetes_match_without_a_file(void **state)
{
	static const char *const paths[] = {
		SCOPE,
		"/kubepods.slice/kubepods-pod12345678_1234_1234_1234_123456789abc.slice/"
		"cri-containerd-" ID_A ".scope",
		"/kubepods/burstable/pod" UID "/" ID_A,
		"/kubepods/besteffort/pod" UID "/" ID_A,
		"/kubepods/pod" UID "/" ID_A,
		"/kubepods/pod0123456789abcdef0123456789abcdef/" ID_A,
		"/kubelet/kubepods/burstable/pod" UID "/" ID_A,
		"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod12345678_1234_1234_1234_"
		"123456789abc.slice/cri-containerd-" ID_A ".scope",
		"/system.slice/containerd.service/" SLICE ":cri-containerd:" ID_A,
		"/system.slice/nerdctl-" ID_A ".scope",
	};
	struct bench *bench = *state;

	open_bench(bench, -ENOENT);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_string_equal(bench_match(bench, paths[i]), ID_A);
}

static void look_alikes_do_not_match(void **state)
{
	static const char *const paths[] = {
		"/",
		"/default",
		"/" ID_A,
		"/default/" ID_A,
		"/docker/" ID_A,
		"/system.slice/docker-" ID_A ".scope",
		"/system.slice/containerd.service",
		POD,
		"/kubepods/burstable/pod" UID,
		"/kubepods/burstable/pod" UID "/" ID_A "0",
		"/kubepods/burstable/pod" UID "/crio-" ID_A,
		POD "/crio-" ID_A ".scope",
		POD "/cri-containerd-abc.scope",
		POD "/cri-containerd-" ID_A ".mount",
		POD "/libpod-" ID_A ".scope",
		"/machine.slice/cri-containerd:" ID_A,
		SCOPE "/init.scope",
	};
	struct bench *bench = *state;

	open_bench(bench, -ENOENT);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_string_equal(bench_match(bench, paths[i]), "");
}

static void container_without_kubernetes_matches_by_its_file(void **state)
{
	struct bench *bench = *state;

	write_task(&bench->host, "default/web", "/default/web", "\"team\":\"core\"");
	write_task(&bench->host, "a.b/other", "/custom/parent/x", "");
	write_task(&bench->host, "default/" ID_A, "system.slice:nerdctl:" ID_A,
		   "\"nerdctl/name\":\"db\"");
	open_bench(bench, 0);
	assert_string_equal(bench_match(bench, "/default/web"), "web");
	assert_string_equal(bench_match(bench, "/custom/parent/x"), "other");
	assert_string_equal(bench_match(bench, "/default/other"), "");

	assert_int_equal(bench_describe(bench, "web", "/default/web"), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(identity_find_label(&bench->identity, "team"), "core");
	assert_int_equal(bench->identity.condition.state, STATE_RUNNING);
	assert_false(bench->identity.condition.has_exit_code);
	assert_false(bench->identity.condition.has_restarts);
	assert_true(bench->identity.created_ns > 0);
	assert_null(bench->identity.detail);
	assert_int_equal(bench_describe(bench, ID_A, "/system.slice/nerdctl-" ID_A ".scope"), 0);
	assert_string_equal(bench->identity.name, "db");
}

static void namespaces_of_docker_are_left_to_it(void **state)
{
	struct bench *bench = *state;
	struct change change = { .kind = CHANGE_NONE };

	write_task(&bench->host, "moby/" ID_A, "/custom/" ID_A, "");
	write_task(&bench->host, "plugins.moby/" ID_B, "/plugins/x", "");
	open_bench(bench, 0);
	assert_string_equal(bench_match(bench, "/custom/" ID_A), "");
	assert_string_equal(bench_match(bench, "/plugins/x"), "");
	bench->runtime->changed(bench->state, "run/containerd/io.containerd.runtime.v2.task",
				"moby", &change);
	assert_int_equal(change.kind, CHANGE_NONE);
}

static void same_id_in_two_namespaces_is_two_containers(void **state)
{
	struct bench *bench = *state;

	write_task(&bench->host, "a/web", "/a/web", "\"of\":\"a\"");
	write_task(&bench->host, "b/web", "/b/web", "\"of\":\"b\"");
	open_bench(bench, 0);
	assert_int_equal(bench_describe(bench, "web", "/a/web"), 0);
	assert_string_equal(identity_find_label(&bench->identity, "of"), "a");
	assert_int_equal(bench_describe(bench, "web", "/b/web"), 0);
	assert_string_equal(identity_find_label(&bench->identity, "of"), "b");
}

static void sandbox_is_never_a_copy(void **state)
{
	struct bench *bench = *state;

	write_cri(&bench->host, ID_A, "container", "app");
	write_cri(&bench->host, ID_B, "sandbox", "");
	write_task(&bench->host, "k8s.io/" ID_C, "/k8s.io/" ID_C,
		   CRI "container-type\":\"sandbox\"");
	open_bench(bench, 0);
	assert_int_equal(match_kind(bench, SCOPE), MATCH_CONTAINER);
	assert_int_equal(match_kind(bench, POD "/cri-containerd-" ID_B ".scope"), MATCH_HELPER);
	assert_int_equal(match_kind(bench, "/other/x:cri-containerd:" ID_B), MATCH_HELPER);
	assert_int_equal(match_kind(bench, "/k8s.io/" ID_C), MATCH_HELPER);
	assert_int_equal(match_kind(bench, "/kubepods/pod" UID "/" ID_B), MATCH_HELPER);
}

static void pod_container_is_named_by_its_annotations(void **state)
{
	struct bench *bench = *state;

	write_cri(&bench->host, ID_A, "container", "app");
	host_link(&bench->host, "/var/log/pods/prod_shop-1_" UID "/app/4.log", "a-link-elsewhere");
	open_bench(bench, 0);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), 0);
	assert_string_equal(bench->identity.name, "app");
	assert_string_equal(bench->identity.pod, "shop-1");
	assert_false(bench->identity.condition.has_restarts);
	/* Where the path in the file is not the cgroup's, the id in its name tells. */
	assert_int_equal(bench_describe(bench, ID_A, "/x/y:cri-containerd:" ID_A), 0);
	assert_string_equal(bench->identity.name, "app");
}

static void unknown_container_of_a_pod_has_the_pods_uid(void **state)
{
	struct bench *bench = *state;

	open_bench(bench, -ENOENT);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -ENOENT);
	assert_null(bench->identity.name); /* the registry takes the first digits of the id */
	assert_string_equal(identity_find_label(&bench->identity, "io.kubernetes.pod.uid"), UID);
	assert_string_equal(bench->identity.detail, "config.json: not there");
	assert_int_equal(bench->identity.condition.state, STATE_UNKNOWN);
	assert_int_equal(bench->runtime->stamp(bench->state, ID_A, SCOPE), 0);
}

static void users_cgroups_are_not_believed(void **state)
{
	static const char path[] = "/user.slice/user-1000.slice/user@1000.service/user.slice/"
				   "cri-containerd-" ID_A ".scope";
	struct bench *bench = *state;

	write_cri(&bench->host, ID_A, "container", "app");
	open_bench(bench, 0);
	assert_string_equal(bench_match(bench, path), ID_A "@1000");
	assert_int_equal(bench_describe(bench, ID_A "@1000", path), -ENOENT);
	assert_null(bench->identity.name);
	assert_true(bench->identity.has_owner);
	assert_int_equal(bench->identity.owner_uid, 1000);
}

static void log_tells_restarts_and_who_has_ended(void **state)
{
	struct bench *bench = *state;
	uint64_t before;

	write_cri(&bench->host, ID_A, "container", "app");
	open_bench(bench, 0);
	before = bench->runtime->stamp(bench->state, ID_A, SCOPE);
	host_directory(&bench->host, "var/log/containers");
	host_link(&bench->host, "/var/log/pods/prod_shop-1_" UID "/app/4.log",
		  "var/log/containers/shop-1_prod_app-" ID_A ".log");
	host_link(&bench->host, "/var/log/pods/prod_shop-1_" UID "/app/3.log",
		  "var/log/containers/shop-1_prod_app-" ID_B ".log");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_not_equal(bench->runtime->stamp(bench->state, ID_A, SCOPE), before);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), 0);
	assert_true(bench->identity.condition.has_restarts);
	assert_int_equal(bench->identity.condition.restarts, 4);
	assert_int_equal(bench->identity.condition.state, STATE_RUNNING);

	assert_int_equal(bench_describe(bench, ID_B, NULL), 0);
	assert_string_equal(bench->identity.name, "app");
	assert_string_equal(bench->identity.pod, "shop-1");
	assert_int_equal(bench->identity.condition.state, STATE_EXITED);
	assert_int_equal(bench->identity.condition.restarts, 3);
	assert_false(bench->identity.condition.has_exit_code);
	assert_int_not_equal(bench->runtime->stamp(bench->state, ID_B, NULL), 0);
	assert_int_equal(bench_describe(bench, ID_C, NULL), -ENOENT);
	/* Its cgroup was left behind: it is not known to be one. */
	assert_int_equal(bench_describe(bench, ID_B, POD "/cri-containerd-" ID_B ".scope"),
			 -ENOENT);
}

static void count(const char *id, void *userdata)
{
	assert_int_equal(strlen(id), 64);
	(*(unsigned *) userdata)++;
}

static void logs_are_listed_where_the_kubelet_uses_this_engine(void **state)
{
	struct bench *bench = *state;
	unsigned listed = 0;

	host_directory(&bench->host, "var/log/containers");
	host_link(&bench->host, "/var/log/pods/b_a_" UID "/c/0.log",
		  "var/log/containers/a_b_c-" ID_A ".log");
	host_link(&bench->host, "/var/log/pods/b_a_" UID "/d/0.log",
		  "var/log/containers/a_b_d-" ID_B ".log");
	write_task(&bench->host, "default/web", "/default/web", "");
	open_bench(bench, 0);
	assert_int_equal(bench->runtime->list(bench->state, 10, count, &listed), 0);
	assert_int_equal(listed, 0);
	write_cri(&bench->host, ID_C, "sandbox", "");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_equal(bench->runtime->list(bench->state, 10, count, &listed), 0);
	assert_int_equal(listed, 2);
	assert_int_equal(bench->runtime->list(bench->state, 1, count, &listed), 0);
	assert_int_equal(listed, 3);
}

static void hostile_files_are_refused_with_a_reason(void **state)
{
	static const char file[] = TASKS "k8s.io/" ID_A "/config.json";
	struct bench *bench = *state;
	char deep[10000];
	int fd;

	host_directory(&bench->host, TASKS "k8s.io/" ID_A);
	assert_int_equal(mkfifoat(bench->host.root_fd, file, 0644), 0);
	open_bench(bench, 0);
	assert_string_equal(bench_match(bench, SCOPE), ID_A);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -EINVAL);
	assert_string_equal(bench->identity.detail, "config.json: not a regular file");

	host_unlink(&bench->host, file);
	host_link(&bench->host, "/etc/passwd", file);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -ELOOP);

	host_unlink(&bench->host, file);
	fd = openat(bench->host.root_fd, file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(ftruncate(fd, 1 << 30), 0);
	close(fd);
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -EFBIG);

	memset(deep, '[', sizeof(deep));
	host_write_bytes(&bench->host, file, deep, sizeof(deep));
	assert_int_equal(bench_describe(bench, ID_A, SCOPE), -EBADMSG);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_string_equal(bench_match(bench, SCOPE), ID_A);
	assert_string_equal(identity_find_label(&bench->identity, "io.kubernetes.pod.uid"), UID);
}

static void changes_name_the_cgroup(void **state)
{
	static const char tasks[] = "run/containerd/io.containerd.runtime.v2.task";
	struct bench *bench = *state;
	struct change change = { .kind = CHANGE_NONE };

	host_directory(&bench->host, TASKS "default/web");
	open_bench(bench, 0);
	write_task(&bench->host, "default/web", "/default/web", "");
	bench->runtime->changed(bench->state, TASKS "default/web", "init.pid", &change);
	assert_int_equal(change.kind, CHANGE_NONE);
	bench->runtime->changed(bench->state, TASKS "default/web", "config.json", &change);
	assert_int_equal(change.kind, CHANGE_CGROUP);
	assert_string_equal(change.text, "/default/web");
	change.kind = CHANGE_NONE;
	bench->runtime->changed(bench->state, tasks, "k8s.io", &change);
	assert_int_equal(change.kind, CHANGE_ENGINE);
	write_task(&bench->host, "default/db", "/default/db", "");
	change.kind = CHANGE_NONE;
	bench->runtime->changed(bench->state, TASKS "default", "db", &change);
	assert_int_equal(change.kind, CHANGE_CGROUP);
	assert_string_equal(change.text, "/default/db");
}

static void configured_state_directory_is_used(void **state)
{
	static const char *const places[] = { "/srv/state", NULL };
	struct bench *bench = *state;

	write_task(&bench->host, "default/usual", "/default/usual", "");
	host_write(&bench->host,
		   "srv/state/io.containerd.runtime.v2.task/default/moved/config.json",
		   "{\"linux\":{\"cgroupsPath\":\"/default/moved\"}}");
	bench_open(bench, "containerd", places);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_string_equal(bench_match(bench, "/default/moved"), "moved");
	assert_string_equal(bench_match(bench, "/default/usual"), "");
}

static void inspect_tells_arguments_pid_and_log(void **state)
{
	struct bench *bench = *state;
	struct dossier dossier = { 0 };

	write_cri(&bench->host, ID_A, "container", "app");
	host_write(&bench->host, TASKS "k8s.io/" ID_A "/init.pid", "4711");
	host_directory(&bench->host, "var/log/containers");
	host_link(&bench->host, "/var/log/pods/prod_shop-1_" UID "/app/4.log",
		  "var/log/containers/shop-1_prod_app-" ID_A ".log");
	open_bench(bench, 0);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, SCOPE, &dossier), 0);
	assert_int_equal(dossier.pid, 4711);
	assert_string_equal(json_string_value(json_array_get(dossier.args, 0)), "/bin/app");
	assert_string_equal(dossier.log_path, "/var/log/pods/prod_shop-1_" UID "/app/4.log");
	dossier_fini(&dossier);

	host_write(&bench->host, TASKS "k8s.io/" ID_A "/init.pid", "99999999999");
	assert_int_equal(bench->runtime->inspect(bench->state, ID_A, SCOPE, &dossier), 0);
	assert_int_equal(dossier.pid, 0);
	dossier_fini(&dossier);
	assert_int_equal(bench->runtime->inspect(bench->state, ID_B, NULL, &dossier), -ENOENT);
	dossier_fini(&dossier);
}

static void cgroup_before_its_file_is_told_once(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, TASKS "default");
	host_cgroup(&record->host, "default/web", 0);
	record_open(record, 10, MINUTE);
	record_rescan(record);
	assert_record(record, ""); /* nobody's */
	write_task(&record->host, "default/web", "/default/web", "");
	record_dispatch(record);
	assert_record(record, "came web");
	record_rescan(record);
	assert_record(record, "");
}

static void file_before_its_cgroup_is_told_once(void **state)
{
	struct record *record = *state;

	write_cri(&record->host, ID_B, "sandbox", "");
	write_cri(&record->host, ID_A, "container", "app");
	record_open(record, 10, MINUTE);
	record_rescan(record);
	assert_record(record, "");
	host_cgroup(&record->host, &(POD "/cri-containerd-" ID_B ".scope")[1], 1);
	host_cgroup(&record->host, &SCOPE[1], 1);
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "came app");
	assert_int_equal(record_stats(record).live, 1);
}

static void orphaned_cgroup_is_no_container(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, TASKS "k8s.io");
	host_cgroup(&record->host, &SCOPE[1], 0);
	record_open(record, 10, MINUTE);
	record_rescan(record);
	assert_record(record, "");
	assert_int_equal(record_stats(record).pending, 1);
}

int main(void)
{
#define TEST(function)   cmocka_unit_test_setup_teardown(function, setup, teardown)
#define RECORD(function) cmocka_unit_test_setup_teardown(function, record_setup, record_teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_of_kubernetes_match_without_a_file),
		TEST(look_alikes_do_not_match),
		TEST(container_without_kubernetes_matches_by_its_file),
		TEST(namespaces_of_docker_are_left_to_it),
		TEST(same_id_in_two_namespaces_is_two_containers),
		TEST(sandbox_is_never_a_copy),
		TEST(pod_container_is_named_by_its_annotations),
		TEST(unknown_container_of_a_pod_has_the_pods_uid),
		TEST(users_cgroups_are_not_believed),
		TEST(log_tells_restarts_and_who_has_ended),
		TEST(logs_are_listed_where_the_kubelet_uses_this_engine),
		TEST(hostile_files_are_refused_with_a_reason),
		TEST(changes_name_the_cgroup),
		TEST(configured_state_directory_is_used),
		TEST(inspect_tells_arguments_pid_and_log),
		RECORD(cgroup_before_its_file_is_told_once),
		RECORD(file_before_its_cgroup_is_told_once),
		RECORD(orphaned_cgroup_is_no_container),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
