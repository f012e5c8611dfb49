/* SPDX-License-Identifier: Apache-2.0 */

/* Texts that are right in shape, and what becomes of their values; config_walk_test.c has those
 * that are not. */

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

/* Refuses to be wrong; the caller ends ret_config. */
static void parse(const char *text, struct config *ret_config)
{
	struct problem problem = { 0 };

	assert_int_equal(config_defaults(ret_config), 0);
	if (config_parse(text, strlen(text), ret_config, &problem) != 0)
		fail_msg("%s", problem.text);
}

static void every_setting_can_be_set(void **state)
{
	struct config config;

	(void) state;
	parse("interval: 250ms\n"
	      "rescan: 1m\n"
	      "run_dir: /tmp/run dir\n"
	      "state_dir: '/tmp/state'\n"
	      "log_level: debug\n"
	      "web:\n"
	      "  enabled: no\n"
	      "  listen: '[::1]:80'\n"
	      "  insecure: on\n"
	      "  user: nobody\n"
	      "  hosts: [metrics.example.org, h\303\266st]\n"
	      "limits: { containers: 65536, descriptors: 1000 }\n"
	      "metrics:\n"
	      "  labels:\n"
	      "  - team\n"
	      "  - io.example/tier\n"
	      "  label_info: false\n"
	      "  remember: 0\n"
	      "sensors: { disable: [cpu] }\n"
	      "runtimes:\n"
	      "  disable: [crun]\n"
	      "  docker: { data_roots: [/data/docker, /b] }\n"
	      "  podman: { graph_roots: [/p] }\n"
	      "  runc: { state_roots: [/r] }\n"
	      "  crun: { state_roots: [/c] }\n",
	      &config);
	assert_int_equal(config.interval_ns, 250 * NSEC_PER_MSEC);
	assert_int_equal(config.rescan_ns, 60 * NSEC_PER_SEC);
	assert_string_equal(config.run_dir, "/tmp/run dir");
	assert_string_equal(config.state_dir, "/tmp/state");
	assert_int_equal(config.log_level, LOG_LEVEL_DEBUG);
	assert_false(config.web.enabled);
	assert_string_equal(config.web.listen, "[::1]:80");
	assert_true(config.web.insecure);
	assert_string_equal(config.web.user, "nobody");
	assert_int_equal(config.web.hosts.count, 2);
	assert_string_equal(config.web.hosts.items[1], "h\303\266st");
	assert_null(config.web.hosts.items[2]);
	assert_int_equal(config.limits.containers, 65536);
	assert_int_equal(config.limits.descriptors, 1000);
	assert_int_equal(config.metrics.labels.count, 2);
	assert_string_equal(config.metrics.labels.items[1], "io.example/tier");
	assert_false(config.metrics.label_info);
	assert_int_equal(config.metrics.remember_ns, 0);
	assert_string_equal(config.sensors.disable.items[0], "cpu");
	assert_string_equal(config.runtimes.disable.items[0], "crun");
	assert_string_equal(config.runtimes.docker.data_roots.items[1], "/b");
	assert_string_equal(config.runtimes.podman.graph_roots.items[0], "/p");
	assert_string_equal(config.runtimes.runc.state_roots.items[0], "/r");
	assert_string_equal(config.runtimes.crun.state_roots.items[0], "/c");
	config_fini(&config);
}

static void a_text_without_settings_is_all_defaults(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"# a comment\n",
		"---\n",
		"--- ~\n...\n",
		"{}",
		"web:\n",
		"web: {}\n",
		"web:\n  # nothing yet\nmetrics: null\n",
		"%YAML 1.1\n---\n",
		"\357\273\277# after a byte order mark\n",
	};
	struct config config, defaults;

	(void) state;
	assert_int_equal(config_defaults(&defaults), 0);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		parse(texts[i], &config);
		assert_same_config(&config, &defaults);
		config_fini(&config);
	}
	config_fini(&defaults);
}

