/* SPDX-License-Identifier: Apache-2.0 */

#include "api/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static int search(const char *expression, const char *text)
{
	struct problem problem;
	struct pattern pattern;
	int r = pattern_compile(expression, &pattern, &problem);

	if (r < 0)
		return r;
	r = pattern_search(&pattern, text);
	pattern_fini(&pattern);
	return r;
}

static void patterns_are_found_anywhere(void **state)
{
	static const struct {
		const char *expression, *text;
		int found;
	} cases[] = {
		{ "web", "my-web-1", 1 },   { "web", "db", 0 },
		{ "", "anything", 1 },      { "^/?web$", "web", 1 },
		{ "^/?web$", "/web", 1 },   { "^/?web$", "web2", 0 },
		{ "^web$", "web\n", 0 },    { "w.b", "wxb", 1 },
		{ "w\\.b", "wxb", 0 },      { "^(web|db)-[0-9]+$", "db-12", 1 },
		{ "(?i)WEB", "web", 1 },    { "(?:a|b)c", "bc", 1 },
		{ "(?P<n>a)b", "ab", 1 },   { "[[:alpha:]]+", "42a", 1 },
		{ "[]a]", "]", 1 },         { "[^]a]", "]", 0 },
		{ "\\w{2,3}?x", "abx", 1 }, { "\\p{Greek}", "\xce\xb1", 1 },
		{ "a{,2}", "a{,2}", 1 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (search(cases[i].expression, cases[i].text) != cases[i].found)
			fail_msg("%s in %s", cases[i].expression, cases[i].text);
}

static void what_go_does_not_know_is_refused(void **state)
{
	static const char *const expressions[] = {
		"(",        "[",
		"a**",      "a++",
		"a?+",      "a{2}+",
		"(?=x)",    "(?!x)",
		"(?<=x)",   "(?<!x)",
		"(?>x)",    "(a)\\1",
		"\\k<n>",   "\\g1",
		"(?R)",     "(?1)",
		"(?&n)",    "(?P=n)",
		"(?P>n)",   "(?(1)a)",
		"(?C)",     "(*LIMIT_MATCH=9)",
		"(*UTF)",   "\\K",
		"\\G",      "\\R",
		"\\X",      "\\C",
		"\\Z",      "*",
		"a{3,2}",   "\\",
		"(?#note)", "(?|a)",
		"\\Qa\\E",
	};

	(void) state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		if (search(expressions[i], "x") != -EINVAL)
			fail_msg("%s was taken", expressions[i]);
}

static void the_refused_one_is_named(void **state)
{
	struct problem problem;
	struct pattern pattern;

	(void) state;
	assert_int_equal(pattern_compile("a(", &pattern, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "'a('"));
}

static void long_ones_are_refused(void **state)
{
	char expression[PATTERN_TEXT_BYTES + 2];

	(void) state;
	memset(expression, 'a', sizeof(expression));
	expression[sizeof(expression) - 1] = '\0';
	assert_int_equal(search(expression, "a"), -EINVAL);
}

static void what_would_take_for_ever_is_given_up(void **state)
{
	(void) state;
	assert_int_equal(search("(a+a+)+(a+a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
			 -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_are_found_anywhere),
		cmocka_unit_test(what_go_does_not_know_is_refused),
		cmocka_unit_test(the_refused_one_is_named),
		cmocka_unit_test(long_ones_are_refused),
		cmocka_unit_test(what_would_take_for_ever_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
