/* SPDX-License-Identifier: Apache-2.0 */

/* Texts whose shape is wrong, by mistake or on purpose: every sentence that a person may get to
 * read about that is in one of the tables here. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "config.h"
#include "config_value.h"

struct mistake {
	const char *text;
	const char *sentence;
	unsigned line;
};

static void assert_same_config(const struct config *a, const struct config *b)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (!value_equal(&settings[i], a, b))
			fail_msg("'%s' differs", settings[i].key);
}

/* The text has to be refused with this sentence, and to change nothing. */
static void assert_mistake(const char *text, size_t length, const char *sentence, unsigned line)
{
	struct problem problem = { 0 };
	struct config config, defaults;

	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_defaults(&defaults), 0);
	assert_int_equal(config_parse(text, length, &config, &problem), -EINVAL);
	if (!strstr(problem.text, sentence))
		fail_msg("'%s' is not in '%s'", sentence, problem.text);
	assert_int_equal(problem.line, line);
	assert_same_config(&config, &defaults);
	config_fini(&defaults);
	config_fini(&config);
}

static void assert_mistakes(const struct mistake *mistakes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_mistake(mistakes[i].text, strlen(mistakes[i].text), mistakes[i].sentence,
			       mistakes[i].line);
}

static void unknown_keys_are_errors_with_line_and_suggestion(void **state)
{
	static const struct mistake mistakes[] = {
		{ "interval: 1s\n\nintervall: 2s\n",
		  "line 3: unknown key 'intervall'; did you mean 'interval'?", 3 },
		{ "web:\n  listn: :1\n",
		  "line 2: unknown key 'listn' below 'web'; did you mean 'listen'?", 2 },
		{ "runtimes:\n  dokcer:\n", "below 'runtimes'; did you mean 'docker'?", 2 },
		{ "runtimes: { docker: { data_root: [/] } }",
		  "below 'runtimes.docker'; did you mean 'data_roots'?", 1 },
		{ "listen: :1\n", "unknown key 'listen'; did you mean 'listen' below 'web'?", 1 },
		{ "web.listen: :1\n", "did you mean 'listen' below 'web'?", 1 },
		{ "web:\n  interval: 1s\n", "did you mean 'interval' at the left margin?", 2 },
		{ "colour: red\n", "line 1: unknown key 'colour'", 1 },
		{ "<<: { interval: 1s }\n", "unknown key '<<'", 1 },
		{ "'': 1\n", "unknown key ''", 1 },
		{ "\"inter\\e[31mval\": 1s\n", "unknown key 'inter?[31mval'", 1 },
	};

	(void) state;
	assert_mistakes(mistakes, ARRAY_SIZE(mistakes));
}

static void a_word_without_neighbour_gets_no_suggestion(void **state)
{
	struct problem problem;
	struct config config = { 0 };
	const char *text = "colour: red\n";

	(void) state;
	assert_int_equal(config_parse(text, strlen(text), &config, &problem), -EINVAL);
	assert_string_equal(problem.text, "line 1: unknown key 'colour'");
	config_fini(&config);
}

static void wrong_shapes_are_named(void **state)
{
	static const struct mistake mistakes[] = {
		{ "hello\n", "settings like 'key: value' are expected here", 1 },
		{ "- interval\n", "settings like 'key: value' are expected here", 1 },
		{ "\nweb: on\n", "expected here below 'web'", 2 },
		{ "web: ''\n", "expected here below 'web'", 1 },
		{ "web: [a]\n", "expected here below 'web'", 1 },
		{ "interval: [1s]\n",
		  "'interval' has to be a duration like 500ms, 1s, 2m or 1h, "
		  "not a list",
		  1 },
		{ "interval: { a: b }\n", "not a mapping", 1 },
		{ "web:\n  listen: [::1]:80\n", "\"[::1]:11876\" or :11876, not a list", 2 },
		{ "interval:\n", "line 1: 'interval' has no value", 1 },
		{ "interval: ~\n", "'interval' has no value", 1 },
		{ "metrics:\n  labels: team\n", "'metrics.labels' has to be a list", 2 },
		{ "metrics:\n  labels:\n", "[] is the empty list", 2 },
		{ "metrics:\n  labels: { a: b }\n", "'metrics.labels' has to be a list", 2 },
		{ "metrics:\n  labels:\n  - a\n  -\n", "each item of 'metrics.labels'", 4 },
		{ "metrics:\n  labels:\n  - a\n  - [b]\n", "each item of 'metrics.labels'", 4 },
		{ "? [a]\n: b\n", "a key has to be a word", 1 },
		{ "interval: 1s\nrun_dir: /a\ninterval: 1s\n",
		  "line 3: 'interval' is there twice, first in line 1", 3 },
		{ "web: { user: a }\nweb: { hosts: [] }\n", "'web' is there twice", 2 },
		{ "web:\n  user: a\n  user: a\n", "'user' is there twice, first in line 2", 3 },
		{ "interval: 1s\n---\nrescan: 2s\n", "line 2: a second YAML document", 2 },
	};

	(void) state;
	assert_mistakes(mistakes, ARRAY_SIZE(mistakes));
}

