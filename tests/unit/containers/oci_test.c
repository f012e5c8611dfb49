/* SPDX-License-Identifier: Apache-2.0 */

/* oci: a directory of state, with a directory for each container. */

#include "host.h"

#include "containers/dossier.h"

#define STATE(path) "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup" path "\"},\"config\":{}}"

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	host_make(&bench->host);
	host_write(&bench->host, CGROUPS "/cgroup.controllers", ""); /* pure v2 */
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

static void open_runc(struct bench *bench)
{
	host_directory(&bench->host, "run/runc");
	bench_open(bench, "runc", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
}

static struct change change_in(struct bench *bench, const char *directory, const char *name)
{
	struct change change = { .kind = CHANGE_NONE };

	bench->runtime->changed(bench->state, directory, name, &change);
	return change;
}

static void state_directory_that_is_missing_is_no_error(void **state)
{
	struct bench *bench = *state;

	bench_open(bench, "runc", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), -ENOENT);
	assert_string_equal(bench_match(bench, "/web"), "");
	assert_int_equal(bench_describe(bench, "web", "/web"), -ENOENT);
	host_directory(&bench->host, "run/runc");
	assert_int_equal(change_in(bench, "run", "runc").kind, CHANGE_ENGINE);
	assert_int_equal(change_in(bench, "run", "crun").kind, CHANGE_NONE);
}

static void container_goes_with_its_directory(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "run/runc/web/state.json", STATE("/web"));
	open_runc(bench);
	assert_string_equal(bench_match(bench, "/web"), "web");
	assert_int_not_equal(bench->runtime->stamp(bench->state, "web", "/web"), 0);
	host_unlink(&bench->host, "run/runc/web/state.json");
	assert_int_equal(unlinkat(bench->host.root_fd, "run/runc/web", AT_REMOVEDIR), 0);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_string_equal(bench_match(bench, "/web"), "");
	assert_int_equal(bench->runtime->stamp(bench->state, "web", "/web"), 0);
}

static void file_that_appears_names_its_cgroup(void **state)
{
	struct bench *bench = *state;
	struct change change;

	open_runc(bench);
	host_directory(&bench->host, "run/runc/web");
	assert_int_equal(change_in(bench, "run/runc", "web").kind, CHANGE_NONE);
	host_write(&bench->host, "run/runc/web/state.json", STATE("/a/web"));
	assert_int_equal(change_in(bench, "run/runc/web", "other").kind, CHANGE_NONE);
	change = change_in(bench, "run/runc/web", "state.json");
	assert_int_equal(change.kind, CHANGE_CGROUP);
	assert_string_equal(change.text, "/a/web");
	assert_string_equal(bench_match(bench, "/a/web"), "web");
}

static void file_that_came_with_the_directory_is_seen_as_well(void **state)
{
	struct bench *bench = *state;

	open_runc(bench);
	host_write(&bench->host, "run/runc/web/state.json", STATE("/web"));
	assert_int_equal(change_in(bench, "run/runc", "web").kind, CHANGE_CGROUP);
}

static void directories_of_the_runtime_itself_are_skipped(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "run/runc/.cache/state.json", STATE("/web"));
	host_write(&bench->host, "run/runc/file", "x");
	open_runc(bench);
	assert_string_equal(bench_match(bench, "/web"), "");
	assert_int_equal(change_in(bench, "run/runc", ".cache").kind, CHANGE_NONE);
	assert_int_equal(change_in(bench, "run/runc", "file").kind, CHANGE_NONE);
}

static void linked_directory_is_not_followed(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "elsewhere/state.json", STATE("/web"));
	host_directory(&bench->host, "run/runc");
	host_link(&bench->host, "../../elsewhere", "run/runc/web");
	open_runc(bench);
	assert_string_equal(bench_match(bench, "/web"), "");
	assert_int_equal(change_in(bench, "run/runc", "web").kind, CHANGE_NONE);
}

static void set_time(struct bench *bench, const char *path, time_t seconds)
{
	const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

	assert_int_equal(utimensat(bench->host.root_fd, path, times, 0), 0);
}

static void later_claim_of_a_cgroup_counts(void **state)
{
	struct bench *bench = *state;

	/* In whatever order they are listed. */
	host_write(&bench->host, "run/runc/a/state.json", STATE("/web"));
	host_write(&bench->host, "run/runc/b/state.json", STATE("/web"));
	host_write(&bench->host, "run/runc/c/state.json", STATE("/web"));
	set_time(bench, "run/runc/a/state.json", 2000);
	set_time(bench, "run/runc/b/state.json", 3000);
	set_time(bench, "run/runc/c/state.json", 1000);
	open_runc(bench);
	assert_string_equal(bench_match(bench, "/web"), "b");

	host_unlink(&bench->host, "run/runc/b/state.json");
	assert_int_equal(unlinkat(bench->host.root_fd, "run/runc/b", AT_REMOVEDIR), 0);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_string_equal(bench_match(bench, "/web"), "a");

	host_write(&bench->host, "run/runc/new/state.json", STATE("/web"));
	assert_int_equal(change_in(bench, "run/runc", "new").kind, CHANGE_CGROUP);
	assert_string_equal(bench_match(bench, "/web"), "new");
}

