/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The table that metrics.def becomes: the numbers that exist, and how the outside calls them.
 *
 * Sensors write cells by enum metric; every writer, the documentation and the alert check walk
 * metric_infos[]. Rows that share an exposed name stand one after another and are one family;
 * they differ in `labels`. */

#include <stdbool.h>
#include <stdint.h>

#include "model/entity.h"

enum metric_kind {
	KIND_COUNTER,
	KIND_GAUGE,
	KIND_INFO,
	KIND_STATE, /* a gauge, one of a family of which one is 1; the others, which are 0, are
		     * exposed only if everything is wanted */
	KIND_COUNT,
};

/* Cells are 64-bit unsigned integers in these units; the writer converts. */
enum metric_unit {
	UNIT_NONE, /* a count of things, or 0 and 1 */
	UNIT_BYTES,
	UNIT_NANOSECONDS, /* exposed in seconds: durations, and points in time since 1970 */
	UNIT_NANO,        /* billionths of the exposed unit: 1500000000 is 1.5 */
	UNIT_SIGNED,      /* the bits of an int64_t */
	UNIT_COUNT,
};

/* METRIC_FIRST_x and METRIC_END_x delimit the metrics of entity x. Each bracket in metrics.def is
 * a pair of names that uses up no number: one takes the next number, the other gives it back. */
enum metric {
#define METRICS_OF(entity) \
	METRIC_FIRST_##entity, METRIC_BEFORE_##entity = METRIC_FIRST_##entity - 1,
#define METRICS_END(entity)                                     METRIC_END_##entity, METRIC_LAST_##entity = METRIC_END_##entity - 1,
#define METRIC(entity, name, kind, unit, exposed, labels, help) METRIC_##name,
#include "model/metrics.def"
#undef METRIC
#undef METRICS_END
#undef METRICS_OF
	METRIC_COUNT,
};

struct metric_info {
	const char *name;   /* exposed, with suffix */
	const char *labels; /* constant labels in exposition syntax, "" for none */
	const char *help;
	const char *cell; /* name of the enum value without METRIC_: key in our own JSON */
	enum entity entity;
	enum metric_kind kind;
	enum metric_unit unit;
	bool more;      /* exposed only if everything is wanted (METRIC_MORE) */
	uint16_t index; /* of the cell among those of its entity: its presence bit */
	uint16_t word;  /* of the cell among struct row's words */
};

extern const struct metric_info metric_infos[METRIC_COUNT];

/* What a row of an entity holds. The metrics of an entity are first, first + 1, ..., end - 1. */
struct entity_info {
	const char *name; /* "container", "device", ...: key in our own JSON */
	enum metric first, end;
	uint16_t present_words; /* 64-bit words of presence bits */
	uint16_t row_bytes;     /* of struct row with all its words */
};

extern const struct entity_info entity_infos[ENTITY_COUNT];

/* Fingerprint of the table, so that two programs can tell whether they were built alike. */
uint64_t metric_table_hash(void);
