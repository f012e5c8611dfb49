/* SPDX-License-Identifier: Apache-2.0 */

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

static void defaults_are_those_of_the_documentation(void **state)
{
	struct config config;

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config.interval_ns, NSEC_PER_SEC);
	assert_int_equal(config.rescan_ns, 30 * NSEC_PER_SEC);
	assert_string_equal(config.run_dir, "/run/plimsoll");
	assert_string_equal(config.state_dir, "/var/lib/plimsoll");
	assert_int_equal(config.log_level, LOG_LEVEL_INFO);
	assert_true(config.web.enabled);
	assert_false(config.web.insecure);
	assert_string_equal(config.web.listen, "127.0.0.1:11876");
	assert_string_equal(config.web.user, "plimsoll-web");
	assert_int_equal(config.web.hosts.count, 0);
	assert_int_equal(config.limits.containers, 16384);
	assert_int_equal(config.limits.descriptors, 0);
	assert_int_equal(config.metrics.labels.count, 2);
	assert_string_equal(config.metrics.labels.items[0], "com.docker.compose.project");
	assert_string_equal(config.metrics.labels.items[1], "com.docker.compose.service");
	assert_null(config.metrics.labels.items[2]);
	assert_true(config.metrics.label_info);
	assert_int_equal(config.metrics.remember_ns, 300 * NSEC_PER_SEC);
	assert_int_equal(config.sensors.disable.count, 0);
	assert_int_equal(config.runtimes.disable.count, 0);
	assert_int_equal(config.runtimes.docker.data_roots.count, 0);
	config_fini(&config);
}

static void lists_end_with_null_even_when_empty(void **state)
{
	struct config config;

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const struct strings *strings =
			(const void *) ((const char *) &config + settings[i].offset);

		if (setting_is_list(&settings[i])) {
			assert_non_null(strings->items);
			assert_null(strings->items[strings->count]);
		}
	}
	config_fini(&config);
}

static void every_row_has_a_key_a_help_and_a_default_that_fits(void **state)
{
	(void) state;
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		assert_true(strlen(settings[i].key) > 0);
		assert_true(strlen(settings[i].help) > 10);
		assert_non_null(settings[i].fallback);
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(settings[i].key, settings[j].key);
			assert_int_not_equal(settings[i].offset, settings[j].offset);
		}
	}
}

static void an_empty_config_can_be_ended(void **state)
{
	struct config config = { 0 };

	(void) state;
	config_fini(&config);
	config_fini(&config);
}

static const struct setting *find(const char *key)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (strcmp(settings[i].key, key) == 0)
			return &settings[i];

	fail_msg("no setting '%s'", key);
	return NULL;
}

static void one_setting_is_set_or_left_as_it_was(void **state)
{
	struct problem problem;
	struct config config;

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_set(&config, find("run_dir"), "--run-dir", "/a", &problem), 0);
	assert_string_equal(config.run_dir, "/a");

	assert_int_equal(config_set(&config, find("run_dir"), "--run-dir", "b", &problem), -EINVAL);
	assert_string_equal(config.run_dir, "/a");
	assert_string_equal(problem.text,
			    "--run-dir is 'b', but has to be a path that begins with '/'");
	assert_int_equal(problem.line, 0);
	config_fini(&config);
}

static void a_long_text_is_cut_in_the_sentence_only(void **state)
{
	struct problem problem;
	struct config config;
	char path[CONFIG_TEXT_BYTES + 1];

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[CONFIG_TEXT_BYTES - 1] = '\0';
	assert_int_equal(config_set(&config, find("run_dir"), "--run-dir", path, &problem), 0);
	assert_string_equal(config.run_dir, path);

	path[CONFIG_TEXT_BYTES - 1] = 'a';
	path[CONFIG_TEXT_BYTES] = '\0';
	assert_int_equal(config_set(&config, find("run_dir"), "--run-dir", path, &problem),
			 -EINVAL);
	assert_non_null(strstr(problem.text, "aaa...', but has to be shorter than 1 KiB"));
	config_fini(&config);
}

static void a_cut_is_never_within_a_character(void **state)
{
	struct problem problem;
	struct config config = { 0 };
	char text[2 * 100 + 2];

	(void) state;
	for (size_t shift = 0; shift < 2; shift++) {
		const char *end;

		memset(text, 'x', shift);
		for (size_t i = 0; i < 100; i++)
			memcpy(text + shift + 2 * i, "\303\266", 2); /* o with two dots */
		text[shift + 200] = '\0';
		assert_int_equal(config_set(&config, find("run_dir"), "", text, &problem), -EINVAL);
		end = strstr(problem.text, "...");
		assert_non_null(end);
		assert_memory_equal(end - 2, "\303\266", 2);
	}
}

