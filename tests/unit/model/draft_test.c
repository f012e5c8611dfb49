/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/draft.h"
#include "model/snapshot.h"

static const struct draft_limits small = {
	.rows = {
		[ENTITY_CONTAINER] = 3,
		[ENTITY_DEVICE] = 4,
		[ENTITY_INTERFACE] = 4,
		[ENTITY_HUGEPAGE] = 2,
		[ENTITY_HOST] = 1,
		[ENTITY_MACHINE] = 1,
		[ENTITY_DISK] = 3,
		[ENTITY_AGENT] = 1,
		[ENTITY_COLLECTOR] = 2,
	},
	.string_bytes = 64,
};

static struct draft *new_draft(const struct draft_limits *limits)
{
	struct draft *draft;

	assert_int_equal(draft_new(limits, &draft), 0);
	return draft;
}

static uint32_t used(const struct draft *draft, enum entity entity)
{
	struct draft_stats stats;

	draft_stats_get(draft, &stats);
	return stats.used[entity];
}

/* The draft as a snapshot, checked; the caller frees it. */
static struct snapshot *written(const struct draft *draft)
{
	size_t bytes = draft_bytes(draft);
	struct snapshot *snapshot = malloc(bytes);

	assert_non_null(snapshot);
	assert_true(bytes <= draft_bytes_max(draft));
	assert_int_equal(draft_write(draft, snapshot), bytes);
	assert_int_equal(snapshot->length, bytes);
	assert_int_equal(snapshot_check(snapshot, bytes), 0);
	return snapshot;
}

static void assert_no_cells(const struct row *row)
{
	const struct entity_info *info = &entity_infos[row->entity];

	for (enum metric metric = info->first; metric < info->end; metric++)
		assert_false(row_has(row, metric));
}

static void single_rows_are_always_there(void **state)
{
	static const enum entity singles[] = { ENTITY_HOST, ENTITY_MACHINE, ENTITY_AGENT };
	struct draft *draft = new_draft(&small);

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(singles); i++) {
		struct row *row = draft_single(draft, singles[i]);

		assert_int_equal(row->live, 1);
		assert_int_equal(row->entity, singles[i]);
		assert_no_cells(row);
		assert_ptr_equal(draft_single(draft, singles[i]), row);
		assert_int_equal(used(draft, singles[i]), 1);
	}
	draft_free(draft);
}

static void a_row_is_new_even_when_its_place_is_not(void **state)
{
	struct draft *draft = new_draft(&small);
	struct row *row, *again;

	(void) state;
	row = draft_take(draft, ENTITY_CONTAINER);
	row->instance = 42;
	row_set(row, METRIC_CPU_USAGE_NS, 7);
	draft_string(draft, row, ATTRIBUTE_NAME, "old");
	assert_non_null(draft_child(draft, row, ENTITY_DEVICE, "/dev/sda"));
	draft_give(draft, row);

	again = draft_take(draft, ENTITY_CONTAINER);
	assert_ptr_equal(again, row);
	assert_int_equal(again->live, 1);
	assert_int_equal(again->instance, 0);
	assert_int_equal(again->next, ROW_NONE);
	assert_int_equal(again->parent, ROW_NONE);
	for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
		assert_int_equal(again->strings[i], 0);
	assert_no_cells(again);
	draft_free(draft);
}

static void a_child_is_made_once_for_each_label_and_entity(void **state)
{
	struct draft *draft = new_draft(&small);
	struct row *parent = draft_take(draft, ENTITY_CONTAINER);
	struct row *other = draft_take(draft, ENTITY_CONTAINER);
	struct row *device, *interface;

	(void) state;
	other->instance = 42;
	device = draft_child(draft, parent, ENTITY_DEVICE, "sda");
	interface = draft_child(draft, parent, ENTITY_INTERFACE, "sda");
	assert_ptr_not_equal(device, interface);
	assert_ptr_not_equal(draft_child(draft, parent, ENTITY_DEVICE, "sda1"), device);
	assert_ptr_not_equal(draft_child(draft, parent, ENTITY_DEVICE, "sd"), device);
	assert_ptr_equal(draft_child(draft, parent, ENTITY_DEVICE, "sda"), device);
	assert_ptr_equal(draft_child(draft, parent, ENTITY_INTERFACE, "sda"), interface);

	assert_ptr_not_equal(draft_child(draft, other, ENTITY_DEVICE, "sda"), device);
	assert_int_equal(device->parent, parent->index);
	assert_int_equal(draft_child(draft, other, ENTITY_DEVICE, "sda")->parent, other->index);
	assert_int_equal(draft_child(draft, other, ENTITY_DEVICE, "sda")->instance, 42);
	assert_int_equal(used(draft, ENTITY_DEVICE), 4);
	assert_int_equal(used(draft, ENTITY_INTERFACE), 1);
	draft_free(draft);
}

