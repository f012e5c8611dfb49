/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The snapshot that is being worked on: rows come and go with what they describe, cells are
 * written by sensors, and share.h publishes a copy of it after each round.
 *
 * All rows are reserved at start (pool.h): a round allocates nothing. Strings are different:
 * they change only when a container comes, goes or is renamed; then all are written anew. */

#include <stddef.h>
#include <stdint.h>

#include "model/row.h"

struct draft;

struct draft_limits {
	uint32_t rows[ENTITY_COUNT];
	size_t string_bytes; /* of all strings together */
};

/* Room for so many containers and what belongs to them. */
struct draft_limits draft_limits_for(uint32_t containers);

/* Returns 0 or -ENOMEM. */
int draft_new(const struct draft_limits *limits, struct draft **ret_draft);
void draft_free(struct draft *draft);

/* A live row without cells; NULL when the limit is reached, which is counted. */
struct row *draft_take(struct draft *draft, enum entity entity);

/* Ends a row that is no child, together with its children. */
void draft_give(struct draft *draft, struct row *row);

/* The child row with this label, made when there is none yet, and marked as seen in this round.
 * NULL when the limit is reached. A label that is too long is cut. */
struct row *draft_child(struct draft *draft, struct row *parent, enum entity entity,
			const char *label);

/* The row of an entity without parent that has this label (DISK, COLLECTOR), made when missing
 * and marked as seen. */
struct row *draft_labelled(struct draft *draft, enum entity entity, const char *label);

/* The only row of HOST, MACHINE or AGENT; always there. */
struct row *draft_single(struct draft *draft, enum entity entity);

/* Ends the children of this entity, or (parent NULL) the rows of this entity, that were not seen
 * since draft_begin. A sensor calls it after it has read its source whole. */
void draft_sweep(struct draft *draft, struct row *parent, enum entity entity);

/* A new round: number and time stamps. */
void draft_begin(struct draft *draft, uint64_t boottime_ns, uint64_t realtime_ns,
		 uint64_t interval_ns);

/* Strings. Reset forgets all; then every container row and the machine row is described again.
 * An area that is full leaves the string empty and is counted in draft_stats. */
void draft_strings_reset(struct draft *draft);
void draft_string(struct draft *draft, struct row *row, enum attribute attribute,
		  const char *value);
/* For the label attributes: `pairs` as entity.h says, `length` with the NUL of the empty key.
 */
void draft_labels(struct draft *draft, struct row *row, enum attribute attribute, const char *pairs,
		  size_t length);

struct draft_stats {
	uint32_t used[ENTITY_COUNT];
	uint32_t capacity[ENTITY_COUNT];
	uint64_t refused[ENTITY_COUNT];
	uint64_t strings_refused;
	uint64_t round;
};
void draft_stats_get(const struct draft *draft, struct draft_stats *ret_stats);

/* Bytes that draft_write needs at most, now and with every row in use. */
size_t draft_bytes(const struct draft *draft);
size_t draft_bytes_max(const struct draft *draft);

struct snapshot;

/* Writes the draft as a snapshot (snapshot.h) into `block`, which has room for draft_bytes() and
 * is aligned to 8 bytes. Returns the length in bytes. */
size_t draft_write(const struct draft *draft, struct snapshot *block);
