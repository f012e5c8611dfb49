/* SPDX-License-Identifier: Apache-2.0 */

/* utf8: what others call text, made valid (decoding is libutf8proc's). */

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

char *utf8_copy(const char *bytes, size_t length, size_t max_bytes)
{
	/* A bad byte becomes three, so thrice the input is always enough. */
	size_t capacity = length < max_bytes / 3 ? 3 * length : max_bytes;
	char *copy = malloc(capacity + 1);
	size_t used = 0;

	if (!copy)
		return NULL;

	for (size_t i = 0; i < length;) {
		utf8proc_int32_t codepoint;
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *) bytes + i,
						      (utf8proc_ssize_t) (length - i), &codepoint);
		const char *from = n > 0 && codepoint != 0 ? bytes + i : REPLACEMENT;
		size_t width = n > 0 && codepoint != 0 ? (size_t) n : strlen(REPLACEMENT);

		if (used + width > capacity)
			break;
		memcpy(copy + used, from, width);
		used += width;
		i += n > 0 ? (size_t) n : 1;
	}

	copy[used] = '\0';
	return copy;
}
