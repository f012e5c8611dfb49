/* SPDX-License-Identifier: Apache-2.0 */

/* expression: what stands in an action. A pipe is a call whose last argument is what came before
 * it, so that only operands and calls are left. */

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/template_tree.h"

static int parse_operand(struct reader *reader, struct expression **ret_expression);

int reader_fail(struct reader *reader, size_t at, const char *format, ...)
{
	char sentence[sizeof(reader->problem->text) - 40];
	va_list arguments;

	va_start(arguments, format);
	(void) vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	(void) snprintf(reader->problem->text, sizeof(reader->problem->text),
			"format, character %zu: %s", at + 1, sentence);
	return -EINVAL;
}

static bool is_name(char c)
{
	return isalnum((unsigned char) c) || c == '_' || (unsigned char) c >= 0x80;
}

char reader_next(const struct reader *reader)
{
	if (reader->at >= reader->end)
		return '\0';
	return reader->source[reader->at];
}

bool reader_at_name(const struct reader *reader)
{
	return is_name(reader_next(reader));
}

void reader_skip_blanks(struct reader *reader)
{
	while (reader->at < reader->end && isspace((unsigned char) reader->source[reader->at]))
		reader->at++;
}

static size_t name_length(const struct reader *reader)
{
	size_t length = 0;

	while (reader->at + length < reader->end && is_name(reader->source[reader->at + length]))
		length++;
	return length;
}

bool reader_take_word(struct reader *reader, const char *word)
{
	size_t length = strlen(word);

	reader_skip_blanks(reader);
	if (name_length(reader) != length || memcmp(reader->source + reader->at, word, length) != 0)
		return false;
	reader->at += length;
	return true;
}

static char *take_name(struct reader *reader)
{
	size_t length = name_length(reader);
	char *name = strndup(reader->source + reader->at, length);

	reader->at += length;
	return name;
}

char *reader_take_variable(struct reader *reader)
{
	reader_skip_blanks(reader);
	if (reader_next(reader) != '$')
		return NULL;
	reader->at++;
	return take_name(reader);
}

void expression_free(struct expression *expression)
{
	if (!expression)
		return;
	json_decref(expression->literal);
	free(expression->variable);
	expression_free(expression->base);
	for (size_t i = 0; i < expression->names_count; i++)
		free(expression->names[i]);
	for (size_t i = 0; i < expression->arguments_count; i++)
		expression_free(expression->arguments[i]);
	free(expression);
}

static void expression_free_p(struct expression **expression)
{
	expression_free(*expression);
}

static struct expression *expression_new(enum expression_kind kind, size_t at)
{
	struct expression *expression = calloc(1, sizeof(*expression));

	if (expression) {
		expression->kind = kind;
		expression->at = at;
	}
	return expression;
}

static int unknown_function(struct reader *reader)
{
	struct nearest nearest = { .word = NULL };
	size_t length = name_length(reader);
	const char *name, *help;
	char word[NEAREST_BYTES + 2];

	(void) snprintf(word, sizeof(word), "%.*s", (int) length, reader->source + reader->at);
	nearest.word = word;
	for (size_t i = 0; template_function(i, &name, &help); i++)
		nearest_try(&nearest, name);
	if (nearest.match)
		return reader_fail(reader, reader->at, "unknown function '%s'; did you mean '%s'?",
				   word, nearest.match);
	return reader_fail(reader, reader->at,
			   "unknown function '%s'; fields begin with a dot: .%s", word, word);
}

/* Adds ".A.B" to a path that was begun. */
static int parse_names(struct reader *reader, struct expression *path)
{
	while (reader_next(reader) == '.') {
		reader->at++;
		if (name_length(reader) == 0)
			return reader_fail(reader, reader->at, "a field's name is missing");
		if (path->names_count == TEMPLATE_NAMES)
			return reader_fail(reader, path->at, "more than %d names in a row",
					   TEMPLATE_NAMES);
		path->names[path->names_count] = take_name(reader);
		if (!path->names[path->names_count])
			return -ENOMEM;
		path->names_count++;
	}

	return 0;
}

static int parse_path(struct reader *reader, struct expression **ret_expression)
{
	CLEANUP(expression_free_p)
	struct expression *path = expression_new(EXPRESSION_PATH, reader->at);
	int r;

	if (!path)
		return -ENOMEM;
	if (reader_next(reader) == '$') {
		path->variable = reader_take_variable(reader);
		if (!path->variable)
			return -ENOMEM;
	} else if (reader->at + 1 >= reader->end || !is_name(reader->source[reader->at + 1])) {
		reader->at++; /* "." alone */
	}
	r = parse_names(reader, path);
	if (r < 0)
		return r;

	*ret_expression = TAKE_PTR(path);
	return 0;
}

static int parse_literal(struct reader *reader, struct expression **ret_expression)
{
	CLEANUP(expression_free_p)
	struct expression *literal = expression_new(EXPRESSION_LITERAL, reader->at);
	int r = 0;

	if (!literal)
		return -ENOMEM;
	if (reader_next(reader) == '"' || reader_next(reader) == '`')
		r = literal_string(reader, &literal->literal);
	else if (reader_take_word(reader, "true"))
		literal->literal = json_true();
	else if (reader_take_word(reader, "false"))
		literal->literal = json_false();
	else if (reader_take_word(reader, "nil"))
		literal->literal = json_null();
	else
		r = literal_number(reader, &literal->literal);
	if (r < 0)
		return r;

	*ret_expression = TAKE_PTR(literal);
	return 0;
}

