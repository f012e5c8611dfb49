/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include <errno.h>
#include <stdio.h>

#include "exporters/selection.h"

static const struct who root = { .path = "/" };
static const struct who web = { "/docker/" ID_A, "web", "nginx", "docker", ID_A };
static const struct who db = { "/docker/" ID_B, "db", "postgres", "docker", ID_B };

static struct row *add_ended(struct draft *draft, uint64_t instance, const struct who *who,
			     uint64_t seconds_ago)
{
	struct row *row = add_container(draft, instance, who);

	row_set(row, METRIC_LAST_SEEN, NOW - seconds_ago * NSEC_PER_SEC);
	return row;
}

static struct row *add_living(struct draft *draft, uint64_t instance, const struct who *who)
{
	struct row *row = add_container(draft, instance, who);

	row_set(row, METRIC_CPU_USAGE_NS, 1);
	return row;
}

static struct snapshot *three_containers(void)
{
	static const struct who clash = { "/runc/aaaa", "aaaa", "busybox", "runc", "aaaa" };
	struct draft *draft = draft_for_test();

	add_living(draft, 1, &root);
	add_living(draft, 2, &web);
	add_living(draft, 3, &db);
	add_living(draft, 4, &clash);
	return seal_and_free(draft);
}

static void assert_found(const struct snapshot *snapshot, const char *which, uint64_t instance)
{
	const struct row *row = NULL;

	assert_int_equal(selection_find(snapshot, which, &row), 0);
	assert_int_equal(row->instance, instance);
}

static void a_container_is_found_by_whatever_names_it(void **state)
{
	struct snapshot *snapshot = three_containers();

	(void) state;
	assert_found(snapshot, ID_A, 2);
	assert_found(snapshot, "web", 2);
	assert_found(snapshot, "/docker/" ID_B, 3);
	assert_found(snapshot, "aaaabbbb", 3);
	assert_found(snapshot, "aaaa", 4); /* a whole id goes before a prefix */
	free(snapshot);
}

static void what_does_not_fit_exactly_one_is_an_error(void **state)
{
	struct snapshot *snapshot = three_containers();
	const struct row *row = NULL;

	(void) state;
	assert_int_equal(selection_find(snapshot, "", &row), -ENOENT);
	assert_int_equal(selection_find(snapshot, "absent", &row), -ENOENT);
	assert_int_equal(selection_find(snapshot, "aaa", &row), -ENOENT); /* too short */
	assert_int_equal(selection_find(snapshot, "/", &row), -ENOENT);   /* no container */
	assert_int_equal(selection_find(snapshot, ID_A "a", &row), -ENOENT);
	free(snapshot);

	struct draft *draft = draft_for_test();

	add_living(draft, 2, &web);
	add_living(draft, 3, &db);
	snapshot = seal_and_free(draft);
	assert_int_equal(selection_find(snapshot, "aaaa", &row), -EEXIST);
	assert_null(row);
	free(snapshot);
}

static void the_same_name_in_two_engines_is_ambiguous(void **state)
{
	static const struct who other = { "/libpod-1", "web", "nginx", "podman", ID_B };
	struct draft *draft = draft_for_test();
	const struct row *row;
	struct snapshot *snapshot;

	(void) state;
	add_living(draft, 2, &web);
	add_living(draft, 3, &other);
	snapshot = seal_and_free(draft);
	assert_int_equal(selection_find(snapshot, "web", &row), -EEXIST);
	assert_found(snapshot, ID_B, 3);
	free(snapshot);
}

static void a_container_that_is_there_goes_before_one_that_ended(void **state)
{
	static const struct who again = { "/docker/" ID_B, "web", "nginx", "docker", ID_B };
	struct draft *draft = draft_for_test();
	struct snapshot *snapshot;

	(void) state;
	add_ended(draft, 2, &web, 60);
	add_living(draft, 3, &again);
	snapshot = seal_and_free(draft);
	assert_found(snapshot, "web", 3);
	assert_found(snapshot, ID_A, 2);
	free(snapshot);
}

static void of_ended_ones_under_one_path_the_last_is_found(void **state)
{
	struct draft *draft = draft_for_test();
	struct snapshot *snapshot;

	(void) state;
	add_ended(draft, 2, &web, 60);
	add_ended(draft, 3, &web, 20);
	add_ended(draft, 4, &web, 40);
	snapshot = seal_and_free(draft);
	assert_found(snapshot, "web", 3);
	free(snapshot);
}

static void assert_shown(struct draft *draft, const char *container, const char *expected)
{
	struct snapshot *snapshot = seal_and_free(draft);
	struct selection selection;

	assert_int_equal(selection_init(&selection, &(struct export){ .now = snapshot,
								      .container = container }),
			 0);
	for (uint32_t i = 0; i < strlen(expected); i++)
		assert_int_equal(selection_has(&selection, i), expected[i] == 'x');
	assert_false(selection_has(&selection, (uint32_t) strlen(expected)));
	assert_false(selection_has(&selection, ROW_NONE));
	assert_int_equal(selection.is_one, container != NULL);
	selection_fini(&selection);
	free(snapshot);
}

