/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "model/rate.h"

/* A row that stands alone, and the moment it was taken at. */
struct moment {
	struct snapshot snapshot;
	union {
		struct row row;
		char room[4096];
	};
};

static struct moment moment_of(enum entity entity, uint64_t instance, uint64_t boottime_ns)
{
	struct moment moment = { .snapshot.boottime_ns = boottime_ns };

	assert_true(entity_infos[entity].row_bytes <= sizeof(moment.room));
	moment.row.entity = entity;
	moment.row.instance = instance;
	return moment;
}

static bool rate_of(const struct moment *now, const struct moment *before, enum metric metric,
		    double *ret_per_second)
{
	return rate_get(&now->snapshot, &now->row, &before->snapshot, &before->row, metric,
			ret_per_second);
}

static void nanoseconds_per_second_are_a_ratio(void **state)
{
	struct moment before = moment_of(ENTITY_CONTAINER, 7, 10 * NSEC_PER_SEC);
	struct moment now = moment_of(ENTITY_CONTAINER, 7, 12 * NSEC_PER_SEC);
	double cores = 0;

	(void) state;
	row_set(&before.row, METRIC_CPU_USAGE_NS, 5 * NSEC_PER_SEC);
	row_set(&now.row, METRIC_CPU_USAGE_NS, 8 * NSEC_PER_SEC);
	assert_true(rate_of(&now, &before, METRIC_CPU_USAGE_NS, &cores));
	assert_true(cores == 1.5);
}

static void other_units_are_counted_per_second(void **state)
{
	struct moment before = moment_of(ENTITY_DEVICE, 7, 10 * NSEC_PER_SEC);
	struct moment now = moment_of(ENTITY_DEVICE, 7, 10 * NSEC_PER_SEC + NSEC_PER_SEC / 2);
	double bytes = 0;

	(void) state;
	row_set(&before.row, METRIC_READ_BYTES, 1000);
	row_set(&now.row, METRIC_READ_BYTES, 1512);
	assert_true(rate_of(&now, &before, METRIC_READ_BYTES, &bytes));
	assert_true(bytes == 1024);
}

static void a_counter_that_stood_still_has_rate_zero(void **state)
{
	struct moment before = moment_of(ENTITY_CONTAINER, 7, 1), now = before;
	double rate = 1;

	(void) state;
	now.snapshot.boottime_ns = 2;
	row_set(&before.row, METRIC_MEMORY_PGFAULT, UINT64_MAX);
	row_set(&now.row, METRIC_MEMORY_PGFAULT, UINT64_MAX);
	assert_true(rate_of(&now, &before, METRIC_MEMORY_PGFAULT, &rate));
	assert_true(rate == 0);
}

/* Each case spoils one thing of a pair that has a rate. */
static void lower_counter(struct moment *now, struct moment *before)
{
	(void) before;
	row_set(&now->row, METRIC_READ_BYTES, 1);
}

static void absent_now(struct moment *now, struct moment *before)
{
	(void) before;
	row_clear(&now->row, METRIC_READ_BYTES);
}

static void absent_before(struct moment *now, struct moment *before)
{
	(void) now;
	row_clear(&before->row, METRIC_READ_BYTES);
}

static void other_instance(struct moment *now, struct moment *before)
{
	(void) before;
	now->row.instance++;
}

static void other_label(struct moment *now, struct moment *before)
{
	(void) before;
	strcpy(now->row.label, "/dev/sdb");
}

static void other_entity(struct moment *now, struct moment *before)
{
	(void) before;
	now->row.entity = ENTITY_DISK;
}

static void no_time_between(struct moment *now, struct moment *before)
{
	now->snapshot.boottime_ns = before->snapshot.boottime_ns;
}

static void order_reversed(struct moment *now, struct moment *before)
{
	now->snapshot.boottime_ns = before->snapshot.boottime_ns - 1;
}

static void there_is_no_rate_rather_than_a_wrong_one(void **state)
{
	static void (*const spoil[])(struct moment * now, struct moment * before) = {
		lower_counter, absent_now,   absent_before,   other_instance,
		other_label,   other_entity, no_time_between, order_reversed,
	};
	struct moment before = moment_of(ENTITY_DEVICE, 7, 10), now;
	double rate = 42;

	(void) state;
	strcpy(before.row.label, "/dev/sda");
	row_set(&before.row, METRIC_READ_BYTES, 1000);
	for (size_t i = 0; i < sizeof(spoil) / sizeof(spoil[0]); i++) {
		struct moment earlier = before;

		now = before;
		now.snapshot.boottime_ns = 20;
		row_set(&now.row, METRIC_READ_BYTES, 1000);
		assert_true(rate_of(&now, &earlier, METRIC_READ_BYTES, &rate));
		rate = 42;
		spoil[i](&now, &earlier);
		assert_false(rate_of(&now, &earlier, METRIC_READ_BYTES, &rate));
		assert_true(rate == 42);
	}
}

static void a_gauge_has_no_rate(void **state)
{
	struct moment before = moment_of(ENTITY_CONTAINER, 7, 1);
	struct moment now = moment_of(ENTITY_CONTAINER, 7, 2);
	double rate;

	(void) state;
	row_set(&before.row, METRIC_MEMORY_USAGE_BYTES, 1);
	row_set(&now.row, METRIC_MEMORY_USAGE_BYTES, 2);
	assert_false(rate_of(&now, &before, METRIC_MEMORY_USAGE_BYTES, &rate));
}

/* A container's strings may move within the string area between two rounds. */
static void moved_strings_do_not_matter(void **state)
{
	struct moment before = moment_of(ENTITY_CONTAINER, 7, 1 * NSEC_PER_SEC);
	struct moment now = moment_of(ENTITY_CONTAINER, 7, 2 * NSEC_PER_SEC);
	double rate;

	(void) state;
	before.row.strings[ATTRIBUTE_PATH] = 100;
	now.row.strings[ATTRIBUTE_PATH] = 200;
	row_set(&before.row, METRIC_MEMORY_PGFAULT, 1);
	row_set(&now.row, METRIC_MEMORY_PGFAULT, 4);
	assert_true(rate_of(&now, &before, METRIC_MEMORY_PGFAULT, &rate));
	assert_true(rate == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nanoseconds_per_second_are_a_ratio),
		cmocka_unit_test(other_units_are_counted_per_second),
		cmocka_unit_test(a_counter_that_stood_still_has_rate_zero),
		cmocka_unit_test(there_is_no_rate_rather_than_a_wrong_one),
		cmocka_unit_test(a_gauge_has_no_rate),
		cmocka_unit_test(moved_strings_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