static void configured_state_directories_are_listed(void **state)
{
	static const char *const places[] = { "/run/runc", "/srv/runc", NULL };
	struct bench *bench = *state;

	host_write(&bench->host, "run/runc/a/state.json", STATE("/a"));
	host_write(&bench->host, "srv/runc/b/state.json", STATE("/b"));
	bench_open(bench, "runc", places);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_string_equal(bench_match(bench, "/a"), "a");
	assert_string_equal(bench_match(bench, "/b"), "b");
	assert_int_equal(bench_describe(bench, "b", "/b"), 0);
	assert_string_equal(bench->identity.name, "b");
}

static void long_or_odd_id_is_cut_to_valid_text(void **state)
{
	struct bench *bench = *state;
	char name[201], path[300];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(path, sizeof(path), "run/runc/%s/state.json", name);
	host_write(&bench->host, path, STATE("/long"));
	host_write(&bench->host, "run/runc/a\xff\n/state.json", STATE("/odd"));
	open_runc(bench);
	assert_int_equal(strlen(bench_match(bench, "/long")), RUNTIME_ID_BYTES - 1);
	assert_string_equal(bench_match(bench, "/odd"), "a\xef\xbf\xbd\n");
	assert_int_equal(bench_describe(bench, "", "/long"), 0);
	assert_string_equal(bench->identity.name, name);
}

static void state_that_turned_bad_keeps_the_name(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "run/runc/web/state.json", STATE("/web"));
	open_runc(bench);
	host_write(&bench->host, "run/runc/web/state.json", "{");
	assert_int_equal(bench_describe(bench, "web", "/web"), -EBADMSG);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.detail, "state.json: not valid JSON near line 1");
}

static void assert_inspected(struct bench *bench, const char *id, const char *path)
{
	struct dossier dossier = { 0 };

	assert_int_equal(bench->runtime->inspect(bench->state, id, path, &dossier), 0);
	assert_int_equal(dossier.pid, 4711);
	assert_int_equal(json_array_size(dossier.args), 2);
	assert_string_equal(json_string_value(json_array_get(dossier.args, 1)), "-x");
	dossier_fini(&dossier);
}

#define SPEC "{\"process\":{\"args\":[\"/bin/app\",\"-x\"]}}"

static void bundle_is_inspected(void **state)
{
	struct bench *bench = *state;
	struct dossier dossier = { 0 };

	host_write(&bench->host, "run/runc/web/state.json",
		   "{\"init_process_pid\":4711,\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/web\"},"
		   "\"config\":{\"labels\":[\"a=b\",\"bundle=/srv/web\"]}}");
	open_runc(bench);
	assert_int_equal(bench->runtime->inspect(bench->state, "web", "/web", &dossier), -ENOENT);
	assert_int_equal(dossier.pid, 4711);
	dossier_fini(&dossier);
	host_write(&bench->host, "srv/web/config.json", SPEC);
	assert_inspected(bench, "web", "/web");
	assert_int_equal(bench->runtime->inspect(bench->state, "web", "/other", &dossier), -ENOENT);
}

static void bundle_that_is_nowhere_is_bad(void **state)
{
	static const char *const labels[] = { "[]", "7", "[\"bundle=\"]", "[\"bundle=/../..\"]",
					      "[\"bundle=/link\"]" };
	struct bench *bench = *state;
	char text[256];

	host_write(&bench->host, "config/config.json", SPEC);
	host_link(&bench->host, "config", "link");
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		struct dossier dossier = { 0 };

		snprintf(text, sizeof(text),
			 "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/"
			 "web\"},\"config\":{\"labels\":%s}}",
			 labels[i]);
		host_write(&bench->host, "run/runc/web/state.json", text);
		if (!bench->state)
			open_runc(bench);
		assert_true(bench->runtime->inspect(bench->state, "web", "/web", &dossier) < 0);
		assert_null(dossier.args);
		dossier_fini(&dossier);
	}
}

static void copy_beside_the_status_is_inspected(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "run/crun/web/status", "{\"pid\":4711,\"cgroup-path\":\"/web\"}");
	host_write(&bench->host, "run/crun/web/config.json", SPEC);
	bench_open(bench, "crun", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_inspected(bench, "web", "/web");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(state_directory_that_is_missing_is_no_error),
		TEST(container_goes_with_its_directory),
		TEST(file_that_appears_names_its_cgroup),
		TEST(file_that_came_with_the_directory_is_seen_as_well),
		TEST(directories_of_the_runtime_itself_are_skipped),
		TEST(linked_directory_is_not_followed),
		TEST(later_claim_of_a_cgroup_counts),
		TEST(configured_state_directories_are_listed),
		TEST(long_or_odd_id_is_cut_to_valid_text),
		TEST(state_that_turned_bad_keeps_the_name),
		TEST(bundle_is_inspected),
		TEST(bundle_that_is_nowhere_is_bad),
		TEST(copy_beside_the_status_is_inspected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
