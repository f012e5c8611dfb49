/* SPDX-License-Identifier: Apache-2.0 */

#include "api/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static unsigned woken, closed;

static void on_wake(struct reply *reply)
{
	(void) reply;
	woken++;
}

static void on_close(void *userdata)
{
	*(unsigned *) userdata += 1;
}

static struct reply fresh(void)
{
	woken = closed = 0;
	return (struct reply){ .wake = on_wake };
}

static void assert_body(const struct reply *reply, const char *expected)
{
	assert_int_equal(reply_pending(reply), strlen(expected));
	assert_memory_equal(reply->body.bytes + reply->taken, expected, strlen(expected));
}

static void an_error_is_a_message(void **state)
{
	struct reply reply = fresh();

	(void) state;
	reply_error(&reply, 404, "No such container: %s", "a\"b");
	assert_int_equal(reply.state, REPLY_ANSWERED);
	assert_int_equal(reply.status, 404);
	assert_string_equal(reply.content_type, "application/json");
	assert_body(&reply, "{\"message\":\"No such container: a\\\"b\"}\n");
	assert_int_equal(woken, 1);
	reply_fini(&reply);
}

static void what_a_client_wrote_is_repeated_as_valid_utf8(void **state)
{
	struct reply reply = fresh();

	(void) state;
	reply_error(&reply, 404, "%s", "x\xff\xfe");
	assert_body(&reply, "{\"message\":\"x\xef\xbf\xbd\xef\xbf\xbd\"}\n");
	reply_fini(&reply);
}

static void a_long_message_is_cut(void **state)
{
	struct reply reply = fresh();
	char *word = malloc(100001);

	(void) state;
	assert_non_null(word);
	memset(word, 'a', 100000);
	word[100000] = '\0';
	reply_error(&reply, 400, "%s", word);
	assert_true(reply_pending(&reply) < 2000);
	free(word);
	reply_fini(&reply);
}

static void an_answer_that_did_not_fit_is_a_500(void **state)
{
	struct reply reply = fresh();
	struct text text = { .limit = 4 };

	(void) state;
	text_add_string(&text, "too long");
	reply_json(&reply, 200, &text);
	assert_int_equal(reply.status, 500);
	assert_null(text.bytes);
	reply_fini(&reply);
}

static void a_client_that_goes_away_is_told_of_once(void **state)
{
	struct reply reply = fresh();

	(void) state;
	reply_on_close(&reply, on_close, &closed);
	reply_close(&reply);
	reply_close(&reply);
	assert_int_equal(closed, 1);
	assert_int_equal(reply.state, REPLY_CLOSED);
	reply_fini(&reply);
}

static void who_has_answered_is_not_told(void **state)
{
	struct reply reply = fresh();

	(void) state;
	reply_on_close(&reply, on_close, &closed);
	reply_text(&reply, 200, "text/plain", "late");
	reply_close(&reply);
	assert_int_equal(closed, 0);
	reply_fini(&reply);
}

static void a_stream_comes_out_as_it_was_written(void **state)
{
	struct reply reply = fresh();
	char bytes[4];

	(void) state;
	reply_on_close(&reply, on_close, &closed);
	reply_stream(&reply, "application/json");
	assert_int_equal(reply_take(&reply, bytes, sizeof(bytes)), 0);
	assert_true(reply_write(&reply, "abcdef", 6));
	assert_int_equal(reply_take(&reply, bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, "abcd", 4);
	assert_true(reply_write(&reply, "gh", 2));
	assert_body(&reply, "efgh");
	reply_end(&reply);
	assert_int_equal(reply_take(&reply, bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, "efgh", 4);
	assert_int_equal(reply_pending(&reply), 0);
	reply_close(&reply);
	assert_int_equal(closed, 0);
	reply_fini(&reply);
}

static void a_slow_client_gets_all_of_a_piece_or_nothing(void **state)
{
	static char block[REPLY_STREAM_BYTES / 2];
	struct reply reply = fresh();
	char *taken = malloc(sizeof(block));

	(void) state;
	assert_non_null(taken);
	reply_stream(&reply, "application/json");
	assert_true(reply_write(&reply, block, sizeof(block)));
	assert_true(reply_write(&reply, block, sizeof(block)));
	assert_false(reply_write(&reply, "x", 1));
	assert_int_equal(reply_pending(&reply), REPLY_STREAM_BYTES);
	/* What is taken makes room. */
	assert_int_equal(reply_take(&reply, taken, sizeof(block)), sizeof(block));
	assert_true(reply_write(&reply, "x", 1));
	assert_int_equal(reply_pending(&reply), sizeof(block) + 1);
	assert_true(reply.body.length <= REPLY_STREAM_BYTES);
	free(taken);
	reply_fini(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_is_a_message),
		cmocka_unit_test(what_a_client_wrote_is_repeated_as_valid_utf8),
		cmocka_unit_test(a_long_message_is_cut),
		cmocka_unit_test(an_answer_that_did_not_fit_is_a_500),
		cmocka_unit_test(a_client_that_goes_away_is_told_of_once),
		cmocka_unit_test(who_has_answered_is_not_told),
		cmocka_unit_test(a_stream_comes_out_as_it_was_written),
		cmocka_unit_test(a_slow_client_gets_all_of_a_piece_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
