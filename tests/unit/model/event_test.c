/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "model/event.h"

static struct event_ring ring;

static int empty_ring(void **state)
{
	(void) state;
	memset(&ring, 0, sizeof(ring));
	return 0;
}

static void add(unsigned count)
{
	struct event event = { .type = EVENT_STARTED, .number = 12345 };

	for (unsigned i = 0; i < count; i++) {
		event.instance = ring.newest + 1;
		event_add(&ring, &event);
	}
}

static void empty_ring_has_no_event(void **state)
{
	uint64_t missed = 42;

	(void) state;
	assert_null(event_next(&ring, 0, &missed));
	assert_int_equal(missed, 42);
}

static void events_are_numbered_and_read_in_order(void **state)
{
	struct event event = { .type = EVENT_DIED, .realtime_ns = 9, .cpu_usage_ns = 77 };
	const struct event *next;
	uint64_t missed = 42;

	(void) state;
	strcpy(event.name, "web");
	add(2);
	event_add(&ring, &event);
	for (uint64_t number = 1; number <= 3; number++) {
		next = event_next(&ring, number - 1, &missed);
		assert_non_null(next);
		assert_int_equal(next->number, number);
		assert_int_equal(missed, 0);
	}
	assert_int_equal(next->type, EVENT_DIED);
	assert_int_equal(next->cpu_usage_ns, 77);
	assert_string_equal(next->name, "web");
	assert_null(event_next(&ring, 3, &missed));
	assert_null(event_next(&ring, 99, &missed));
}

static void full_ring_keeps_the_newest(void **state)
{
	const struct event *next;
	uint64_t missed = 42;

	(void) state;
	add(EVENT_RING);
	next = event_next(&ring, 0, &missed);
	assert_int_equal(next->number, 1);
	assert_int_equal(missed, 0);

	add(3);
	next = event_next(&ring, 0, &missed);
	assert_int_equal(next->number, 4);
	assert_int_equal(next->instance, 4);
	assert_int_equal(missed, 3);
	next = event_next(&ring, 2, &missed);
	assert_int_equal(next->number, 4);
	assert_int_equal(missed, 1);
	next = event_next(&ring, 3, &missed);
	assert_int_equal(next->number, 4);
	assert_int_equal(missed, 0);
}

static void late_reader_learns_how_much_it_missed_and_gets_all_that_is_left(void **state)
{
	uint64_t after = 5, missed, all_missed = 0, seen = 0;
	const struct event *next;

	(void) state;
	add(5000);
	while ((next = event_next(&ring, after, &missed)) != NULL) {
		all_missed += missed;
		seen++;
		assert_int_equal(next->instance, next->number);
		after = next->number;
	}
	assert_int_equal(seen, EVENT_RING);
	assert_int_equal(all_missed, 5000 - 5 - EVENT_RING);
}

static void each_type_is_named_and_counted(void **state)
{
	static const char *const names[] = {
		"started", "died", "renamed",  "emptied", "created", "restarted",
		"paused",  "oom",  "unpaused", "health",  "removed",
	};
	unsigned found = 0;

	(void) state;
	for (enum event_type type = 0; type < EVENT_TYPE_COUNT; type++) {
		struct event event = { .type = type };

		for (unsigned i = 0; i < EVENT_TYPE_COUNT; i++)
			found += strcmp(event_type_name(type), names[i]) == 0;
		for (unsigned i = 0; i <= type; i++)
			event_add(&ring, &event);
		assert_int_equal(ring.counts[type], type + 1);
	}
	assert_int_equal(found, EVENT_TYPE_COUNT);
	assert_int_equal(ring.newest, EVENT_TYPE_COUNT * (EVENT_TYPE_COUNT + 1) / 2);
}

static void a_copy_is_the_event_and_its_texts_end(void **state)
{
	struct event event = { .type = EVENT_HEALTH, .health = HEALTH_UNHEALTHY }, copy;
	uint64_t missed = 42;

	(void) state;
	assert_int_equal(event_copy(&ring, 0, &copy, &missed), 0);
	memset(event.name, 'x', sizeof(event.name)); /* what hostile memory may hold */
	event_add(&ring, &event);
	assert_int_equal(event_copy(&ring, 0, &copy, &missed), 1);
	assert_int_equal(copy.number, 1);
	assert_int_equal(copy.health, HEALTH_UNHEALTHY);
	assert_int_equal(strlen(copy.name), sizeof(copy.name) - 1);
	assert_int_equal(missed, 0);
	assert_int_equal(event_copy(&ring, 1, &copy, &missed), 0);

	add(EVENT_RING);
	assert_int_equal(event_copy(&ring, 0, &copy, &missed), 1);
	assert_int_equal(copy.number, 2);
	assert_int_equal(missed, 1);
}

static void a_copy_from_memory_that_is_no_ring_ends(void **state)
{
	struct event copy;
	uint64_t missed;

	(void) state;
	ring.newest = 7; /* and no slot has such a number */
	assert_int_equal(event_copy(&ring, 0, &copy, &missed), 0);
	memset(&ring, 0xff, sizeof(ring));
	(void) event_copy(&ring, 0, &copy, &missed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(empty_ring_has_no_event, empty_ring),
		cmocka_unit_test_setup(events_are_numbered_and_read_in_order, empty_ring),
		cmocka_unit_test_setup(full_ring_keeps_the_newest, empty_ring),
		cmocka_unit_test_setup(
			late_reader_learns_how_much_it_missed_and_gets_all_that_is_left,
			empty_ring),
		cmocka_unit_test_setup(each_type_is_named_and_counted, empty_ring),
		cmocka_unit_test_setup(a_copy_is_the_event_and_its_texts_end, empty_ring),
		cmocka_unit_test_setup(a_copy_from_memory_that_is_no_ring_ends, empty_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
