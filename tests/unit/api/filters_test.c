/* SPDX-License-Identifier: Apache-2.0 */

#include "api/filters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const known[] = { "name", "label", "status", NULL };
static struct problem problem;

static struct filters parse(const char *text)
{
	struct filters filters;

	assert_int_equal(api_filters_parse(text, known, &filters, &problem), 0);
	return filters;
}

static void both_forms_say_the_same(void **state)
{
	static const char *const forms[] = {
		"{\"name\":[\"web\",\"db\"]}",
		"{\"name\":{\"web\":true,\"db\":true}}",
		"{\"name\":{\"web\":true,\"db\":true,\"cache\":false}}",
	};

	(void) state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct filters filters = parse(forms[i]);
		size_t cursor = 0;

		assert_true(api_filters_has(&filters, "name"));
		assert_false(api_filters_has(&filters, "label"));
		assert_string_equal(api_filters_next(&filters, "name", &cursor), "web");
		assert_string_equal(api_filters_next(&filters, "name", &cursor), "db");
		assert_null(api_filters_next(&filters, "name", &cursor));
		assert_true(api_filters_allow(&filters, "name", "db"));
		assert_false(api_filters_allow(&filters, "name", "cache"));
		assert_true(api_filters_allow(&filters, "status", "running"));
		api_filters_fini(&filters);
	}
}

static void nothing_filters_nothing(void **state)
{
	static const char *const texts[] = { NULL, "", "{}", "{\"name\":[]}", "{\"name\":{}}" };

	(void) state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct filters filters = parse(texts[i]);

		assert_false(api_filters_has(&filters, "name"));
		assert_true(api_filters_allow(&filters, "name", "x"));
		api_filters_fini(&filters);
	}
}

static void broken_ones_are_refused(void **state)
{
	static const char *const texts[] = {
		"x",
		"[]",
		"\"name\"",
		"1",
		"null",
		"{",
		"{\"name\":\"web\"}",
		"{\"name\":[1]}",
		"{\"name\":{\"web\":1}}",
		"{\"name\":{\"web\":\"true\"}}",
		"{\"name\":null}",
		"{\"name\":[[\"web\"]]}",
		"{\"name\":[\"a\"],\"name\":[\"b\"]}",
		"{\"name\":[\"\\u0000\"]}",
		"{\"name\":[\"\xff\"]}",
		"{\"name\":[\"web\"]} trailing",
	};
	struct filters filters;

	(void) state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		problem.text[0] = '\0';
		if (api_filters_parse(texts[i], known, &filters, &problem) != -EINVAL)
			fail_msg("'%s' was taken", texts[i]);
		assert_memory_equal(problem.text, "invalid filter", 14);
	}
}

static void an_unknown_key_is_named(void **state)
{
	struct filters filters;

	(void) state;
	assert_int_equal(api_filters_parse("{\"nmae\":[\"x\"]}", known, &filters, &problem),
			 -EINVAL);
	assert_string_equal(problem.text, "invalid filter 'nmae'");
}

static void values_are_bounded(void **state)
{
	char *text = malloc(32 + 5 * (FILTER_VALUES_MAX + 1)), *end;
	struct filters filters;

	(void) state;
	assert_non_null(text);
	end = stpcpy(text, "{\"name\":[\"a\"");
	for (int i = 1; i < FILTER_VALUES_MAX; i++)
		end = stpcpy(end, ",\"a\"");
	strcpy(end, "]}");
	filters = parse(text);
	api_filters_fini(&filters);
	strcpy(end, ",\"b\"]}");
	assert_int_equal(api_filters_parse(text, known, &filters, &problem), -EINVAL);
	free(text);
}

static const char *find(const void *labels, const char *key)
{
	for (const char *const *label = labels; *label; label += 2)
		if (strcmp(label[0], key) == 0)
			return label[1];

	return NULL;
}

static void all_labels_have_to_fit(void **state)
{
	static const char *const labels[] = { "a", "1", "b", "", "c", "x=y", NULL };
	static const struct {
		const char *text;
		bool allowed;
	} cases[] = {
		{ "{}", true },
		{ "{\"label\":[\"a\"]}", true },
		{ "{\"label\":[\"a=1\"]}", true },
		{ "{\"label\":[\"a=\"]}", false },
		{ "{\"label\":[\"a=2\"]}", false },
		{ "{\"label\":[\"b\"]}", true },
		{ "{\"label\":[\"b=\"]}", true },
		{ "{\"label\":[\"c=x=y\"]}", true },
		{ "{\"label\":[\"a\",\"d\"]}", false },
		{ "{\"label\":{\"a=1\":true,\"b\":true}}", true },
		{ "{\"label\":{\"a=1\":true,\"a=2\":true}}", false },
		{ "{\"label\":[\"\"]}", false },
		{ "{\"label\":[\"=1\"]}", false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filters filters = parse(cases[i].text);

		if (api_filters_allow_labels(&filters, "label", find, labels) != cases[i].allowed)
			fail_msg("%s", cases[i].text);
		api_filters_fini(&filters);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_say_the_same),
		cmocka_unit_test(nothing_filters_nothing),
		cmocka_unit_test(broken_ones_are_refused),
		cmocka_unit_test(an_unknown_key_is_named),
		cmocka_unit_test(values_are_bounded),
		cmocka_unit_test(all_labels_have_to_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
