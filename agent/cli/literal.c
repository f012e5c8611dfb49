/* SPDX-License-Identifier: Apache-2.0 */

/* literal: texts and numbers in an action. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/template_tree.h"

#define NUMBER_BYTES 32

/* "quoted", with \" \\ \n \t, or `raw`. */
int literal_string(struct reader *reader, json_t **ret_literal)
{
	CLEANUP(text_fini) struct text text = { 0 };
	size_t start = reader->at;
	char quote = reader->source[reader->at++];

	for (; reader_next(reader) != quote; reader->at++) {
		char c = reader_next(reader);

		if (reader->at >= reader->end)
			return reader_fail(reader, start, "the quote is not closed");
		if (c == '\\' && quote == '"' && reader->at + 1 < reader->end) {
			c = reader->source[++reader->at];
			c = (char) (c == 'n' ? '\n' : c == 't' ? '\t' : c);
		}
		text_add(&text, &c, 1);
	}
	reader->at++;
	*ret_literal = json_stringn(text.bytes ? text.bytes : "", text.length);
	return *ret_literal ? 0 : reader_fail(reader, start, "this is no valid UTF-8");
}

int literal_number(struct reader *reader, json_t **ret_literal)
{
	char word[NUMBER_BYTES], *end;
	size_t start = reader->at, length = 0;

	while (length < sizeof(word) - 1 &&
	       (reader_at_name(reader) || strchr("+-.", reader_next(reader))) &&
	       reader_next(reader) != '\0')
		word[length++] = reader->source[reader->at++];
	word[length] = '\0';

	errno = 0;
	*ret_literal = json_integer(strtoll(word, &end, 10));
	if (*end == '\0' && end != word && errno == 0)
		return 0;
	json_decref(*ret_literal);
	*ret_literal = json_real(strtod(word, &end)); /* NULL when not finite */
	if (*end == '\0' && end != word && *ret_literal)
		return 0;
	json_decref(*ret_literal);
	*ret_literal = NULL;
	return reader_fail(reader, start, "'%s' is no number", word);
}
