/* SPDX-License-Identifier: Apache-2.0 */

/* crun: what its status file and its copy of config.json say. */

#include "host.h"

#define STATUS(path) \
	"{\"pid\": 4711, \"cgroup-path\": \"" path "\", \"rootfs\": \"/srv/web/rootfs\"," \
	" \"bundle\": \"/srv/web\", \"created\": \"2026-11-23T18:41:52.5Z\"}"

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

static void open_with(struct bench *bench, const char *status)
{
	host_write(&bench->host, "run/crun/web/status", status);
	bench_open(bench, "crun", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
}

static void status_names_the_cgroup(void **state)
{
	struct bench *bench = *state;

	open_with(bench, STATUS("/crun/web"));
	assert_string_equal(bench_match(bench, "/crun/web"), "web");
	assert_string_equal(bench_match(bench, "/crun"), "");
	assert_string_equal(bench_match(bench, "/crun/web/below"), "");
}

static void inner_directory_of_a_scope_is_the_same_container(void **state)
{
	struct bench *bench = *state;

	open_with(bench, STATUS("system.slice/crun-web.scope/container"));
	assert_string_equal(bench_match(bench, "/system.slice/crun-web.scope"), "web");
	assert_string_equal(bench_match(bench, "/system.slice/crun-web.scope/container"), "");
}

static void config_beside_it_tells_annotations_and_network(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "run/crun/web/config.json",
		   "{\"annotations\":{\"team\":\"blue\"},"
		   "\"linux\":{\"namespaces\":[{\"type\":\"pid\"}]}}");
	open_with(bench, STATUS("/web"));
	assert_int_equal(bench_describe(bench, "web", "/web"), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(identity_find_label(&bench->identity, "team"), "blue");
	assert_true(bench->identity.host_network);
	assert_int_equal(bench->identity.created_ns, 1795459312500000000ULL);
	assert_null(bench->identity.detail);
}

static void missing_config_leaves_the_name(void **state)
{
	struct bench *bench = *state;

	open_with(bench, STATUS("/web"));
	assert_int_equal(bench_describe(bench, "web", "/web"), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.detail, "config.json: not there");
}

static void broken_status_names_nothing(void **state)
{
	struct bench *bench = *state;

	open_with(bench, "{\"pid\": 1");
	assert_string_equal(bench_match(bench, "/web"), "");
	host_write(&bench->host, "run/crun/web/status", "{\"pid\": 1}");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_string_equal(bench_match(bench, "/web"), "");
	host_write(&bench->host, "run/crun/web/status", STATUS("/web"));
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_string_equal(bench_match(bench, "/web"), "web");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(status_names_the_cgroup),
		TEST(inner_directory_of_a_scope_is_the_same_container),
		TEST(config_beside_it_tells_annotations_and_network),
		TEST(missing_config_leaves_the_name),
		TEST(broken_status_names_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