static void all_are_shown_once(void **state)
{
	struct draft *draft = draft_for_test();

	(void) state;
	add_living(draft, 1, &root);
	add_ended(draft, 2, &web, 60);
	add_living(draft, 3, &db);
	add_living(draft, 4, &web);
	add_ended(draft, 5, &db, 10);
	add_ended(draft, 6, &web, 5);
	assert_shown(draft, NULL, "x.xx..");
}

static void a_row_that_was_given_back_is_not_shown(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *gone;

	(void) state;
	gone = add_living(draft, 1, &web);
	add_living(draft, 2, &db);
	draft_give(draft, gone);
	assert_shown(draft, NULL, ".x");
}

static void rows_that_cannot_be_told_apart_are_not_shown(void **state)
{
	struct draft *draft = draft_for_test();

	(void) state;
	add_living(draft, 1, &root);
	add_living(draft, 2, &(struct who){ .path = NULL });
	add_living(draft, 3, &(struct who){ .path = NULL });
	assert_shown(draft, NULL, "x..");
}

static void one_that_is_asked_for_is_shown_alone(void **state)
{
	struct draft *draft = draft_for_test();

	(void) state;
	add_living(draft, 1, &root);
	add_living(draft, 2, &web);
	add_living(draft, 3, &db);
	assert_shown(draft, "db", "..x");
}

static void many_paths_find_their_seats(void **state)
{
	struct draft_limits limits = draft_limits_for(1000);
	struct draft *draft;
	struct snapshot *snapshot;
	struct selection selection;
	char path[32];

	(void) state;
	assert_int_equal(draft_new(&limits, &draft), 0);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(path, sizeof(path), "/c%u", i % 600);
		row_set(add_container(draft, i + 1, &(struct who){ .path = path }),
			METRIC_LAST_SEEN, NOW + i);
	}
	snapshot = seal_and_free(draft);
	assert_int_equal(selection_init(&selection, &(struct export){ .now = snapshot }), 0);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(selection_has(&selection, i), i >= 400);
	selection_fini(&selection);
	free(snapshot);
}

static bool is_of_the_past(enum metric metric)
{
	return metric == METRIC_LAST_SEEN || metric == METRIC_LAST_EXIT_CODE ||
	       metric == METRIC_LAST_EXIT_TIME;
}

static void a_row_has_ended_when_only_its_past_is_known(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *row = add_container(draft, 1, &web);

	(void) state;
	assert_true(row_has_ended(row));
	for (enum metric i = METRIC_FIRST_CONTAINER; i < METRIC_END_CONTAINER; i++) {
		row_set(row, i, 0);
		assert_int_equal(row_has_ended(row), is_of_the_past(i));
		if (i != METRIC_LAST_SEEN)
			row_clear(row, i);
	}
	row_clear_all(row);
	assert_false(row_has_ended(row)); /* new: nothing was sampled yet */
	draft_free(draft);
}

static void a_row_that_tells_its_state_has_ended_by_it(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *row = add_container(draft, 1, &web);

	(void) state;
	row_set(row, METRIC_CPU_USAGE_NS, 1);
	row_set(row, METRIC_STATE_RUNNING, 0);
	row_set(row, METRIC_STATE_EXITED, 1);
	assert_int_equal(row_state(row), STATE_EXITED);
	assert_true(row_has_ended(row));
	row_set(row, METRIC_STATE_EXITED, 0);
	row_set(row, METRIC_STATE_PAUSED, 1);
	assert_int_equal(row_state(row), STATE_PAUSED);
	assert_false(row_has_ended(row));
	draft_free(draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_container_is_found_by_whatever_names_it),
		cmocka_unit_test(what_does_not_fit_exactly_one_is_an_error),
		cmocka_unit_test(the_same_name_in_two_engines_is_ambiguous),
		cmocka_unit_test(a_container_that_is_there_goes_before_one_that_ended),
		cmocka_unit_test(of_ended_ones_under_one_path_the_last_is_found),
		cmocka_unit_test(all_are_shown_once),
		cmocka_unit_test(a_row_that_was_given_back_is_not_shown),
		cmocka_unit_test(rows_that_cannot_be_told_apart_are_not_shown),
		cmocka_unit_test(one_that_is_asked_for_is_shown_alone),
		cmocka_unit_test(many_paths_find_their_seats),
		cmocka_unit_test(a_row_has_ended_when_only_its_past_is_known),
		cmocka_unit_test(a_row_that_tells_its_state_has_ended_by_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
