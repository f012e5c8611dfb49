/* SPDX-License-Identifier: Apache-2.0 */

/* header: lists and parameters of header values. */

#include "web/header.h"

#include <errno.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice trim(struct slice slice)
{
	while (slice.length > 0 && is_blank(slice.start[0])) {
		slice.start++;
		slice.length--;
	}
	while (slice.length > 0 && is_blank(slice.start[slice.length - 1]))
		slice.length--;

	return slice;
}

/* Where the piece ends: a backslash inside of quotes hides the character behind it. */
static size_t piece_length(struct slice rest, char separator)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < rest.length; i++) {
		if (rest.start[i] == '"')
			quoted = !quoted;
		else if (quoted && rest.start[i] == '\\')
			i++;
		else if (!quoted && rest.start[i] == separator)
			return i;
	}

	return rest.length;
}

bool piece_next(struct slice *rest, char separator, struct slice *ret_piece)
{
	size_t length = piece_length(*rest, separator);

	if (rest->length == 0)
		return false;

	*ret_piece = trim((struct slice){ rest->start, length });
	if (length < rest->length)
		length++; /* the separator */
	rest->start += length;
	rest->length -= length;
	return true;
}

static struct slice unquote(struct slice value)
{
	if (value.length >= 2 && value.start[0] == '"' && value.start[value.length - 1] == '"')
		return (struct slice){ value.start + 1, value.length - 2 };

	return value;
}

bool parameter_next(struct slice *rest, struct slice *ret_name, struct slice *ret_value)
{
	struct slice piece, value;
	size_t equals;

	if (!piece_next(rest, ';', &piece))
		return false;

	equals = piece_length(piece, '=');
	value = (struct slice){ piece.start + equals, piece.length - equals };
	if (value.length > 0)
		value = (struct slice){ value.start + 1, value.length - 1 };

	*ret_name = trim((struct slice){ piece.start, equals });
	*ret_value = unquote(trim(value));
	return true;
}

bool slice_is_nocase(struct slice slice, const char *text)
{
	return slice.length == strlen(text) && strncasecmp(slice.start, text, slice.length) == 0;
}

int weight_parse(struct slice value, unsigned *ret_weight)
{
	uint64_t weight;

	if (parse_scaled(value, WEIGHT_ONE, &weight) < 0 || weight > WEIGHT_ONE)
		return -EINVAL;

	*ret_weight = (unsigned) weight;
	return 0;
}
