/* SPDX-License-Identifier: Apache-2.0 */

/* Blocks that are whole, cut, or wrong in one place. Each is looked at in memory of its exact
 * size, so that the sanitizer sees a step outside. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/draft.h"
#include "model/snapshot.h"

static const char labels[] = "team\0core\0tier\0\0"; /* and the empty key */

static struct snapshot *written(const struct draft *draft)
{
	struct snapshot *snapshot = malloc(draft_bytes(draft));

	assert_non_null(snapshot);
	assert_int_equal(draft_write(draft, snapshot), draft_bytes(draft));
	return snapshot;
}

/* Two containers with children and strings, of which an unused row is between; one of the rest. */
static struct draft *populated(void)
{
	struct draft_limits limits = draft_limits_for(8);
	struct row *rows[3];
	struct draft *draft;

	assert_int_equal(draft_new(&limits, &draft), 0);
	draft_begin(draft, 1000, 2000, 3000);
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		rows[i] = draft_take(draft, ENTITY_CONTAINER);
		rows[i]->instance = 100 + i;
		row_set(rows[i], METRIC_CPU_USAGE_NS, 5 + i);
		assert_non_null(draft_child(draft, rows[i], ENTITY_DEVICE, "/dev/sda"));
		assert_non_null(draft_child(draft, rows[i], ENTITY_INTERFACE, "eth0"));
		draft_string(draft, rows[i], ATTRIBUTE_NAME, "name");
		draft_labels(draft, rows[i], ATTRIBUTE_LABELS, labels, sizeof(labels));
	}
	draft_give(draft, rows[1]);
	assert_non_null(draft_labelled(draft, ENTITY_DISK, "/dev/sda"));
	draft_string(draft, draft_single(draft, ENTITY_MACHINE), ATTRIBUTE_NETWORK, "host1");
	return draft;
}

static struct snapshot *whole(void)
{
	struct draft *draft = populated();
	struct snapshot *snapshot = written(draft);

	draft_free(draft);
	return snapshot;
}

static struct row *row_of(struct snapshot *snapshot, enum entity entity, uint32_t index)
{
	return (struct row *) ((char *) snapshot + snapshot->sections[entity].offset +
			       (size_t) index * snapshot->sections[entity].row_bytes);
}

/* What a writer does with an accepted block: every cell, every string, every pair. */
static uint64_t walk_row(const struct snapshot *snapshot, const struct row *row)
{
	const struct entity_info *info = &entity_infos[row->entity];
	uint64_t sum = snapshot_parent(snapshot, row) != NULL, value;
	const char *cursor, *key, *text;

	(void) snapshot_same(snapshot, row);
	for (enum metric metric = info->first; metric < info->end; metric++)
		if (row_get(row, metric, &value))
			sum += value;
	if (row->entity != ENTITY_CONTAINER && row->entity != ENTITY_MACHINE)
		return sum + strlen(row->label);

	for (enum attribute i = 0; i < ATTRIBUTE_COUNT; i++) {
		cursor = snapshot_string(snapshot, row, i);
		sum += strlen(cursor);
		while (snapshot_label_next(&cursor, &key, &text))
			sum += strlen(key) + strlen(text);
	}

	return sum;
}

static uint64_t walk(const struct snapshot *snapshot)
{
	uint64_t sum = 0;

	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		for (uint32_t i = 0; i < snapshot_rows(snapshot, entity); i++) {
			const struct row *row = snapshot_row(snapshot, entity, i);

			if (row)
				sum += walk_row(snapshot, row);
		}

	return sum;
}

static void a_whole_block_is_accepted_and_has_what_was_written(void **state)
{
	struct snapshot *snapshot = whole();
	const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, 2);
	uint64_t value = 0;

	(void) state;
	assert_int_equal(snapshot_check(snapshot, snapshot->length), 0);
	assert_int_equal(snapshot->magic, SNAPSHOT_MAGIC);
	assert_int_equal(snapshot->sequence, 1);
	assert_int_equal(snapshot_rows(snapshot, ENTITY_CONTAINER), 3);
	assert_null(snapshot_row(snapshot, ENTITY_CONTAINER, 1));
	assert_int_equal(row->instance, 102);
	assert_true(row_get(row, METRIC_CPU_USAGE_NS, &value));
	assert_int_equal(value, 7);
	assert_string_equal(snapshot_string(snapshot, row, ATTRIBUTE_NAME), "name");
	assert_string_equal(snapshot_string(snapshot, row, ATTRIBUTE_IMAGE), "");
	assert_string_equal(snapshot_row(snapshot, ENTITY_DEVICE, 2)->label, "/dev/sda");
	assert_ptr_equal(snapshot_parent(snapshot, snapshot_row(snapshot, ENTITY_DEVICE, 2)), row);
	assert_null(snapshot_parent(snapshot, row));
	assert_true(walk(snapshot) > 0);
	free(snapshot);
}

