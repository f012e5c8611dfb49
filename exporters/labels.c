/* SPDX-License-Identifier: Apache-2.0 */

/* labels: rendered and escaped. Prometheus text format 0.0.4, "Comments, help text, and type
 * information"; OpenMetrics 1.0, "Escaping": in values, backslash, quote and line feed. */

#include "exporters/labels.h"

#include <errno.h>
#include <stdlib.h>

#include "base/json_out.h"
#include "exporters/selection.h"

const char *const row_label_names[ENTITY_COUNT] = {
	[ENTITY_DEVICE] = "device",       [ENTITY_INTERFACE] = "interface",
	[ENTITY_HUGEPAGE] = "pagesize",   [ENTITY_DISK] = "device",
	[ENTITY_COLLECTOR] = "collector",
};

static void add_value(struct text *text, const char *value)
{
	TEXT_ADD(text, "=\"");
	text_add_escaped(text, value, "\\\"\n");
	TEXT_ADD(text, "\"");
}

static void add_comma(struct text *text, size_t start)
{
	if (text->length > start)
		TEXT_ADD(text, ",");
}

void label_add(struct text *text, size_t start, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;

	add_comma(text, start);
	text_add_string(text, name);
	add_value(text, value);
}

static char sanitised(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return c;
	return '_';
}

static bool becomes_same(const char *one, const char *other)
{
	while (*one && *other && sanitised(*one) == sanitised(*other)) {
		one++;
		other++;
	}

	return *one == '\0' && *other == '\0';
}

static bool collides(const char *key, const char *const *kept, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (becomes_same(key, kept[i]))
			return true;

	return false;
}

/* Pairs that make a label each: with a value, and with a key that is still free. */
struct kept {
	const char *keys[LABELS_MAX];
	size_t count;
};

static bool kept_next(struct kept *kept, const char **pairs, const char **ret_key,
		      const char **ret_value)
{
	while (kept->count < LABELS_MAX && snapshot_label_next(pairs, ret_key, ret_value)) {
		if ((*ret_value)[0] == '\0' || collides(*ret_key, kept->keys, kept->count))
			continue;
		kept->keys[kept->count++] = *ret_key;
		return true;
	}

	return false;
}

static void add_name(struct text *text, const char *prefix, const char *key)
{
	text_add_string(text, prefix);
	for (; *key; key++)
		text_add(text, (const char[]){ sanitised(*key) }, 1);
}

void label_add_pairs(struct text *text, size_t start, const char *prefix, const char *pairs)
{
	struct kept kept = { .count = 0 };
	const char *key, *value;

	while (kept_next(&kept, &pairs, &key, &value)) {
		add_comma(text, start);
		add_name(text, prefix, key);
		add_value(text, value);
	}
}

void label_json_pairs(struct json_out *json, const char *prefix, const char *pairs)
{
	struct kept kept = { .count = 0 };
	const char *key, *value;
	struct text name = { 0 };

	while (kept_next(&kept, &pairs, &key, &value)) {
		name.length = 0;
		add_name(&name, prefix, key);
		text_add(&name, "", 1);
		if (name.overflowed)
			json->text->overflowed =
				true; /* no memory: the whole answer is worthless */
		else
			json_text(json, name.bytes, value);
	}
	text_fini(&name);
}

static void add_attribute(struct text *text, size_t start, const char *name,
			  const struct snapshot *snapshot, const struct row *row,
			  enum attribute attribute)
{
	label_add(text, start, name, snapshot_string(snapshot, row, attribute));
}

static void add_compatible(struct text *text, const struct snapshot *snapshot,
			   const struct row *row)
{
	size_t start = text->length;

	add_attribute(text, start, "id", snapshot, row, ATTRIBUTE_PATH);
	add_attribute(text, start, "image", snapshot, row, ATTRIBUTE_IMAGE);
	add_attribute(text, start, "name", snapshot, row, ATTRIBUTE_NAME);
	label_add_pairs(text, start, "container_label_",
			snapshot_string(snapshot, row, ATTRIBUTE_SERIES_LABELS));
}

static void add_native(struct text *text, const struct snapshot *snapshot, const struct row *row)
{
	size_t start = text->length;

	add_attribute(text, start, "id", snapshot, row, ATTRIBUTE_PATH);
	/* Two users may have one of the same name each; where there is no id, this tells them
	 * apart.
	 */
	if (text->length == start)
		add_attribute(text, start, "container_id", snapshot, row, ATTRIBUTE_ID);
	add_attribute(text, start, "name", snapshot, row, ATTRIBUTE_NAME);
	add_attribute(text, start, "runtime", snapshot, row, ATTRIBUTE_RUNTIME);
}

static void (*const renderers[LABEL_SET_COUNT])(struct text *text, const struct snapshot *snapshot,
						const struct row *row) = {
	[LABELS_COMPATIBLE] = add_compatible,
	[LABELS_NATIVE] = add_native,
};

static void render(struct labels *labels, const struct snapshot *snapshot, const struct row *row)
{
	for (enum label_set set = 0; set < LABEL_SET_COUNT; set++) {
		struct label_block *block = &labels->blocks[row->index * LABEL_SET_COUNT + set];

		block->start = labels->text.length;
		renderers[set](&labels->text, snapshot, row);
		block->length = labels->text.length - block->start;
	}
}

int labels_init(struct labels *labels, const struct snapshot *snapshot,
		const struct selection *selection)
{
	*labels = (struct labels){
		.blocks = calloc(selection->rows + 1,
				 LABEL_SET_COUNT * sizeof(*labels->blocks)), /* never of size 0 */
	};
	if (!labels->blocks)
		return -ENOMEM;

	for (uint32_t i = 0; i < selection->rows; i++)
		if (selection_has(selection, i))
			render(labels, snapshot, snapshot_row(snapshot, ENTITY_CONTAINER, i));

	return 0;
}

void labels_fini(struct labels *labels)
{
	text_fini(&labels->text);
	free(labels->blocks);
	*labels = (struct labels){ 0 };
}

struct slice labels_get(const struct labels *labels, uint32_t index, enum label_set set)
{
	const struct label_block *block = &labels->blocks[index * LABEL_SET_COUNT + set];

	return (struct slice){ labels->text.bytes + block->start, block->length };
}
