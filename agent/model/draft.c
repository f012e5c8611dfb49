/* SPDX-License-Identifier: Apache-2.0 */

/* draft: rows from pools, chained to their containers; strings in one area that is written anew. */

#include "model/draft.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/pool.h"
#include "base/text.h"
#include "model/snapshot.h"

#define STRINGS_PER_CONTAINER 1024 /* bytes on average: path 100, name, image, a dozen labels */
#define STRINGS_MIN           (1024 * 1024)
/* The area ends with three of them, so that a walk over label pairs that starts anywhere inside
 * meets an empty key before the end. */
static const char strings_end[3];

struct draft {
	struct pool pools[ENTITY_COUNT];
	uint32_t high[ENTITY_COUNT]; /* rows ever used: what is copied */
	struct text strings;
	uint64_t strings_refused;
	uint64_t table_hash;
	uint64_t round;
	uint64_t boottime_ns, realtime_ns, interval_ns;
};

struct draft_limits draft_limits_for(uint32_t containers)
{
	size_t string_bytes = (size_t) containers * STRINGS_PER_CONTAINER;

	return (struct draft_limits){
		.rows = {
			[ENTITY_CONTAINER] = containers + 1, /* the root cgroup */
			[ENTITY_DEVICE] = 4 * containers + 64,
			[ENTITY_INTERFACE] = 2 * containers + 64,
			[ENTITY_HUGEPAGE] = 2 * containers + 4,
			[ENTITY_HOST] = 1,
			[ENTITY_MACHINE] = 1,
			[ENTITY_DISK] = 256,
			[ENTITY_AGENT] = 1,
			[ENTITY_COLLECTOR] = 64,
		},
		.string_bytes = string_bytes < STRINGS_MIN ? STRINGS_MIN : string_bytes,
	};
}

static const enum entity singles[] = { ENTITY_HOST, ENTITY_MACHINE, ENTITY_AGENT };

int draft_new(const struct draft_limits *limits, struct draft **ret_draft)
{
	struct draft *draft = calloc(1, sizeof(*draft));

	if (!draft)
		return -ENOMEM;

	draft->table_hash = metric_table_hash();
	draft->strings.limit = limits->string_bytes;
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		const struct entity_info *info = &entity_infos[entity];
		int r = pool_init(&draft->pools[entity], info->name, info->row_bytes,
				  limits->rows[entity]);

		if (r < 0) {
			draft_free(draft);
			return r;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(singles); i++)
		if (!draft_take(draft, singles[i])) {
			draft_free(draft);
			return -ENOMEM;
		}
	draft_strings_reset(draft);
	if (draft->strings.overflowed) {
		draft_free(draft);
		return -ENOMEM;
	}

	*ret_draft = draft;
	return 0;
}

void draft_free(struct draft *draft)
{
	if (!draft)
		return;

	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		pool_fini(&draft->pools[entity]);
	text_fini(&draft->strings);
	free(draft);
}

struct row *draft_take(struct draft *draft, enum entity entity)
{
	struct row *row = pool_take(&draft->pools[entity]);

	if (!row)
		return NULL;

	row->live = 1;
	row->entity = entity;
	row->index = pool_index(&draft->pools[entity], row);
	row->parent = ROW_NONE;
	row->next = ROW_NONE;
	row->touched = (uint32_t) draft->round;
	if (row->index >= draft->high[entity])
		draft->high[entity] = row->index + 1;
	return row;
}

static void give_one(struct draft *draft, struct row *row)
{
	row->live = 0;
	pool_give(&draft->pools[row->entity], row);
}

/* Children of several entities hang in one chain; `next` says which entity the next one is by
 * its upper bits, since indexes are per entity. */
#define CHAIN_SHIFT 28
#define CHAIN_INDEX ((1U << CHAIN_SHIFT) - 1)
static_assert(ENTITY_COUNT < 15, "ROW_NONE must stay different from every link");

static uint32_t link_to(const struct row *row)
{
	return row->entity << CHAIN_SHIFT | row->index;
}

static struct row *link_row(const struct draft *draft, uint32_t link)
{
	if (link == ROW_NONE)
		return NULL;
	return pool_at(&draft->pools[link >> CHAIN_SHIFT], link & CHAIN_INDEX);
}

void draft_give(struct draft *draft, struct row *row)
{
	assert(row->parent == ROW_NONE); /* children end by draft_sweep, or with their parent */
	if (row->entity == ENTITY_CONTAINER)
		for (struct row *child = link_row(draft, row->next), *next; child; child = next) {
			next = link_row(draft, child->next);
			give_one(draft, child);
		}
	give_one(draft, row);
}

static void row_label(struct row *row, const char *label)
{
	size_t length = strnlen(label, sizeof(row->label) - 1);

	memcpy(row->label, label, length);
	row->label[length] = '\0';
}

static bool row_is_labelled(const struct row *row, enum entity entity, const char *label)
{
	return row->entity == (uint32_t) entity &&
	       strncmp(row->label, label, sizeof(row->label) - 1) == 0;
}

struct row *draft_child(struct draft *draft, struct row *parent, enum entity entity,
			const char *label)
{
	struct row *child;

	for (child = link_row(draft, parent->next); child; child = link_row(draft, child->next))
		if (row_is_labelled(child, entity, label)) {
			child->touched = (uint32_t) draft->round;
			return child;
		}

	child = draft_take(draft, entity);
	if (!child)
		return NULL;
	row_label(child, label);
	child->instance = parent->instance;
	child->parent = parent->index;
	child->next = parent->next;
	parent->next = link_to(child);
	return child;
}

