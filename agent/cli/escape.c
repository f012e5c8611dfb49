/* SPDX-License-Identifier: Apache-2.0 */

/* escape: by Unicode's general categories (utf8proc's table).
 *
 * Source: Unicode Technical Report 36, "Unicode Security Considerations", 3.6 "Secure Encoding
 * Conversion" and UAX 9 for the marks that turn the direction. */

#include "cli/escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

#define CUT_MARK "\xe2\x80\xa6" /* one column: U+2026 */

bool character_is_plain(int codepoint)
{
	switch (utf8proc_category(codepoint)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	default:
		return true;
	}
}

/* The character at the start; *ret_codepoint is -1 for a byte that is no UTF-8. */
static size_t character_take(const char *bytes, size_t length, utf8proc_int32_t *ret_codepoint)
{
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *) bytes,
					      (utf8proc_ssize_t) length, ret_codepoint);

	if (n > 0)
		return (size_t) n;
	*ret_codepoint = -1;
	return 1;
}

static void add_escape(struct text *text, utf8proc_int32_t codepoint, unsigned char byte)
{
	switch (codepoint) {
	case '\n':
		TEXT_ADD(text, "\\n");
		break;
	case '\t':
		TEXT_ADD(text, "\\t");
		break;
	case -1:
		text_add_format(text, "\\x%02x", byte);
		break;
	default:
		text_add_format(text,
				codepoint < 0x80      ? "\\x%02x"
				: codepoint < 0x10000 ? "\\u%04x"
						      : "\\U%08x",
				(unsigned) codepoint);
	}
}

void text_add_visible(struct text *text, const char *bytes, size_t length)
{
	for (size_t i = 0, n; i < length; i += n) {
		utf8proc_int32_t codepoint;

		n = character_take(bytes + i, length - i, &codepoint);
		if (codepoint >= 0 && character_is_plain(codepoint))
			text_add(text, bytes + i, n);
		else
			add_escape(text, codepoint, (unsigned char) bytes[i]);
	}
}

void text_add_visible_string(struct text *text, const char *string)
{
	text_add_visible(text, string, strlen(string));
}

/* RFC 8259, 7: what is above the basic plane is a pair of surrogates. */
static void add_json_escape(struct text *text, uint32_t codepoint)
{
	if (codepoint < 0x10000) {
		text_add_format(text, "\\u%04x", codepoint);
		return;
	}
	codepoint -= 0x10000;
	text_add_format(text, "\\u%04x\\u%04x", 0xd800 + (codepoint >> 10),
			0xdc00 + (codepoint & 0x3ff));
}

void text_add_visible_json(struct text *text, const char *json, size_t length)
{
	for (size_t i = 0, n; i < length; i += n) {
		utf8proc_int32_t codepoint;

		n = character_take(json + i, length - i, &codepoint);
		if (codepoint == '\n' || (codepoint >= 0 && character_is_plain(codepoint)))
			text_add(text, json + i, n);
		else
			add_json_escape(text, codepoint < 0 ? 0xfffd : (uint32_t) codepoint);
	}
}

static size_t character_width(utf8proc_int32_t codepoint)
{
	int width = codepoint < 0 ? 1 : utf8proc_charwidth(codepoint);

	return width > 0 ? (size_t) width : 0;
}

size_t text_width(const char *bytes, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length;) {
		utf8proc_int32_t codepoint;

		i += character_take(bytes + i, length - i, &codepoint);
		width += character_width(codepoint);
	}

	return width;
}

size_t text_add_cut(struct text *text, const char *bytes, size_t length, size_t width)
{
	size_t used = 0, i = 0;

	if (text_width(bytes, length) <= width) {
		text_add(text, bytes, length);
		return text_width(bytes, length);
	}
	if (width == 0)
		return 0;

	while (i < length) {
		utf8proc_int32_t codepoint;
		size_t n = character_take(bytes + i, length - i, &codepoint);

		if (used + character_width(codepoint) > width - 1)
			break;
		used += character_width(codepoint);
		text_add(text, bytes + i, n);
		i += n;
	}
	TEXT_ADD(text, CUT_MARK);

	return used + 1;
}