static void a_later_text_changes_only_what_it_has(void **state)
{
	struct problem problem;
	struct config config;
	const char *later = "web: { user: b }\nmetrics: { labels: [] }\n";

	(void) state;
	parse("interval: 5s\nweb: { user: a, hosts: [x] }\n", &config);
	assert_int_equal(config_parse(later, strlen(later), &config, &problem), 0);
	assert_int_equal(config.interval_ns, 5 * NSEC_PER_SEC);
	assert_string_equal(config.web.user, "b");
	assert_int_equal(config.web.hosts.count, 1);
	assert_int_equal(config.metrics.labels.count, 0);
	assert_non_null(config.metrics.labels.items);
	assert_null(config.metrics.labels.items[0]);
	config_fini(&config);
}

static void wrong_values_are_named(void **state)
{
	static const struct mistake mistakes[] = {
		{ "interval: soon\n",
		  "line 1: 'interval' is 'soon', but has to be a duration like "
		  "500ms, 1s, 2m or 1h, 100ms to 1m",
		  1 },
		{ "interval: 99ms\n", "'interval' is '99ms', but", 1 },
		{ "interval: 61s\n", "'interval' is '61s', but", 1 },
		{ "interval: -1s\n", "'interval' is '-1s', but", 1 },
		{ "interval: ''\n", "'interval' is '', but", 1 },
		{ "interval: 99999999999999999999h\n", "100ms to 1m", 1 },
		{ "metrics: { remember: 25h }\n", "0 to 24h", 1 },
		{ "rescan: 500ms\n", "1s to 1h", 1 },
		{ "limits:\n  containers: 0\n",
		  "'limits.containers' is '0', but has to be a whole "
		  "number, 1 to 65536",
		  2 },
		{ "limits: { containers: 65537 }\n", "1 to 65536", 1 },
		{ "limits: { containers: 1.5 }\n", "a whole number", 1 },
		{ "limits: { containers: 99999999999999999999999 }\n", "1 to 65536", 1 },
		{ "log_level: loud\n", "but has to be error, warning, info or debug", 1 },
		{ "web: { enabled: maybe }\n", "but has to be true or false", 1 },
		{ "web: { listen: 'localhost:80' }\n", "but has to be an address like", 1 },
		{ "web: { user: '' }\n", "'web.user' is '', but has to be some text", 1 },
		{ "run_dir: run\n", "but has to be a path that begins with '/'", 1 },
		{ "metrics: { labels: [a, ''] }\n", "an item of 'metrics.labels' is ''", 1 },
		{ "runtimes:\n  docker:\n    data_roots: [/a, b]\n",
		  "an item of 'runtimes.docker.data_roots' is 'b'", 3 },
		{ "run_dir: \"/a\\nb\"\n", "'/a?b', but has to be one line of plain text", 1 },
		{ "run_dir: |\n  /a\n", "one line of plain text", 1 },
		{ "web: { user: \"a\\0b\" }\n", "there is a NUL character here", 1 },
	};

	(void) state;
	assert_mistakes(mistakes, ARRAY_SIZE(mistakes));
}

static void a_text_above_the_limit_is_not_looked_at(void **state)
{
	char *text = malloc(CONFIG_FILE_BYTES + 1);
	struct config config = { 0 };
	struct problem problem;

	(void) state;
	assert_non_null(text);
	memset(text, '\n', CONFIG_FILE_BYTES + 1);
	(void) snprintf(text, 13, "interval: 2s");
	text[12] = '\n';
	assert_int_equal(config_parse(text, CONFIG_FILE_BYTES, &config, &problem), 0);
	assert_int_equal(config.interval_ns, 2 * NSEC_PER_SEC);
	config_fini(&config);

	assert_mistake(text, CONFIG_FILE_BYTES + 1, "this is longer than 256 KiB", 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_setting_can_be_set),
		cmocka_unit_test(a_text_without_settings_is_all_defaults),
		cmocka_unit_test(a_later_text_changes_only_what_it_has),
		cmocka_unit_test(wrong_values_are_named),
		cmocka_unit_test(a_text_above_the_limit_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
