/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Labels of the two text formats, which escape them alike.
 *
 * What every series of a container carries is rendered once per answer, in two blocks, and copied
 * onto each line: container_* series have cAdvisor's labels, plimsoll_* series our three. A label
 * without value equals no label, and is left out. */

#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"
#include "base/text.h"
#include "model/snapshot.h"

enum label_set {
	LABELS_COMPATIBLE, /* id, image, name, container_label_KEY of the allow-list */
	LABELS_NATIVE,     /* id, name, runtime */
	LABEL_SET_COUNT,
};

struct label_block {
	size_t start, length; /* within `text` */
};

struct labels {
	struct text text;
	struct label_block *blocks; /* LABEL_SET_COUNT for each container row */
};

struct json_out;
struct selection;

/* Returns 0 or -ENOMEM; text.overflowed tells of memory that ran out later. */
int labels_init(struct labels *labels, const struct snapshot *snapshot,
		const struct selection *selection);
void labels_fini(struct labels *labels);

/* The block of a row that the selection shows. */
struct slice labels_get(const struct labels *labels, uint32_t index, enum label_set set);

/* name="value", with a comma before it when something stands behind `start`. */
void label_add(struct text *text, size_t start, const char *name, const char *value);

/* Each pair as PREFIXKEY="value", where every byte of KEY that no label name may have becomes
 * '_'. Of keys that become the same the first is kept. At most LABELS_MAX of one row. */
void label_add_pairs(struct text *text, size_t start, const char *prefix, const char *pairs);

/* The same as members of the JSON object that is open: "PREFIXKEY": "value". */
void label_json_pairs(struct json_out *json, const char *prefix, const char *pairs);

#define LABELS_MAX 128 /* a container may come with thousands; JSON shows them all */

/* A string of a row and what it is called outside. */
struct attribute_name {
	const char *name;
	enum attribute attribute;
};

/* What the label of a row is called: DEVICE, INTERFACE, HUGEPAGE, DISK, COLLECTOR; else NULL. */
extern const char *const row_label_names[ENTITY_COUNT];
