/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/draft.h"
#include "model/snapshot.h"

static struct draft *new_draft(size_t string_bytes)
{
	struct draft_limits limits = draft_limits_for(8);
	struct draft *draft;

	limits.string_bytes = string_bytes;
	assert_int_equal(draft_new(&limits, &draft), 0);
	return draft;
}

static struct snapshot *written(const struct draft *draft)
{
	size_t bytes = draft_bytes(draft);
	struct snapshot *snapshot = malloc(bytes);

	assert_non_null(snapshot);
	assert_true(bytes <= draft_bytes_max(draft));
	assert_int_equal(draft_write(draft, snapshot), bytes);
	assert_int_equal(snapshot_check(snapshot, bytes), 0);
	return snapshot;
}

static uint64_t refused(const struct draft *draft)
{
	struct draft_stats stats;

	draft_stats_get(draft, &stats);
	return stats.strings_refused;
}

static void assert_attribute(const struct draft *draft, const struct row *row,
			     enum attribute attribute, const char *expected)
{
	struct snapshot *snapshot = written(draft);
	const struct row *copy = snapshot_row(snapshot, row->entity, row->index);

	assert_non_null(copy);
	assert_string_equal(snapshot_string(snapshot, copy, attribute), expected);
	free(snapshot);
}

static void strings_belong_to_their_row_and_attribute(void **state)
{
	struct draft *draft = new_draft(4096);
	struct row *a = draft_take(draft, ENTITY_CONTAINER);
	struct row *b = draft_take(draft, ENTITY_CONTAINER);

	(void) state;
	draft_string(draft, a, ATTRIBUTE_NAME, "web");
	draft_string(draft, b, ATTRIBUTE_NAME, "db");
	draft_string(draft, b, ATTRIBUTE_PATH, "/docker/b");
	draft_string(draft, draft_single(draft, ENTITY_MACHINE), ATTRIBUTE_NETWORK, "host1");
	assert_attribute(draft, a, ATTRIBUTE_NAME, "web");
	assert_attribute(draft, a, ATTRIBUTE_PATH, "");
	assert_attribute(draft, b, ATTRIBUTE_NAME, "db");
	assert_attribute(draft, b, ATTRIBUTE_PATH, "/docker/b");
	assert_attribute(draft, draft_single(draft, ENTITY_MACHINE), ATTRIBUTE_NETWORK, "host1");

	draft_string(draft, a, ATTRIBUTE_NAME, "renamed");
	assert_attribute(draft, a, ATTRIBUTE_NAME, "renamed");
	draft_string(draft, a, ATTRIBUTE_NAME, "");
	assert_attribute(draft, a, ATTRIBUTE_NAME, "");
	draft_free(draft);
}

static void a_reset_forgets_all_and_makes_room_again(void **state)
{
	struct draft *draft = new_draft(64);
	struct row *row = draft_take(draft, ENTITY_CONTAINER);
	struct row *machine = draft_single(draft, ENTITY_MACHINE);
	size_t bytes;

	(void) state;
	draft_strings_reset(draft);
	bytes = draft_bytes(draft);
	for (unsigned i = 0; i < 100; i++) {
		draft_string(draft, row, ATTRIBUTE_NAME, "twenty bytes or more");
		draft_string(draft, machine, ATTRIBUTE_ID, "0123456789abcdef");
		assert_attribute(draft, row, ATTRIBUTE_NAME, "twenty bytes or more");
		draft_strings_reset(draft);
		assert_attribute(draft, row, ATTRIBUTE_NAME, "");
		assert_attribute(draft, machine, ATTRIBUTE_ID, "");
		assert_int_equal(draft_bytes(draft), bytes);
	}
	assert_int_equal(refused(draft), 0);
	draft_free(draft);
}

