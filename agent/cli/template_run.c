/* SPDX-License-Identifier: Apache-2.0 */

/* template_run: walks the tree over JSON. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "cli/escape.h"
#include "cli/evaluation.h"

#define FIELD_SHOWN 60 /* bytes of a field's name in a sentence */

static json_t *evaluate(struct evaluation *evaluation, const struct expression *expression);
static void run_nodes(struct evaluation *evaluation, const struct node *node);

static void decref_p(json_t **value)
{
	json_decref(*value);
}

json_t *evaluation_fail(struct evaluation *evaluation, const char *format, ...)
{
	char sentence[sizeof(evaluation->problem->text) - 40];
	va_list arguments;

	if (evaluation->failed)
		return NULL;
	va_start(arguments, format);
	(void) vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	(void) snprintf(evaluation->problem->text, sizeof(evaluation->problem->text),
			"format, character %zu: %s", evaluation->at + 1, sentence);
	evaluation->failed = true;
	return NULL;
}

static bool step(struct evaluation *evaluation)
{
	if (evaluation->failed)
		return false;
	if (++evaluation->steps <= EVALUATION_STEPS && !evaluation->out->overflowed)
		return true;
	(void) evaluation_fail(evaluation, "this makes too much of it");
	return false;
}

static json_t *no_field(struct evaluation *evaluation, json_t *object, const char *name)
{
	struct nearest nearest = { .word = name };
	const char *key;
	json_t *value;

	if (evaluation->lenient || !evaluation->scope->strict)
		return json_null();
	json_object_foreach (object, key, value)
		nearest_try(&nearest, key);
	if (nearest.match)
		return evaluation_fail(evaluation, "no field '%.*s' here; did you mean '%s'?",
				       FIELD_SHOWN, name, nearest.match);
	return evaluation_fail(evaluation, "no field '%.*s' here", FIELD_SHOWN, name);
}

/* Exactly so, else in any case: docker's names of fields begin with capitals, those of its JSON
 * do not always. Borrowed. */
static json_t *member_find(json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name), *value;
	const char *key;

	if (member)
		return member;
	json_object_foreach (object, key, value)
		if (strcasecmp(key, name) == 0)
			return value;
	return NULL;
}

static json_t *field_of(struct evaluation *evaluation, json_t *value, const char *name)
{
	json_t *member;

	if (json_is_null(value) && (evaluation->lenient || !evaluation->scope->strict))
		return json_null();
	if (!json_is_object(value))
		return evaluation_fail(evaluation, "no field '%.*s' here: this is no object",
				       FIELD_SHOWN, name);
	member = member_find(value, name);
	return member ? json_incref(member) : no_field(evaluation, value, name);
}

static json_t *variable_value(struct evaluation *evaluation, const char *name)
{
	if (name[0] == '\0')
		return json_incref(evaluation->scope->dot);
	for (size_t i = evaluation->variables_count; i > 0; i--)
		if (strcmp(evaluation->variables[i - 1].name, name) == 0)
			return json_incref(evaluation->variables[i - 1].value);
	return evaluation_fail(evaluation, "no variable '$%.*s' here", FIELD_SHOWN, name);
}

static json_t *evaluate_path(struct evaluation *evaluation, const struct expression *path)
{
	json_t *value = path->base       ? evaluate(evaluation, path->base)
			: path->variable ? variable_value(evaluation, path->variable)
					 : json_incref(evaluation->dot);

	evaluation->at = path->at;
	for (size_t i = 0; i < path->names_count && value; i++) {
		json_t *inner = field_of(evaluation, value, path->names[i]);

		json_decref(value);
		value = inner;
	}
	return value;
}

/* Those that decide or compare look at fields that may not be there. */
static bool is_lenient(const struct function *function)
{
	static const char *const names[] = { "and", "or", "not", "eq", "ne" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(function->name, names[i]) == 0)
			return true;
	return false;
}

static json_t *evaluate_call(struct evaluation *evaluation, const struct expression *call)
{
	json_t *arguments[TEMPLATE_ARGUMENTS] = { 0 }, *value = NULL;
	bool lenient = evaluation->lenient;
	size_t count = 0;

	evaluation->lenient = lenient || is_lenient(call->function);
	while (count < call->arguments_count) {
		arguments[count] = evaluate(evaluation, call->arguments[count]);
		if (!arguments[count])
			break;
		count++;
	}
	evaluation->lenient = lenient;
	evaluation->at = call->at;
	if (count == call->arguments_count)
		value = call->function->call(evaluation, arguments, count);
	while (count > 0)
		json_decref(arguments[--count]);

	return value;
}

static json_t *evaluate_label(struct evaluation *evaluation, const struct expression *call)
{
	CLEANUP(decref_p) json_t *key = evaluate(evaluation, call->arguments[0]);
	json_t *label;

	evaluation->at = call->at;
	if (!key)
		return NULL;
	if (!json_is_string(key))
		return evaluation_fail(evaluation, ".Label goes with a text");
	label = json_object_get(evaluation->scope->labels, json_string_value(key));
	return label ? json_incref(label) : json_string("");
}