static void a_block_that_is_cut_anywhere_is_refused(void **state)
{
	struct snapshot *snapshot = whole();

	(void) state;
	for (size_t length = 0; length < snapshot->length; length++) {
		/* malloc(0) may be NULL, and memory is aligned as a snapshot needs it. */
		struct snapshot *cut = malloc(length + (length == 0));

		assert_non_null(cut);
		memcpy(cut, snapshot, length);
		assert_int_equal(snapshot_check(cut, length), -EBADMSG);
		free(cut);
	}
	free(snapshot);
}

static void bytes_behind_the_block_are_nobodys(void **state)
{
	struct snapshot *snapshot = whole();
	size_t length = snapshot->length;

	(void) state;
	snapshot = realloc(snapshot, length + 100);
	assert_non_null(snapshot);
	memset((char *) snapshot + length, 0xff, 100);
	assert_int_equal(snapshot_check(snapshot, length + 100), 0);
	free(snapshot);
}

static void another_table_and_another_file_are_told_apart(void **state)
{
	struct snapshot *snapshot = whole();

	(void) state;
	snapshot->table_hash++;
	assert_int_equal(snapshot_check(snapshot, snapshot->length), -EPROTO);
	snapshot->magic++;
	assert_int_equal(snapshot_check(snapshot, snapshot->length), -EBADMSG);
	free(snapshot);
}

/* Every field of the header that says where something is, with values beside and far from it. */
static void a_wrong_place_or_size_in_the_header_is_refused(void **state)
{
	struct snapshot *snapshot = whole();
	const size_t length = snapshot->length;
	const uint64_t wrong_offsets[] = {
		0,
		8,
		sizeof(*snapshot) - 8,
		sizeof(*snapshot) + 4,
		length + 8,
		length * 2,
		UINT32_MAX - 7,
		UINT64_MAX - 7,
		UINT64_MAX,
		INT64_MAX - 7,
		(uint64_t) INT64_MAX + 1,
	};
	const uint32_t wrong_counts[] = { UINT32_MAX, UINT32_MAX / 2, 1000000, (uint32_t) length };

	(void) state;
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		struct snapshot kept = *snapshot;
		uint32_t bytes = kept.sections[entity].row_bytes;
		const uint32_t wrong_bytes[] = {
			0, 1, bytes - 8, bytes + 8, 2 * bytes, UINT32_MAX
		};

		for (size_t i = 0; i < ARRAY_SIZE(wrong_offsets); i++) {
			snapshot->sections[entity].offset = wrong_offsets[i];
			assert_int_equal(snapshot_check(snapshot, length), -EBADMSG);
			*snapshot = kept;
		}
		for (size_t i = 0; i < ARRAY_SIZE(wrong_counts); i++) {
			snapshot->sections[entity].rows = wrong_counts[i];
			assert_int_equal(snapshot_check(snapshot, length), -EBADMSG);
			*snapshot = kept;
		}
		for (size_t i = 0; i < ARRAY_SIZE(wrong_bytes); i++) {
			snapshot->sections[entity].row_bytes = wrong_bytes[i];
			assert_int_equal(snapshot_check(snapshot, length), -EBADMSG);
			*snapshot = kept;
		}
	}
	assert_int_equal(snapshot_check(snapshot, length), 0);
	free(snapshot);
}

