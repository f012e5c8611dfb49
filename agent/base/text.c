/* SPDX-License-Identifier: Apache-2.0 */

/* text: bytes appended to a buffer that grows. */

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define FIRST_BYTES  4096
#define FORMAT_BYTES 128 /* most formatted pieces are one number */

void text_fini(struct text *text)
{
	free(text->bytes);
	*text = (struct text){ 0 };
}

/* From here on nothing fits any more, not even a shorter piece: no holes in the text. */
static bool overflow(struct text *text)
{
	text->overflowed = true;
	text->capacity = text->length;
	return false;
}

bool text_reserve(struct text *text, size_t more)
{
	size_t limit = text->limit > 0 ? text->limit : SIZE_MAX / 2;
	size_t capacity = text->capacity > FIRST_BYTES ? text->capacity : FIRST_BYTES;
	size_t needed;
	char *bytes;

	if (text->overflowed)
		return false;
	if (__builtin_add_overflow(text->length, more, &needed) || needed > limit)
		return overflow(text);
	if (needed <= text->capacity)
		return true;

	/* Half as much again, not double: these texts are megabytes, and are kept. */
	while (capacity < needed)
		capacity += capacity / 2;
	if (capacity > limit)
		capacity = limit;

	bytes = realloc(text->bytes, capacity);
	if (!bytes)
		return overflow(text);

	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

void text_add_string(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_add_escaped(struct text *text, const char *string, const char *special)
{
	for (;;) {
		size_t plain = strcspn(string, special);

		text_add(text, string, plain);
		string += plain;
		if (*string == '\0')
			return;
		TEXT_ADD(text, "\\");
		text_add(text, *string == '\n' ? "n" : string, 1);
		string++;
	}
}

/* Digits of value, written so that they end at `end`; returns where they begin. */
static char *digits_before(char *end, uint64_t value)
{
	do {
		*--end = (char) ('0' + value % 10);
		value /= 10;
	} while (value > 0);

	return end;
}

void text_add_u64(struct text *text, uint64_t value)
{
	char digits[20];
	char *end = digits + sizeof(digits);
	char *start = digits_before(end, value);

	text_add(text, start, (size_t) (end - start));
}

void text_add_i64(struct text *text, int64_t value)
{
	if (value < 0)
		TEXT_ADD(text, "-");
	text_add_u64(text, value < 0 ? -(uint64_t) value : (uint64_t) value);
}

void text_add_nano(struct text *text, uint64_t value)
{
	char fraction[10] = ".000000000";
	size_t length = sizeof(fraction);

	text_add_u64(text, value / 1000000000);
	(void) digits_before(fraction + sizeof(fraction), value % 1000000000);
	while (length > 1 && fraction[length - 1] == '0')
		length--;
	if (length > 1)
		text_add(text, fraction, length);
}

void text_add_format(struct text *text, const char *format, ...)
{
	char piece[FORMAT_BYTES];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(piece, sizeof(piece), format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t) length < sizeof(piece)) {
		text_add(text, piece, (size_t) length);
		return;
	}

	if (!text_reserve(text, (size_t) length + 1)) /* vsnprintf ends it with NUL */
		return;
	va_start(arguments, format);
	(void) vsnprintf(text->bytes + text->length, (size_t) length + 1, format, arguments);
	va_end(arguments);
	text->length += (size_t) length;
}

const char *duration_text(uint64_t ns, char text[DURATION_BYTES])
{
	static const struct {
		const char *suffix;
		uint64_t scale;
	} units[] = {
		{ "h", 3600 * NSEC_PER_SEC }, { "m", 60 * NSEC_PER_SEC }, { "s", NSEC_PER_SEC },
		{ "ms", NSEC_PER_MSEC },      { "us", NSEC_PER_USEC },
	};
	size_t i = 0;

	if (ns == 0) {
		(void) snprintf(text, DURATION_BYTES, "0");
		return text;
	}
	while (i + 1 < ARRAY_SIZE(units) && ns % units[i].scale != 0)
		i++;
	(void) snprintf(text, DURATION_BYTES, "%llu%s", (unsigned long long) (ns / units[i].scale),
			units[i].suffix);
	return text;
}
