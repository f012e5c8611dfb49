/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Labels of child rows out of names that the kernel or a container chose. An interface may be
 * called anything but "/", ":" and blanks; bytes that are not printable ASCII become '?', so that
 * a label is valid in every wire format. Names that are too long are cut. */

#include "base/parse.h"
#include "model/row.h"

static inline char label_byte(char c)
{
	if (c > ' ' && c <= '~')
		return c;
	return '?';
}

static inline void label_set(char ret_label[ROW_LABEL_BYTES], const char *prefix, struct slice name)
{
	size_t length = 0;

	for (; *prefix && length < ROW_LABEL_BYTES - 1; prefix++)
		ret_label[length++] = *prefix;
	for (size_t i = 0; i < name.length && length < ROW_LABEL_BYTES - 1; i++)
		ret_label[length++] = label_byte(name.start[i]);
	ret_label[length] = '\0';
}
