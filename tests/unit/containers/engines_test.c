/* SPDX-License-Identifier: Apache-2.0 */

/* engines: the list of runtimes, with those that the configuration switches off. */

#include "host.h"

#include "containers/engines.h"
#include "containers/registry.h"

struct fixture {
	struct host host;
	struct engine *engines;
	struct change change; /* the latest */
	unsigned changes;
};

static bool wanted(const char *runtime, void *userdata)
{
	(void) userdata;
	return strcmp(runtime, "docker") != 0;
}

static const char *const *places(const char *runtime, void *userdata)
{
	static const char *const configured[] = { "/srv/runc", NULL };

	(void) userdata;
	return strcmp(runtime, "runc") == 0 ? configured : NULL;
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct registry_config config = { .wanted = wanted, .places = places };

	host_make(&fixture->host);
	host_directory(&fixture->host, "var/lib/docker/containers");
	host_write(&fixture->host, "srv/runc/web/state.json",
		   "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/web\"}}");
	config.root_fd = fixture->host.root_fd;
	assert_int_equal(engines_open(&config, NULL, &fixture->engines), 0);
	engines_refresh(fixture->engines);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	engines_close(fixture->engines);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static void on_change(struct engine *engine, const struct change *change, void *userdata)
{
	struct fixture *fixture = userdata;

	assert_string_equal(engine->runtime->name, "runc");
	fixture->change = *change;
	fixture->changes++;
}

static void list_has_every_runtime_and_an_end(void **state)
{
	struct fixture *fixture = *state;
	size_t count = 0;

	for (; runtimes[count]; count++)
		assert_ptr_equal(fixture->engines[count].runtime, runtimes[count]);
	assert_null(fixture->engines[count].runtime);
}

static void found_are_those_with_files_that_are_wanted(void **state)
{
	struct fixture *fixture = *state;

	for (struct engine *engine = fixture->engines; engine->runtime; engine++)
		assert_int_equal(engine->found, strcmp(engine->runtime->name, "runc") == 0);
}

static void match_names_the_owner_wanted_or_not(void **state)
{
	struct fixture *fixture = *state;
	const struct engine *engine;
	struct match match;

	engine = engines_match(fixture->engines, "/web", &match);
	assert_string_equal(engine->runtime->name, "runc");
	assert_string_equal(match.id, "web");
	engine = engines_match(fixture->engines, "/docker/" ID_A, &match);
	assert_string_equal(engine->runtime->name, "docker");
	assert_false(engine->wanted);
	assert_null(engines_match(fixture->engines, "/init.scope", &match));
	assert_int_equal(match.kind, MATCH_HELPER);
	assert_null(engines_match(fixture->engines, "/other", &match));
	assert_int_equal(match.kind, MATCH_NONE);
}

static void change_is_passed_on_once(void **state)
{
	struct fixture *fixture = *state;

	engines_changed(fixture->engines, "srv/runc/web", "state.json", on_change, fixture);
	assert_int_equal(fixture->changes, 1);
	assert_int_equal(fixture->change.kind, CHANGE_CGROUP);
	assert_string_equal(fixture->change.text, "/web");
	engines_changed(fixture->engines, "var/lib/docker/containers", ID_A, on_change, fixture);
	engines_changed(fixture->engines, "srv", "else", on_change, fixture);
	assert_int_equal(fixture->changes, 1);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(list_has_every_runtime_and_an_end),
		TEST(found_are_those_with_files_that_are_wanted),
		TEST(match_names_the_owner_wanted_or_not),
		TEST(change_is_passed_on_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
