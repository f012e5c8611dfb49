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

static void unit_is_behind_the_escape_of_its_cgroup(void **state)
{
	(void) state;
	assert_string_equal(cgroup_unit("web.service"), "web.service");
	assert_string_equal(cgroup_unit("_cgroup.service"), "cgroup.service");
	assert_string_equal(cgroup_unit("__web.service"), "_web.service");
	assert_string_equal(cgroup_unit(""), "");
}

static void escaped_name_is_undone_once(void **state)
{
	static const struct {
		const char *name, *plain;
		bool exact;
	} cases[] = {
		{ "web", "web", true },
		{ "my-web", "my-web", true },
		{ "my\\x2dweb", "my-web", true },
		{ "a\\x2db\\x2d", "a-b-", true },
		{ "\\x5cx2d", "\\x2d", true }, /* an escaped backslash */
		{ "caf\\xc3\\xa9", "caf\xc3\xa9", true },
		{ "a\\x2", "a\\x2", true }, /* cut: none */
		{ "a\\x2g", "a\\x2g", true },
		{ "a\\x2D", "a\\x2D", true }, /* systemd writes small digits */
		{ "a\\", "a\\", true },
		{ "a\\x00b", "a\\x00b", false }, /* no name has these */
		{ "\\x2e\\x2e\\x2fetc", "\\x2e\\x2e\\x2fetc", false },
		{ "\\x2e\\x2e", "\\x2e\\x2e", false },
		{ "\\x2e", "\\x2e", false },
		{ "..", "..", false },
		{ "", "", false },
		{ "a\\xff", "a\xef\xbf\xbd", false },
	};
	char plain[CGROUP_NAME_BYTES];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *name = cases[i].name;

		assert_int_equal(cgroup_unescape(name, strlen(name), plain, sizeof(plain)),
				 cases[i].exact);
		assert_string_equal(plain, cases[i].plain);
	}
}

static void unescaped_name_is_cut_to_fit(void **state)
{
	char name[400], plain[8];

	(void) state;
	assert_false(cgroup_unescape("0123456789", 10, plain, sizeof(plain)));
	assert_string_equal(plain, "0123456");
	assert_false(cgroup_unescape("012345\\xc3\\xa9", 14, plain, sizeof(plain)));
	assert_string_equal(plain, "012345"); /* no half of a character */
	memset(name, 'x', sizeof(name));
	assert_false(cgroup_unescape(name, sizeof(name), plain, sizeof(plain)));
	assert_string_equal(plain, "xxxxxxx");
}

static void users_part_of_the_tree_is_told_by_its_slice(void **state)
{
	(void) state;
	assert_int_equal(cgroup_user("/user.slice/user-1000.slice/user@1000.service/web"), 1000);
	assert_int_equal(cgroup_user("/user.slice/user-1000.slice/session-1.scope"), 1000);
	assert_int_equal(cgroup_user("/user.slice/user-0.slice/session-1.scope"), 0);
	assert_int_equal(cgroup_user("/user.slice/user-1000.slice"), 0); /* the slice is root's */
	assert_int_equal(cgroup_user("/user.slice/user-.slice/web"), 0);
	assert_int_equal(cgroup_user("/user.slice/user-4294967295.slice/web"), 0);
	assert_int_equal(cgroup_user("/user.slice/user-99999999999999999999.slice/web"), 0);
	assert_int_equal(cgroup_user("/user.slice/user-1x.slice/web"), 0);
	assert_int_equal(cgroup_user("/a/user.slice/user-1000.slice/web"), 0);
	assert_int_equal(cgroup_user("/system.slice/web.service"), 0);
}

static void id_is_unique_for_each_user(void **state)
{
	static const struct {
		uint32_t uid;
		const char *name, *id;
	} cases[] = {
		{ 0, "web", "web" },
		{ 1000, "web", "web@1000" },
		{ 0, "web@1000", "web@1000@0" }, /* not that of the user */
		{ 0, "getty@tty1", "getty@tty1" },
		{ 1000, "web@7", "web@7@1000" },
		{ 0, "@7", "@7" },
		{ 0, "web@", "web@" },
		{ 0, "web@99999999999", "web@99999999999" },
	};
	char id[RUNTIME_ID_BYTES], name[RUNTIME_ID_BYTES];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cgroup_make_id(cases[i].uid, cases[i].name, id);
		assert_string_equal(id, cases[i].id);
		assert_int_equal(cgroup_split_id(id, name, sizeof(name)), cases[i].uid);
		assert_string_equal(name, cases[i].name);
	}
}

static void long_name_leaves_room_for_the_user(void **state)
{
	char name[CGROUP_NAME_BYTES], id[RUNTIME_ID_BYTES];

	(void) state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	cgroup_make_id(0, name, id);
	assert_int_equal(strlen(id), RUNTIME_ID_BYTES - 1);
	cgroup_make_id(4294967294, name, id);
	assert_int_equal(strlen(id), RUNTIME_ID_BYTES - 1);
	assert_string_equal(strrchr(id, '@'), "@4294967294");
	memcpy(name + RUNTIME_ID_BYTES - 6, "@1000", 5); /* where it is cut */
	cgroup_make_id(0, name, id);
	assert_string_equal(strrchr(id, '@'), "@0");
	cgroup_make_id(0, "a\xff", id);
	assert_string_equal(id, "a\xef\xbf\xbd");
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
		cmocka_unit_test(unit_is_behind_the_escape_of_its_cgroup),
		cmocka_unit_test(escaped_name_is_undone_once),
		cmocka_unit_test(unescaped_name_is_cut_to_fit),
		cmocka_unit_test(users_part_of_the_tree_is_told_by_its_slice),
		cmocka_unit_test(id_is_unique_for_each_user),
		cmocka_unit_test(long_name_leaves_room_for_the_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
