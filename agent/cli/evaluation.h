/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One run of a template: what functions need of it. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "base/text.h"
#include "cli/template_tree.h"

#define EVALUATION_BYTES     ((size_t) 16 << 20) /* of one text in a template */
#define EVALUATION_STEPS     1000000             /* nodes and operands per run */
#define EVALUATION_VARIABLES (2 * TEMPLATE_DEPTH)

struct evaluation {
	const struct template_scope *scope;
	json_t *dot;
	struct {
		const char *name;
		json_t *value; /* borrowed from the list that is gone through, or owned by its loop
				*/
	} variables[EVALUATION_VARIABLES];
	size_t variables_count;
	size_t steps;
	bool lenient; /* a field that is not there is null, in conditions */
	size_t at;    /* of the operand that is looked at */
	struct text *out;
	struct problem *problem;
	bool failed;
};

/* Says what is wrong, where; the first sentence stays. Returns NULL. */
json_t *evaluation_fail(struct evaluation *evaluation, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether a value counts as yes: not empty, 0, false or null. */
bool evaluation_holds(const json_t *value);

/* As it prints, but not escaped for a terminal: lists "[a b]", objects "map[k:v]". */
void evaluation_add_raw(const json_t *value, struct text *ret_text);

/* As JSON, escaped for a terminal; `indent` 0: in one line. */
void evaluation_add_json(const json_t *value, size_t indent, struct text *ret_text);

/* The keys of an object, sorted, NULL at the end; to be freed. NULL: no memory. */
const char **evaluation_keys(json_t *object);

/* Takes the text: as a value, or fails when it had no room. */
json_t *evaluation_text(struct evaluation *evaluation, struct text *text);

/* Functions of templates that have files of their own. */
json_t *function_eq(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_ne(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_lt(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_le(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_gt(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_ge(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_and(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_or(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_not(struct evaluation *evaluation, json_t *const *arguments, size_t count);
json_t *function_printf(struct evaluation *evaluation, json_t *const *arguments, size_t count);
