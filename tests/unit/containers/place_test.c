/* SPDX-License-Identifier: Apache-2.0 */

/* place: directories of engines, which come and go. */

#include "host.h"

#include "containers/place.h"

static const char *const defaults[] = { "var/lib/engine", "run/engine", NULL };

struct fixture {
	struct host host;
	struct places places;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	host_make(&fixture->host);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	places_fini(&fixture->places);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static void make(struct fixture *fixture, const char *const *configured, const char *below)
{
	const struct runtime_place place = {
		.root_fd = fixture->host.root_fd,
		.places = configured,
	};

	assert_int_equal(places_init(&fixture->places, &place, defaults, below), 0);
}

static void usual_directories_are_found_when_they_appear(void **state)
{
	struct fixture *fixture = *state;

	make(fixture, NULL, "");
	assert_int_equal(places_refresh(&fixture->places), 0);
	host_directory(&fixture->host, "run/engine");
	assert_int_equal(places_refresh(&fixture->places), 1);
	assert_int_equal(fixture->places.list[0].fd, -1);
	assert_true(fixture->places.list[1].fd >= 0);
	assert_int_equal(unlinkat(fixture->host.root_fd, "run/engine", AT_REMOVEDIR), 0);
	assert_int_equal(places_refresh(&fixture->places), 0);
}

static void configured_directories_replace_the_usual(void **state)
{
	static const char *const configured[] = { "//srv/engine//", "/srv/engine", "/", NULL };
	static const char *const none[] = { NULL };
	struct fixture *fixture = *state;

	make(fixture, configured, "containers");
	assert_int_equal(fixture->places.count, 2);
	assert_string_equal(fixture->places.list[0].path, "srv/engine/containers");
	assert_string_equal(fixture->places.list[1].path, "containers");
	places_fini(&fixture->places);

	make(fixture, none, "");
	assert_int_equal(fixture->places.count, 2);
	assert_string_equal(fixture->places.list[0].path, "var/lib/engine");
}

static void links_of_the_administrator_stay_below_the_root(void **state)
{
	struct fixture *fixture = *state;

	host_directory(&fixture->host, "var/lib");
	host_directory(&fixture->host, "data/engine");
	host_link(&fixture->host, "/data/engine", "var/lib/engine");
	make(fixture, NULL, "");
	assert_int_equal(places_refresh(&fixture->places), 1);

	host_unlink(&fixture->host, "var/lib/engine");
	host_link(&fixture->host, "../../../../../../tmp", "var/lib/engine");
	assert_int_equal(places_refresh(&fixture->places), 0);
}

static void file_is_no_place(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, "run/engine", "x");
	make(fixture, NULL, "");
	assert_int_equal(places_refresh(&fixture->places), 0);
}

static void only_a_missing_place_is_awaited(void **state)
{
	struct fixture *fixture = *state;

	host_directory(&fixture->host, "run/engine");
	make(fixture, NULL, "");
	places_refresh(&fixture->places);
	assert_true(places_awaited(&fixture->places, "var/lib", "engine"));
	assert_false(places_awaited(&fixture->places, "var/lib", "engine2"));
	assert_false(places_awaited(&fixture->places, "var", "lib"));
	assert_false(places_awaited(&fixture->places, "var/li", "engine"));
	assert_false(places_awaited(&fixture->places, "run", "engine"));
	assert_non_null(places_named(&fixture->places, "run/engine"));
	assert_null(places_named(&fixture->places, "run"));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(usual_directories_are_found_when_they_appear),
		TEST(configured_directories_replace_the_usual),
		TEST(links_of_the_administrator_stay_below_the_root),
		TEST(file_is_no_place),
		TEST(only_a_missing_place_is_awaited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
