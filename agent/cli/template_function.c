/* SPDX-License-Identifier: Apache-2.0 */

/* template_function: what can be called in a template, as a table.
 *
 * Source: the documentation of Go's text/template, "Functions", and docker's "Format command and
 * log output". */

#include <string.h>
#include <utf8proc.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/evaluation.h"

json_t *evaluation_text(struct evaluation *evaluation, struct text *text)
{
	json_t *string;

	string = text->overflowed ? NULL
				  : json_stringn(text->bytes ? text->bytes : "", text->length);
	text_fini(text);
	return string ? string : evaluation_fail(evaluation, "the text is too long");
}

static json_t *call_json(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	struct text text = { .limit = EVALUATION_BYTES };

	(void) count;
	evaluation_add_json(arguments[0], 0, &text);
	return evaluation_text(evaluation, &text);
}

/* Characters one by one; a character in lower case may have more bytes. */
static json_t *change_case(struct evaluation *evaluation, const json_t *value,
			   utf8proc_int32_t (*change)(utf8proc_int32_t))
{
	const char *string = json_string_value(value);
	size_t length = json_string_length(value);
	struct text text = { .limit = EVALUATION_BYTES };

	if (!string)
		return evaluation_fail(evaluation, "this is no text");
	for (size_t i = 0; i < length;) {
		utf8proc_int32_t codepoint;
		utf8proc_uint8_t bytes[4];
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *) string + i,
						      (utf8proc_ssize_t) (length - i), &codepoint);

		if (n <= 0)
			break; /* jansson holds valid UTF-8 only */
		i += (size_t) n;
		n = utf8proc_encode_char(change(codepoint), bytes);
		text_add(&text, (const char *) bytes, (size_t) n);
	}
	return evaluation_text(evaluation, &text);
}

static json_t *call_upper(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) count;
	return change_case(evaluation, arguments[0], utf8proc_toupper);
}

static json_t *call_lower(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) count;
	return change_case(evaluation, arguments[0], utf8proc_tolower);
}

static json_t *call_join(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	const char *separator = json_string_value(arguments[1]);
	struct text text = { .limit = EVALUATION_BYTES };
	json_t *item;
	size_t i;

	(void) count;
	if (json_is_null(arguments[0]))
		return json_string("");
	if (!json_is_array(arguments[0]) || !separator)
		return evaluation_fail(evaluation, "join goes with a list and a text");
	json_array_foreach (arguments[0], i, item) {
		if (i > 0)
			text_add_string(&text, separator);
		evaluation_add_raw(item, &text);
	}
	return evaluation_text(evaluation, &text);
}

static json_t *call_split(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	const char *string = json_string_value(arguments[0]);
	const char *separator = json_string_value(arguments[1]), *found;
	json_t *list = json_array();

	(void) count;
	if (!list || !string || !separator || separator[0] == '\0') {
		json_decref(list);
		return evaluation_fail(evaluation,
				       "split goes with two texts, the second not empty");
	}
	while ((found = strstr(string, separator))) {
		(void) json_array_append_new(list, json_stringn(string, (size_t) (found - string)));
		string = found + strlen(separator);
	}
	(void) json_array_append_new(list, json_string(string));
	return list;
}

static json_t *index_once(struct evaluation *evaluation, json_t *value, const json_t *key)
{
	if (json_is_object(value) && json_is_string(key)) {
		json_t *member = json_object_get(value, json_string_value(key));

		return member ? json_incref(member) : json_null();
	}
	if (json_is_array(value) && json_is_integer(key)) {
		json_int_t i = json_integer_value(key);

		if (i >= 0 && (size_t) i < json_array_size(value))
			return json_incref(json_array_get(value, (size_t) i));
		return evaluation_fail(evaluation, "the list has no item of this number");
	}
	return evaluation_fail(evaluation,
			       "index goes with a list and a number, or an object and a text");
}

static json_t *call_index(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	json_t *value = json_incref(arguments[0]);

	for (size_t i = 1; i < count && value; i++) {
		json_t *inner = json_is_null(value) ? json_null()
						    : index_once(evaluation, value, arguments[i]);

		json_decref(value);
		value = inner;
	}
	return value;
}

static json_t *call_len(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	const json_t *value = arguments[0];

	(void) count;
	if (json_is_string(value))
		return json_integer((json_int_t) json_string_length(value));
	if (json_is_array(value) || json_is_null(value))
		return json_integer((json_int_t) json_array_size(value));
	if (json_is_object(value))
		return json_integer((json_int_t) json_object_size(value));
	return evaluation_fail(evaluation, "len goes with texts, lists and objects");
}

static json_t *call_truncate(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	const char *string = json_string_value(arguments[0]);
	json_int_t most = json_integer_value(arguments[1]);
	size_t end = 0;

	(void) count;
	if (!string || !json_is_integer(arguments[1]) || most < 0)
		return evaluation_fail(evaluation, "truncate goes with a text and a number");
	/* Characters, not bytes: continuation bytes go with what is before them. */
	while (string[end] != '\0' && (most > 0 || ((unsigned char) string[end] & 0xc0) == 0x80))
		if (((unsigned char) string[end++] & 0xc0) != 0x80)
			most--;
	return json_stringn(string, end);
}

static json_t *call_println(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	struct text text = { .limit = EVALUATION_BYTES };

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			TEXT_ADD(&text, " ");
		evaluation_add_raw(arguments[i], &text);
	}
	TEXT_ADD(&text, "\n");
	return evaluation_text(evaluation, &text);
}

static const struct function functions[] = {
	{ "json", 1, 1, "the value as JSON", call_json },
	{ "upper", 1, 1, "in upper case", call_upper },
	{ "lower", 1, 1, "in lower case", call_lower },
	{ "join", 2, 2, "items of a list, with a text between them: join .X \",\"", call_join },
	{ "split", 2, 2, "a text into a list: split .X \":\"", call_split },
	{ "truncate", 2, 2, "the first characters: truncate .X 12", call_truncate },
	{ "index", 1, 8, "an item by number or key: index .M \"k\"", call_index },
	{ "len", 1, 1, "number of characters, items or members", call_len },
	{ "printf", 1, 8, "as in C, with %s %v %q %d %f %g %e: printf \"%.1f\" .X",
	  function_printf },
	{ "println", 0, 8, "values, blanks between them, and a line feed", call_println },
	{ "eq", 2, 8, "the first equals one of the others", function_eq },
	{ "ne", 2, 2, "they differ", function_ne },
	{ "lt", 2, 2, "less than", function_lt },
	{ "le", 2, 2, "at most", function_le },
	{ "gt", 2, 2, "greater than", function_gt },
	{ "ge", 2, 2, "at least", function_ge },
	{ "and", 1, 8, "the first that is empty, else the last", function_and },
	{ "or", 1, 8, "the first that is not empty, else the last", function_or },
	{ "not", 1, 1, "empty, 0, false or absent", function_not },
};

const struct function *function_find(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		if (strlen(functions[i].name) == length &&
		    memcmp(functions[i].name, name, length) == 0)
			return &functions[i];
	return NULL;
}

bool template_function(size_t index, const char **ret_name, const char **ret_help)
{
	if (index >= ARRAY_SIZE(functions))
		return false;
	*ret_name = functions[index].name;
	*ret_help = functions[index].help;
	return true;
}
