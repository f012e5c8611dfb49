/* SPDX-License-Identifier: Apache-2.0 */

/* What every row of metrics.def must keep to, so that no writer has to look. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/metric.h"
#include "model/row.h"

static bool matches(const char *text, const char *pattern)
{
	regex_t regex;
	bool match;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	match = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return match;
}

static bool ends_with(const char *text, const char *suffix)
{
	size_t length = strlen(text), suffix_length = strlen(suffix);

	return length >= suffix_length && strcmp(text + length - suffix_length, suffix) == 0;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;

	return false;
}

/* Fails with the name of the metric that breaks the rule. */
static void expect(bool kept, const struct metric_info *info, const char *rule)
{
	if (!kept)
		fail_msg("%s (%s): %s", info->name, info->cell, rule);
}

static void names_are_plain_and_say_whose_they_are(void **state)
{
	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		expect(matches(metric_infos[i].name, "^(container|machine|plimsoll)_[a-z0-9_]+$"),
		       &metric_infos[i], "name");
}

static void constant_labels_are_in_exposition_syntax(void **state)
{
	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		expect(matches(metric_infos[i].labels,
			       "^([a-z_]+=\"[^\"\\]*\"(,[a-z_]+=\"[^\"\\]*\")*)?$"),
		       &metric_infos[i], "labels");
}

/* cAdvisor's names stay as they are; OpenMetrics has no counter without _total. */
static void counters_and_only_counters_end_in_total(void **state)
{
	static const char *const exceptions[] = { "container_memory_failcnt",
						  "container_hugetlb_failcnt" };

	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_infos[i];
		bool total = ends_with(info->name, "_total") ||
			     is_one_of(info->name, exceptions, ARRAY_SIZE(exceptions));

		expect(total == (info->kind == KIND_COUNTER), info, "_total");
	}
}

static void info_metrics_are_named_so_and_have_no_unit(void **state)
{
	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_infos[i];

		expect(ends_with(info->name, "_info") == (info->kind == KIND_INFO), info, "_info");
		if (info->kind == KIND_INFO)
			expect(info->unit == UNIT_NONE, info, "an info metric has no unit");
	}
}

static void a_unit_in_the_name_is_the_unit_of_the_cell(void **state)
{
	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_infos[i];
		bool seconds = matches(info->name, "_seconds(_total)?$");
		bool bytes = matches(info->name, "_bytes(_total)?$");

		if (seconds)
			expect(info->unit == UNIT_NANOSECONDS, info, "seconds");
		if (bytes)
			expect(info->unit == UNIT_BYTES, info, "bytes");
		if (info->unit == UNIT_NANOSECONDS && info->kind == KIND_COUNTER)
			expect(seconds, info, "counts seconds and does not say so");
	}
}

static void every_metric_has_help_of_one_line(void **state)
{
	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		expect(matches(metric_infos[i].help, "^[^\n]+[^\n.]$"), &metric_infos[i], "help");
}

static void a_family_stands_together_and_agrees(void **state)
{
	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		for (enum metric j = i + 1; j < METRIC_COUNT; j++) {
			const struct metric_info *one = &metric_infos[i], *other = &metric_infos[j];

			if (strcmp(one->name, other->name) != 0)
				continue;
			expect(strcmp(metric_infos[j - 1].name, one->name) == 0, other,
			       "stands apart from its family");
			expect(one->entity == other->entity && one->kind == other->kind &&
				       one->unit == other->unit &&
				       strcmp(one->help, other->help) == 0,
			       other, "differs from its family");
			expect(strcmp(one->labels, other->labels) != 0, other,
			       "has the labels of another one");
		}
}

/* In OpenMetrics a counter foo_total and a gauge foo would be the same family. */
static void names_without_suffix_do_not_collide(void **state)
{
	char names[METRIC_COUNT][128];

	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++) {
		size_t length = strlen(metric_infos[i].name);

		if (ends_with(metric_infos[i].name, "_total"))
			length -= strlen("_total");
		else if (ends_with(metric_infos[i].name, "_info"))
			length -= strlen("_info");
		assert_true(length < sizeof(names[i]));
		memcpy(names[i], metric_infos[i].name, length);
		names[i][length] = '\0';
		expect(!ends_with(names[i], "_created") && !ends_with(names[i], "_bucket") &&
			       !ends_with(names[i], "_count") && !ends_with(names[i], "_sum"),
		       &metric_infos[i], "ends in a suffix that is reserved");
	}
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		for (enum metric j = 0; j < i; j++)
			expect(strcmp(names[i], names[j]) != 0 ||
				       strcmp(metric_infos[i].name, metric_infos[j].name) == 0,
			       &metric_infos[i], "collides");
}

