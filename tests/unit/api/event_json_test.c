/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/api/stage.h"

#include "api/event_json.h"

#define ID "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"

static struct event died(void)
{
	struct event event = { .realtime_ns = 1700000000123456789ULL,
			       .type = EVENT_DIED,
			       .has_exit_code = true,
			       .exit_code = 137,
			       .duration_ns = 61 * NSEC_PER_SEC + 5 };

	strcpy(event.id, ID);
	strcpy(event.name, "web");
	strcpy(event.image, "nginx:1.25");
	strcpy(event.runtime, "docker");
	return event;
}

static json_t *object_of(const struct event *event, const char *labels)
{
	struct text text = { 0 };
	json_t *object;

	event_write(event, labels, &text);
	object = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	text_fini(&text);
	return object;
}

static const char *attribute(const json_t *object, const char *key)
{
	return json_string_value(
		json_object_get(json_object_get(json_object_get(object, "Actor"), "Attributes"),
				key));
}

static void an_event_is_one_line_as_docker_writes_it(void **state)
{
	const struct event event = died();
	struct text text = { 0 };

	(void) state;
	event_write(&event, "tier\0front\0", &text);
	text_add(&text, "", 1);
	assert_string_equal(
		text.bytes,
		"{\"status\":\"die\",\"id\":\"" ID "\",\"from\":\"nginx:1.25\","
		"\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"" ID "\","
		"\"Attributes\":{\"tier\":\"front\",\"exitCode\":\"137\",\"execDuration\":\"61\","
		"\"image\":\"nginx:1.25\",\"io.plimsoll.engine\":\"docker\",\"name\":\"web\"}},"
		"\"scope\":\"local\",\"time\":1700000000,\"timeNano\":1700000000123456789}\n");
	text_fini(&text);
}

static void what_is_unknown_is_no_attribute(void **state)
{
	struct event event = died();
	json_t *object;

	(void) state;
	event.has_exit_code = false;
	event.duration_ns = 0;
	event.image[0] = '\0';
	object = object_of(&event, NULL);
	assert_null(attribute(object, "exitCode"));
	assert_null(attribute(object, "execDuration"));
	assert_null(attribute(object, "image"));
	assert_null(json_object_get(object, "from"));
	json_decref(object);
}

static void labels_cannot_lie_about_the_event(void **state)
{
	const struct event event = died();
	json_t *object = object_of(&event, "name\0innocent\0exitCode\0000\0io.plimsoll.engine\0x\0"
					   "signal\0009\0");

	(void) state;
	assert_string_equal(attribute(object, "name"), "web");
	assert_string_equal(attribute(object, "exitCode"), "137");
	assert_string_equal(attribute(object, "io.plimsoll.engine"), "docker");
	assert_string_equal(attribute(object, "signal"), "9");
	json_decref(object);
}

static void hostile_texts_stay_json(void **state)
{
	struct event event = died();
	json_t *object;

	(void) state;
	strcpy(event.name, "\"},\n\\\x01<");
	object = object_of(&event, "k\"\n\0v\"\\\n\0");
	assert_string_equal(attribute(object, "name"), event.name);
	assert_string_equal(attribute(object, "k\"\n"), "v\"\\\n");
	json_decref(object);
}

static void health_says_which(void **state)
{
	static const struct {
		enum health_status health;
		const char *action; /* NULL: readers are not told */
	} cases[] = {
		{ HEALTH_HEALTHY, "health_status: healthy" },
		{ HEALTH_UNHEALTHY, "health_status: unhealthy" },
		{ HEALTH_STARTING, NULL },
		{ HEALTH_NONE, NULL },
		{ HEALTH_UNKNOWN, NULL },
	};
	struct event event = died();
	char action[EVENT_ACTION_BYTES];

	(void) state;
	event.type = EVENT_HEALTH;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		event.health = cases[i].health;
		assert_int_equal(event_action_text(&event, action), cases[i].action != NULL);
		if (cases[i].action)
			assert_string_equal(action, cases[i].action);
	}
}

static void events_without_a_word_of_docker_have_none(void **state)
{
	struct event event = died();
	char action[EVENT_ACTION_BYTES];

	(void) state;
	event.type = EVENT_EMPTIED;
	assert_false(event_action_text(&event, action));
	event.type = EVENT_RENAMED;
	assert_false(event_action_text(&event, action));
	event.type = EVENT_STARTED;
	assert_true(event_action_text(&event, action));
	assert_string_equal(action, "start");
}

static void an_id_that_is_a_name_is_made_one(void **state)
{
	struct event event = died();
	char id[API_ID_BYTES];

	(void) state;
	strcpy(event.id, "machine-1");
	strcpy(event.runtime, "lxc");
	assert_int_equal(strlen(event_id(&event, id)), 64);
	assert_int_equal(strspn(id, "0123456789abcdef"), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_one_line_as_docker_writes_it),
		cmocka_unit_test(what_is_unknown_is_no_attribute),
		cmocka_unit_test(labels_cannot_lie_about_the_event),
		cmocka_unit_test(hostile_texts_stay_json),
		cmocka_unit_test(health_says_which),
		cmocka_unit_test(events_without_a_word_of_docker_have_none),
		cmocka_unit_test(an_id_that_is_a_name_is_made_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
