/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/pool.h"

#define CAPACITY 50

static void objects_are_taken_lowest_index_first(void **state)
{
	struct pool pool;

	(void) state;
	assert_int_equal(pool_init(&pool, "test", 24, 3), 0);
	for (uint32_t i = 0; i < 3; i++) {
		void *object = pool_take(&pool);

		assert_int_equal(pool_index(&pool, object), i);
		assert_ptr_equal(pool_at(&pool, i), object);
	}
	pool_fini(&pool);
}

static void empty_pool_refuses_and_counts(void **state)
{
	struct pool pool;
	void *object;

	(void) state;
	assert_int_equal(pool_init(&pool, "test", 8, 1), 0);
	object = pool_take(&pool);
	assert_non_null(object);
	assert_null(pool_take(&pool));
	assert_null(pool_take(&pool));
	assert_int_equal(pool.refused, 2);
	pool_give(&pool, object);
	assert_ptr_equal(pool_take(&pool), object);
	assert_int_equal(pool.refused, 2);
	pool_fini(&pool);
}

static void pool_without_objects_refuses(void **state)
{
	struct pool pool;

	(void) state;
	assert_int_equal(pool_init(&pool, "test", 8, 0), 0);
	assert_null(pool_take(&pool));
	pool_fini(&pool);
	pool_fini(&pool);
}

static void object_that_came_back_is_zeroed(void **state)
{
	static const char zeros[16];
	struct pool pool;
	void *object;

	(void) state;
	assert_int_equal(pool_init(&pool, "test", sizeof(zeros), 2), 0);
	object = pool_take(&pool);
	memset(object, 0xaa, sizeof(zeros));
	pool_give(&pool, object);
	assert_ptr_equal(pool_take(&pool), object);
	assert_memory_equal(object, zeros, sizeof(zeros));
	pool_fini(&pool);
}

/* Any order of giving back: what is handed out is never in use already. */
static void objects_are_never_handed_out_twice(void **state)
{
	struct pool pool;
	void *held[CAPACITY] = { NULL };
	uint32_t count = 0, random = 1;

	(void) state;
	assert_int_equal(pool_init(&pool, "test", 8, CAPACITY), 0);
	for (unsigned step = 0; step < 20000; step++) {
		uint32_t i = (random = random * 1103515245 + 12345) / 65536 % CAPACITY;

		if (held[i]) {
			assert_int_equal(*(uint64_t *) held[i], i + 1);
			pool_give(&pool, held[i]);
			held[i] = NULL;
			count--;
		} else {
			held[i] = pool_take(&pool);
			assert_non_null(held[i]);
			assert_int_equal(*(uint64_t *) held[i], 0);
			*(uint64_t *) held[i] = i + 1;
			count++;
		}
		assert_int_equal(pool.used, count);
	}
	assert_int_equal(pool.refused, 0);
	pool_fini(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_taken_lowest_index_first),
		cmocka_unit_test(empty_pool_refuses_and_counts),
		cmocka_unit_test(pool_without_objects_refuses),
		cmocka_unit_test(object_that_came_back_is_zeroed),
		cmocka_unit_test(objects_are_never_handed_out_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
