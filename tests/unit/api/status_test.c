/* SPDX-License-Identifier: Apache-2.0 */

#include "api/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

#define S NSEC_PER_SEC
#define M (60 * S)
#define H (60 * M)
#define D (24 * H)

static void durations_are_dockers(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} durations[] = {
		{ 0, "Less than a second" },
		{ S - 1, "Less than a second" },
		{ S, "1 second" },
		{ 2 * S - 1, "1 second" },
		{ 2 * S, "2 seconds" },
		{ 59 * S + S - 1, "59 seconds" },
		{ M, "About a minute" },
		{ 2 * M - 1, "About a minute" },
		{ 2 * M, "2 minutes" },
		{ H - 1, "59 minutes" },
		{ H, "About an hour" },
		{ 89 * M + 59 * S, "About an hour" },
		{ 90 * M, "2 hours" },
		{ 47 * H + 29 * M, "47 hours" },
		{ 47 * H + 30 * M, "2 days" },
		{ 2 * D, "2 days" },
		{ 13 * D + 23 * H, "13 days" },
		{ 14 * D, "2 weeks" },
		{ 20 * D + 23 * H, "2 weeks" },
		{ 21 * D, "3 weeks" },
		{ 59 * D, "8 weeks" },
		{ 60 * D, "2 months" },
		{ 729 * D, "24 months" },
		{ 730 * D, "2 years" },
		{ 1094 * D, "2 years" },
		{ 1095 * D, "3 years" },
		{ UINT64_MAX, "584 years" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		char text[STATUS_BYTES];

		status_duration(durations[i].ns, text);
		assert_string_equal(text, durations[i].text);
	}
}

#define NOW     (1700000000 * S)
#define STARTED (NOW - 5 * M)

static void assert_status(enum container_state state, struct condition condition,
			  const char *expected)
{
	char text[STATUS_BYTES];

	status_text(state, &condition, STARTED, NOW, text);
	assert_string_equal(text, expected);
}

static void statuses_are_dockers(void **state)
{
	const struct condition exited = { .has_exit_code = true,
					  .exit_code = 137,
					  .finished_ns = NOW - 3 * H };

	(void) state;
	assert_status(STATE_RUNNING, (struct condition){ 0 }, "Up 5 minutes");
	assert_status(STATE_RUNNING, (struct condition){ .health = HEALTH_NONE }, "Up 5 minutes");
	assert_status(STATE_RUNNING, (struct condition){ .health = HEALTH_STARTING },
		      "Up 5 minutes (health: starting)");
	assert_status(STATE_RUNNING, (struct condition){ .health = HEALTH_HEALTHY },
		      "Up 5 minutes (healthy)");
	assert_status(STATE_RUNNING, (struct condition){ .health = HEALTH_UNHEALTHY },
		      "Up 5 minutes (unhealthy)");
	assert_status(STATE_PAUSED, (struct condition){ .health = HEALTH_HEALTHY },
		      "Up 5 minutes (Paused)");
	assert_status(STATE_RESTARTING, exited, "Restarting (137) 3 hours ago");
	assert_status(STATE_EXITED, exited, "Exited (137) 3 hours ago");
	assert_status(STATE_REMOVING, exited, "Removal In Progress");
	assert_status(STATE_DEAD, exited, "Dead");
	assert_status(STATE_CREATED, (struct condition){ 0 }, "Created");
}

static void what_is_not_known_is_not_said(void **state)
{
	const struct condition nothing = { 0 };
	char text[STATUS_BYTES];

	(void) state;
	assert_status(STATE_EXITED, nothing, "Exited");
	assert_status(STATE_EXITED, (struct condition){ .finished_ns = NOW - H },
		      "Exited About an hour ago");
	status_text(STATE_RUNNING, &nothing, 0, NOW, text);
	assert_string_equal(text, "Up");
}

static void a_start_in_the_future_is_now(void **state)
{
	const struct condition nothing = { 0 };
	char text[STATUS_BYTES];

	(void) state;
	status_text(STATE_RUNNING, &nothing, NOW + D, NOW, text);
	assert_string_equal(text, "Up Less than a second");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_dockers),
		cmocka_unit_test(statuses_are_dockers),
		cmocka_unit_test(what_is_not_known_is_not_said),
		cmocka_unit_test(a_start_in_the_future_is_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
