/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What came from a container, made fit for a terminal, a line and a table. A name may hold control
 * characters that move the cursor or reprogram the terminal, marks that turn the direction of
 * writing, characters without width, or bytes that are no UTF-8. All of them are shown as what they
 * are, "\x1b" or "\u202e"; nothing else is changed (a backslash stays one, systemd's names are full
 * of them). */

#include <stdbool.h>
#include <stddef.h>

struct text;

/* Not a control, format, surrogate, private or unassigned character, nor a line separator. */
bool character_is_plain(int codepoint);

/* Appends the bytes, escaped: no line feed, no tab, no escape, valid UTF-8. */
void text_add_visible(struct text *text, const char *bytes, size_t length);
void text_add_visible_string(struct text *text, const char *string);

/* Appends a JSON document, in which the same characters are written as JSON escapes; it stays the
 * same document. Line feeds between its values are kept. */
void text_add_visible_json(struct text *text, const char *json, size_t length);

/* Columns that visible text takes in a terminal. */
size_t text_width(const char *bytes, size_t length);

/* Appends as much of visible text as fits into `width` columns; a cut one ends with "…". Returns
 * the columns used. */
size_t text_add_cut(struct text *text, const char *bytes, size_t length, size_t width);