/* A new reference, or NULL after evaluation_fail. */
static json_t *evaluate(struct evaluation *evaluation, const struct expression *expression)
{
	json_t *value = NULL;

	if (!step(evaluation))
		return NULL;
	evaluation->at = expression->at;
	switch (expression->kind) {
	case EXPRESSION_LITERAL:
		value = json_incref(expression->literal);
		break;
	case EXPRESSION_PATH:
		value = evaluate_path(evaluation, expression);
		break;
	case EXPRESSION_CALL:
		value = evaluate_call(evaluation, expression);
		break;
	case EXPRESSION_LABEL:
		value = evaluate_label(evaluation, expression);
		break;
	}
	return value ? value : evaluation_fail(evaluation, "out of memory");
}

static bool is_function(const struct expression *expression, const char *name)
{
	return expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, name) == 0;
}

static void print(struct evaluation *evaluation, const struct expression *expression)
{
	CLEANUP(decref_p) json_t *value = evaluate(evaluation, expression);
	CLEANUP(text_fini) struct text raw = { .limit = EVALUATION_BYTES };
	const char *absent = evaluation->scope->absent;

	if (!value)
		return;
	if (json_is_null(value) && absent) {
		text_add_string(evaluation->out, absent);
		return;
	}
	evaluation_add_raw(value, &raw);
	if (is_function(expression, "println") && raw.length > 0) { /* its line feed is meant */
		text_add_visible(evaluation->out, raw.bytes, raw.length - 1);
		TEXT_ADD(evaluation->out, "\n");
	} else if (raw.length > 0) {
		text_add_visible(evaluation->out, raw.bytes, raw.length);
	}
	evaluation->out->overflowed |= raw.overflowed;
}

/* The condition of a block; a field that is not there is no. */
static json_t *condition(struct evaluation *evaluation, const struct node *node)
{
	bool lenient = evaluation->lenient;
	json_t *value;

	evaluation->lenient = true;
	value = evaluate(evaluation, node->expression);
	evaluation->lenient = lenient;
	return value;
}

static void set_variable(struct evaluation *evaluation, const char *name, json_t *value)
{
	if (!name)
		return;
	if (evaluation->variables_count == EVALUATION_VARIABLES) {
		(void) evaluation_fail(evaluation, "too many variables");
		return;
	}
	evaluation->variables[evaluation->variables_count].name = name;
	evaluation->variables[evaluation->variables_count++].value = value;
}

static void run_item(struct evaluation *evaluation, const struct node *node, json_t *key,
		     json_t *item)
{
	json_t *outer = evaluation->dot;
	size_t variables = evaluation->variables_count;

	set_variable(evaluation, node->key, key);
	set_variable(evaluation, node->value, item);
	evaluation->dot = item;
	run_nodes(evaluation, node->body);
	evaluation->dot = outer;
	evaluation->variables_count = variables;
}

static void run_members(struct evaluation *evaluation, const struct node *node, json_t *object)
{
	CLEANUP(free_p) const char **keys = evaluation_keys(object);

	for (size_t i = 0; keys && keys[i] && !evaluation->failed; i++) {
		CLEANUP(decref_p) json_t *key = json_string(keys[i]);

		run_item(evaluation, node, key, json_object_get(object, keys[i]));
	}
}

static void run_range(struct evaluation *evaluation, const struct node *node)
{
	CLEANUP(decref_p) json_t *list = condition(evaluation, node);
	json_t *item;
	size_t i;

	if (!list)
		return;
	if (!json_is_array(list) && !json_is_object(list) && !json_is_null(list)) {
		(void) evaluation_fail(evaluation, "range goes over lists and objects");
		return;
	}
	if (!evaluation_holds(list)) {
		run_nodes(evaluation, node->otherwise);
		return;
	}
	if (json_is_object(list)) {
		run_members(evaluation, node, list);
		return;
	}
	json_array_foreach (list, i, item) {
		CLEANUP(decref_p) json_t *key = json_integer((json_int_t) i);

		if (evaluation->failed)
			break;
		run_item(evaluation, node, key, item);
	}
}

static void run_choice(struct evaluation *evaluation, const struct node *node)
{
	CLEANUP(decref_p) json_t *value = condition(evaluation, node);
	json_t *outer = evaluation->dot;

	if (!value)
		return;
	if (!evaluation_holds(value)) {
		run_nodes(evaluation, node->otherwise);
		return;
	}
	if (node->kind == NODE_WITH)
		evaluation->dot = value;
	run_nodes(evaluation, node->body);
	evaluation->dot = outer;
}

static void run_nodes(struct evaluation *evaluation, const struct node *node)
{
	for (; node && step(evaluation); node = node->next)
		switch (node->kind) {
		case NODE_TEXT:
			text_add(evaluation->out, node->text, node->length);
			break;
		case NODE_PRINT:
			print(evaluation, node->expression);
			break;
		case NODE_RANGE:
			run_range(evaluation, node);
			break;
		default:
			run_choice(evaluation, node);
		}
}

int template_run(const struct template *template, const struct template_scope *scope,
		 struct text *ret_text, struct problem *ret_problem)
{
	struct evaluation evaluation = {
		.scope = scope,
		.dot = scope->dot,
		.out = ret_text,
		.problem = ret_problem,
	};

	run_nodes(&evaluation, template->first);
	return evaluation.failed ? -EINVAL : 0;
}
