/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What holds for an identity, whatever the files said. */

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "containers/runtime.h"

static inline bool is_valid_text(const char *text, size_t max_bytes)
{
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *) text;
	utf8proc_ssize_t length = (utf8proc_ssize_t) strlen(text);

	for (utf8proc_ssize_t at = 0; at < length;) {
		utf8proc_int32_t codepoint;
		utf8proc_ssize_t n = utf8proc_iterate(bytes + at, length - at, &codepoint);

		if (n <= 0)
			return false;
		at += n;
	}

	return (size_t) length <= max_bytes;
}

static inline void check_labels(const struct identity *identity)
{
	const char *cursor = identity->labels;

	while (*cursor) {
		const char *value = cursor + strlen(cursor) + 1;

		assert(is_valid_text(cursor, 128) && is_valid_text(value, IDENTITY_LABEL_BYTES));
		cursor = value + strlen(value) + 1;
	}
	assert((size_t) (cursor + 1 - identity->labels) == identity->labels_length);
	assert(identity->labels_length <= IDENTITY_LABELS_BYTES);
}

static inline void check_identity(const struct identity *identity)
{
	const char *const texts[] = { identity->name, identity->image, identity->image_id,
				      identity->pod, identity->detail };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert(!texts[i] || is_valid_text(texts[i], IDENTITY_TEXT_BYTES));
	if (identity->labels)
		check_labels(identity);
}
