/* SPDX-License-Identifier: Apache-2.0 */

#include "web/view.h"

#include "unit/web/published.h"

#include <errno.h>

static void nothing_published_is_no_data(void **state)
{
	struct published published = published_begin();
	struct view view;

	(void) state;
	view_init(&view, published.reader);
	assert_int_equal(view_refresh(&view), -ENODATA);
	view_fini(&view);
	published_end(&published);
}

static void the_newest_snapshot_is_copied_once(void **state)
{
	struct published published = published_begin();
	struct view view;
	const struct snapshot *copy;

	(void) state;
	view_init(&view, published.reader);
	publish(&published);
	assert_int_equal(view_refresh(&view), 0);
	assert_int_equal(view.now->sequence, 1);

	copy = view.now;
	view.now->interval_ns = 77; /* a second copy would undo it */
	assert_int_equal(view_refresh(&view), 0);
	assert_ptr_equal(view.now, copy);
	assert_int_equal(view.now->interval_ns, 77);

	publish(&published);
	assert_int_equal(view_refresh(&view), 0);
	assert_int_equal(view.now->sequence, 2);
	view_fini(&view);
	published_end(&published);
}

static void the_first_snapshot_has_none_before_it(void **state)
{
	struct published published = published_begin();
	struct view view;

	(void) state;
	view_init(&view, published.reader);
	publish(&published);
	assert_int_equal(view_refresh(&view), 0);
	assert_null(view_before(&view));

	publish(&published);
	assert_int_equal(view_refresh(&view), 0);
	assert_non_null(view_before(&view));
	assert_int_equal(view_before(&view)->sequence, 1);
	view_fini(&view);
	published_end(&published);
}

/* Short rounds are compared over several of them, long ones with the last. */
static void assert_before(uint64_t interval_ns, uint64_t expected_sequence)
{
	struct published published = published_begin();
	struct view view;

	published.interval_ns = interval_ns;
	view_init(&view, published.reader);
	for (int i = 0; i < 9; i++)
		publish(&published);
	assert_int_equal(view_refresh(&view), 0);
	assert_int_equal(view.now->sequence, 9);
	assert_non_null(view_before(&view));
	assert_int_equal(view_before(&view)->sequence, expected_sequence);
	view_fini(&view);
	published_end(&published);
}

static void rates_span_about_three_seconds(void **state)
{
	(void) state;
	assert_before(NSEC_PER_SEC / 10, 6);
	assert_before(NSEC_PER_SEC, 6);
	assert_before(3 * NSEC_PER_SEC / 2, 7);
	assert_before(3 * NSEC_PER_SEC, 8);
	assert_before(60 * NSEC_PER_SEC, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_published_is_no_data),
		cmocka_unit_test(the_newest_snapshot_is_copied_once),
		cmocka_unit_test(the_first_snapshot_has_none_before_it),
		cmocka_unit_test(rates_span_about_three_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
