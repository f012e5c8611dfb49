/* SPDX-License-Identifier: Apache-2.0 */

/* residents: a pool, two tables and a queue that agree with each other. */

#include "host.h"

#include "containers/residents.h"

static int setup(void **state)
{
	struct residents *residents = calloc(1, sizeof(*residents));

	assert_int_equal(residents_init(residents, 3), 0);
	*state = residents;
	return 0;
}

static int teardown(void **state)
{
	struct residents *residents = *state;

	residents_fini(residents);
	free(residents);
	return 0;
}

static const struct runtime engine = { .name = "engine" };

/* A pending one, whose id is its path. */
static struct resident *add(struct residents *residents, const char *path, uint64_t cgroup_id)
{
	struct resident *resident = residents_add(residents, &engine, path);

	if (!resident)
		return NULL;
	assert_int_equal(residents_set_cgroup(residents, resident, path, cgroup_id), 0);
	residents_make(residents, resident, PHASE_PENDING);
	return resident;
}

static void found_by_path_and_by_cgroup(void **state)
{
	struct residents *residents = *state;
	struct resident *a = add(residents, "/a", 11), *b;

	b = add(residents, "/b", 12);
	assert_ptr_equal(residents_find(residents, "/a"), a);
	assert_ptr_equal(residents_find_cgroup(residents, 12), b);
	assert_null(residents_find(residents, "/c"));
	assert_null(residents_find_cgroup(residents, 13));
	residents_remove(residents, a);
	assert_null(residents_find(residents, "/a"));
	assert_null(residents_find_cgroup(residents, 11));
	assert_ptr_equal(residents_find(residents, "/b"), b);
}

static void full_pool_refuses_and_counts(void **state)
{
	struct residents *residents = *state;

	assert_non_null(add(residents, "/a", 1));
	assert_non_null(add(residents, "/b", 2));
	assert_non_null(add(residents, "/c", 3));
	assert_null(add(residents, "/d", 4));
	assert_int_equal(residents->pool.refused, 1);
	residents_remove(residents, residents_find(residents, "/b"));
	assert_int_equal(add(residents, "/d", 4)->container.slot, 1);
}

static void ended_ones_queue_in_order(void **state)
{
	struct residents *residents = *state;
	struct resident *a = add(residents, "/a", 1);
	struct resident *b = add(residents, "/b", 2);

	residents_make(residents, a, PHASE_LIVE);
	residents_make(residents, b, PHASE_LIVE);
	assert_int_equal(residents->count[PHASE_LIVE], 2);
	residents_make_ended(residents, b);
	residents_make_ended(residents, a);
	assert_ptr_equal(residents->ended, b);
	assert_null(residents_find_cgroup(residents, 1));
	assert_ptr_equal(residents_find(residents, "/a"), a);
	residents_remove(residents, b);
	assert_ptr_equal(residents->ended, a);
	residents_remove(residents, a);
	assert_null(residents->ended);
	assert_int_equal(residents->count[PHASE_ENDED], 0);
	assert_int_equal(residents->pool.used, 0);
}

static void stepping_survives_removal(void **state)
{
	struct residents *residents = *state;
	struct resident *step = NULL;
	unsigned count = 0;

	add(residents, "/a", 1);
	add(residents, "/b", 2);
	add(residents, "/c", 3);
	while ((step = residents_next(residents, step)) != NULL) {
		count++;
		residents_remove(residents, step);
	}
	assert_int_equal(count, 3);
	assert_null(residents_next(residents, NULL));
}

static void inode_that_is_there_twice_is_no_trouble(void **state)
{
	struct residents *residents = *state;
	struct resident *a = add(residents, "/a", 7);
	struct resident *b = add(residents, "/b", 7);

	assert_ptr_equal(residents_find_cgroup(residents, 7), a);
	residents_remove(residents, b);
	assert_ptr_equal(residents_find_cgroup(residents, 7), a);
	residents_remove(residents, a);
	assert_null(residents_find_cgroup(residents, 7));
}

static void found_by_runtime_and_id(void **state)
{
	static const struct runtime other = { .name = "other" };
	struct residents *residents = *state;
	struct resident *a = residents_add(residents, &engine, "web");
	struct resident *b = residents_add(residents, &other, "web");

	assert_ptr_equal(residents_find_id(residents, &engine, "web"), a);
	assert_ptr_equal(residents_find_id(residents, &other, "web"), b);
	assert_null(residents_find_id(residents, &engine, "we"));
	residents_remove(residents, a);
	assert_null(residents_find_id(residents, &engine, "web"));
	assert_int_equal(residents->count[PHASE_UNFIT], 1);
}

static void cgroup_moves_to_who_has_it_now(void **state)
{
	struct residents *residents = *state;
	struct resident *a = add(residents, "/a", 1), *b = add(residents, "/b", 2);

	residents_make(residents, a, PHASE_STOPPED);
	assert_null(residents_find_cgroup(residents, 1));
	assert_int_equal(residents_set_cgroup(residents, b, "/a", 3), 0);
	assert_ptr_equal(residents_find(residents, "/a"), b);
	assert_null(residents_find(residents, "/b"));
	assert_ptr_equal(residents_find_cgroup(residents, 3), b);
	assert_string_equal(a->container.path, "/a");
	residents_remove(residents, a);
	assert_ptr_equal(residents_find(residents, "/a"), b);
}

static void who_is_needed_least_has_an_order(void **state)
{
	struct residents *residents = *state;
	struct resident *a = add(residents, "/a", 1), *b = add(residents, "/b", 2), *c;

	assert_null(residents_least(residents));
	residents_make(residents, a, PHASE_STOPPED);
	residents_make(residents, b, PHASE_STOPPED);
	a->container.identity.condition.finished_ns = 20;
	b->container.identity.created_ns = 10; /* never started */
	assert_ptr_equal(residents_least(residents), b);
	residents_make_ended(residents, a);
	assert_ptr_equal(residents_least(residents), a);
	c = residents_add(residents, &engine, "c");
	assert_ptr_equal(residents_least(residents), c);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(found_by_path_and_by_cgroup),
		TEST(full_pool_refuses_and_counts),
		TEST(ended_ones_queue_in_order),
		TEST(stepping_survives_removal),
		TEST(inode_that_is_there_twice_is_no_trouble),
		TEST(found_by_runtime_and_id),
		TEST(cgroup_moves_to_who_has_it_now),
		TEST(who_is_needed_least_has_an_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
