/* SPDX-License-Identifier: Apache-2.0 */

/* claims: two tables that agree, also when two want the same cgroup. */

#include "host.h"

#include "containers/claims.h"

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct claims));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	claims_fini(*state);
	free(*state);
	return 0;
}

static struct claim *claim(struct claims *claims, const char *key, const char *path,
			   uint64_t written_ns)
{
	struct claim *claim = claims_get(claims, key);

	assert_non_null(claim);
	claims_set(claims, claim, path ? strdup(path) : NULL, written_ns);
	claim->seen = true;
	return claim;
}

static void found_by_key_and_by_path(void **state)
{
	struct claims *claims = *state;
	struct claim *web = claim(claims, "run/runc/web", "/a", 1);

	assert_ptr_equal(claims_get(claims, "run/runc/web"), web);
	assert_ptr_equal(claims_find_path(claims, "/a"), web);
	assert_string_equal(claim_name(web), "web");
	claim(claims, "run/runc/web", "/b", 2);
	assert_null(claims_find_path(claims, "/a"));
	assert_ptr_equal(claims_find_path(claims, "/b"), web);
	claim(claims, "run/runc/web", NULL, 3);
	assert_null(claims_find_path(claims, "/b"));
	claims_drop(claims, web);
	assert_null(claims_find_key(claims, "run/runc/web"));
}

static void later_file_wins_in_either_order(void **state)
{
	struct claims *claims = *state;
	struct claim *late = claim(claims, "x/late", "/a", 20), *latest;

	claim(claims, "x/early", "/a", 10);
	assert_ptr_equal(claims_find_path(claims, "/a"), late);
	latest = claim(claims, "x/latest", "/a", 30);
	assert_ptr_equal(claims_find_path(claims, "/a"), latest);
}

static void who_stood_behind_comes_forward(void **state)
{
	struct claims *claims = *state;
	struct claim *early = claim(claims, "x/early", "/a", 10);

	claim(claims, "x/late", "/a", 20);
	claims_begin(claims);
	early->seen = true;
	claims_sweep(claims);
	assert_null(claims_find_key(claims, "x/late"));
	assert_ptr_equal(claims_find_path(claims, "/a"), early);
}

static void sweep_drops_what_was_not_seen(void **state)
{
	struct claims *claims = *state;

	claim(claims, "x/a", "/a", 1);
	claim(claims, "x/b", NULL, 1);
	claims_begin(claims);
	claims_sweep(claims);
	assert_null(claims->by_key);
	assert_null(claims->by_path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(found_by_key_and_by_path),
		TEST(later_file_wins_in_either_order),
		TEST(who_stood_behind_comes_forward),
		TEST(sweep_drops_what_was_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
