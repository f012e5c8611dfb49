/* SPDX-License-Identifier: Apache-2.0 */

/* Many rounds of containers and children that come and go, beside a plain model of them: sets of
 * labels. After each round the snapshot has to have exactly what the model has. */

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

#define CONTAINERS 6
#define LABELS     5
#define ROUNDS     3000

static const enum entity kinds[] = { ENTITY_DEVICE, ENTITY_INTERFACE, ENTITY_HUGEPAGE };
#define KINDS ARRAY_SIZE(kinds)

/* Fewer children than all could want, so that the limit is met again and again. */
static const struct draft_limits limits = {
	.rows = {
		[ENTITY_CONTAINER] = CONTAINERS - 1,
		[ENTITY_DEVICE] = CONTAINERS * LABELS / 2,
		[ENTITY_INTERFACE] = CONTAINERS * LABELS,
		[ENTITY_HUGEPAGE] = LABELS,
		[ENTITY_HOST] = 1,
		[ENTITY_MACHINE] = 1,
		[ENTITY_DISK] = LABELS,
		[ENTITY_AGENT] = 1,
		[ENTITY_COLLECTOR] = 1,
	},
	.string_bytes = 1024,
};

struct world {
	struct draft *draft;
	uint32_t random;
	uint64_t instances; /* given out so far */
	struct {
		struct row *row; /* NULL: not there */
		uint64_t instance;
		uint64_t children[KINDS][LABELS]; /* value of the cell, 0: no such child */
	} containers[CONTAINERS];
	uint32_t used[ENTITY_COUNT];
	uint64_t refused[ENTITY_COUNT];
};

static uint32_t chance(struct world *world, uint32_t of)
{
	world->random = world->random * 1664525 + 1013904223; /* a linear congruence */
	return (world->random >> 10) % of;
}

static void come(struct world *world, unsigned c)
{
	struct row *row = draft_take(world->draft, ENTITY_CONTAINER);

	if (world->used[ENTITY_CONTAINER] == limits.rows[ENTITY_CONTAINER]) {
		assert_null(row);
		world->refused[ENTITY_CONTAINER]++;
		return;
	}
	assert_non_null(row);
	row->instance = ++world->instances;
	world->containers[c].row = row;
	world->containers[c].instance = row->instance;
	world->used[ENTITY_CONTAINER]++;
}

static void go(struct world *world, unsigned c)
{
	draft_give(world->draft, world->containers[c].row);
	world->used[ENTITY_CONTAINER]--;
	for (unsigned kind = 0; kind < KINDS; kind++)
		for (unsigned label = 0; label < LABELS; label++)
			world->used[kinds[kind]] -= world->containers[c].children[kind][label] > 0;
	memset(&world->containers[c], 0, sizeof(world->containers[c]));
}

static void sample_child(struct world *world, unsigned c, unsigned kind, unsigned label)
{
	uint64_t *known = &world->containers[c].children[kind][label];
	enum entity entity = kinds[kind];
	struct row *row;
	char text[8];

	(void) snprintf(text, sizeof(text), "l%u", label);
	row = draft_child(world->draft, world->containers[c].row, entity, text);
	if (*known == 0 && world->used[entity] == limits.rows[entity]) {
		assert_null(row);
		world->refused[entity]++;
		return;
	}
	assert_non_null(row);
	if (*known == 0)
		assert_false(row_has(row, entity_infos[entity].first));
	world->used[entity] += *known == 0;
	*known = 1 + chance(world, 1000);
	row_set(row, entity_infos[entity].first, *known);
}

/* A sensor: sees some of its children, then sweeps; now and then it fails and does not sweep. */
static void sample(struct world *world, unsigned c, unsigned kind)
{
	bool seen[LABELS];

	for (unsigned label = 0; label < LABELS; label++) {
		seen[label] = chance(world, 3) > 0;
		if (seen[label])
			sample_child(world, c, kind, label);
	}
	if (chance(world, 4) == 0)
		return;

	draft_sweep(world->draft, world->containers[c].row, kinds[kind]);
	for (unsigned label = 0; label < LABELS; label++)
		if (!seen[label] && world->containers[c].children[kind][label] > 0) {
			world->containers[c].children[kind][label] = 0;
			world->used[kinds[kind]]--;
		}
}

static void round_of(struct world *world, uint64_t number)
{
	draft_begin(world->draft, number, number, 1);
	for (unsigned c = 0; c < CONTAINERS; c++) {
		if (!world->containers[c].row && chance(world, 3) == 0)
			come(world, c);
		else if (world->containers[c].row && chance(world, 8) == 0)
			go(world, c);
		if (!world->containers[c].row)
			continue;
		for (unsigned kind = 0; kind < KINDS; kind++)
			sample(world, c, kind);
	}
}

static unsigned container_of(const struct world *world, uint64_t instance)
{
	for (unsigned c = 0; c < CONTAINERS; c++)
		if (world->containers[c].row && world->containers[c].instance == instance)
			return c;

	fail_msg("a child of no container");
	return 0;
}

static void assert_child(const struct world *world, const struct snapshot *snapshot,
			 const struct row *row, unsigned kind)
{
	const struct row *parent = snapshot_parent(snapshot, row);
	unsigned label = (unsigned) (row->label[1] - '0');
	uint64_t value = 0;

	assert_non_null(parent);
	assert_int_equal(parent->instance, row->instance);
	assert_in_range(label, 0, LABELS - 1);
	assert_true(row_get(row, entity_infos[row->entity].first, &value));
	assert_int_equal(
		world->containers[container_of(world, row->instance)].children[kind][label], value);
}

/* Each child of the snapshot is one of the model; and there are as many. */
static void assert_snapshot(const struct world *world)
{
	struct snapshot *snapshot = malloc(draft_bytes(world->draft));
	struct draft_stats stats;

	assert_non_null(snapshot);
	assert_int_equal(snapshot_check(snapshot, draft_write(world->draft, snapshot)), 0);
	draft_stats_get(world->draft, &stats);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		uint32_t count = 0;

		for (uint32_t i = 0; i < snapshot_rows(snapshot, kinds[kind]); i++) {
			const struct row *row = snapshot_row(snapshot, kinds[kind], i);

			if (row)
				assert_child(world, snapshot, row, kind);
			count += row != NULL;
		}
		assert_int_equal(count, world->used[kinds[kind]]);
		assert_int_equal(stats.used[kinds[kind]], count);
		assert_int_equal(stats.refused[kinds[kind]], world->refused[kinds[kind]]);
	}
	assert_int_equal(stats.used[ENTITY_CONTAINER], world->used[ENTITY_CONTAINER]);
	assert_int_equal(stats.refused[ENTITY_CONTAINER], world->refused[ENTITY_CONTAINER]);
	free(snapshot);
}

static void what_lives_is_in_the_snapshot_and_nothing_else(void **state)
{
	struct world world = { .random = 1 };

	(void) state;
	assert_int_equal(draft_new(&limits, &world.draft), 0);
	for (uint64_t number = 1; number <= ROUNDS; number++) {
		round_of(&world, number);
		assert_snapshot(&world);
	}

	/* The limits were met, so that refusing is part of what was looked at. */
	assert_true(world.refused[ENTITY_DEVICE] > 0);
	assert_true(world.refused[ENTITY_HUGEPAGE] > 0);
	assert_true(world.refused[ENTITY_CONTAINER] > 0);
	assert_true(world.instances > ROUNDS / 10);
	draft_free(world.draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_lives_is_in_the_snapshot_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