static int take_closing(struct reader *reader, size_t start)
{
	reader_skip_blanks(reader);
	if (reader_next(reader) != ')')
		return reader_fail(reader, start, "the parenthesis is not closed");
	reader->at++;
	return 0;
}

static int parse_parentheses(struct reader *reader, struct expression **ret_expression)
{
	size_t start = reader->at++;
	struct expression *path = expression_new(EXPRESSION_PATH, start);
	int r;

	if (!path)
		return -ENOMEM;
	r = expression_parse(reader, &path->base);
	if (r == 0)
		r = take_closing(reader, start);
	if (r == 0)
		r = parse_names(reader, path);
	if (r < 0) {
		expression_free(path);
		return r;
	}

	*ret_expression = path;
	return 0;
}

static bool is_literal(const struct reader *reader)
{
	static const char *const words[] = { "true", "false", "nil" };
	char c = reader_next(reader);

	if (c == '"' || c == '`' || c == '-' || c == '+' || isdigit((unsigned char) c))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (name_length(reader) == strlen(words[i]) &&
		    memcmp(reader->source + reader->at, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

static int parse_operand(struct reader *reader, struct expression **ret_expression)
{
	const struct function *function;
	size_t length = name_length(reader);

	if (reader_next(reader) == '(')
		return parse_parentheses(reader, ret_expression);
	if (reader_next(reader) == '.' || reader_next(reader) == '$')
		return parse_path(reader, ret_expression);
	if (is_literal(reader))
		return parse_literal(reader, ret_expression);
	if (length == 0)
		return reader_fail(reader, reader->at, "'%c' is not understood here",
				   reader_next(reader));
	function = function_find(reader->source + reader->at, length);
	if (!function)
		return unknown_function(reader);

	*ret_expression = expression_new(EXPRESSION_CALL, reader->at);
	if (!*ret_expression)
		return -ENOMEM;
	(*ret_expression)->function = function;
	reader->at += length;
	return 0;
}

static bool is_label(const struct expression *expression)
{
	return expression->kind == EXPRESSION_PATH && !expression->variable && !expression->base &&
	       expression->names_count == 1 && strcmp(expression->names[0], "Label") == 0;
}

/* A function may have arguments, and .Label has one. */
static int check_call(struct reader *reader, const struct expression *call)
{
	unsigned fewest = 0, most = 0;
	const char *name = "this";

	if (call->kind == EXPRESSION_CALL) {
		fewest = call->function->fewest;
		most = call->function->most;
		name = call->function->name;
	} else if (call->kind == EXPRESSION_LABEL) {
		fewest = most = 1;
		name = ".Label";
	}
	if (call->arguments_count < fewest)
		return reader_fail(reader, call->at, "'%s' needs %u argument%s", name, fewest,
				   fewest == 1 ? "" : "s");
	if (call->arguments_count > most)
		return reader_fail(reader, call->at, "'%s' takes %u argument%s, not %zu", name,
				   most, most == 1 ? "" : "s", call->arguments_count);
	return 0;
}

/* Takes the argument. A function as an argument has no parentheses, and gets nothing. */
static int add_argument(struct reader *reader, struct expression *call, struct expression *argument)
{
	int r = check_call(reader, argument);

	if (r == 0 && call->arguments_count == TEMPLATE_ARGUMENTS)
		r = reader_fail(reader, argument->at, "more than %d arguments", TEMPLATE_ARGUMENTS);
	if (r < 0) {
		expression_free(argument);
		return r;
	}
	call->arguments[call->arguments_count++] = argument;
	return 0;
}

/* One command of a pipeline: an operand and its arguments; `before` becomes the last of them. */
static int parse_command(struct reader *reader, struct expression *before,
			 struct expression **ret_expression)
{
	CLEANUP(expression_free_p) struct expression *command = NULL, *piped = before;
	struct expression *argument = NULL;
	int r;

	reader_skip_blanks(reader);
	if (reader->at >= reader->end)
		return reader_fail(reader, reader->at, "something is missing here");
	r = parse_operand(reader, &command);
	if (r < 0 || !command)
		return r;
	if (is_label(command))
		command->kind = EXPRESSION_LABEL;

	for (;;) {
		reader_skip_blanks(reader);
		if (reader->at >= reader->end || reader_next(reader) == '|' ||
		    reader_next(reader) == ')')
			break;
		argument = NULL;
		r = parse_operand(reader, &argument);
		if (r == 0 && argument)
			r = add_argument(reader, command, argument);
		if (r < 0)
			return r;
	}
	if (piped) {
		r = add_argument(reader, command, TAKE_PTR(piped));
		if (r < 0)
			return r;
	}
	r = check_call(reader, command);
	if (r < 0)
		return r;

	*ret_expression = TAKE_PTR(command);
	return 0;
}

int expression_parse(struct reader *reader, struct expression **ret_expression)
{
	CLEANUP(expression_free_p) struct expression *expression = NULL;
	unsigned pipes = 0;
	int r;

	if (++reader->depth > TEMPLATE_DEPTH)
		return reader_fail(reader, reader->at, "nested too deeply");
	r = parse_command(reader, NULL, &expression);
	while (r == 0 && reader_next(reader) == '|') {
		if (++pipes > TEMPLATE_DEPTH)
			return reader_fail(reader, reader->at, "too many pipes in a row");
		reader->at++;
		r = parse_command(reader, TAKE_PTR(expression), &expression);
	}
	reader->depth--;
	if (r < 0)
		return r;

	*ret_expression = TAKE_PTR(expression);
	return 0;
}
