/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_out.h"
#include "config.h"
#include "options.h"

static json_t *show(const struct config *config)
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };
	json_t *parsed;

	json_open(&json, NULL, '{');
	config_write_json(config, &json);
	json_close(&json, '}');
	parsed = json_loadb(text.bytes, text.length, 0, NULL);
	assert_non_null(parsed);
	text_fini(&text);
	return parsed;
}

static const json_t *row(const json_t *shown, const char *key)
{
	const json_t *found;
	size_t i;

	json_array_foreach (json_object_get(shown, "settings"), i, found) {
		if (strcmp(json_string_value(json_object_get(found, "key")), key) == 0)
			return found;
	}
	fail_msg("no setting %s", key);
	return NULL;
}

static void expect(const json_t *shown, const char *key, const char *value, const char *origin)
{
	const json_t *found = row(shown, key);

	assert_string_equal(json_string_value(json_object_get(found, "value")), value);
	assert_string_equal(json_string_value(json_object_get(found, "origin")), origin);
}

static void every_setting_is_shown_with_its_default(void **state)
{
	struct config config;
	json_t *shown;

	(void) state;
	assert_int_equal(config_defaults(&config), 0);
	shown = show(&config);
	assert_int_equal(json_array_size(json_object_get(shown, "settings")), SETTINGS_COUNT);
	expect(shown, "interval", "1s", "default");
	expect(shown, "web.enabled", "true", "default");
	expect(shown, "log_level", "info", "default");
	assert_int_equal(json_array_size(json_object_get(row(shown, "metrics.labels"), "value")),
			 2);
	json_decref(shown);
	config_fini(&config);
}

static void a_value_names_the_line_or_the_flag_that_set_it(void **state)
{
	char path[] = "/tmp/plimsoll-show.XXXXXX", origin[64];
	char *words[] = { (char *) "plimsolld", (char *) "--config",   path,
			  (char *) "--listen",  (char *) "[::1]:1234", NULL };
	struct options options;
	struct problem problem;
	struct config config;
	json_t *shown;
	int fd;

	(void) state;
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(dprintf(fd, "# a comment\ninterval: 2500ms\nweb:\n  listen: :1\n") > 0);
	(void) close(fd);
	assert_int_equal(options_parse(5, words, &options, &problem), 0);
	assert_int_equal(options_config(&options, &config, &problem), 0);
	(void) unlink(path);

	shown = show(&config);
	(void) snprintf(origin, sizeof(origin), "%s:2", path);
	expect(shown, "interval", "2500ms", origin);
	expect(shown, "web.listen", "[::1]:1234", "--listen");
	expect(shown, "run_dir", "/run/plimsoll", "default");
	json_decref(shown);
	config_fini(&config);
}

static void a_reload_takes_origins_along(void **state)
{
	const char text[] = "\ninterval: 3s\nrun_dir: /somewhere\n";
	struct config now, next;
	struct problem problem;
	json_t *shown;

	(void) state;
	assert_int_equal(config_defaults(&now), 0);
	assert_int_equal(config_defaults(&next), 0);
	next.reading = "FILE";
	assert_int_equal(config_parse(text, strlen(text), &next, &problem), 0);
	config_reload(&now, &next);
	config_fini(&next);

	shown = show(&now);
	expect(shown, "interval", "3s", "FILE:2");
	expect(shown, "run_dir", "/run/plimsoll", "default"); /* needs a new start */
	json_decref(shown);
	config_fini(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_setting_is_shown_with_its_default),
		cmocka_unit_test(a_value_names_the_line_or_the_flag_that_set_it),
		cmocka_unit_test(a_reload_takes_origins_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
