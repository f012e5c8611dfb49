/* SPDX-License-Identifier: Apache-2.0 */

/* template_look: what a template reads, without running it. */

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "cli/template_tree.h"

/* The name that an expression reads from the outermost value; NULL: none. Within blocks that set
 * the dot, only "$.Name" does. */
static const char *outer_field(const struct expression *expression, bool dot_is_outer)
{
	if (expression->kind == EXPRESSION_LABEL)
		return "Label";
	if (expression->kind != EXPRESSION_PATH || expression->names_count == 0 || expression->base)
		return NULL;
	if (expression->variable ? expression->variable[0] != '\0' : !dot_is_outer)
		return NULL;
	return expression->names[0];
}

static const char *unknown_in_expression(const struct expression *expression,
					 bool (*knows)(const char *), bool dot_is_outer)
{
	const char *field = outer_field(expression, dot_is_outer);

	if (field && !knows(field))
		return field;
	if (expression->base)
		return unknown_in_expression(expression->base, knows, dot_is_outer);
	for (size_t i = 0; i < expression->arguments_count; i++) {
		field = unknown_in_expression(expression->arguments[i], knows, dot_is_outer);
		if (field)
			return field;
	}
	return NULL;
}

static const char *unknown_in_nodes(const struct node *node, bool (*knows)(const char *),
				    bool dot_is_outer)
{
	for (; node; node = node->next) {
		bool inner = dot_is_outer && node->kind != NODE_RANGE && node->kind != NODE_WITH;
		const char *field = NULL;

		if (node->expression)
			field = unknown_in_expression(node->expression, knows, dot_is_outer);
		if (!field)
			field = unknown_in_nodes(node->body, knows, inner);
		if (!field)
			field = unknown_in_nodes(node->otherwise, knows, dot_is_outer);
		if (field)
			return field;
	}
	return NULL;
}

int template_check(const struct template *template, bool (*knows)(const char *field),
		   const char **ret_field)
{
	*ret_field = unknown_in_nodes(template->first, knows, true);
	return *ret_field ? -EINVAL : 0;
}

/* The title of the first field in it. */
static void add_title(const struct expression *expression, const char *(*title)(const char *),
		      struct text *text)
{
	const char *field = outer_field(expression, true);

	if (field) {
		if (expression->kind == EXPRESSION_LABEL &&
		    json_is_string(expression->arguments[0]->literal))
			text_add_string(text, json_string_value(expression->arguments[0]->literal));
		else
			text_add_string(text, title(field));
		return;
	}
	if (expression->base)
		add_title(expression->base, title, text);
	for (size_t i = 0; i < expression->arguments_count; i++)
		add_title(expression->arguments[i], title, text);
}

void template_titles(const struct template *template, const char *(*title)(const char *field),
		     struct text *ret_text)
{
	for (const struct node *node = template->first; node; node = node->next) {
		if (node->kind == NODE_TEXT)
			text_add(ret_text, node->text, node->length);
		else
			add_title(node->expression, title, ret_text);
	}
}
