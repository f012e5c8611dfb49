/* SPDX-License-Identifier: Apache-2.0 */

/* metric: metrics.def as tables. All of it is constant; nothing happens at start. */

#include "model/metric.h"

#include <stddef.h>

#include "model/row.h"

#define PRESENT_WORDS(entity) ((METRIC_END_##entity - METRIC_FIRST_##entity + 63) / 64)

#define METRIC_ROW(entity_, name_, kind_, unit_, exposed_, labels_, help_, more_) \
	[METRIC_##name_] = { \
		.name = exposed_, \
		.labels = labels_, \
		.help = help_, \
		.cell = #name_, \
		.entity = ENTITY_##entity_, \
		.kind = KIND_##kind_, \
		.unit = UNIT_##unit_, \
		.more = more_, \
		.index = METRIC_##name_ - METRIC_FIRST_##entity_, \
		.word = PRESENT_WORDS(entity_) + METRIC_##name_ - METRIC_FIRST_##entity_, \
	},

const struct metric_info metric_infos[METRIC_COUNT] = {
#define METRIC(...)      METRIC_ROW(__VA_ARGS__, false)
#define METRIC_MORE(...) METRIC_ROW(__VA_ARGS__, true)
#include "model/metrics.def"
#undef METRIC_MORE
#undef METRIC
};

#define ENTITY_INFO(entity, name_) \
	[ENTITY_##entity] = { \
		.name = name_, \
		.first = METRIC_FIRST_##entity, \
		.end = METRIC_END_##entity, \
		.present_words = PRESENT_WORDS(entity), \
		.row_bytes = \
			sizeof(struct row) + \
			8 * (PRESENT_WORDS(entity) + METRIC_END_##entity - METRIC_FIRST_##entity), \
	}

const struct entity_info entity_infos[] = {
	ENTITY_INFO(CONTAINER, "container"), ENTITY_INFO(DEVICE, "device"),
	ENTITY_INFO(INTERFACE, "interface"), ENTITY_INFO(HUGEPAGE, "hugepage"),
	ENTITY_INFO(HOST, "host"),           ENTITY_INFO(MACHINE, "machine"),
	ENTITY_INFO(DISK, "disk"),           ENTITY_INFO(AGENT, "agent"),
	ENTITY_INFO(COLLECTOR, "collector"),
};

static_assert(sizeof(entity_infos) / sizeof(entity_infos[0]) == ENTITY_COUNT,
	      "an entity lacks its line");
static_assert(sizeof(struct row) % 8 == 0, "cells are 64-bit words");

void row_clear_all(struct row *row)
{
	for (unsigned i = 0; i < entity_infos[row->entity].present_words; i++)
		row->words[i] = 0;
}

/* FNV-1a over everything that decides where a cell is and what it means. */
uint64_t metric_table_hash(void)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (unsigned i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_infos[i];
		const char *parts[] = { info->name, info->labels, info->cell };

		for (unsigned part = 0; part < 3; part++)
			for (const char *c = parts[part]; *c; c++)
				hash = (hash ^ (unsigned char) *c) * 0x100000001b3ULL;
		hash = (hash ^ info->entity) * 0x100000001b3ULL;
		hash = (hash ^ info->unit) * 0x100000001b3ULL;
		hash = (hash ^ sizeof(struct row)) * 0x100000001b3ULL;
	}

	return hash;
}
