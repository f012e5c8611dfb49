/* SPDX-License-Identifier: Apache-2.0 */

/* docker_health: answers of several versions, and of nobody. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "docker_health.h"

#define ID "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"

struct found {
	unsigned count;
	struct docker_health last;
};

static void on_found(const struct docker_health *health, void *userdata)
{
	struct found *found = userdata;

	found->count++;
	found->last = *health;
}

static struct found read_list(const char *text, int expected)
{
	struct found found = { 0 };

	assert_int_equal(docker_health_list(text, strlen(text), on_found, &found), expected);
	return found;
}

static void list_tells_by_member_or_by_words(void **state)
{
	struct found found;

	(void) state;
	found = read_list("[{\"Id\":\"" ID "\",\"Status\":\"Up 2 hours (health: starting)\"}]", 0);
	assert_int_equal(found.last.status, HEALTH_STARTING);
	assert_false(found.last.has_streak);
	found = read_list("[{\"Id\":\"" ID "\",\"Status\":\"Up 1 second (unhealthy)\",\"Health\":"
			  "{\"Status\":\"unhealthy\",\"FailingStreak\":7}}]",
			  0);
	assert_int_equal(found.last.status, HEALTH_UNHEALTHY);
	assert_int_equal(found.last.streak, 7);
	assert_string_equal(found.last.id, ID);
	assert_int_equal(read_list("[{\"Id\":\"" ID "\",\"Status\":\"Up 2 hours\"}]", 0).count, 0);
}

static void lists_of_nobody_are_refused(void **state)
{
	static const char *const texts[] = { "", "{}", "null", "[", "\xff", "7" };

	(void) state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		(void) read_list(texts[i], -EBADMSG);
	assert_int_equal(read_list("[7,{},null,{\"Id\":\"../x\",\"Status\":\"(healthy)\"},"
				   "{\"Id\":7,\"Status\":\"(healthy)\"}]",
				   0)
				 .count,
			 0);
}

static int read_inspect(const char *text, struct docker_health *ret_health)
{
	return docker_health_inspect(text, strlen(text), ret_health);
}

static void inspection_tells_the_streak(void **state)
{
	struct docker_health health;

	(void) state;
	assert_int_equal(read_inspect("{\"Id\":\"" ID "\",\"State\":{\"Health\":{\"Status\":"
				      "\"unhealthy\",\"FailingStreak\":2}}}",
				      &health),
			 0);
	assert_int_equal(health.status, HEALTH_UNHEALTHY);
	assert_int_equal(health.streak, 2);
	assert_int_equal(read_inspect("{\"Id\":\"" ID "\",\"State\":{\"Health\":{\"Status\":"
				      "\"healthy\",\"FailingStreak\":-2}}}",
				      &health),
			 0);
	assert_false(health.has_streak);
	assert_int_equal(read_inspect("{\"Id\":\"" ID "\",\"State\":null}", &health), 0);
	assert_int_equal(health.status, HEALTH_UNKNOWN);
	assert_int_equal(read_inspect("{\"State\":{}}", &health), -EBADMSG);
}

static int read_event(const char *text, struct docker_health *ret_health)
{
	return docker_health_event(text, strlen(text), ret_health);
}

static void event_tells_status_and_container(void **state)
{
	struct docker_health health;

	(void) state;
	assert_int_equal(read_event("{\"Action\":\"health_status: healthy\",\"Actor\":{\"ID\":"
				    "\"" ID "\"}}",
				    &health),
			 0);
	assert_int_equal(health.status, HEALTH_HEALTHY);
	assert_int_equal(read_event("{\"Action\":\"start\",\"id\":\"" ID "\"}", &health), 0);
	assert_int_equal(health.status, HEALTH_UNKNOWN);
	assert_int_equal(read_event("{\"Action\":\"health_status: running\",\"id\":\"" ID "\"}",
				    &health),
			 0);
	assert_int_equal(health.status, HEALTH_UNKNOWN);
	assert_int_equal(read_event("{\"Action\":\"start\"}", &health), -EBADMSG);
	assert_int_equal(read_event("start", &health), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_tells_by_member_or_by_words),
		cmocka_unit_test(lists_of_nobody_are_refused),
		cmocka_unit_test(inspection_tells_the_streak),
		cmocka_unit_test(event_tells_status_and_container),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
