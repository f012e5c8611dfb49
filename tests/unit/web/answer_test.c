/* SPDX-License-Identifier: Apache-2.0 */

#include "web/answer.h"

#include "unit/web/published.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "exporters/exporter.h"

#define PLENTY ((size_t) 64 << 20)

struct fixture {
	struct published published;
	struct answers *answers;
};

static struct fixture fixture_begin(size_t bytes_max)
{
	struct fixture fixture = { .published = published_begin() };

	assert_int_equal(answers_new(fixture.published.reader, bytes_max, false, &fixture.answers),
			 0);
	return fixture;
}

static void fixture_end(struct fixture *fixture)
{
	answers_free(fixture->answers);
	published_end(&fixture->published);
}

static const struct answer *get(struct fixture *fixture, const struct exporter *exporter, bool gzip)
{
	const struct answer *answer;

	assert_int_equal(answers_get(fixture->answers, exporter, NULL, gzip, &answer), 0);
	return answer;
}

static bool contains(const struct answer *answer, const char *text)
{
	return memmem(answer->bytes, answer->length, text, strlen(text)) != NULL;
}

static void without_a_snapshot_there_is_no_answer(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *answer = NULL;
	uint64_t boottime_ns, interval_ns;

	(void) state;
	assert_int_equal(answers_get(fixture.answers, &exporter_prometheus, NULL, false, &answer),
			 -ENODATA);
	assert_null(answer);
	assert_int_equal(answers_newest(fixture.answers, &boottime_ns, &interval_ns), -ENODATA);
	fixture_end(&fixture);
}

static void requests_within_a_round_share_one_body(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *first, *second, *other;

	(void) state;
	publish(&fixture.published);
	first = get(&fixture, &exporter_prometheus, false);
	second = get(&fixture, &exporter_prometheus, false);
	other = get(&fixture, &exporter_openmetrics, false);
	assert_ptr_equal(first, second);
	assert_ptr_not_equal(first, other);
	assert_string_equal(first->content_type, exporter_prometheus.content_type);
	assert_string_equal(other->content_type, exporter_openmetrics.content_type);
	answer_unref(first);
	answer_unref(second);
	answer_unref(other);
	fixture_end(&fixture);
}

static void a_new_round_has_a_new_body(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *first, *second;
	uint64_t boottime_ns, interval_ns;

	(void) state;
	publish(&fixture.published);
	first = get(&fixture, &exporter_json_containers, false);
	publish(&fixture.published);
	second = get(&fixture, &exporter_json_containers, false);
	assert_true(contains(first, "\"sequence\":1,"));
	assert_true(contains(second, "\"sequence\":2,"));
	assert_int_equal(second->boottime_ns - first->boottime_ns, NSEC_PER_SEC);
	assert_int_equal(answers_newest(fixture.answers, &boottime_ns, &interval_ns), 0);
	assert_int_equal(boottime_ns, second->boottime_ns);
	assert_int_equal(interval_ns, NSEC_PER_SEC);
	answer_unref(first);
	answer_unref(second);
	fixture_end(&fixture);
}

static void memory_of_a_body_that_was_sent_is_used_again(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *answer;
	const char *bytes;

	(void) state;
	publish(&fixture.published);
	answer = get(&fixture, &exporter_prometheus, false);
	bytes = answer->bytes;
	answer_unref(answer);
	publish(&fixture.published);
	answer = get(&fixture, &exporter_prometheus, false);
	assert_ptr_equal(answer->bytes, bytes);
	answer_unref(answer);
	fixture_end(&fixture);
}

static void a_slow_reader_keeps_its_body(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *slow, *answer;
	char *copy;

	(void) state;
	publish(&fixture.published);
	slow = get(&fixture, &exporter_prometheus, false);
	copy = malloc(slow->length);
	assert_non_null(copy);
	memcpy(copy, slow->bytes, slow->length);
	for (int i = 0; i < 10; i++) {
		publish(&fixture.published);
		answer = get(&fixture, &exporter_prometheus, false);
		assert_ptr_not_equal(answer->bytes, slow->bytes);
		answer_unref(answer);
	}
	assert_memory_equal(slow->bytes, copy, slow->length);
	answer_unref(slow);
	free(copy);
	fixture_end(&fixture);
}

