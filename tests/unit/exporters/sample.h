/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Small snapshots to write from, and what writers made of them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "exporters/exporter.h"
#include "model/draft.h"
#include "model/snapshot.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "aaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define NOW  (1700000000 * NSEC_PER_SEC)

/* Pairs as ATTRIBUTE_LABELS: PAIRS("a\0" "1\0" "b\0" "2\0"); the literal's own NUL ends them. */
#define PAIRS(literal) literal, sizeof(literal)

static inline struct draft *draft_for_test(void)
{
	struct draft_limits limits = draft_limits_for(16);
	struct draft *draft;

	assert_int_equal(draft_new(&limits, &draft), 0);
	draft_begin(draft, 100 * NSEC_PER_SEC, NOW, NSEC_PER_SEC);
	return draft;
}

struct who {
	const char *path, *name, *image, *runtime, *id;
};

static inline struct row *add_container(struct draft *draft, uint64_t instance,
					const struct who *who)
{
	const char *const values[] = {
		[ATTRIBUTE_PATH] = who->path,   [ATTRIBUTE_NAME] = who->name,
		[ATTRIBUTE_IMAGE] = who->image, [ATTRIBUTE_RUNTIME] = who->runtime,
		[ATTRIBUTE_ID] = who->id,
	};
	struct row *row = draft_take(draft, ENTITY_CONTAINER);

	assert_non_null(row);
	row->instance = instance;
	row_set(row, METRIC_LAST_SEEN, NOW);
	for (enum attribute i = 0; i <= ATTRIBUTE_ID; i++)
		if (values[i])
			draft_string(draft, row, i, values[i]);
	return row;
}

/* The caller frees it. */
static inline struct snapshot *seal(const struct draft *draft)
{
	struct snapshot *snapshot = malloc(draft_bytes(draft));
	size_t length;

	assert_non_null(snapshot);
	length = draft_write(draft, snapshot);
	assert_int_equal(snapshot_check(snapshot, length), 0);
	return snapshot;
}

static inline struct snapshot *seal_and_free(struct draft *draft)
{
	struct snapshot *snapshot = seal(draft);

	draft_free(draft);
	return snapshot;
}

/* What the exporter writes, ended by a NUL byte; the caller frees it. */
static inline char *written(const struct exporter *exporter, const struct export *export)
{
	struct text text = { 0 };

	assert_int_equal(exporter->write(export, &text), 0);
	assert_false(text.overflowed);
	text_add(&text, "", 1);
	return text.bytes;
}

static inline void assert_written(const struct exporter *exporter, const struct export *export,
				  const char *expected)
{
	char *text = written(exporter, export);

	assert_string_equal(text, expected);
	free(text);
}

static inline void set_cells(struct row *row, uint64_t value)
{
	for (enum metric i = entity_infos[row->entity].first; i < entity_infos[row->entity].end;
	     i++)
		row_set(row, i, metric_infos[i].kind == KIND_INFO ? 1 : value + i);
}

#define HOSTILE "q\"uo\\te\nend\t\x01 \xc3\xa9 {le=\"1\"} # EOF"

/* Every cell of every entity, in several rows, under names chosen to break a writer. */
static inline struct snapshot *full_snapshot(void)
{
	static const struct who whos[] = {
		{ .path = "/" },
		{ "/docker/" ID_A, "web", "nginx:1.25", "docker", ID_A },
		{ "/a\"b\\c\nd", HOSTILE, HOSTILE, HOSTILE, HOSTILE },
	};
	struct draft *draft = draft_for_test();
	struct row *machine = draft_single(draft, ENTITY_MACHINE);

	for (size_t i = 0; i < sizeof(whos) / sizeof(whos[0]); i++) {
		struct row *row = add_container(draft, 10 + i, &whos[i]);

		set_cells(row, i * NSEC_PER_SEC / 2);
		set_cells(draft_child(draft, row, ENTITY_DEVICE, "/dev/sda"), i);
		set_cells(draft_child(draft, row, ENTITY_DEVICE, HOSTILE), i);
		set_cells(draft_child(draft, row, ENTITY_INTERFACE, "eth0"), i);
		set_cells(draft_child(draft, row, ENTITY_INTERFACE, "\"}"), i);
		set_cells(draft_child(draft, row, ENTITY_HUGEPAGE, "2MB"), i);
		if (i == 0)
			continue;
		for (enum attribute a = ATTRIBUTE_IMAGE_ID; a <= ATTRIBUTE_DETAIL; a++)
			draft_string(draft, row, a, HOSTILE);
		draft_labels(draft, row, ATTRIBUTE_LABELS,
			     PAIRS("a.b\0" HOSTILE "\0" HOSTILE "\0"
				   "value\0"
				   "a-b\0"
				   "second\0"));
		draft_labels(draft, row, ATTRIBUTE_SERIES_LABELS,
			     PAIRS("com.docker.compose.project\0"
				   "shop\0"
				   "com-docker-compose-project\0"
				   "other\0"));
	}
	set_cells(draft_single(draft, ENTITY_HOST), 1);
	set_cells(machine, 2);
	draft_string(draft, machine, ATTRIBUTE_ID, HOSTILE);
	set_cells(draft_single(draft, ENTITY_AGENT), 3);
	set_cells(draft_labelled(draft, ENTITY_DISK, "/dev/sda"), 4);
	set_cells(draft_labelled(draft, ENTITY_DISK, HOSTILE), 4);
	set_cells(draft_labelled(draft, ENTITY_COLLECTOR, "cpu"), 5);
	return seal_and_free(draft);
}