struct row *draft_labelled(struct draft *draft, enum entity entity, const char *label)
{
	struct row *row;

	for (uint32_t i = 0; i < draft->high[entity]; i++) {
		row = pool_at(&draft->pools[entity], i);
		if (row->live && row_is_labelled(row, entity, label)) {
			row->touched = (uint32_t) draft->round;
			return row;
		}
	}

	row = draft_take(draft, entity);
	if (row)
		row_label(row, label);
	return row;
}

struct row *draft_single(struct draft *draft, enum entity entity)
{
	return pool_at(&draft->pools[entity], 0);
}

static void sweep_children(struct draft *draft, struct row *parent, enum entity entity)
{
	uint32_t *link = &parent->next;
	struct row *child;

	while ((child = link_row(draft, *link)) != NULL) {
		if (child->entity != (uint32_t) entity ||
		    child->touched == (uint32_t) draft->round) {
			link = &child->next;
			continue;
		}
		*link = child->next;
		give_one(draft, child);
	}
}

void draft_sweep(struct draft *draft, struct row *parent, enum entity entity)
{
	if (parent) {
		sweep_children(draft, parent, entity);
		return;
	}

	for (uint32_t i = 0; i < draft->high[entity]; i++) {
		struct row *row = pool_at(&draft->pools[entity], i);

		if (row->live && row->touched != (uint32_t) draft->round)
			draft_give(draft, row);
	}
}

void draft_begin(struct draft *draft, uint64_t boottime_ns, uint64_t realtime_ns,
		 uint64_t interval_ns)
{
	draft->round++;
	draft->boottime_ns = boottime_ns;
	draft->realtime_ns = realtime_ns;
	draft->interval_ns = interval_ns;
}

static void forget_strings(struct draft *draft, enum entity entity)
{
	for (uint32_t i = 0; i < draft->high[entity]; i++) {
		struct row *row = pool_at(&draft->pools[entity], i);

		memset(row->strings, 0, sizeof(row->strings));
	}
}

void draft_strings_reset(struct draft *draft)
{
	forget_strings(draft, ENTITY_CONTAINER);
	forget_strings(draft, ENTITY_MACHINE);
	draft->strings.length = 0;
	draft->strings.overflowed = false;
	TEXT_ADD(&draft->strings, "\0"); /* offset 0: the empty string */
}

static void add_string(struct draft *draft, struct row *row, enum attribute attribute,
		       const char *bytes, size_t length)
{
	size_t offset = draft->strings.length;

	assert(row->entity == ENTITY_CONTAINER || row->entity == ENTITY_MACHINE);
	row->strings[attribute] = 0;
	if (bytes[0] == '\0')
		return;
	text_add(&draft->strings, bytes, length);
	if (draft->strings.overflowed) {
		draft->strings.overflowed = false; /* a shorter one may still fit */
		draft->strings_refused++;
		return;
	}
	row->strings[attribute] = (uint32_t) offset;
}

void draft_string(struct draft *draft, struct row *row, enum attribute attribute, const char *value)
{
	add_string(draft, row, attribute, value, strlen(value) + 1);
}

void draft_labels(struct draft *draft, struct row *row, enum attribute attribute, const char *pairs,
		  size_t length)
{
	add_string(draft, row, attribute, pairs, length);
}

void draft_stats_get(const struct draft *draft, struct draft_stats *ret_stats)
{
	*ret_stats = (struct draft_stats){
		.strings_refused = draft->strings_refused,
		.round = draft->round,
	};
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		ret_stats->used[entity] = draft->pools[entity].used;
		ret_stats->capacity[entity] = draft->pools[entity].capacity;
		ret_stats->refused[entity] = draft->pools[entity].refused;
	}
}

static size_t block_bytes(const struct draft *draft, bool max)
{
	size_t bytes = sizeof(struct snapshot);

	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		bytes += (size_t) entity_infos[entity].row_bytes *
			 (max ? draft->pools[entity].capacity : draft->high[entity]);
	bytes += max ? draft->strings.limit : draft->strings.length;
	return bytes + sizeof(strings_end);
}

size_t draft_bytes(const struct draft *draft)
{
	return block_bytes(draft, false);
}

size_t draft_bytes_max(const struct draft *draft)
{
	return block_bytes(draft, true);
}

size_t draft_write(const struct draft *draft, struct snapshot *block)
{
	char *bytes = (char *) block;
	size_t offset = sizeof(*block);

	*block = (struct snapshot){
		.magic = SNAPSHOT_MAGIC,
		.table_hash = draft->table_hash,
		.sequence = draft->round,
		.boottime_ns = draft->boottime_ns,
		.realtime_ns = draft->realtime_ns,
		.interval_ns = draft->interval_ns,
	};
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		size_t row_bytes = entity_infos[entity].row_bytes;
		size_t length = row_bytes * draft->high[entity];

		block->sections[entity].offset = offset;
		block->sections[entity].row_bytes = (uint32_t) row_bytes;
		block->sections[entity].rows = draft->high[entity];
		memcpy(bytes + offset, draft->pools[entity].objects, length);
		offset += length;
	}

	memcpy(bytes + offset, draft->strings.bytes, draft->strings.length);
	memcpy(bytes + offset + draft->strings.length, strings_end, sizeof(strings_end));
	block->strings_offset = offset;
	block->strings_length = draft->strings.length + sizeof(strings_end);
	block->length = offset + block->strings_length;
	return block->length;
}
