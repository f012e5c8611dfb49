/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"

static const char *nearest_of(const char *word, const char *const *known)
{
	struct nearest nearest = { .word = word };

	for (; *known; known++)
		nearest_try(&nearest, *known);

	return nearest.match;
}

static void distance_counts_what_fingers_do_wrong(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned distance;
	} rows[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "web", "web", 0 },
		{ "interval", "intervall", 1 },
		{ "listen", "lisen", 1 },
		{ "listen", "listan", 1 },
		{ "listen", "litsen", 1 }, /* neighbours swapped */
		{ "kitten", "sitting", 3 },
		{ "ab", "ba", 1 },
		{ "abc", "cab", 2 },
		{ "docker", "podman", 5 },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(edit_distance(rows[i].a, rows[i].b), rows[i].distance);
		assert_int_equal(edit_distance(rows[i].b, rows[i].a), rows[i].distance);
	}
}

static void a_long_word_has_no_neighbours(void **state)
{
	char fits[NEAREST_BYTES + 1], too_long[NEAREST_BYTES + 2];

	(void) state;
	memset(fits, 'a', NEAREST_BYTES);
	fits[NEAREST_BYTES] = '\0';
	memset(too_long, 'a', NEAREST_BYTES + 1);
	too_long[NEAREST_BYTES + 1] = '\0';

	assert_int_equal(edit_distance(fits, fits), 0);
	assert_int_equal(edit_distance(fits, ""), NEAREST_BYTES);
	assert_int_equal(edit_distance(fits, too_long), UINT_MAX);
	assert_null(nearest_of(too_long, (const char *const[]){ fits, NULL }));
}

static void the_nearest_word_wins_and_the_first_of_equals(void **state)
{
	static const char *const known[] = { "rescan", "run_dir", "runc", "rund", NULL };

	(void) state;
	assert_string_equal(nearest_of("run_dirr", known), "run_dir");
	assert_string_equal(nearest_of("rnuc", known), "runc");
	assert_string_equal(nearest_of("rund", known), "rund");
	assert_string_equal(nearest_of("runx", known), "runc");
}

static void words_that_differ_in_more_than_a_third_are_no_suggestion(void **state)
{
	static const char *const known[] = { "web", "interval", NULL };

	(void) state;
	assert_string_equal(nearest_of("wev", known), "web");
	assert_null(nearest_of("vew", known));
	assert_null(nearest_of("", known));
	assert_null(nearest_of("colour", known));
	assert_string_equal(nearest_of("intarvel", known), "interval");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_counts_what_fingers_do_wrong),
		cmocka_unit_test(a_long_word_has_no_neighbours),
		cmocka_unit_test(the_nearest_word_wins_and_the_first_of_equals),
		cmocka_unit_test(words_that_differ_in_more_than_a_third_are_no_suggestion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