static void a_wrong_string_area_is_refused(void **state)
{
	struct snapshot *snapshot = whole();
	const struct snapshot kept = *snapshot;
	const uint64_t past = kept.length - kept.strings_offset + 1;
	const uint64_t wrong[][2] = {
		{ kept.strings_offset, 0 },
		{ kept.strings_offset, 2 },
		{ kept.strings_offset, past },
		{ kept.strings_offset, UINT64_MAX },
		{ kept.strings_offset, UINT64_MAX - kept.strings_offset + 1 }, /* sum is 0 */
		{ kept.length, 3 },
		{ kept.length + 1, 3 },
		{ UINT64_MAX, 3 },
		{ UINT64_MAX - 2, kept.strings_length },
		{ kept.strings_offset, kept.strings_length - 3 }, /* ends within a pair */
	};
	char *bytes = (char *) snapshot;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snapshot->strings_offset = wrong[i][0];
		snapshot->strings_length = wrong[i][1];
		assert_int_equal(snapshot_check(snapshot, kept.length), -EBADMSG);
		*snapshot = kept;
	}
	for (unsigned back = 1; back <= 3; back++) {
		bytes[kept.length - back] = 'x';
		assert_int_equal(snapshot_check(snapshot, kept.length), -EBADMSG);
		bytes[kept.length - back] = '\0';
	}
	assert_int_equal(snapshot_check(snapshot, kept.length), 0);
	free(snapshot);
}

static void a_length_that_is_not_that_of_the_block_is_refused(void **state)
{
	struct snapshot *snapshot = whole();
	const size_t length = snapshot->length;
	const uint64_t wrong[] = {
		0, 1, sizeof(*snapshot) - 1, sizeof(*snapshot), length - 1, length + 1, UINT64_MAX
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snapshot->length = wrong[i];
		assert_int_equal(snapshot_check(snapshot, length), -EBADMSG);
	}
	free(snapshot);
}

static void assert_wrong_row(struct snapshot *snapshot, struct row *row, uint32_t *field,
			     uint32_t value)
{
	uint32_t kept = *field;

	*field = value;
	assert_int_equal(snapshot_check(snapshot, snapshot->length), -EBADMSG);
	row->live = 0; /* then nobody looks at it */
	assert_int_equal(snapshot_check(snapshot, snapshot->length), 0);
	row->live = 1;
	*field = kept;
	assert_int_equal(snapshot_check(snapshot, snapshot->length), 0);
}

static void a_wrong_row_is_refused_while_it_is_used(void **state)
{
	struct snapshot *snapshot = whole();
	struct row *container = row_of(snapshot, ENTITY_CONTAINER, 2);
	struct row *device = row_of(snapshot, ENTITY_DEVICE, 0);
	char kept[ROW_LABEL_BYTES];

	(void) state;
	assert_wrong_row(snapshot, container, &container->entity, ENTITY_DEVICE);
	assert_wrong_row(snapshot, container, &container->entity, ENTITY_COUNT);
	assert_wrong_row(snapshot, container, &container->entity, UINT32_MAX);
	assert_wrong_row(snapshot, container, &container->index, 0);
	assert_wrong_row(snapshot, container, &container->index, UINT32_MAX);
	assert_wrong_row(snapshot, device, &device->parent, 3);
	assert_wrong_row(snapshot, device, &device->parent, ROW_NONE - 1);
	for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++) {
		assert_wrong_row(snapshot, container, &container->strings[i],
				 (uint32_t) snapshot->strings_length);
		assert_wrong_row(snapshot, container, &container->strings[i], UINT32_MAX);
	}

	memcpy(kept, device->label, sizeof(kept));
	memset(device->label, 'x', sizeof(device->label));
	assert_int_equal(snapshot_check(snapshot, snapshot->length), -EBADMSG);
	memcpy(device->label, kept, sizeof(kept));
	assert_int_equal(snapshot_check(snapshot, snapshot->length), 0);
	free(snapshot);
}

/* Offsets are checked, what they point to is not: pairs may begin at any byte of the area. */
static void pairs_end_within_the_area_wherever_they_begin(void **state)
{
	struct snapshot *snapshot = whole();
	struct row *row = row_of(snapshot, ENTITY_CONTAINER, 0);

	(void) state;
	for (uint32_t offset = 0; offset < snapshot->strings_length; offset++) {
		row->strings[ATTRIBUTE_LABELS] = offset;
		assert_int_equal(snapshot_check(snapshot, snapshot->length), 0);
		(void) walk(snapshot);
	}

	/* An area full of one long text, too. */
	memset((char *) snapshot + snapshot->strings_offset, 'x', snapshot->strings_length - 3);
	for (uint32_t offset = 0; offset < snapshot->strings_length; offset++) {
		row->strings[ATTRIBUTE_LABELS] = offset;
		assert_int_equal(snapshot_check(snapshot, snapshot->length), 0);
		(void) walk(snapshot);
	}
	free(snapshot);
}

