/* SPDX-License-Identifier: Apache-2.0 */

#include "api/lookup.h"

#include "unit/api/fake_registry.h"

#include <stdio.h>

#include "containers/cgroup_name.h"

static const struct container *found(const char *word)
{
	struct container *container = NULL;

	assert_int_equal(lookup(NULL, word, &container), 0);
	return container;
}

static int fails(const char *word)
{
	struct container *container = NULL;
	int r = lookup(NULL, word, &container);

	assert_null(container);
	return r;
}

static void a_container_is_found_by_id_name_and_beginning(void **state)
{
	const struct container *web = &fake_add("docker", ID_A, "web")->container;
	const struct container *db = &fake_add("docker", ID_B, "db")->container;

	(void) state;
	assert_ptr_equal(found(ID_A), web);
	assert_ptr_equal(found("web"), web);
	assert_ptr_equal(found("/db"), db);
	assert_ptr_equal(found("aab"), db);
	assert_ptr_equal(found("aaa"), web);
	assert_int_equal(fails("aa"), -EEXIST);
	assert_int_equal(fails("we"), -ENOENT);
	assert_int_equal(fails(""), -ENOENT);
	assert_int_equal(fails("/"), -ENOENT);
	assert_int_equal(fails("docker:"), -ENOENT);
}

static void a_name_wins_over_the_beginning_of_an_id(void **state)
{
	const struct container *named;

	(void) state;
	fake_add("docker", ID_A, "web");
	named = &fake_add("docker", ID_C, "aaaa")->container;
	assert_ptr_equal(found("aaaa"), named);
}

static void of_equal_names_the_one_that_runs_is_meant(void **state)
{
	const struct container *podmans;

	(void) state;
	fake_stop(fake_add("docker", ID_A, "web"), 0);
	podmans = &fake_add("podman", ID_B, "web")->container;
	assert_ptr_equal(found("web"), podmans);
}

static void the_engine_before_a_colon_decides(void **state)
{
	const struct container *dockers = &fake_add("docker", ID_A, "web")->container;
	const struct container *podmans = &fake_add("podman", ID_B, "web")->container;

	(void) state;
	assert_int_equal(fails("web"), -EEXIST);
	assert_ptr_equal(found("docker:web"), dockers);
	assert_ptr_equal(found("podman:web"), podmans);
	assert_ptr_equal(found("podman:aab"), podmans);
	assert_int_equal(fails("runc:web"), -ENOENT);
	assert_int_equal(fails("docker:aab"), -ENOENT);
}

static void a_name_with_a_colon_is_a_name(void **state)
{
	const struct container *odd = &fake_add("docker", ID_A, "a:b")->container;

	(void) state;
	assert_ptr_equal(found("a:b"), odd);
	assert_ptr_equal(found("docker:a:b"), odd);
}

static void an_id_that_is_a_name_gets_digits_that_stay(void **state)
{
	struct container *web = &fake_add("runc", "web", "web")->container;
	char id[API_ID_BYTES], again[API_ID_BYTES];

	(void) state;
	assert_string_equal(api_id(web, id), api_id(web, again));
	assert_true(cgroup_is_id(id));
	/* printf runc:web | sha256sum */
	assert_string_equal(id, "225ad9972670f865d0b1b2367f63a22ce9161a925e240f47a0cda2ce34be0f98");
	assert_ptr_equal(found(id), web);
	id[12] = '\0';
	assert_ptr_equal(found(id), web);
	assert_ptr_equal(found("web"), web);
}

static void what_merely_ended_is_not_found(void **state)
{
	struct fake *gone = fake_add("docker", ID_A, "web");

	(void) state;
	gone->container.ended_ns = 1;
	assert_int_equal(fails("web"), -ENOENT);
	gone->container.stopped = true;
	assert_ptr_equal(found("web"), &gone->container);
}

static void what_cannot_be_found_is_said(void **state)
{
	(void) state;
	fake_add("docker", ID_A, "web");
	fake_add("podman", ID_B, "web");
	fake_refused("GET", "/containers/nobody/json", NULL, 404, "No such container: nobody");
	fake_refused("GET", "/containers/aa/json", NULL, 400,
		     "multiple IDs found with provided prefix: aa");
	fake_refused("GET", "/containers/web/json", NULL, 400,
		     "several containers are called web; write ENGINE:web, for example docker:web");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_container_is_found_by_id_name_and_beginning),
		TEST(a_name_wins_over_the_beginning_of_an_id),
		TEST(of_equal_names_the_one_that_runs_is_meant),
		TEST(the_engine_before_a_colon_decides),
		TEST(a_name_with_a_colon_is_a_name),
		TEST(an_id_that_is_a_name_gets_digits_that_stay),
		TEST(what_merely_ended_is_not_found),
		TEST(what_cannot_be_found_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
