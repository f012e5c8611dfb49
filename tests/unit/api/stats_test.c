/* SPDX-License-Identifier: Apache-2.0 */

/* stats: answers from what is at hand, streams in step with the rounds. */

#include "unit/api/stage.h"

#include "base/cleanup.h"

#define SECOND NSEC_PER_SEC

static int setup(void **state)
{
	struct stage *stage = malloc(sizeof(*stage));

	assert_non_null(stage);
	stage_open(stage);
	*state = stage;
	return 0;
}

static int teardown(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static json_int_t total_usage(const json_t *object, const char *key)
{
	const json_t *usage = json_object_get(json_object_get(object, key), "cpu_usage");

	assert_non_null(usage);
	return json_integer_value(json_object_get(usage, "total_usage"));
}

/* Two rounds with numbers of a container called web. */
static struct row *two_rounds(struct stage *stage)
{
	struct row *row = stage_row(stage, stage_bare_container(stage, 1, "web"));

	stage_round(stage, SECOND);
	row_set(row, METRIC_CPU_USAGE_NS, 3000);
	stage_round(stage, SECOND);
	return row;
}

static void one_answer_is_there_at_once_with_both_samples(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	json_t *object;

	two_rounds(stage);
	GET(handle_stats, "containers/web/stats", "stream", "0");
	assert_int_equal(reply.state, REPLY_ANSWERED);
	assert_int_equal(reply.status, 200);
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "cpu_stats"), 3000);
	assert_int_equal(total_usage(object, "precpu_stats"), 1000);
	assert_string_equal(json_string_value(json_object_get(object, "name")), "/web");
	json_decref(object);
	reply_fini(&reply);
}

static void the_older_sample_is_a_second_older_when_rounds_are_short(void **state)
{
	struct stage *stage = *state;
	struct row *row = stage_row(stage, stage_bare_container(stage, 1, "web"));
	struct reply reply = { 0 };
	json_t *object;

	for (uint64_t i = 1; i <= 5; i++) {
		row_set(row, METRIC_CPU_USAGE_NS, i);
		stage_round(stage, SECOND / 2);
	}
	GET(handle_stats, "containers/web/stats", "stream", "false");
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "cpu_stats"), 5);
	assert_int_equal(total_usage(object, "precpu_stats"), 3);
	json_decref(object);
	reply_fini(&reply);
}

static void one_shot_has_no_older_sample(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	json_t *object;

	two_rounds(stage);
	GET(handle_stats, "containers/web/stats", "stream", "0", "one-shot", "1");
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "precpu_stats"), 0);
	json_decref(object);
	reply_fini(&reply);
}

static void one_shot_and_stream_exclude_each_other(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };

	two_rounds(stage);
	GET(handle_stats, "containers/web/stats", "one-shot", "1");
	assert_message(&reply, 400, "one-shot");
	reply_fini(&reply);

	/* An API that did not know it ignores it. */
	reply = (struct reply){ 0 };
	GET(handle_stats, "containers/web/stats", "one-shot", "1", "minor", "40");
	assert_int_equal(reply.state, REPLY_STREAMING);
	reply_close(&reply);
	reply_fini(&reply);
}

static void an_unknown_container_is_not_found(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };

	two_rounds(stage);
	GET(handle_stats, "containers/nobody/stats", "stream", "0");
	assert_message(&reply, 404, "No such container: nobody");
	reply_fini(&reply);
}

