/* SPDX-License-Identifier: Apache-2.0 */

/* template: text and blocks into a tree. */

#include "cli/template.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/template_tree.h"

/* How a list of nodes ended. */
enum ending { ENDING_SOURCE, ENDING_END, ENDING_ELSE };

static int parse_nodes(struct reader *reader, struct node **ret_first, enum ending *ret_ending);
static int parse_block(struct reader *reader, enum node_kind kind, struct node **ret_node);

static void node_free(struct node *node)
{
	while (node) {
		struct node *next = node->next;

		free(node->text);
		free(node->key);
		free(node->value);
		expression_free(node->expression);
		node_free(node->body);
		node_free(node->otherwise);
		free(node);
		node = next;
	}
}

static void node_free_p(struct node **node)
{
	node_free(*node);
}

static struct node *node_new(enum node_kind kind)
{
	struct node *node = calloc(1, sizeof(*node));

	if (node)
		node->kind = kind;
	return node;
}

static void add_unescaped(struct text *text, const char *start, const char *end)
{
	for (const char *c = start; c < end; c++) {
		bool escape = c[0] == '\\' && c + 1 < end && (c[1] == 't' || c[1] == 'n');

		text_add(text, escape ? (c[1] == 't' ? "\t" : "\n") : c, 1);
		c += escape;
	}
}

/* Text from behind the last action up to the next one; "\t" and "\n" in it are what they say. An
 * action that ended with "-}}", or begins with "{{-", takes the blanks beside it away. */
static int parse_text(struct reader *reader, struct node **ret_node)
{
	const char *start = reader->source + reader->after, *action = strstr(start, "{{");
	const char *end = action ? action : start + strlen(start);
	struct text text = { 0 };
	struct node *node;

	reader->at = (size_t) (end - reader->source);
	while (reader->trim && start < end && isspace((unsigned char) *start))
		start++;
	if (action && action[2] == '-' && isspace((unsigned char) action[3]))
		while (end > start && isspace((unsigned char) end[-1]))
			end--;
	add_unescaped(&text, start, end);
	node = text.overflowed ? NULL : node_new(NODE_TEXT);
	if (!node) {
		text_fini(&text);
		return -ENOMEM;
	}

	node->length = text.length;
	node->text = text.bytes;
	*ret_node = node;
	return 0;
}

/* The index of "}}", outside of quotes; of the NUL byte when there is none. */
static size_t action_end(const char *source, size_t i)
{
	char quote = '\0';

	for (; source[i] != '\0'; i++) {
		if (quote == '\0' && source[i] == '}' && source[i + 1] == '}')
			break;
		if (quote == '"' && source[i] == '\\' && source[i + 1] != '\0')
			i++;
		else if (source[i] == quote)
			quote = '\0';
		else if (quote == '\0' && (source[i] == '"' || source[i] == '`'))
			quote = source[i];
	}

	return i;
}

/* Takes the reader into the action that begins here. */
static int open_action(struct reader *reader)
{
	const char *source = reader->source;
	size_t start = reader->at + 2, end;

	if (source[start] == '-' && isspace((unsigned char) source[start + 1]))
		start++;
	end = action_end(source, start);
	if (source[end] == '\0')
		return reader_fail(reader, reader->at, "'{{' without '}}'");

	reader->after = end + 2;
	reader->trim = end >= start + 2 && source[end - 1] == '-' &&
		       isspace((unsigned char) source[end - 2]);
	reader->at = start;
	reader->end = reader->trim ? end - 1 : end;
	return 0;
}

static int at_end(struct reader *reader)
{
	reader_skip_blanks(reader);
	if (reader->at < reader->end)
		return reader_fail(reader, reader->at, "'%.*s' is too much here",
				   (int) (reader->end - reader->at), reader->source + reader->at);
	return 0;
}

static bool take_sign(struct reader *reader, const char *sign)
{
	reader_skip_blanks(reader);
	if (strncmp(reader->source + reader->at, sign, strlen(sign)) != 0)
		return false;
	reader->at += strlen(sign);
	return true;
}

/* "$k, $v :=" or "$v :=". */
static int parse_variables(struct reader *reader, struct node *node)
{
	size_t start = reader->at;
	char *name = reader_take_variable(reader);

	if (!name)
		return 0;
	if (name[0] != '\0' && take_sign(reader, ",")) {
		node->key = name;
		name = reader_take_variable(reader);
	}
	if (name && name[0] != '\0' && take_sign(reader, ":=")) {
		node->value = name;
		return 0;
	}
	free(name);
	if (node->key)
		return reader_fail(reader, start, "a range with variables is '$k, $v := .X'");
	reader->at = start; /* it is what the range goes over */
	return 0;
}

