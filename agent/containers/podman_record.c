/* SPDX-License-Identifier: Apache-2.0 */

/* podman_record: a row of one of podman's databases, and what its JSON is. */

#include "podman.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

int podman_text_set(struct podman_text *text, const void *start, size_t length)
{
	char *copy = malloc(length + 1);

	if (!copy)
		return -ENOMEM;
	if (length > 0)
		memcpy(copy, start, length);
	copy[length] = '\0';

	free(text->start);
	*text = (struct podman_text){ .start = copy, .length = length };
	return 0;
}

void podman_ids_fini(struct podman_ids *ids)
{
	free(ids->list);
	*ids = (struct podman_ids){ 0 };
}

int podman_ids_add(struct podman_ids *ids, const char *id)
{
	if (ids->count == ids->capacity) {
		size_t capacity = ids->capacity > 0 ? ids->capacity * 2 : 16;
		void *list = reallocarray(ids->list, capacity, sizeof(*ids->list));

		if (!list)
			return -ENOMEM;
		ids->list = list;
		ids->capacity = capacity;
	}

	memcpy(ids->list[ids->count++], id, sizeof(*ids->list));
	return 0;
}

void podman_row_fini(struct podman_row *row)
{
	free(row->name.start);
	free(row->pod.start);
	free(row->config.start);
	free(row->state.start);
	*row = (struct podman_row){ 0 };
}

void podman_record_fini(struct podman_record *record)
{
	json_decref(record->config);
	json_decref(record->state);
	free(record->name);
	free(record->pod);
	*record = (struct podman_record){ 0 };
}

static int take_text(const struct podman_text *text, char **field)
{
	return text->length > 0 ? identity_set(field, text->start, text->length) : 0;
}

static int parse_object(const struct podman_text *text, const char *file, struct identity *identity,
			json_t **ret_object)
{
	CLEANUP(json_decref_p) json_t *json = NULL;
	int r = metadata_parse(text->start ? text->start : "", text->length, file, identity, &json);

	if (r < 0)
		return r;
	if (!json_is_object(json)) {
		identity_explain(identity, "%s: not what podman writes", file);
		return -EBADMSG;
	}

	*ret_object = TAKE_PTR(json);
	return 0;
}

int podman_record_parse(const struct podman_row *row, const char *file, struct identity *identity,
			struct podman_record *ret_record)
{
	int r = take_text(&row->name, &ret_record->name);

	if (r >= 0)
		r = take_text(&row->pod, &ret_record->pod);
	if (r >= 0)
		r = parse_object(&row->config, file, identity, &ret_record->config);
	if (r >= 0 && row->state.length > 0)
		r = parse_object(&row->state, file, identity, &ret_record->state);
	return r;
}

static uint64_t hash(uint64_t hash, const struct podman_text *text)
{
	for (size_t i = 0; i < text->length; i++)
		hash = (hash ^ (unsigned char) text->start[i]) * 0x100000001b3ULL; /* FNV-1a */

	return (hash ^ text->length) * 0x100000001b3ULL;
}

uint64_t podman_row_hash(const struct podman_row *row)
{
	uint64_t value = 0xcbf29ce484222325ULL;

	value = hash(value, &row->name);
	value = hash(value, &row->pod);
	value = hash(value, &row->config);
	value = hash(value, &row->state);
	return value > 0 ? value : 1;
}