static void a_long_label_is_cut_and_found_again(void **state)
{
	struct draft *draft = new_draft(&small);
	struct row *parent = draft_take(draft, ENTITY_CONTAINER), *child;
	char label[2 * ROW_LABEL_BYTES];

	(void) state;
	memset(label, 'x', sizeof(label));
	label[sizeof(label) - 1] = '\0';
	child = draft_child(draft, parent, ENTITY_DEVICE, label);
	assert_int_equal(strlen(child->label), ROW_LABEL_BYTES - 1);
	assert_ptr_equal(draft_child(draft, parent, ENTITY_DEVICE, label), child);

	/* One byte shorter than the room is another label, which is not cut. */
	label[ROW_LABEL_BYTES - 2] = '\0';
	assert_ptr_not_equal(draft_child(draft, parent, ENTITY_DEVICE, label), child);
	free(written(draft));
	draft_free(draft);
}

static void a_sweep_ends_what_was_not_seen_and_nothing_else(void **state)
{
	/* Which of three devices are seen in the second round, as bits: each position of the chain
	 * is once the one that goes. */
	for (unsigned seen = 0; seen < 8; seen++) {
		static const char *const labels[] = { "a", "b", "c" };
		struct draft *draft = new_draft(&small);
		struct row *parent = draft_take(draft, ENTITY_CONTAINER);
		struct row *other = draft_take(draft, ENTITY_CONTAINER);
		struct row *rows[3], *interface, *others;

		draft_begin(draft, 1, 1, 1);
		for (unsigned i = 0; i < 3; i++)
			rows[i] = draft_child(draft, parent, ENTITY_DEVICE, labels[i]);
		interface = draft_child(draft, parent, ENTITY_INTERFACE, "a");
		others = draft_child(draft, other, ENTITY_DEVICE, "a");

		draft_begin(draft, 2, 2, 1);
		for (unsigned i = 0; i < 3; i++)
			if (seen >> i & 1)
				row_set(draft_child(draft, parent, ENTITY_DEVICE, labels[i]),
					METRIC_BLKIO_READ_BYTES, i);
		draft_sweep(draft, parent, ENTITY_DEVICE);

		for (unsigned i = 0; i < 3; i++)
			assert_int_equal(rows[i]->live, seen >> i & 1);
		assert_int_equal(interface->live, 1);
		assert_int_equal(others->live, 1);
		for (unsigned i = 0; i < 3; i++)
			if (seen >> i & 1)
				assert_ptr_equal(draft_child(draft, parent, ENTITY_DEVICE,
							     labels[i]),
						 rows[i]);
		assert_ptr_equal(draft_child(draft, parent, ENTITY_INTERFACE, "a"), interface);
		free(written(draft));
		draft_free(draft);
	}
	(void) state;
}

static void rows_without_parent_are_swept_by_entity(void **state)
{
	struct draft *draft = new_draft(&small);
	struct row *a, *b;

	(void) state;
	draft_begin(draft, 1, 1, 1);
	a = draft_labelled(draft, ENTITY_DISK, "/dev/a");
	b = draft_labelled(draft, ENTITY_DISK, "/dev/b");
	assert_ptr_not_equal(a, b);
	assert_ptr_equal(draft_labelled(draft, ENTITY_DISK, "/dev/a"), a);
	assert_non_null(draft_labelled(draft, ENTITY_COLLECTOR, "cpu"));

	draft_begin(draft, 2, 2, 1);
	assert_ptr_equal(draft_labelled(draft, ENTITY_DISK, "/dev/b"), b);
	draft_sweep(draft, NULL, ENTITY_DISK);
	assert_int_equal(a->live, 0);
	assert_int_equal(b->live, 1);
	assert_int_equal(used(draft, ENTITY_DISK), 1);
	assert_int_equal(used(draft, ENTITY_COLLECTOR), 1);
	assert_ptr_equal(draft_labelled(draft, ENTITY_DISK, "/dev/c"), a);
	assert_int_equal(used(draft, ENTITY_DISK), 2);
	draft_free(draft);
}

static void children_end_with_their_container(void **state)
{
	struct draft *draft = new_draft(&small);
	struct row *parent = draft_take(draft, ENTITY_CONTAINER);
	struct row *other = draft_take(draft, ENTITY_CONTAINER), *kept;

	(void) state;
	assert_non_null(draft_child(draft, parent, ENTITY_DEVICE, "a"));
	kept = draft_child(draft, other, ENTITY_DEVICE, "a");
	assert_non_null(draft_child(draft, parent, ENTITY_INTERFACE, "eth0"));
	assert_non_null(draft_child(draft, parent, ENTITY_HUGEPAGE, "2MB"));
	assert_non_null(draft_child(draft, parent, ENTITY_DEVICE, "b"));

	draft_give(draft, parent);
	assert_int_equal(used(draft, ENTITY_CONTAINER), 1);
	assert_int_equal(used(draft, ENTITY_DEVICE), 1);
	assert_int_equal(used(draft, ENTITY_INTERFACE), 0);
	assert_int_equal(used(draft, ENTITY_HUGEPAGE), 0);
	assert_int_equal(kept->live, 1);
	assert_ptr_equal(draft_child(draft, other, ENTITY_DEVICE, "a"), kept);
	draft_free(draft);
}