/* "_NS" becomes "_seconds" in our JSON: the new name must be free, too. */
static void cells_are_unique_keys(void **state)
{
	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_infos[i];

		expect(strlen(info->cell) <= 48, info, "the cell's name is too long");
		expect(ends_with(info->cell, "_NS") <= (info->unit == UNIT_NANOSECONDS), info,
		       "_NS");
		expect(!ends_with(info->cell, "_SECONDS"), info, "_SECONDS is taken by _NS");
		for (enum metric j = 0; j < i; j++)
			expect(strcmp(info->cell, metric_infos[j].cell) != 0, info, "twice");
	}
}

static void every_cell_has_a_place_of_its_own(void **state)
{
	enum metric next = 0;

	(void) state;
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		const struct entity_info *info = &entity_infos[entity];
		size_t words = (info->row_bytes - sizeof(struct row)) / 8;

		assert_non_null(info->name);
		assert_int_equal(info->first, next);
		for (enum metric i = info->first; i < info->end; i++) {
			assert_int_equal(metric_infos[i].entity, entity);
			assert_int_equal(metric_infos[i].index, i - info->first);
			assert_int_equal(metric_infos[i].word,
					 info->present_words + i - info->first);
			assert_true(metric_infos[i].word < words);
			assert_true(metric_infos[i].index / 64 < info->present_words);
		}
		next = info->end;
	}
	assert_int_equal(next, METRIC_COUNT);
}

static void absent_is_not_zero(void **state)
{
	union {
		struct row row;
		char room[4096];
	} memory = { .row.entity = ENTITY_CONTAINER, .row.instance = 7 };
	struct row *row = &memory.row;
	uint64_t value = 42;

	(void) state;
	assert_true(entity_infos[ENTITY_CONTAINER].row_bytes <= sizeof(memory));
	for (enum metric i = METRIC_FIRST_CONTAINER; i < METRIC_END_CONTAINER; i++) {
		assert_false(row_get(row, i, &value));
		assert_int_equal(value, 42);
		row_set(row, i, 0);
		assert_true(row_get(row, i, &value));
		assert_int_equal(value, 0);
		value = 42;
	}
	row_clear(row, METRIC_CPU_USAGE_NS);
	assert_false(row_has(row, METRIC_CPU_USAGE_NS));
	assert_true(row_has(row, METRIC_CPU_USER_NS));
	row_clear_all(row);
	for (enum metric i = METRIC_FIRST_CONTAINER; i < METRIC_END_CONTAINER; i++)
		assert_false(row_has(row, i));
	assert_int_equal(row->instance, 7);
}

/* Of a family of states one is 1, and shown. */
static bool is_alternative(enum metric metric)
{
	return metric_infos[metric].kind == KIND_STATE && metric > 0 &&
	       strcmp(metric_infos[metric].name, metric_infos[metric - 1].name) == 0;
}

/* With a healthcheck, one device and one interface; prometheus.io users pay for every series. */
static void a_container_has_at_most_45_series_by_default(void **state)
{
	unsigned count = 0;

	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		count += !metric_infos[i].more && !is_alternative(i) &&
			 (metric_infos[i].entity == ENTITY_CONTAINER ||
			  metric_infos[i].entity == ENTITY_DEVICE ||
			  metric_infos[i].entity == ENTITY_INTERFACE);
	assert_in_range(count, 30, 45);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_container_has_at_most_45_series_by_default),
		cmocka_unit_test(names_are_plain_and_say_whose_they_are),
		cmocka_unit_test(constant_labels_are_in_exposition_syntax),
		cmocka_unit_test(counters_and_only_counters_end_in_total),
		cmocka_unit_test(info_metrics_are_named_so_and_have_no_unit),
		cmocka_unit_test(a_unit_in_the_name_is_the_unit_of_the_cell),
		cmocka_unit_test(every_metric_has_help_of_one_line),
		cmocka_unit_test(a_family_stands_together_and_agrees),
		cmocka_unit_test(names_without_suffix_do_not_collide),
		cmocka_unit_test(cells_are_unique_keys),
		cmocka_unit_test(every_cell_has_a_place_of_its_own),
		cmocka_unit_test(absent_is_not_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
