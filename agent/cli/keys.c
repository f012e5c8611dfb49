/* SPDX-License-Identifier: Apache-2.0 */

/* keys: sequences as a table. */

#include "cli/keys.h"

#include <string.h>

#include "base/cleanup.h"

static const struct {
	const char *sequence; /* behind ESC */
	enum key key;
} sequences[] = {
	{ "[A", KEY_UP },       { "OA", KEY_UP },         { "[B", KEY_DOWN }, { "OB", KEY_DOWN },
	{ "[5~", KEY_PAGE_UP }, { "[6~", KEY_PAGE_DOWN }, { "[H", KEY_HOME }, { "OH", KEY_HOME },
	{ "[1~", KEY_HOME },    { "[7~", KEY_HOME },      { "[F", KEY_END },  { "OF", KEY_END },
	{ "[4~", KEY_END },     { "[8~", KEY_END },
};

/* How long a control sequence is: parameters, then a byte from '@' to '~'. */
static size_t sequence_length(const char *bytes, size_t length)
{
	size_t i = 1;

	if (bytes[0] != '[')
		return length < 2 ? length : 2; /* "O" and one more */
	while (i < length && (bytes[i] < '@' || bytes[i] > '~'))
		i++;
	return i < length ? i + 1 : length;
}

static size_t take_sequence(const char *bytes, size_t length, int *ret_key)
{
	size_t n;

	*ret_key = KEY_ESCAPE;
	if (length < 2 || (bytes[1] != '[' && bytes[1] != 'O'))
		return 1;

	*ret_key = KEY_NONE;
	n = sequence_length(bytes + 1, length - 1);
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++)
		if (strlen(sequences[i].sequence) == n &&
		    memcmp(sequences[i].sequence, bytes + 1, n) == 0)
			*ret_key = (int) sequences[i].key;
	return 1 + n;
}

size_t key_take(const char *bytes, size_t length, int *ret_key)
{
	switch (bytes[0]) {
	case '\033':
		return take_sequence(bytes, length, ret_key);
	case 3:
		*ret_key = KEY_INTERRUPT;
		break;
	case 12:
		*ret_key = KEY_REDRAW;
		break;
	case 26:
		*ret_key = KEY_SUSPEND;
		break;
	case 8:
	case 127:
		*ret_key = KEY_BACKSPACE;
		break;
	case '\r':
	case '\n':
		*ret_key = KEY_ENTER;
		break;
	default:
		*ret_key = (unsigned char) bytes[0];
		if (*ret_key < ' ')
			*ret_key = KEY_NONE;
	}
	return 1;
}
