/* SPDX-License-Identifier: Apache-2.0 */

#include "api/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static char copy[4096];
static struct problem problem;

static int set_path(struct api_request *request, const char *path)
{
	*request = (struct api_request){ 0 };
	problem = (struct problem){ 0 };
	strcpy(copy, path);
	return request_set_path(request, copy, &problem);
}

static void assert_path(const char *path, unsigned minor, size_t count, const char *last)
{
	struct api_request request;

	assert_int_equal(set_path(&request, path), 0);
	assert_int_equal(request.minor, minor);
	assert_int_equal(request.segment_count, count);
	assert_string_equal(request.segments[count - 1], last);
}

static void paths_have_a_version_or_none(void **state)
{
	(void) state;
	assert_path("/_ping", 47, 1, "_ping");
	assert_path("/containers/json", 47, 2, "json");
	assert_path("/v1.24/containers/json", 24, 2, "json");
	assert_path("/v1.47/containers/web/json", 47, 3, "json");
	assert_path("/version", 47, 1, "version");
	assert_path("/volumes/v1.99", 47, 2, "v1.99");
	assert_path("/images/registry:5000/a/b:tag/json", 47, 5, "json");
	assert_path("/vip/x", 47, 2, "x");
}

static void assert_refused(const char *path, const char *part)
{
	struct api_request request;

	assert_int_equal(set_path(&request, path), -EINVAL);
	if (!strstr(problem.text, part))
		fail_msg("'%s' does not say '%s'", problem.text, part);
}

static void versions_are_pairs_of_numbers(void **state)
{
	(void) state;
	assert_refused("/v1.48/info", "client version 1.48 is too new. Maximum supported API "
				      "version is 1.47");
	assert_refused("/v2.0/info", "is too new");
	assert_refused("/v1.9/info", "client version 1.9 is too old. Minimum supported API version "
				     "is 1.24, please upgrade");
	assert_refused("/v1.23/info", "is too old");
	assert_refused("/v0.99/info", "is too old");
	assert_refused("/v1/info", "invalid API version");
	assert_refused("/v1./info", "invalid API version");
	assert_refused("/v.47/info", "invalid API version");
	assert_refused("/v1.4.7/info", "invalid API version");
	assert_refused("/v..../info", "invalid API version");
	assert_refused("/v99999999999999999999999999999.1/info", "is too new");
	assert_refused("/v1.99999999999999999999999999999/info", "is too new");
}

static void odd_paths_lead_nowhere(void **state)
{
	static const char *const paths[] = { "/",
					     "//",
					     "/containers/",
					     "/containers//json",
					     "//containers/json",
					     "/v1.47//info",
					     "",
					     "info",
					     "*" };
	struct api_request request;
	char deep[200] = "";

	(void) state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (set_path(&request, paths[i]) != -ENOENT)
			fail_msg("'%s' is a path", paths[i]);
	for (int i = 0; i <= REQUEST_SEGMENTS; i++)
		strcat(deep, "/a");
	assert_int_equal(set_path(&request, deep), -ENOENT);
}

static void docker_spells_false_in_five_ways(void **state)
{
	static const struct {
		const char *text;
		bool value;
	} spellings[] = {
		{ "", false },     { "0", false },       { "no", false },      { "false", false },
		{ "None", false }, { " FALSE ", false }, { "1", true },        { "true", true },
		{ "True", true },  { "yes", true },      { "anything", true }, { "00", true },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		struct api_request request = { 0 };

		assert_int_equal(request_add(&request, "all", spellings[i].text), 0);
		if (request_flag(&request, "all", !spellings[i].value) != spellings[i].value)
			fail_msg("'%s'", spellings[i].text);
	}
}

static void a_parameter_without_value_is_empty_and_a_missing_one_is_not(void **state)
{
	struct api_request request = { 0 };

	(void) state;
	assert_int_equal(request_add(&request, "all", NULL), 0);
	assert_string_equal(request_value(&request, "all"), "");
	assert_null(request_value(&request, "size"));
	assert_true(request_flag(&request, "size", true));
	assert_false(request_flag(&request, "size", false));
}

static void the_first_of_several_values_counts(void **state)
{
	struct api_request request = { 0 };

	(void) state;
	(void) request_add(&request, "limit", "1");
	(void) request_add(&request, "limit", "2");
	assert_string_equal(request_value(&request, "limit"), "1");
}

static void parameters_are_bounded(void **state)
{
	struct api_request request = { 0 };

	(void) state;
	for (int i = 0; i < REQUEST_PAIRS; i++)
		assert_int_equal(request_add(&request, "a", "b"), 0);
	assert_int_equal(request_add(&request, "a", "b"), -E2BIG);
}

static void times_have_fractions(void **state)
{
	static const struct {
		const char *text;
		int result;
		uint64_t ns;
	} times[] = {
		{ "0", 0, 0 },
		{ "1700000000", 0, 1700000000000000000 },
		{ "1700000000.25", 0, 1700000000250000000 },
		{ "1700000000.000000001", 0, 1700000000000000001 },
		{ "", -ENOENT, 7 },
		{ "yesterday", -EINVAL, 7 },
		{ "-5", -EINVAL, 7 },
		{ "99999999999999999999", -EINVAL, 7 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct api_request request = { 0 };
		uint64_t ns = 7;

		(void) request_add(&request, "since", times[i].text);
		assert_int_equal(request_time(&request, "since", &ns), times[i].result);
		assert_int_equal(ns, times[i].ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_have_a_version_or_none),
		cmocka_unit_test(versions_are_pairs_of_numbers),
		cmocka_unit_test(odd_paths_lead_nowhere),
		cmocka_unit_test(docker_spells_false_in_five_ways),
		cmocka_unit_test(a_parameter_without_value_is_empty_and_a_missing_one_is_not),
		cmocka_unit_test(the_first_of_several_values_counts),
		cmocka_unit_test(parameters_are_bounded),
		cmocka_unit_test(times_have_fractions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
