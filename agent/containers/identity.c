/* SPDX-License-Identifier: Apache-2.0 */

/* identity: strings that decorate a container, made safe and bounded. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "containers/runtime.h"

#define LABEL_KEY_BYTES 128
#define DETAIL_BYTES    256 /* a file's name, a reason, a line number */

void identity_fini(struct identity *identity)
{
	free(identity->name);
	free(identity->image);
	free(identity->image_id);
	free(identity->pod);
	free(identity->detail);
	free(identity->labels);
	free(identity->address);
	*identity = (struct identity){ 0 };
}

int identity_set(char **field, const char *value, size_t length)
{
	char *copy = utf8_copy(value, length, IDENTITY_TEXT_BYTES);

	if (!copy)
		return -ENOMEM;

	free(*field);
	*field = copy;
	return 0;
}

void identity_explain(struct identity *identity, const char *format, ...)
{
	char text[DETAIL_BYTES];
	va_list arguments;

	va_start(arguments, format);
	(void) vsnprintf(text, sizeof(text), format, arguments); /* cut is fine */
	va_end(arguments);
	if (!identity->detail)
		(void) identity_set(&identity->detail, text, strlen(text)); /* as the header says */
}

static bool has_label(const struct identity *identity, const char *key)
{
	const char *cursor = identity->labels;

	while (cursor && *cursor != '\0') {
		if (strcmp(cursor, key) == 0)
			return true;
		cursor += strlen(cursor) + 1; /* behind the key */
		cursor += strlen(cursor) + 1; /* behind the value */
	}

	return false;
}

int identity_label(struct identity *identity, const char *key, const char *value)
{
	CLEANUP(free_p) char *clean_key = utf8_copy(key, strlen(key), LABEL_KEY_BYTES);
	CLEANUP(free_p) char *clean_value = utf8_copy(value, strlen(value), IDENTITY_LABEL_BYTES);
	size_t used = identity->labels ? identity->labels_length - 1 : 0;
	size_t key_bytes, value_bytes;
	char *labels;

	if (!clean_key || !clean_value)
		return -ENOMEM;
	/* A key that was cut would be another key; an empty one would end the list. */
	if (clean_key[0] == '\0' || strlen(key) > LABEL_KEY_BYTES || has_label(identity, clean_key))
		return 0;
	key_bytes = strlen(clean_key) + 1;
	value_bytes = strlen(clean_value) + 1;
	if (used + key_bytes + value_bytes + 1 > IDENTITY_LABELS_BYTES)
		return 0;

	labels = realloc(identity->labels, used + key_bytes + value_bytes + 1);
	if (!labels)
		return -ENOMEM;
	memcpy(labels + used, clean_key, key_bytes);
	memcpy(labels + used + key_bytes, clean_value, value_bytes);
	labels[used + key_bytes + value_bytes] = '\0';
	identity->labels = labels;
	identity->labels_length = used + key_bytes + value_bytes + 1;
	return 0;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool identity_equal(const struct identity *a, const struct identity *b)
{
	return same(a->name, b->name) && same(a->image, b->image) &&
	       same(a->image_id, b->image_id) && same(a->pod, b->pod) &&
	       same(a->detail, b->detail) && a->labels_length == b->labels_length &&
	       (a->labels_length == 0 || memcmp(a->labels, b->labels, a->labels_length) == 0) &&
	       a->created_ns == b->created_ns && a->started_ns == b->started_ns &&
	       same(a->address, b->address) && a->host_network == b->host_network &&
	       a->infra == b->infra && a->has_owner == b->has_owner &&
	       a->owner_uid == b->owner_uid && condition_equal(&a->condition, &b->condition);
}
