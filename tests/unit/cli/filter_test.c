/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/filter.h"
#include "cli/sort.h"
#include "unit/cli/sample.h"

static const struct flag filter_flag = { "filter", 'f', "KEY=VALUE", "" };

static struct listing sample(void)
{
	struct listing listing;
	struct problem problem;

	assert_int_equal(listing_parse(sample_json, strlen(sample_json), 1e9, &listing, &problem),
			 0);
	return listing;
}

static int parse(const char *const *texts, struct filters *filters, struct problem *problem)
{
	struct arguments arguments = { 0 };

	for (; *texts; texts++) {
		arguments.given[arguments.given_count].flag = &filter_flag;
		arguments.given[arguments.given_count++].value = *texts;
	}
	return filters_parse(&arguments, filters, problem);
}

/* The first letters of the names that are left, in their order. */
static void assert_selected(const char *const *texts, bool all, const char *expected)
{
	struct listing listing = sample();
	struct filters filters;
	struct problem problem;
	char got[8] = "";

	assert_int_equal(parse(texts, &filters, &problem), 0);
	assert_null(
		listing_select(&listing, &filters, all || filters_ask_for_all(&filters), NULL, 0));
	for (size_t i = 0; i < listing.count; i++)
		got[i] = listing.items[i].strings[STRING_NAME][0];
	assert_string_equal(got, expected);
	filters_fini(&filters);
	listing_fini(&listing);
}

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void what_does_not_run_is_left_out_unless_asked_for(void **state)
{
	(void) state;
	assert_selected(TEXTS(NULL), false, "wd\033");
	assert_selected(TEXTS(NULL), true, "wdo\033");
	assert_selected(TEXTS("status=exited"), false, "o");
}

static void keys_add_up_and_their_values_are_alternatives(void **state)
{
	(void) state;
	assert_selected(TEXTS("engine=docker"), false, "w");
	assert_selected(TEXTS("engine=docker", "engine=podman"), false, "wd");
	assert_selected(TEXTS("engine=docker", "name=^db"), false, "");
	assert_selected(TEXTS("name=b"), false, "wd");
	assert_selected(TEXTS("name=^(web|old)$"), true, "wo");
	assert_selected(TEXTS("id=4f"), false, "wd");
	assert_selected(TEXTS("id=f2"), false, "");
	assert_selected(TEXTS("image=post"), false, "d");
	assert_selected(TEXTS("status=running", "status=paused"), false, "wd\033");
	assert_selected(TEXTS("health=healthy"), false, "w");
	assert_selected(TEXTS("pod=backend"), false, "d");
	assert_selected(TEXTS("project=shop"), false, "w");
}

static void every_label_has_to_be_there(void **state)
{
	(void) state;
	assert_selected(TEXTS("label=app"), false, "w");
	assert_selected(TEXTS("label=app=front"), false, "w");
	assert_selected(TEXTS("label=app=back"), false, "");
	assert_selected(TEXTS("label=app", "label=no"), false, "");
}

static void filters_that_are_none_are_refused(void **state)
{
	static const struct {
		const char *text, *sentence;
	} rows[] = {
		{ "web", "a filter is KEY=VALUE" },
		{ "nmae=web", "unknown filter 'nmae'; did you mean 'name'?" },
		{ "zzz=1", "there are name, id, image" },
		{ "status=runing", "it is one of: created running" },
		{ "status=", "it is one of" },
		{ "health=exited", "it is one of: starting" },
		{ "name=(", "no regular expression" },
	};
	struct filters filters;
	struct problem problem;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(parse(TEXTS("id=1", rows[i].text), &filters, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, rows[i].sentence));
	}
}

static void words_name_containers_whether_they_run_or_not(void **state)
{
	char *words[] = { (char *) "old", (char *) "4f2" },
	     *bad[] = { (char *) "web", (char *) "no" };
	struct listing listing = sample();
	struct filters none = { 0 };

	(void) state;
	assert_null(listing_select(&listing, &none, false, words, 2));
	assert_int_equal(listing.count, 2);
	assert_string_equal(listing.items[0].asked, "4f2");
	assert_string_equal(listing.items[1].asked, "old");
	listing_fini(&listing);

	listing = sample();
	assert_string_equal(listing_select(&listing, &none, false, bad, 2), "no");
	listing_fini(&listing);
}

static void assert_order(const char *name, bool reverse, const char *expected)
{
	struct listing listing = sample();
	struct problem problem;
	char got[8] = "";

	listing_sort(&listing, order_find(name, &problem), reverse);
	for (size_t i = 0; i < listing.count; i++)
		got[i] = listing.items[i].strings[STRING_NAME][0];
	assert_string_equal(got, expected);
	listing_fini(&listing);
}

static void numbers_sort_from_the_highest_and_the_unknown_come_last(void **state)
{
	struct problem problem;

	(void) state;
	assert_order("cpu", false, "dw\033o");
	assert_order("cpu", true, "wd\033o");
	assert_order("mem", false, "dw\033o");
	assert_order("net", false, "w\033do");
	assert_order("name", false, "\033dow");
	assert_order("name", true, "wod\033");
	assert_null(order_find("cpuu", &problem));
	assert_non_null(strstr(problem.text, "did you mean 'cpu'?"));
}

static void an_answer_that_is_none_is_refused(void **state)
{
	static const char *const answers[] = {
		"", "[]", "{}", "{\"containers\":{}}", "{\"containers\":[", "nonsense"
	};
	struct listing listing;
	struct problem problem;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		assert_int_equal(listing_parse(answers[i], strlen(answers[i]), NAN, &listing,
					       &problem),
				 -EPROTO);
		assert_non_null(strstr(problem.text, "cannot be read"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_run_is_left_out_unless_asked_for),
		cmocka_unit_test(keys_add_up_and_their_values_are_alternatives),
		cmocka_unit_test(every_label_has_to_be_there),
		cmocka_unit_test(filters_that_are_none_are_refused),
		cmocka_unit_test(words_name_containers_whether_they_run_or_not),
		cmocka_unit_test(numbers_sort_from_the_highest_and_the_unknown_come_last),
		cmocka_unit_test(an_answer_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