static void too_many_slow_readers_are_told_to_wait(void **state)
{
	struct fixture fixture = fixture_begin(1); /* one body, whatever it weighs */
	const struct answer *slow, *answer;

	(void) state;
	publish(&fixture.published);
	slow = get(&fixture, &exporter_prometheus, false);
	answer = get(&fixture, &exporter_prometheus, false); /* the same costs nothing */
	answer_unref(answer);
	publish(&fixture.published);
	assert_int_equal(answers_get(fixture.answers, &exporter_prometheus, NULL, false, &answer),
			 -EBUSY);
	assert_int_equal(answers_get(fixture.answers, &exporter_json_container, "web", false,
				     &answer),
			 -EBUSY);
	answer_unref(slow);
	answer_unref(get(&fixture, &exporter_prometheus, false));
	fixture_end(&fixture);
}

static void gzip_holds_the_plain_body(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *plain, *zipped;
	z_stream stream = { 0 };
	char *bytes;

	(void) state;
	publish(&fixture.published);
	zipped = get(&fixture, &exporter_prometheus, true);
	plain = get(&fixture, &exporter_prometheus, false);
	assert_true(zipped->gzip);
	assert_false(plain->gzip);
	assert_true(zipped->length < plain->length);

	bytes = malloc(plain->length + 1);
	assert_non_null(bytes);
	stream.next_in = (Bytef *) zipped->bytes;
	stream.avail_in = (uInt) zipped->length;
	stream.next_out = (Bytef *) bytes;
	stream.avail_out = (uInt) plain->length + 1;
	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.total_out, plain->length);
	assert_memory_equal(bytes, plain->bytes, plain->length);
	assert_int_equal(inflateEnd(&stream), Z_OK);
	free(bytes);
	answer_unref(plain);
	answer_unref(zipped);
	fixture_end(&fixture);
}

static void one_container_is_found_or_not(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *answer;

	(void) state;
	publish(&fixture.published);
	for (int gzip = 0; gzip < 2; gzip++) {
		assert_int_equal(answers_get(fixture.answers, &exporter_json_container, "web", gzip,
					     &answer),
				 0);
		assert_int_equal(answer->gzip, gzip);
		answer_unref(answer);
	}
	assert_int_equal(answers_get(fixture.answers, &exporter_json_container, "/docker/" ID_DB,
				     false, &answer),
			 0);
	assert_true(contains(answer, ID_DB));
	assert_false(contains(answer, ID_WEB));
	answer_unref(answer);
	assert_int_equal(answers_get(fixture.answers, &exporter_json_container, "nobody", false,
				     &answer),
			 -ENOENT);
	assert_int_equal(answers_get(fixture.answers, &exporter_json_container, "4f2a", false,
				     &answer),
			 -EEXIST);
	fixture_end(&fixture);
}

static void rates_come_from_an_older_round(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	const struct answer *answer;

	(void) state;
	publish(&fixture.published);
	answer = get(&fixture, &exporter_json_containers, false);
	assert_false(contains(answer, "\"cores\":"));
	answer_unref(answer);
	publish(&fixture.published);
	answer = get(&fixture, &exporter_json_containers, false);
	assert_true(contains(answer, "\"cores\":0.5"));
	answer_unref(answer);
	fixture_end(&fixture);
}

static void *hammer(void *userdata)
{
	struct fixture *fixture = userdata;

	for (int i = 0; i < 300; i++) {
		const struct answer *answer;

		if (answers_get(fixture->answers, &exporter_prometheus, NULL, i % 2, &answer) < 0)
			return NULL;
		if (answer->length == 0)
			return NULL;
		answer_unref(answer);
	}

	return fixture; /* all went well */
}

static void threads_may_ask_while_rounds_go_on(void **state)
{
	struct fixture fixture = fixture_begin(PLENTY);
	pthread_t threads[4];
	void *result;

	(void) state;
	publish(&fixture.published);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hammer, &fixture), 0);
	for (int i = 0; i < 30; i++) {
		publish(&fixture.published);
		assert_int_equal(usleep(1000), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, &fixture);
	}
	fixture_end(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_snapshot_there_is_no_answer),
		cmocka_unit_test(requests_within_a_round_share_one_body),
		cmocka_unit_test(a_new_round_has_a_new_body),
		cmocka_unit_test(memory_of_a_body_that_was_sent_is_used_again),
		cmocka_unit_test(a_slow_reader_keeps_its_body),
		cmocka_unit_test(too_many_slow_readers_are_told_to_wait),
		cmocka_unit_test(gzip_holds_the_plain_body),
		cmocka_unit_test(one_container_is_found_or_not),
		cmocka_unit_test(rates_come_from_an_older_round),
		cmocka_unit_test(threads_may_ask_while_rounds_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