static void only_what_needs_a_start_is_named_as_different(void **state)
{
	struct config now, next;
	struct problem problem;
	char keys[200];

	(void) state;
	assert_int_equal(config_defaults(&now), 0);
	assert_int_equal(config_defaults(&next), 0);
	assert_int_equal(config_reload_differences(&now, &next, keys, sizeof(keys)), 0);
	assert_string_equal(keys, "");

	next.interval_ns = 2 * NSEC_PER_SEC;
	next.log_level = LOG_LEVEL_DEBUG;
	assert_int_equal(config_reload_differences(&now, &next, keys, sizeof(keys)), 0);

	next.web.enabled = false;
	next.limits.containers = 7;
	assert_int_equal(config_set(&next, find("run_dir"), "", "/b", &problem), 0);
	assert_int_equal(config_parse("metrics: { labels: [x, y] }", 27, &next, &problem), 0);
	assert_int_equal(config_reload_differences(&now, &next, keys, sizeof(keys)), 4);
	assert_string_equal(keys, "run_dir, web.enabled, limits.containers, metrics.labels");
	config_fini(&next);
	config_fini(&now);
}

static void names_of_differences_are_cut_but_counted(void **state)
{
	struct config now, next;
	char keys[12];

	(void) state;
	assert_int_equal(config_defaults(&now), 0);
	assert_int_equal(config_defaults(&next), 0);
	next.web.enabled = false;
	next.web.insecure = true;
	next.limits.containers = 7;
	assert_int_equal(config_reload_differences(&now, &next, keys, sizeof(keys)), 3);
	assert_string_equal(keys, "web.enabled");
	assert_int_equal(config_reload_differences(&now, &next, keys, 1), 3);
	assert_string_equal(keys, "");
	config_fini(&next);
	config_fini(&now);
}

static void a_reload_takes_over_what_may_change_and_nothing_else(void **state)
{
	struct config now, next;

	(void) state;
	assert_int_equal(config_defaults(&now), 0);
	assert_int_equal(config_defaults(&next), 0);
	next.interval_ns = 2 * NSEC_PER_SEC;
	next.log_level = LOG_LEVEL_DEBUG;
	next.web.enabled = false;
	next.limits.containers = 7;

	config_reload(&now, &next);
	assert_int_equal(now.interval_ns, 2 * NSEC_PER_SEC);
	assert_int_equal(now.log_level, LOG_LEVEL_DEBUG);
	assert_true(now.web.enabled);
	assert_int_equal(now.limits.containers, 16384);
	assert_int_equal(next.interval_ns, NSEC_PER_SEC);
	config_fini(&next);
	config_fini(&now);
}

static void names_that_only_others_know_are_checked_against_their_list(void **state)
{
	static const char *const known[] = { "cpu", "memory", "pressure", NULL };
	char *items[] = { (char[]){ "cpu" }, (char[]){ "presure" }, NULL };
	struct strings strings = { items, 2 };
	struct problem problem;

	(void) state;
	assert_int_equal(config_check_names(&strings, "sensors.disable", known, &problem), -EINVAL);
	assert_string_equal(problem.text, "'sensors.disable' has an unknown name, 'presure'; did "
					  "you mean 'pressure'?");
	strings.count = 1;
	assert_int_equal(config_check_names(&strings, "sensors.disable", known, &problem), 0);
	assert_true(strings_contain(&strings, "cpu"));
	assert_false(strings_contain(&strings, "presure"));

	items[0][0] = 'X';
	items[0][1] = '\n';
	assert_int_equal(config_check_names(&strings, "k", known, &problem), -EINVAL);
	assert_string_equal(problem.text, "'k' has an unknown name, 'X?u'");
}

static void directories_of_a_runtime_are_found_by_its_name(void **state)
{
	static const char text[] = "runtimes: { podman: { graph_roots: [/p, /q] } }";
	const char *const *places;
	struct problem problem;
	struct config config;

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	assert_int_equal(config_parse(text, sizeof(text) - 1, &config, &problem), 0);
	places = config_places(&config, "podman");
	assert_non_null(places);
	assert_string_equal(places[0], "/p");
	assert_string_equal(places[1], "/q");
	assert_null(places[2]);
	assert_null(config_places(&config, "docker"));
	assert_null(config_places(&config, "pod"));
	assert_null(config_places(&config, "disable"));
	assert_null(config_places(&config, ""));
	config_fini(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_the_documentation),
		cmocka_unit_test(lists_end_with_null_even_when_empty),
		cmocka_unit_test(every_row_has_a_key_a_help_and_a_default_that_fits),
		cmocka_unit_test(an_empty_config_can_be_ended),
		cmocka_unit_test(one_setting_is_set_or_left_as_it_was),
		cmocka_unit_test(a_long_text_is_cut_in_the_sentence_only),
		cmocka_unit_test(a_cut_is_never_within_a_character),
		cmocka_unit_test(only_what_needs_a_start_is_named_as_different),
		cmocka_unit_test(names_of_differences_are_cut_but_counted),
		cmocka_unit_test(a_reload_takes_over_what_may_change_and_nothing_else),
		cmocka_unit_test(names_that_only_others_know_are_checked_against_their_list),
		cmocka_unit_test(directories_of_a_runtime_are_found_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
