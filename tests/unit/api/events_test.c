/* SPDX-License-Identifier: Apache-2.0 */

/* events: from history into the present without gap and double, whoever reads how fast. */

#include "unit/api/stage.h"

#include <poll.h>

#include "api/events.h"

#define SECOND NSEC_PER_SEC

static int setup(void **state)
{
	struct stage *stage = malloc(sizeof(*stage));

	assert_non_null(stage);
	stage_open(stage);
	*state = stage;
	return 0;
}

static void use_store(struct stage *stage)
{
	const struct store_options options = { .retention_ns = UINT64_MAX, .max_events = 1000000 };

	assert_int_equal(store_open(stage->host.root_fd, &options, &stage->store), 0);
	stage->api.host.store = stage->store;
}

static int setup_with_store(void **state)
{
	setup(state);
	use_store(*state);
	return 0;
}

static int teardown(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static struct event event_number(struct stage *stage, enum event_type type, unsigned number)
{
	struct event event = { .realtime_ns = stage->realtime_ns, .type = type };

	snprintf(event.id, sizeof(event.id), "%064x", number);
	snprintf(event.name, sizeof(event.name), "c%u", number);
	strcpy(event.image, "shop:1");
	strcpy(event.runtime, "docker");
	return event;
}

/* As the agent does: into the ring, into the store, to the readers. */
static void happen(struct stage *stage, enum event_type type, unsigned number)
{
	struct event event = event_number(stage, type, number);
	static const char labels[] = "tier\0front\0";

	event_add(stage->ring, &event);
	event.number = stage->ring->newest;
	if (stage->store)
		store_add_event(stage->store, &event, labels, sizeof(labels));
	event_feeds_on_event(stage->api.events, &event, labels);
}

static const char *seconds(struct stage *stage, char text[32])
{
	snprintf(text, 32, "%llu", (unsigned long long) (stage->realtime_ns / SECOND));
	return text;
}

/* Takes what there is and checks that names go on from `next`. Returns the number of objects. */
static unsigned take_names(struct reply *reply, unsigned next)
{
	char *text = stage_take(reply), *rest = text, *line;
	unsigned count = 0;

	while ((line = strsep(&rest, "\n")) && line[0]) {
		json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		char name[16];

		snprintf(name, sizeof(name), "c%u", next + count);
		assert_string_equal(json_string_value(json_object_get(
					    json_object_get(json_object_get(object, "Actor"),
							    "Attributes"),
					    "name")),
				    name);
		json_decref(object);
		count++;
	}
	free(text);
	return count;
}

/* Lets the store answer and the loop run for a moment. */
static void turn(struct stage *stage)
{
	struct pollfd poller = { .events = POLLIN };

	if (stage->store) {
		poller.fd = store_fd(stage->store);
		if (poll(&poller, 1, 5) > 0)
			store_dispatch(stage->store);
	}
	assert_true(sd_event_run(stage->api.host.loop, 1000) >= 0);
}

/* Reads until so many objects came. */
static void read_names(struct stage *stage, struct reply *reply, unsigned first, unsigned count)
{
	unsigned got = 0;

	for (int tries = 0; got < count && tries < 4000; tries++) {
		got += take_names(reply, first + got);
		turn(stage);
	}
	got += take_names(reply, first + got);
	assert_int_equal(got, count);
}

static void a_reader_without_times_hears_what_happens_from_now_on(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };

	happen(stage, EVENT_STARTED, 1);
	GET(handle_events, "events");
	assert_int_equal(reply.state, REPLY_STREAMING);
	assert_int_equal(reply_pending(&reply), 0);
	happen(stage, EVENT_STARTED, 2);
	happen(stage, EVENT_EMPTIED, 99); /* no word of Docker's */
	happen(stage, EVENT_DIED, 3);
	assert_int_equal(take_names(&reply, 2), 2);
	reply_close(&reply);
	happen(stage, EVENT_STARTED, 4);
	reply_fini(&reply);
}

