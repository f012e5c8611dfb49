/* SPDX-License-Identifier: Apache-2.0 */

/* template_compare: what conditions of a template are made of. */

#include <math.h>
#include <string.h>

#include "cli/evaluation.h"

static bool is_equal(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return fabs(json_number_value(a) - json_number_value(b)) == 0;
	return json_equal(a, b);
}

json_t *function_eq(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) evaluation;
	for (size_t i = 1; i < count; i++)
		if (is_equal(arguments[0], arguments[i]))
			return json_true();
	return json_false();
}

json_t *function_ne(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) evaluation;
	(void) count;
	return json_boolean(!is_equal(arguments[0], arguments[1]));
}

/* -1, 0, 1; what cannot be compared has *ret_fails set. */
static int compare(const json_t *a, const json_t *b, bool *ret_fails)
{
	int order = 0;

	*ret_fails = false;
	if (json_is_number(a) && json_is_number(b)) {
		double x = json_number_value(a), y = json_number_value(b);

		return (x > y) - (x < y);
	}
	if (json_is_string(a) && json_is_string(b)) {
		order = strcmp(json_string_value(a), json_string_value(b));
		return (order > 0) - (order < 0);
	}
	*ret_fails = true;
	return 0;
}

static json_t *compared(struct evaluation *evaluation, json_t *const *arguments, int low, int high)
{
	bool fails;
	int order = compare(arguments[0], arguments[1], &fails);

	if (fails)
		return evaluation_fail(evaluation, "these cannot be compared");
	return json_boolean(order >= low && order <= high);
}

json_t *function_lt(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) count;
	return compared(evaluation, arguments, -1, -1);
}

json_t *function_le(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) count;
	return compared(evaluation, arguments, -1, 0);
}

json_t *function_gt(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) count;
	return compared(evaluation, arguments, 1, 1);
}

json_t *function_ge(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) count;
	return compared(evaluation, arguments, 0, 1);
}

/* and: the first that is no, else the last; or: the first that is yes, else the last. */
static json_t *first_that(json_t *const *arguments, size_t count, bool holds)
{
	for (size_t i = 0; i + 1 < count; i++)
		if (evaluation_holds(arguments[i]) == holds)
			return json_incref(arguments[i]);
	return json_incref(arguments[count - 1]);
}

json_t *function_and(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) evaluation;
	return first_that(arguments, count, false);
}

json_t *function_or(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) evaluation;
	return first_that(arguments, count, true);
}

json_t *function_not(struct evaluation *evaluation, json_t *const *arguments, size_t count)
{
	(void) evaluation;
	(void) count;
	return json_boolean(!evaluation_holds(arguments[0]));
}
