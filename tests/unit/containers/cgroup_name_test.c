/* SPDX-License-Identifier: Apache-2.0 */

/* cgroup_name: components, ids, and paths that a file may not claim. */

#include "host.h"

#include "containers/cgroup_name.h"

static void leaf_is_what_follows_the_last_slash(void **state)
{
	(void) state;
	assert_string_equal(cgroup_leaf("/docker/web"), "web");
	assert_string_equal(cgroup_leaf("/web"), "web");
	assert_string_equal(cgroup_leaf("/"), "");
	assert_string_equal(cgroup_leaf("web"), "web");
}

static void parent_is_a_whole_component(void **state)
{
	(void) state;
	assert_true(cgroup_parent_is("/docker/x", "docker"));
	assert_true(cgroup_parent_is("/a/docker/x", "docker"));
	assert_false(cgroup_parent_is("/mydocker/x", "docker"));
	assert_false(cgroup_parent_is("/docker2/x", "docker"));
	assert_false(cgroup_parent_is("docker/x", "docker"));
	assert_false(cgroup_parent_is("/x", "docker"));
	assert_false(cgroup_parent_is("/", "docker"));
	assert_false(cgroup_parent_is("", "docker"));
}

static void id_has_64_lower_case_digits(void **state)
{
	char longer[66] = ID_A "0", shorter[65] = ID_A, upper[65] = ID_A, other[65] = ID_A;

	(void) state;
	shorter[63] = '\0';
	upper[10] = 'A';
	other[10] = 'g';
	assert_true(cgroup_is_id(ID_A));
	assert_false(cgroup_is_id(longer));
	assert_false(cgroup_is_id(shorter));
	assert_false(cgroup_is_id(upper));
	assert_false(cgroup_is_id(other));
	assert_false(cgroup_is_id(""));
}

static void id_is_taken_from_between_prefix_and_suffix(void **state)
{
	char id[RUNTIME_ID_BYTES];

	(void) state;
	assert_true(cgroup_take_id("docker-" ID_A ".scope", "docker-", ".scope", id));
	assert_string_equal(id, ID_A);
	assert_true(cgroup_take_id(ID_B, "", "", id));
	assert_string_equal(id, ID_B);
	assert_false(cgroup_take_id("docker-" ID_A ".scope.scope", "docker-", ".scope", id));
	assert_false(cgroup_take_id("docker-" ID_A "0.scope", "docker-", ".scope", id));
	assert_false(cgroup_take_id("docker-" ID_A, "docker-", ".scope", id));
	assert_false(cgroup_take_id("docker-.scope", "docker-", ".scope", id));
	assert_false(cgroup_take_id("", "docker-", ".scope", id));
	assert_string_equal(id, ID_B);
}

static void claimed_path_is_made_clean(void **state)
{
	static const struct {
		const char *text, *path;
	} cases[] = {
		{ "/web", "/web" },   { "web", "/web" },  { "/a/b.scope", "/a/b.scope" },
		{ "/web//", "/web" }, { "/...", "/..." }, { "/a.slice/web", "/a.slice/web" },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *path = NULL;

		assert_int_equal(cgroup_path_clean(cases[i].text, &path), 0);
		assert_string_equal(path, cases[i].path);
		free(path);
	}
}

static void claim_that_would_hide_others_is_refused(void **state)
{
	static const char *const texts[] = {
		"",     "/",  "//",    "///", "/..",           "/a/..",      "/a/../b",  "/./a",
		"/a/.", "..", "/a//b", ".",   "/system.slice", "/a/b.slice", "/a.slice/"
	};
	char longest[RUNTIME_PATH_BYTES + 10];
	char *path = NULL;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(cgroup_path_clean(texts[i], &path), -EBADMSG);

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(cgroup_path_clean(longest, &path), -EBADMSG);
	assert_null(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaf_is_what_follows_the_last_slash),
		cmocka_unit_test(parent_is_a_whole_component),
		cmocka_unit_test(id_has_64_lower_case_digits),
		cmocka_unit_test(id_is_taken_from_between_prefix_and_suffix),
		cmocka_unit_test(claimed_path_is_made_clean),
		cmocka_unit_test(claim_that_would_hide_others_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