static void filters_choose(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };

	GET(handle_events, "events", "filters", "{\"event\":{\"die\":true}}");
	happen(stage, EVENT_STARTED, 1);
	happen(stage, EVENT_DIED, 2);
	assert_int_equal(take_names(&reply, 2), 1);
	reply_close(&reply);
	reply_fini(&reply);
}

static void bad_requests_are_refused(void **state)
{
	static const struct {
		const char *key, *value, *message;
	} cases[] = {
		{ "since", "yesterday", "since" },
		{ "until", "-1", "until" },
		{ "until", "1e3", "until" },
		{ "filters", "{", "invalid filter" },
		{ "filters", "{\"colour\":[\"x\"]}", "invalid filter 'colour'" },
	};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply reply = { 0 };

		GET(handle_events, "events", cases[i].key, cases[i].value);
		assert_message(&reply, 400, cases[i].message);
		reply_fini(&reply);
	}
	struct reply reply = { 0 };

	GET(handle_events, "events", "since", "20", "until", "10");
	assert_message(&reply, 400, "since");
	reply_fini(&reply);
}

static void history_goes_over_into_the_present(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	char since[32];

	happen(stage, EVENT_STARTED, 1000);
	stage_pass(stage, 10 * SECOND);
	seconds(stage, since);
	for (unsigned i = 1; i <= 300; i++) /* more than a page */
		happen(stage, EVENT_STARTED, i);
	GET(handle_events, "events", "since", since);
	for (unsigned i = 301; i <= 350; i++)
		happen(stage, EVENT_STARTED, i);
	read_names(stage, &reply, 1, 350);
	happen(stage, EVENT_STARTED, 351);
	assert_int_equal(take_names(&reply, 351), 1);
	reply_close(&reply);
	reply_fini(&reply);
}

static void what_happens_between_pages_is_told_once(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	unsigned last = 1500, got = 0;

	for (unsigned i = 1; i <= last; i++)
		happen(stage, EVENT_STARTED, i);
	GET(handle_events, "events", "since", "0");
	for (int tries = 0; tries < 4000 && got < last; tries++) {
		if (tries < 40)
			happen(stage, EVENT_STARTED, ++last);
		got += take_names(&reply, got + 1);
		turn(stage);
	}
	got += take_names(&reply, got + 1);
	assert_int_equal(got, last);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_slow_reader_of_history_gets_it_all(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	struct event event = event_number(stage, EVENT_STARTED, 0);
	char labels[8001];

	memset(labels, 'v', sizeof(labels));
	labels[1] = labels[sizeof(labels) - 2] = labels[sizeof(labels) - 1] = '\0';
	for (unsigned i = 1; i <= 1000; i++) { /* 8 MB */
		snprintf(event.name, sizeof(event.name), "c%u", i);
		store_add_event(stage->store, &event, labels, sizeof(labels));
	}
	GET(handle_events, "events", "since", "0");
	for (int i = 0; i < 100; i++) {
		turn(stage);
		assert_true(reply_pending(&reply) <= REPLY_STREAM_BYTES);
	}
	assert_true(reply_pending(&reply) > REPLY_STREAM_BYTES / 2);
	read_names(stage, &reply, 1, 1000);
	assert_int_equal(reply.state, REPLY_STREAMING);
	happen(stage, EVENT_STARTED, 1001);
	assert_int_equal(take_names(&reply, 1001), 1);
	reply_close(&reply);
	reply_fini(&reply);
}

static void until_in_the_past_ends_after_history(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	char until[32];

	for (unsigned i = 1; i <= 3; i++)
		happen(stage, EVENT_STARTED, i);
	seconds(stage, until);
	stage_pass(stage, 10 * SECOND);
	happen(stage, EVENT_STARTED, 4);
	GET(handle_events, "events", "until", until);
	for (int i = 0; reply.state == REPLY_STREAMING && i < 1000; i++)
		turn(stage);
	assert_int_equal(reply.state, REPLY_ENDED);
	assert_int_equal(take_names(&reply, 1), 3);
	reply_fini(&reply);
}

/* The end is a moment of the real clock. */
static void until_in_the_future_ends_then(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	struct event event = event_number(stage, EVENT_STARTED, 1);
	char until[32];

	clock_release();
	snprintf(until, sizeof(until), "%llu.9",
		 (unsigned long long) (clock_realtime_ns() / SECOND));
	GET(handle_events, "events", "since", "0", "until", until);
	event.realtime_ns = 1;
	event_feeds_on_event(stage->api.events, &event, NULL);
	event.realtime_ns = clock_realtime_ns() + 3600 * SECOND;
	event_feeds_on_event(stage->api.events, &event, NULL);
	for (int i = 0; reply.state == REPLY_STREAMING && i < 4000; i++)
		turn(stage);
	assert_int_equal(reply.state, REPLY_ENDED);
	assert_in_range(take_names(&reply, 1), 0, 1); /* the moment may have been over at once */
	reply_fini(&reply);
}

static void who_does_not_read_loses_the_connection_and_is_counted(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 }, other = { 0 };
	unsigned others = 0;

	GET(handle_events, "events");
	stage_get(stage, handle_events, ROLE_VIEW, &other, "events", NULL);
	for (unsigned i = 1; i < 20000 && reply.state == REPLY_STREAMING; i++) {
		happen(stage, EVENT_STARTED, i);
		others += take_names(&other, others + 1);
	}
	assert_int_equal(reply.state, REPLY_ENDED);
	assert_true(reply_pending(&reply) <= REPLY_STREAM_BYTES);
	assert_int_equal(stage->api.events->lost, 1);
	assert_int_equal(other.state, REPLY_STREAMING);
	reply_close(&other);
	reply_fini(&reply);
	reply_fini(&other);
}