static void what_is_no_yaml_is_refused_with_its_line(void **state)
{
	static const struct mistake mistakes[] = {
		{ "interval: 1s\n\tweb: 1\n", "line 2: this is not YAML: found a tab", 2 },
		{ "interval: \"1s\nrescan: 2s\n", "(from line 1)", 3 },
		{ "interval: 1s\n\377\n", "line 2: this is not YAML: invalid leading UTF-8", 2 },
		{ "\001\002\003", "line 1: this is not YAML: control characters", 1 },
		{ "\177ELF\002\001\001", "this is not YAML", 1 },
		{ "%YAML 3.0\n---\ninterval: 1s\n", "this is not YAML", 1 },
	};

	(void) state;
	assert_mistakes(mistakes, ARRAY_SIZE(mistakes));
	assert_mistake("interval: 1s\n\0\n", 15, "line 2: this is not YAML: control characters", 2);
}

static void aliases_are_refused_before_they_grow(void **state)
{
	static const char *const bomb = "metrics:\n"
					"  labels: &a [x, x, x, x, x, x, x, x]\n"
					"sensors:\n"
					"  disable: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
					"runtimes:\n"
					"  disable: [*b, *b, *b, *b, *b, *b, *b, *b]\n";
	struct config config = { 0 };
	struct problem problem;

	(void) state;
	assert_mistake(bomb, strlen(bomb), "line 4: aliases ('*name') are not allowed", 4);
	assert_mistake("interval: &i 2s\nrescan: *i\n", 27, "line 2: aliases ('*name')", 2);

	/* An anchor alone does nothing. */
	assert_int_equal(config_parse("interval: &unused 2s\n", 21, &config, &problem), 0);
	assert_int_equal(config.interval_ns, 2 * NSEC_PER_SEC);
	config_fini(&config);
}

/* `unit` again and again, behind `start`, up to the largest text that is looked at. */
static char *filled(const char *start, const char *unit, size_t length)
{
	char *text = malloc(length + 1);
	size_t used = strlen(start), more = strlen(unit);

	assert_non_null(text);
	memcpy(text, start, used);
	for (; used + more <= length; used += more)
		memcpy(text + used, unit, more);
	memset(text + used, '\n', length - used);
	text[length] = '\0';
	return text;
}

static void huge_texts_are_refused_or_read_at_once(void **state)
{
	static const struct {
		const char *start, *unit, *sentence;
		unsigned line;
	} rows[] = {
		{ "", "[", "settings like", 1 },
		{ "", "{", "a key has to be", 1 },
		{ "metrics: { labels: ", "[", "each item of", 1 },
		{ "web: ", "{a: ", "unknown key 'a' below 'web'", 1 },
		{ "", "- ", "settings like", 1 },
		{ "", "? ", "a key has to be", 1 },
		{ "interval: ", "&a ", "'interval' has no value", 1 },
		{ "metrics:\n  labels:\n", "  - a\n", "'metrics.labels' may have 64 items", 67 },
		{ "metrics: { labels: [", "a,", "'metrics.labels' may have 64 items", 1 },
		{ "run_dir: ", "/a", "shorter than 1 KiB", 1 },
		{ "run_dir: >\n", " /a\n", "shorter than 1 KiB", 1 },
		{ "run_dir: '", "/a", "while scanning a quoted scalar", 0 },
		{ "", "a: 1\n", "unknown key 'a'", 1 },
	};
	uint64_t start_ns = clock_process_cpu_ns();

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text = filled(rows[i].start, rows[i].unit, CONFIG_FILE_BYTES);
		struct config config = { 0 };
		struct problem problem;

		assert_int_equal(config_parse(text, CONFIG_FILE_BYTES, &config, &problem), -EINVAL);
		if (!strstr(problem.text, rows[i].sentence))
			fail_msg("'%s' is not in '%s'", rows[i].sentence, problem.text);
		if (rows[i].line > 0)
			assert_int_equal(problem.line, rows[i].line);
		config_fini(&config);
		free(text);
	}

	/* All of them take some 40 ms with sanitizers. A list that libcyaml copied for each of its
	 * items took 45 s. */
	assert_true(clock_process_cpu_ns() - start_ns < 5 * NSEC_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_keys_are_errors_with_line_and_suggestion),
		cmocka_unit_test(a_word_without_neighbour_gets_no_suggestion),
		cmocka_unit_test(wrong_shapes_are_named),
		cmocka_unit_test(what_is_no_yaml_is_refused_with_its_line),
		cmocka_unit_test(aliases_are_refused_before_they_grow),
		cmocka_unit_test(huge_texts_are_refused_or_read_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