static void a_limit_refuses_and_is_counted(void **state)
{
	struct draft *draft = new_draft(&small);
	struct row *parent = draft_take(draft, ENTITY_CONTAINER), *first;
	struct draft_stats stats;
	char label[8];

	(void) state;
	first = draft_child(draft, parent, ENTITY_DEVICE, "0");
	for (unsigned i = 1; i < 4; i++) {
		(void) snprintf(label, sizeof(label), "%u", i);
		assert_non_null(draft_child(draft, parent, ENTITY_DEVICE, label));
	}
	assert_null(draft_child(draft, parent, ENTITY_DEVICE, "4"));
	assert_null(draft_child(draft, parent, ENTITY_DEVICE, "5"));
	assert_ptr_equal(draft_child(draft, parent, ENTITY_DEVICE, "0"), first);
	assert_non_null(draft_take(draft, ENTITY_CONTAINER));
	assert_non_null(draft_take(draft, ENTITY_CONTAINER));
	assert_null(draft_take(draft, ENTITY_CONTAINER));
	assert_non_null(draft_labelled(draft, ENTITY_COLLECTOR, "a"));
	assert_non_null(draft_labelled(draft, ENTITY_COLLECTOR, "b"));
	assert_null(draft_labelled(draft, ENTITY_COLLECTOR, "c"));

	draft_stats_get(draft, &stats);
	assert_int_equal(stats.refused[ENTITY_DEVICE], 2);
	assert_int_equal(stats.refused[ENTITY_CONTAINER], 1);
	assert_int_equal(stats.refused[ENTITY_COLLECTOR], 1);
	assert_int_equal(stats.refused[ENTITY_INTERFACE], 0);
	assert_int_equal(stats.used[ENTITY_DEVICE], 4);
	assert_int_equal(stats.capacity[ENTITY_DEVICE], 4);

	draft_give(draft, parent);
	assert_non_null(draft_take(draft, ENTITY_CONTAINER));
	assert_int_equal(used(draft, ENTITY_DEVICE), 0);
	draft_free(draft);
}

static void a_round_stamps_the_snapshot(void **state)
{
	struct draft *draft = new_draft(&small);
	struct draft_stats stats;
	struct snapshot *snapshot;

	(void) state;
	draft_begin(draft, 11, 12, 13);
	draft_begin(draft, 21, 22, 23);
	draft_stats_get(draft, &stats);
	assert_int_equal(stats.round, 2);
	snapshot = written(draft);
	assert_int_equal(snapshot->sequence, 2);
	assert_int_equal(snapshot->boottime_ns, 21);
	assert_int_equal(snapshot->realtime_ns, 22);
	assert_int_equal(snapshot->interval_ns, 23);
	free(snapshot);
	draft_free(draft);
}

static void an_ended_row_is_unused_in_the_snapshot(void **state)
{
	struct draft *draft = new_draft(&small);
	struct row *first = draft_take(draft, ENTITY_CONTAINER);
	struct row *second = draft_take(draft, ENTITY_CONTAINER);
	struct snapshot *snapshot;
	uint64_t value = 0;

	(void) state;
	row_set(second, METRIC_CPU_USAGE_NS, 7);
	draft_give(draft, first);
	snapshot = written(draft);
	assert_int_equal(snapshot_rows(snapshot, ENTITY_CONTAINER), 2);
	assert_null(snapshot_row(snapshot, ENTITY_CONTAINER, 0));
	assert_true(
		row_get(snapshot_row(snapshot, ENTITY_CONTAINER, 1), METRIC_CPU_USAGE_NS, &value));
	assert_int_equal(value, 7);
	free(snapshot);
	draft_free(draft);
}

static void limits_of_the_largest_host_are_within_what_links_can_hold(void **state)
{
	struct draft_limits limits = draft_limits_for(65536);

	(void) state;
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		assert_in_range(limits.rows[entity], 1, (1U << 28) - 1);
	assert_true(limits.rows[ENTITY_CONTAINER] > 65536); /* the root cgroup */
	assert_true(limits.string_bytes < UINT32_MAX);      /* offsets */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_rows_are_always_there),
		cmocka_unit_test(a_row_is_new_even_when_its_place_is_not),
		cmocka_unit_test(a_child_is_made_once_for_each_label_and_entity),
		cmocka_unit_test(a_long_label_is_cut_and_found_again),
		cmocka_unit_test(a_sweep_ends_what_was_not_seen_and_nothing_else),
		cmocka_unit_test(rows_without_parent_are_swept_by_entity),
		cmocka_unit_test(children_end_with_their_container),
		cmocka_unit_test(a_limit_refuses_and_is_counted),
		cmocka_unit_test(a_round_stamps_the_snapshot),
		cmocka_unit_test(an_ended_row_is_unused_in_the_snapshot),
		cmocka_unit_test(limits_of_the_largest_host_are_within_what_links_can_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
