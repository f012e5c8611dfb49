/* SPDX-License-Identifier: Apache-2.0 */

/* json_cells: rows as JSON. */

#include "exporters/json_cells.h"

#include <ctype.h>

#include "exporters/labels.h"

#define KEY_BYTES 64 /* the longest name of a cell has 32 characters */

void json_strings(struct json_out *json, const struct snapshot *snapshot, const struct row *row,
		  const struct attribute_name *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = snapshot_string(snapshot, row, names[i].attribute);

		if (value[0] != '\0')
			json_text(json, names[i].name, value);
	}
}

void json_cell(struct json_out *json, const char *key, const struct row *row, enum metric metric)
{
	uint64_t value;

	if (!row_get(row, metric, &value))
		return;

	switch (metric_infos[metric].unit) {
	case UNIT_NANOSECONDS:
	case UNIT_NANO:
		json_nano(json, key, value);
		break;
	case UNIT_SIGNED:
		json_i64(json, key, (int64_t) value);
		break;
	default:
		json_u64(json, key, value);
	}
}

static void name_key(const struct metric_info *info, char key[KEY_BYTES])
{
	size_t length = strlen(info->cell);

	assert(length + sizeof("_seconds") < KEY_BYTES);
	for (size_t i = 0; i <= length; i++)
		key[i] = (char) tolower((unsigned char) info->cell[i]);
	if (info->unit == UNIT_NANOSECONDS && length > 3 && strcmp(key + length - 3, "_ns") == 0)
		memcpy(key + length - 3, "_seconds", sizeof("_seconds"));
}

void json_cells(struct json_out *json, const struct row *row)
{
	const struct entity_info *entity = &entity_infos[row->entity];
	char key[KEY_BYTES];

	for (enum metric metric = entity->first; metric < entity->end; metric++) {
		if (!row_has(row, metric))
			continue;
		name_key(&metric_infos[metric], key);
		json_cell(json, key, row, metric);
	}
}

void json_rows(struct json_out *json, const char *key, const struct snapshot *snapshot,
	       enum entity entity, uint32_t parent)
{
	json_open(json, key, '[');
	for (uint32_t i = 0; i < snapshot_rows(snapshot, entity); i++) {
		const struct row *row = snapshot_row(snapshot, entity, i);

		if (!row || row->parent != parent)
			continue;
		json_open(json, NULL, '{');
		json_text(json, row_label_names[entity], row->label);
		json_cells(json, row);
		json_close(json, '}');
	}
	json_close(json, ']');
}