static void a_stream_begins_at_once_and_follows_the_rounds(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	struct row *row = two_rounds(stage);
	json_t *object;

	GET(handle_stats, "containers/web/stats");
	assert_int_equal(reply.state, REPLY_STREAMING);
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "cpu_stats"), 3000);
	assert_int_equal(total_usage(object, "precpu_stats"), 0);
	json_decref(object);

	row_set(row, METRIC_CPU_USAGE_NS, 4000);
	stage_round(stage, SECOND);
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "cpu_stats"), 4000);
	assert_int_equal(total_usage(object, "precpu_stats"), 3000);
	json_decref(object);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_stream_has_one_object_a_second_however_short_rounds_are(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	unsigned objects = 0;

	two_rounds(stage);
	GET(handle_stats, "containers/web/stats");
	for (unsigned i = 0; i < 50; i++) {
		json_t *object = stage_take_json(&reply);

		objects += object != NULL;
		json_decref(object);
		stage_round(stage, SECOND / 10);
	}
	assert_in_range(objects, 5, 6);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_round_that_is_late_costs_the_next_one_nothing(void **state)
{
	static const uint64_t intervals[] = { 1200, 800, 1300, 700, 1000, 900 }; /* ms */
	struct stage *stage = *state;
	struct reply reply = { 0 };

	two_rounds(stage);
	GET(handle_stats, "containers/web/stats");
	json_decref(stage_take_json(&reply));
	for (size_t i = 0; i < ARRAY_SIZE(intervals); i++) {
		json_t *object;

		stage_round_at(stage, intervals[i] * NSEC_PER_MSEC, SECOND);
		object = stage_take_json(&reply);
		assert_non_null(object);
		json_decref(object);
	}
	reply_close(&reply);
	reply_fini(&reply);
}

static void rounds_far_apart_do_not_leave_a_stream_silent(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	json_t *object = NULL;
	struct row *row = stage_row(stage, stage_bare_container(stage, 1, "web"));

	row_set(row, METRIC_CPU_USAGE_NS, 7);
	stage_round(stage, 10 * SECOND);
	GET(handle_stats, "containers/web/stats");
	json_decref(stage_take_json(&reply));

	/* The timer is a real one; the clock that tells how long ago it was is the test's. */
	stage_pass(stage, 2 * SECOND);
	for (int i = 0; !object && i < 10; i++) {
		assert_true(sd_event_run(stage->api.host.loop, STAGE_PATIENCE) > 0);
		object = stage_take_json(&reply);
	}
	assert_int_equal(total_usage(object, "cpu_stats"), 7);
	json_decref(object);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_slow_reader_gets_the_newest_object_next(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };
	struct row *row = two_rounds(stage);
	json_t *object;

	GET(handle_stats, "containers/web/stats");
	for (uint64_t i = 10; i < 20; i++) {
		row_set(row, METRIC_CPU_USAGE_NS, i);
		stage_round(stage, SECOND);
	}
	json_decref(stage_take_json(&reply)); /* one object, not eleven */
	row_set(row, METRIC_CPU_USAGE_NS, 20);
	stage_round(stage, SECOND);
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "cpu_stats"), 20);
	json_decref(object);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_container_without_numbers_yet_is_waited_for(void **state)
{
	struct stage *stage = *state;
	struct container *web = stage_bare_container(stage, 1, "web");
	struct reply once = { 0 }, reply = { 0 };
	json_t *object;

	stage_round(stage, SECOND);
	GET(handle_stats, "containers/web/stats");
	stage_get(stage, handle_stats, ROLE_VIEW, &once, "containers/web/stats", "stream", "0",
		  NULL);
	assert_int_equal(once.state, REPLY_WAITING);
	assert_int_equal(reply.state, REPLY_STREAMING);
	assert_int_equal(reply_pending(&reply), 0);

	(void) stage_row(stage, web);
	stage_round(stage, SECOND);
	assert_int_equal(once.state, REPLY_ANSWERED);
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "cpu_stats"), 1000);
	json_decref(object);
	reply_close(&reply);
	reply_fini(&reply);
	reply_fini(&once);
}

static void it_is_not_waited_for_for_ever(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };

	(void) stage_bare_container(stage, 1, "web");
	GET(handle_stats, "containers/web/stats", "stream", "0");
	for (unsigned i = 0; i < 3; i++)
		stage_round(stage, SECOND);
	assert_int_equal(reply.state, REPLY_ANSWERED);
	reply_fini(&reply);
}

static void stop_web(struct stage *stage)
{
	char id[65], path[128];

	fake_host_docker_id(1, &id);
	snprintf(path, sizeof(path), "sys/fs/cgroup/docker/%s", id);
	fake_host_remove(&stage->host, path);
	assert_int_equal(registry_rescan(stage->registry), 0);
}

static void forget_web(struct stage *stage)
{
	char id[65], path[128];

	fake_host_docker_id(1, &id);
	snprintf(path, sizeof(path), "var/lib/docker/containers/%s", id);
	fake_host_remove(&stage->host, path);
	assert_int_equal(registry_rescan(stage->registry), 0);
	registry_expire(stage->registry, UINT64_MAX);
}

