/* SPDX-License-Identifier: Apache-2.0 */

/* podman_health: healthcheck.log, recorded and forged. */

#include "host.h"

#include "containers/podman.h"

/* Recorded from podman 4.3, with a check that fails. */
static const char recorded[] =
	"{\"Status\":\"unhealthy\",\"FailingStreak\":2,\"Log\":["
	"{\"Start\":\"2026-11-25T01:34:10.314517148Z\",\"End\":\"2026-11-25T01:34:10.404822184Z\","
	"\"ExitCode\":1,\"Output\":\"hello\"},"
	"{\"Start\":\"2026-11-25T01:34:10.435424608Z\",\"End\":\"2026-11-25T01:34:10.545397033Z\","
	"\"ExitCode\":1,\"Output\":\"\"}]}";

static json_t *load(const char *text)
{
	json_t *log = json_loads(text, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);

	assert_non_null(log);
	return log;
}

static void recorded_log_is_read(void **state)
{
	struct condition condition = { 0 };
	json_t *log = load(recorded);
	json_t *health = podman_health_dossier(log);

	(void) state;
	podman_health_parse(log, &condition);
	assert_int_equal(condition.health, HEALTH_UNHEALTHY);
	assert_int_equal(condition.failing_streak, 2);
	assert_true(json_equal(health, log)); /* the same shape */
	json_decref(health);
	json_decref(log);
}

static void nonsense_is_unknown(void **state)
{
	static const char *const texts[] = {
		"[]",
		"7",
		"{}",
		"{\"Status\":7}",
		"{\"Status\":\"fine\",\"FailingStreak\":3}",
		"{\"Status\":\"none\"}",
		"{\"Status\":\"healthy\\u0000\"}",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct condition condition = { 0 };
		json_t *log = load(texts[i]), *health = podman_health_dossier(log);

		podman_health_parse(log, &condition);
		assert_int_equal(condition.health, HEALTH_UNKNOWN);
		assert_int_equal(condition.failing_streak, 0);
		assert_non_null(health);
		json_decref(health);
		json_decref(log);
	}
}

static void numbers_out_of_range_are_none(void **state)
{
	static const char *const numbers[] = { "-1", "4294967296", "1.5", "\"3\"", "null" };

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct condition condition = { 0 };
		char text[128];
		json_t *log;

		snprintf(text, sizeof(text), "{\"Status\":\"starting\",\"FailingStreak\":%s}",
			 numbers[i]);
		log = load(text);
		podman_health_parse(log, &condition);
		assert_int_equal(condition.health, HEALTH_STARTING);
		assert_int_equal(condition.failing_streak, 0);
		json_decref(log);
	}
}

static void output_is_bounded_and_clean(void **state)
{
	json_t *log = load("{\"Status\":\"healthy\",\"Log\":[{\"Output\":\"a\\u0000b\"}, 7]}");
	char *text = malloc(10001);
	json_t *health, *results = json_object_get(log, "Log");

	(void) state;
	memset(text, 'x', 10000);
	text[10000] = '\0';
	for (unsigned i = 0; i < 100; i++)
		json_array_append_new(results, json_pack("{s:s}", "Output", text));
	free(text);
	health = podman_health_dossier(log);
	results = json_object_get(health, "Log");
	assert_int_equal(json_array_size(results), 64);
	assert_int_equal(json_string_length(json_object_get(json_array_get(results, 63), "Output")),
			 4096);
	json_decref(health);

	json_array_clear(json_object_get(log, "Log"));
	json_array_append_new(json_object_get(log, "Log"),
			      json_pack("{s:s%}", "Output", "a\0b", (size_t) 3));
	health = podman_health_dossier(log);
	results = json_object_get(json_array_get(json_object_get(health, "Log"), 0), "Output");
	assert_int_equal(strlen(json_string_value(results)), json_string_length(results));
	json_decref(health);
	json_decref(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_log_is_read),
		cmocka_unit_test(nonsense_is_unknown),
		cmocka_unit_test(numbers_out_of_range_are_none),
		cmocka_unit_test(output_is_bounded_and_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
