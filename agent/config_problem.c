/* SPDX-License-Identifier: Apache-2.0 */

/* config_problem: sentences about what a person typed. */

#include "config_problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *quoted(const char *text, char buffer[QUOTED_BYTES])
{
	static const char cut[] = "...";
	size_t length = strlen(text), shown = length;

	if (length >= QUOTED_BYTES) {
		shown = QUOTED_BYTES - sizeof(cut);
		while (shown > 0 && ((unsigned char) text[shown] & 0xc0) == 0x80)
			shown--; /* not within a character */
		memcpy(buffer + shown, cut, sizeof(cut));
	} else {
		buffer[shown] = '\0';
	}

	memcpy(buffer, text, shown);
	for (size_t i = 0; i < shown; i++)
		if ((unsigned char) buffer[i] < 0x20 || buffer[i] == 0x7f)
			buffer[i] = '?';

	return buffer;
}

void problem_write(struct problem *ret_problem, unsigned line, const char *format, ...)
{
	char where[24] = "";
	va_list arguments;
	int length;

	if (line > 0)
		(void) snprintf(where, sizeof(where), "line %u: ", line);
	length = snprintf(ret_problem->text, sizeof(ret_problem->text), "%s", where);
	va_start(arguments, format);
	(void) vsnprintf(ret_problem->text + length, sizeof(ret_problem->text) - (size_t) length,
			 format, arguments); /* cut is fine */
	va_end(arguments);
	ret_problem->line = line;
}