static void a_container_that_does_not_run_has_an_object_of_zeros(void **state)
{
	struct stage *stage = *state;
	struct reply once = { 0 }, reply = { 0 };
	json_t *object;

	two_rounds(stage);
	stop_web(stage);
	stage_get(stage, handle_stats, ROLE_ADMIN, &once, "containers/web/stats", "stream", "0",
		  NULL);
	assert_int_equal(once.state, REPLY_ANSWERED);
	object = stage_take_json(&once);
	assert_int_equal(total_usage(object, "cpu_stats"), 0);
	assert_int_equal(json_object_size(json_object_get(object, "memory_stats")), 0);
	json_decref(object);
	reply_fini(&once);

	GET(handle_stats, "containers/web/stats");
	json_decref(stage_take_json(&reply));
	stage_round(stage, SECOND);
	object = stage_take_json(&reply);
	assert_int_equal(total_usage(object, "cpu_stats"), 0);
	json_decref(object);
	assert_int_equal(reply.state, REPLY_STREAMING);
	reply_close(&reply);
	reply_fini(&reply);
}

static void a_stream_ends_when_its_container_is_removed(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 };

	two_rounds(stage);
	GET(handle_stats, "containers/web/stats");
	stop_web(stage);
	forget_web(stage);
	stage_round(stage, SECOND);
	assert_int_equal(reply.state, REPLY_ENDED);
	reply_fini(&reply);
}

static void a_client_that_went_is_forgotten(void **state)
{
	struct stage *stage = *state;
	struct reply reply = { 0 }, other = { 0 }, third = { 0 };

	two_rounds(stage);
	GET(handle_stats, "containers/web/stats");
	stage_get(stage, handle_stats, ROLE_ADMIN, &other, "containers/web/stats", NULL);
	stage_get(stage, handle_stats, ROLE_ADMIN, &third, "containers/web/stats", NULL);
	reply_close(&other); /* the one in the middle */
	stage_round(stage, SECOND);
	reply_close(&third);
	stage_round(stage, SECOND);
	reply_close(&reply);
	stage_round(stage, SECOND);
	reply_fini(&reply);
	reply_fini(&other);
	reply_fini(&third);
}

static void a_thousand_streams_all_get_their_object(void **state)
{
	struct stage *stage = *state;
	static struct reply replies[1024];

	for (unsigned i = 1; i <= 64; i++) {
		char name[16];

		snprintf(name, sizeof(name), "c%u", i);
		(void) stage_container(stage, i, name);
	}
	stage_round(stage, SECOND);
	memset(replies, 0, sizeof(replies));
	for (unsigned i = 0; i < ARRAY_SIZE(replies); i++) {
		char path[64];

		snprintf(path, sizeof(path), "containers/c%u/stats", i % 64 + 1);
		stage_get(stage, handle_stats, ROLE_ADMIN, &replies[i], path, NULL);
	}
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < ARRAY_SIZE(replies); i++) {
			json_t *object = stage_take_json(&replies[i]);
			char name[16];

			snprintf(name, sizeof(name), "/c%u", i % 64 + 1);
			assert_string_equal(json_string_value(json_object_get(object, "name")),
					    name);
			json_decref(object);
		}
		stage_round(stage, SECOND);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(replies); i++) {
		reply_close(&replies[i]);
		reply_fini(&replies[i]);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_answer_is_there_at_once_with_both_samples),
		TEST(the_older_sample_is_a_second_older_when_rounds_are_short),
		TEST(one_shot_has_no_older_sample),
		TEST(one_shot_and_stream_exclude_each_other),
		TEST(an_unknown_container_is_not_found),
		TEST(a_stream_begins_at_once_and_follows_the_rounds),
		TEST(a_stream_has_one_object_a_second_however_short_rounds_are),
		TEST(a_round_that_is_late_costs_the_next_one_nothing),
		TEST(rounds_far_apart_do_not_leave_a_stream_silent),
		TEST(a_slow_reader_gets_the_newest_object_next),
		TEST(a_container_without_numbers_yet_is_waited_for),
		TEST(it_is_not_waited_for_for_ever),
		TEST(a_container_that_does_not_run_has_an_object_of_zeros),
		TEST(a_stream_ends_when_its_container_is_removed),
		TEST(a_client_that_went_is_forgotten),
		TEST(a_thousand_streams_all_get_their_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
