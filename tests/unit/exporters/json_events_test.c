/* SPDX-License-Identifier: Apache-2.0 */

#include "exporters/json_events.h"

#include "unit/exporters/sample.h"

#include <stdio.h>

#include "model/event.h"

#define HEALTH_EVENT(status) \
	{ \
		.type = EVENT_HEALTH, .health = status, .name = "web" \
	}

static struct event_ring *ring_for_test(void)
{
	struct event_ring *ring = calloc(1, sizeof(*ring));

	assert_non_null(ring);
	return ring;
}

/* What is written of the ring, ended by a NUL byte; the caller frees it. */
static char *events(const struct event_ring *ring, uint64_t after, uint64_t limit)
{
	struct text text = { 0 };

	json_events_write(ring, after, limit, &text);
	assert_false(text.overflowed);
	text_add(&text, "", 1);
	return text.bytes;
}

static void assert_events(const struct event_ring *ring, uint64_t after, uint64_t limit,
			  const char *expected)
{
	char *text = events(ring, after, limit);

	assert_string_equal(text, expected);
	free(text);
}

static void what_is_unknown_is_left_out(void **state)
{
	struct event_ring *ring = ring_for_test();

	(void) state;
	event_add(ring, &(struct event){ .type = EVENT_EMPTIED, .realtime_ns = NOW });
	assert_events(ring, 0, 10,
		      "{\"events\":[{\"number\":1,\"time\":1700000000,\"type\":\"emptied\"}],"
		      "\"missed\":0,\"newest\":1}");
	free(ring);
}

static void an_end_has_its_exit_code(void **state)
{
	struct event_ring *ring = ring_for_test();
	struct event event = {
		.type = EVENT_DIED,
		.realtime_ns = NOW + NSEC_PER_SEC / 2,
		.id = "4f2a",
		.name = "web",
		.image = "nginx:1.25",
		.runtime = "docker",
		.has_exit_code = true,
		.exit_code = 137,
	};

	(void) state;
	event_add(ring, &event);
	event.has_exit_code = false; /* 0 would be a lie */
	event_add(ring, &event);
	assert_events(ring, 0, 1,
		      "{\"events\":[{\"number\":1,\"time\":1700000000.5,\"type\":\"died\","
		      "\"action\":\"die\",\"id\":\"4f2a\",\"name\":\"web\","
		      "\"image\":\"nginx:1.25\",\"engine\":\"docker\",\"exit_code\":137}],"
		      "\"missed\":0,\"newest\":2}");
	assert_events(
		ring, 1, 1,
		"{\"events\":[{\"number\":2,\"time\":1700000000.5,\"type\":\"died\","
		"\"action\":\"die\",\"id\":\"4f2a\",\"name\":\"web\","
		"\"image\":\"nginx:1.25\",\"engine\":\"docker\"}],\"missed\":0,\"newest\":2}");
	free(ring);
}

static void health_is_in_the_action_as_docker_has_it(void **state)
{
	struct event_ring *ring = ring_for_test();
	const struct event event = HEALTH_EVENT(HEALTH_UNHEALTHY);

	(void) state;
	event_add(ring, &event);
	assert_events(ring, 0, 1,
		      "{\"events\":[{\"number\":1,\"time\":0,\"type\":\"health\","
		      "\"action\":\"health_status: unhealthy\",\"name\":\"web\","
		      "\"health\":\"unhealthy\"}],\"missed\":0,\"newest\":1}");
	free(ring);
}

static void a_limit_leaves_the_rest_for_the_next_time(void **state)
{
	struct event_ring *ring = ring_for_test();
	char *text;

	(void) state;
	for (unsigned i = 0; i < 5; i++)
		event_add(ring, &(struct event){ .type = EVENT_STARTED });
	text = events(ring, 1, 2);
	assert_null(strstr(text, "\"number\":1,"));
	assert_non_null(strstr(text, "\"number\":2,"));
	assert_non_null(strstr(text, "\"number\":3,"));
	assert_null(strstr(text, "\"number\":4,"));
	assert_non_null(strstr(text, "\"newest\":5}"));
	free(text);
	free(ring);
}

static void missed_ones_are_counted(void **state)
{
	struct event_ring *ring = ring_for_test();
	char *text;

	(void) state;
	for (unsigned i = 0; i < EVENT_RING + 7; i++)
		event_add(ring, &(struct event){ .type = EVENT_STARTED });
	text = events(ring, 0, 1);
	assert_non_null(strstr(text, "[{\"number\":8,"));
	assert_non_null(strstr(text, "\"missed\":7,"));
	free(text);
	text = events(ring, 3, UINT64_MAX);
	assert_non_null(strstr(text, "\"missed\":4,"));
	assert_non_null(strstr(text, "{\"number\":1031,"));
	free(text);
	free(ring);
}

/* The agent was started anew: the client sees that it knows more than there is. */
static void a_client_from_before_a_restart_can_tell(void **state)
{
	struct event_ring *ring = ring_for_test();

	(void) state;
	event_add(ring, &(struct event){ .type = EVENT_STARTED });
	assert_events(ring, 4711, 10, "{\"events\":[],\"missed\":0,\"newest\":1}");
	assert_events(ring, UINT64_MAX, 10, "{\"events\":[],\"missed\":0,\"newest\":1}");
	free(ring);
}

static void hostile_texts_stay_json(void **state)
{
	struct event_ring *ring = ring_for_test();
	struct event event = { .type = EVENT_OOM };

	(void) state;
	(void) snprintf(event.name, sizeof(event.name), "%s", HOSTILE);
	event_add(ring, &event);
	assert_events(ring, 0, 1,
		      "{\"events\":[{\"number\":1,\"time\":0,\"type\":\"oom\",\"action\":\"oom\","
		      "\"name\":\"q\\\"uo\\\\te\\u000aend\\u0009\\u0001 \xc3\xa9 "
		      "{le=\\\"1\\\"} # EOF\"}],\"missed\":0,\"newest\":1}");
	free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_unknown_is_left_out),
		cmocka_unit_test(an_end_has_its_exit_code),
		cmocka_unit_test(health_is_in_the_action_as_docker_has_it),
		cmocka_unit_test(a_limit_leaves_the_rest_for_the_next_time),
		cmocka_unit_test(missed_ones_are_counted),
		cmocka_unit_test(a_client_from_before_a_restart_can_tell),
		cmocka_unit_test(hostile_texts_stay_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