/* What follows {{else}}, up to the block's {{end}}; the reader stands behind that word. */
static int parse_else(struct reader *reader, struct node **ret_otherwise, enum ending *ret_ending)
{
	size_t start = reader->at;
	int r;

	if (reader_take_word(reader, "if")) {
		*ret_ending = ENDING_END; /* the inner one's {{end}} is the outer one's, too */
		return parse_block(reader, NODE_IF, ret_otherwise);
	}

	r = at_end(reader);
	if (r == 0)
		r = parse_nodes(reader, ret_otherwise, ret_ending);
	if (r == 0 && *ret_ending == ENDING_ELSE)
		r = reader_fail(reader, start, "this block has a second {{else}}");
	return r;
}

/* The rest of {{if}}, {{with}} or {{range}}, up to its {{end}}. */
static int parse_block(struct reader *reader, enum node_kind kind, struct node **ret_node)
{
	CLEANUP(node_free_p) struct node *node = node_new(kind);
	enum ending ending = ENDING_SOURCE;
	size_t start = reader->at;
	int r;

	if (!node)
		return -ENOMEM;
	if (++reader->depth > TEMPLATE_DEPTH)
		return reader_fail(reader, start, "nested too deeply");
	r = kind == NODE_RANGE ? parse_variables(reader, node) : 0;
	if (r == 0)
		r = expression_parse(reader, &node->expression);
	if (r == 0)
		r = at_end(reader);
	if (r == 0)
		r = parse_nodes(reader, &node->body, &ending);
	if (r == 0 && ending == ENDING_ELSE)
		r = parse_else(reader, &node->otherwise, &ending);
	if (r == 0 && ending == ENDING_SOURCE)
		r = reader_fail(reader, start, "this block has no {{end}}");
	reader->depth--;
	if (r < 0)
		return r;

	*ret_node = TAKE_PTR(node);
	return 0;
}

static int parse_action(struct reader *reader, struct node **ret_node)
{
	static const struct {
		const char *word;
		enum node_kind kind;
	} blocks[] = { { "if", NODE_IF }, { "with", NODE_WITH }, { "range", NODE_RANGE } };
	CLEANUP(node_free_p) struct node *node = NULL;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++)
		if (reader_take_word(reader, blocks[i].word))
			return parse_block(reader, blocks[i].kind, ret_node);

	node = node_new(NODE_PRINT);
	if (!node)
		return -ENOMEM;
	r = expression_parse(reader, &node->expression);
	if (r == 0)
		r = at_end(reader);
	if (r < 0)
		return r;

	*ret_node = TAKE_PTR(node);
	return 0;
}

/* Text, then an action; of the latter, nothing is left when it is a comment. */
static int parse_one(struct reader *reader, struct node ***last, enum ending *ret_ending,
		     bool *ret_more)
{
	int r = parse_text(reader, *last);

	*ret_more = false;
	*ret_ending = ENDING_SOURCE;
	if (r < 0)
		return r;
	if (**last)
		*last = &(**last)->next;
	if (reader->source[reader->at] == '\0')
		return 0;
	r = open_action(reader);
	if (r < 0)
		return r;

	reader_skip_blanks(reader);
	if (strncmp(reader->source + reader->at, "/*", 2) == 0) {
		*ret_more = true;
	} else if (reader_take_word(reader, "end")) {
		*ret_ending = ENDING_END;
		return at_end(reader);
	} else if (reader_take_word(reader, "else")) {
		*ret_ending = ENDING_ELSE;
	} else {
		*ret_more = true;
		r = parse_action(reader, *last);
		if (r == 0 && **last)
			*last = &(**last)->next;
	}
	return r;
}

/* Nodes from behind the last action on, up to {{end}}, {{else}} or the end of the source. */
static int parse_nodes(struct reader *reader, struct node **ret_first, enum ending *ret_ending)
{
	struct node *first = NULL, **last = &first;
	bool more = true;
	int r = 0;

	while (r == 0 && more)
		r = parse_one(reader, &last, ret_ending, &more);
	if (r < 0) {
		node_free(first);
		return r;
	}

	*ret_first = first;
	return 0;
}

int template_parse(const char *source, struct template **ret_template, struct problem *ret_problem)
{
	struct reader reader = { .source = source, .problem = ret_problem };
	struct template *template = calloc(1, sizeof(*template));
	enum ending ending;
	int r;

	*ret_problem = (struct problem){ .text = "out of memory" };
	if (!template)
		return -ENOMEM;
	r = parse_nodes(&reader, &template->first, &ending);
	if (r == 0 && ending != ENDING_SOURCE)
		r = reader_fail(&reader, reader.at, "{{%s}} without a block",
				ending == ENDING_END ? "end" : "else");
	if (r < 0) {
		template_free(template);
		return r;
	}

	*ret_template = template;
	return 0;
}

void template_free(struct template *template)
{
	if (!template)
		return;
	node_free(template->first);
	free(template);
}