static void without_a_store_history_is_the_ring_s(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	char since[32];

	(void) stage_container(stage, 2, "c2");
	happen(stage, EVENT_STARTED, 1);
	stage_pass(stage, SECOND);
	seconds(stage, since);
	happen(stage, EVENT_STARTED, 2);
	happen(stage, EVENT_STARTED, 3);
	GET(handle_events, "events", "since", since);
	text_add(&reply.body, "", 1); /* the NUL */
	reply.body.length--;
	assert_non_null(strstr(reply.body.bytes, "\"tier\":\"front\"")); /* it is still known */
	assert_int_equal(take_names(&reply, 2), 2);
	happen(stage, EVENT_DIED, 4);
	assert_int_equal(take_names(&reply, 4), 1);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_store_in_trouble_is_not_asked(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	struct store_stats stats = { 0 };

	fake_host_write(&stage->host, "plimsoll.db/in_the_way", "");
	use_store(stage);
	happen(stage, EVENT_STARTED, 1);
	for (int i = 0; stats.trouble[0] == '\0' && i < 2000; i++) {
		usleep(1000);
		store_stats_get(stage->store, &stats);
	}
	assert_true(stats.trouble[0] != '\0');
	GET(handle_events, "events", "since", "0");
	assert_int_equal(take_names(&reply, 1), 1);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_client_that_went_during_history_is_not_answered(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };

	happen(stage, EVENT_STARTED, 1);
	GET(handle_events, "events", "since", "0");
	reply_close(&reply);
	for (int i = 0; i < 20; i++)
		turn(stage);
	assert_int_equal(reply_pending(&reply), 0);
	reply_fini(&reply);
}

int main(void)
{
#define TEST(name)   cmocka_unit_test_setup_teardown(name, setup, teardown)
#define STORED(name) cmocka_unit_test_setup_teardown(name, setup_with_store, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_reader_without_times_hears_what_happens_from_now_on),
		TEST(filters_choose),
		TEST(bad_requests_are_refused),
		STORED(history_goes_over_into_the_present),
		STORED(what_happens_between_pages_is_told_once),
		STORED(a_slow_reader_of_history_gets_it_all),
		STORED(until_in_the_past_ends_after_history),
		TEST(until_in_the_past_ends_after_history),
		TEST(until_in_the_future_ends_then),
		TEST(who_does_not_read_loses_the_connection_and_is_counted),
		TEST(without_a_store_history_is_the_ring_s),
		TEST(a_store_in_trouble_is_not_asked),
		STORED(a_client_that_went_during_history_is_not_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