/* A few thousand blocks with one to four bytes changed; the numbers are the same each time. */
static void whatever_is_accepted_can_be_walked(void **state)
{
	struct snapshot *snapshot = whole(), *copy;
	const size_t length = snapshot->length;
	unsigned accepted = 0, refused = 0;
	uint32_t random = 1;

	(void) state;
	copy = malloc(length);
	assert_non_null(copy);
	for (unsigned i = 0; i < 20000; i++) {
		memcpy(copy, snapshot, length);
		for (unsigned changes = 1 + i % 4; changes > 0; changes--) {
			size_t place;

			random = random * 1664525 + 1013904223; /* a linear congruence */
			place = (i % 2 ? random >> 8 : (random >> 8) % sizeof(*copy)) % length;
			((unsigned char *) copy)[place] ^=
				(unsigned char) (1U << (random >> 4) % 8);
		}
		if (snapshot_check(copy, length) == 0) {
			accepted++;
			(void) walk(copy);
		} else {
			refused++;
		}
	}
	assert_true(accepted > 1000); /* cells, time stamps, unused rows */
	assert_true(refused > 1000);
	free(copy);
	free(snapshot);
}

static void a_container_is_the_same_only_as_the_same_instance(void **state)
{
	struct draft *draft = populated();
	struct snapshot *before = written(draft), *now;
	const struct row *row;
	struct row *other;

	(void) state;
	other = draft_take(draft, ENTITY_CONTAINER); /* takes the unused place */
	other->instance = 999;
	assert_int_equal(other->index, 1);
	now = written(draft);

	row = snapshot_row(now, ENTITY_CONTAINER, 2);
	assert_ptr_equal(snapshot_same(before, row), snapshot_row(before, ENTITY_CONTAINER, 2));
	assert_null(snapshot_same(before, snapshot_row(now, ENTITY_CONTAINER, 1)));

	row_of(before, ENTITY_CONTAINER, 2)->instance++;
	assert_null(snapshot_same(before, row));
	row_of(before, ENTITY_CONTAINER, 2)->instance--;
	before->sections[ENTITY_CONTAINER].rows = 2;
	assert_null(snapshot_same(before, row));
	free(before);
	free(now);
	draft_free(draft);
}

static void a_child_is_the_same_only_with_the_same_label(void **state)
{
	struct snapshot *before = whole(), *now = whole();
	const struct row *child = snapshot_row(now, ENTITY_DEVICE, 2);

	(void) state;
	assert_ptr_equal(snapshot_same(before, child), snapshot_row(before, ENTITY_DEVICE, 2));
	row_of(before, ENTITY_DEVICE, 2)->label[7] = 'b';
	assert_null(snapshot_same(before, child));
	free(before);
	free(now);
}

static void the_parent_of_a_child_may_be_gone(void **state)
{
	struct snapshot *snapshot = whole();
	const struct row *child = snapshot_row(snapshot, ENTITY_DEVICE, 0);

	(void) state;
	assert_ptr_equal(snapshot_parent(snapshot, child),
			 snapshot_row(snapshot, ENTITY_CONTAINER, 0));
	row_of(snapshot, ENTITY_CONTAINER, 0)->live = 0;
	assert_null(snapshot_parent(snapshot, child));
	free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_block_is_accepted_and_has_what_was_written),
		cmocka_unit_test(a_block_that_is_cut_anywhere_is_refused),
		cmocka_unit_test(bytes_behind_the_block_are_nobodys),
		cmocka_unit_test(another_table_and_another_file_are_told_apart),
		cmocka_unit_test(a_wrong_place_or_size_in_the_header_is_refused),
		cmocka_unit_test(a_wrong_string_area_is_refused),
		cmocka_unit_test(a_length_that_is_not_that_of_the_block_is_refused),
		cmocka_unit_test(a_wrong_row_is_refused_while_it_is_used),
		cmocka_unit_test(pairs_end_within_the_area_wherever_they_begin),
		cmocka_unit_test(whatever_is_accepted_can_be_walked),
		cmocka_unit_test(a_container_is_the_same_only_as_the_same_instance),
		cmocka_unit_test(a_child_is_the_same_only_with_the_same_label),
		cmocka_unit_test(the_parent_of_a_child_may_be_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