static void what_does_not_fit_is_empty_and_counted_and_a_shorter_one_fits(void **state)
{
	struct draft *draft = new_draft(64);
	struct row *row = draft_take(draft, ENTITY_CONTAINER);
	char text[65];

	(void) state;
	memset(text, 'x', sizeof(text));
	text[64] = '\0';
	draft_string(draft, row, ATTRIBUTE_NAME, text); /* 65 bytes with its end */
	assert_int_equal(refused(draft), 1);
	assert_attribute(draft, row, ATTRIBUTE_NAME, "");

	text[40] = '\0';
	draft_string(draft, row, ATTRIBUTE_NAME, text);
	assert_int_equal(refused(draft), 1);
	assert_attribute(draft, row, ATTRIBUTE_NAME, text);

	draft_string(draft, row, ATTRIBUTE_IMAGE, text);
	assert_int_equal(refused(draft), 2);
	assert_attribute(draft, row, ATTRIBUTE_IMAGE, "");
	assert_attribute(draft, row, ATTRIBUTE_NAME, text);

	draft_string(draft, row, ATTRIBUTE_RUNTIME, "runc");
	assert_attribute(draft, row, ATTRIBUTE_RUNTIME, "runc");
	assert_int_equal(refused(draft), 2);
	draft_free(draft);
}

static void a_renamed_string_that_does_not_fit_is_not_the_old_one(void **state)
{
	struct draft *draft = new_draft(16);
	struct row *row = draft_take(draft, ENTITY_CONTAINER);

	(void) state;
	draft_string(draft, row, ATTRIBUTE_NAME, "old");
	draft_string(draft, row, ATTRIBUTE_NAME, "new and far too long");
	assert_attribute(draft, row, ATTRIBUTE_NAME, "");
	assert_int_equal(refused(draft), 1);
	draft_free(draft);
}

/* Buffers grow by steps; the limit is exact all the same. A snapshot above draft_bytes_max would be
 * written over the next slot of the share. */
static void the_area_never_grows_above_its_limit(void **state)
{
	static const size_t limits[] = { 1, 2, 63, 4095, 4096, 4097, 6143, 6144, 6145, 50000 };

	(void) state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct draft *draft = new_draft(limits[i]);
		struct row *row = draft_take(draft, ENTITY_CONTAINER);

		for (unsigned step = 0; step < 8000; step++) {
			size_t before = draft_bytes(draft);

			draft_string(draft, row, step % ATTRIBUTE_COUNT, "seven..");
			assert_true(draft_bytes(draft) <= draft_bytes_max(draft));
			assert_int_equal(draft_bytes(draft) - before, refused(draft) > 0 ? 0 : 8);
			if (refused(draft) > 0)
				break;
		}
		assert_int_equal(refused(draft), 1);
		free(written(draft));
		draft_free(draft);
	}
}

static void labels_come_back_as_pairs(void **state)
{
	static const char pairs[] = "team\0core\0empty\0\0tier\0front\0"; /* and the empty key */
	static const char *const expected[][2] = {
		{ "team", "core" },
		{ "empty", "" },
		{ "tier", "front" },
	};
	struct draft *draft = new_draft(4096);
	struct row *row = draft_take(draft, ENTITY_CONTAINER);
	struct snapshot *snapshot;
	const char *cursor, *key = NULL, *value = NULL;

	(void) state;
	draft_labels(draft, row, ATTRIBUTE_LABELS, pairs, sizeof(pairs));
	draft_labels(draft, row, ATTRIBUTE_SERIES_LABELS, "", 1);
	draft_string(draft, row, ATTRIBUTE_NAME, "not a label");
	snapshot = written(draft);
	row = (struct row *) snapshot_row(snapshot, ENTITY_CONTAINER, row->index);

	cursor = snapshot_string(snapshot, row, ATTRIBUTE_LABELS);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(snapshot_label_next(&cursor, &key, &value));
		assert_string_equal(key, expected[i][0]);
		assert_string_equal(value, expected[i][1]);
	}
	assert_false(snapshot_label_next(&cursor, &key, &value));
	cursor = snapshot_string(snapshot, row, ATTRIBUTE_SERIES_LABELS);
	assert_false(snapshot_label_next(&cursor, &key, &value));
	free(snapshot);
	draft_free(draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_belong_to_their_row_and_attribute),
		cmocka_unit_test(a_reset_forgets_all_and_makes_room_again),
		cmocka_unit_test(what_does_not_fit_is_empty_and_counted_and_a_shorter_one_fits),
		cmocka_unit_test(a_renamed_string_that_does_not_fit_is_not_the_old_one),
		cmocka_unit_test(the_area_never_grows_above_its_limit),
		cmocka_unit_test(labels_come_back_as_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
