/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/draft.h"
#include "model/share.h"

static struct draft *new_draft(void)
{
	struct draft_limits limits = draft_limits_for(8);
	struct draft *draft;

	assert_int_equal(draft_new(&limits, &draft), 0);
	return draft;
}

static struct share *new_share(const struct draft *draft)
{
	struct share *share;

	assert_int_equal(share_new(draft_bytes_max(draft), &share), 0);
	return share;
}

static void publish_round(struct share *share, struct draft *draft)
{
	struct draft_stats stats;

	draft_stats_get(draft, &stats);
	draft_begin(draft, 10 * (stats.round + 1), 20, 30);
	share_publish(share, draft);
}

/* Number of the round that a reader gets, or what share_copy said. */
static int64_t copied(const struct share *share, unsigned age)
{
	struct snapshot *snapshot = NULL;
	size_t capacity = 0;
	int64_t result = share_copy(share, age, &snapshot, &capacity);

	if (result == 0) {
		assert_true(capacity >= snapshot->length);
		assert_int_equal(snapshot->boottime_ns, 10 * snapshot->sequence);
		result = (int64_t) snapshot->sequence;
	}
	free(snapshot);
	return result;
}

static void before_the_first_round_there_is_nothing(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft);

	(void) state;
	assert_int_equal(share_sequence(share), 0);
	assert_int_equal(copied(share, 0), -ENODATA);
	assert_int_equal(copied(share, 1), -ENODATA);
	assert_int_equal(copied(share, UINT32_MAX), -ENODATA);
	share_free(share);
	draft_free(draft);
}

static void older_rounds_are_there_until_their_slot_is_used_again(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft);

	(void) state;
	for (int64_t round = 1; round <= 3L * SHARE_SLOTS; round++) {
		publish_round(share, draft);
		assert_int_equal(share_sequence(share), round);
		for (int64_t age = 0; age < SHARE_SLOTS; age++)
			assert_int_equal(copied(share, (unsigned) age),
					 age < round ? round - age : -ENODATA);
		assert_int_equal(copied(share, SHARE_SLOTS), -ENODATA);
		assert_int_equal(copied(share, 2 * SHARE_SLOTS), -ENODATA);
		assert_int_equal(copied(share, UINT32_MAX), -ENODATA);
	}
	share_free(share);
	draft_free(draft);
}

static void a_reader_gets_what_the_writer_published(void **state)
{
	struct draft *draft = new_draft();
	struct share *writer = new_share(draft), *reader;
	struct row *row = draft_take(draft, ENTITY_CONTAINER);
	struct snapshot *snapshot = NULL;
	size_t capacity = 0;
	uint64_t value = 0;

	(void) state;
	assert_int_equal(share_open(fcntl(share_fd(writer), F_DUPFD_CLOEXEC, 0), &reader), 0);
	row_set(row, METRIC_CPU_USAGE_NS, 7);
	draft_string(draft, row, ATTRIBUTE_NAME, "web");
	publish_round(writer, draft);
	row_set(row, METRIC_CPU_USAGE_NS, 8); /* not published: not seen */

	assert_int_equal(share_copy(reader, 0, &snapshot, &capacity), 0);
	assert_non_null(snapshot_row(snapshot, ENTITY_CONTAINER, 0));
	assert_true(
		row_get(snapshot_row(snapshot, ENTITY_CONTAINER, 0), METRIC_CPU_USAGE_NS, &value));
	assert_int_equal(value, 7);
	assert_string_equal(snapshot_string(snapshot, snapshot_row(snapshot, ENTITY_CONTAINER, 0),
					    ATTRIBUTE_NAME),
			    "web");
	free(snapshot);

	/* The memory lives as long as one side has it. */
	share_free(writer);
	assert_int_equal(copied(reader, 0), 1);
	share_free(reader);
	draft_free(draft);
}

static void a_buffer_grows_once_and_is_used_again(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft);
	struct snapshot *buffer = NULL, *first;
	size_t capacity = 0, first_capacity;

	(void) state;
	publish_round(share, draft);
	assert_int_equal(share_copy(share, 0, &buffer, &capacity), 0);
	first = buffer;
	first_capacity = capacity;
	publish_round(share, draft);
	assert_int_equal(share_copy(share, 0, &buffer, &capacity), 0);
	assert_ptr_equal(buffer, first);
	assert_int_equal(capacity, first_capacity);

	while (draft_take(draft, ENTITY_CONTAINER))
		continue;
	publish_round(share, draft);
	assert_int_equal(share_copy(share, 0, &buffer, &capacity), 0);
	assert_true(capacity > first_capacity);
	assert_int_equal(snapshot_rows(buffer, ENTITY_CONTAINER), 9);
	free(buffer);
	share_free(share);
	draft_free(draft);
}

static void every_row_in_use_still_fits(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft);
	struct row *row;
	char text[4096];

	(void) state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		while ((row = draft_take(draft, entity)) != NULL)
			if (entity == ENTITY_CONTAINER)
				for (unsigned i = 0; i < 1000; i++)
					draft_string(draft, row, ATTRIBUTE_NAME, text);

	for (int64_t round = 1; round <= SHARE_SLOTS + 1; round++) {
		publish_round(share, draft);
		assert_int_equal(copied(share, 0), round);
	}
	/* Nor has one slot written over the next. */
	assert_int_equal(copied(share, 3), SHARE_SLOTS + 1 - 3);
	share_free(share);
	draft_free(draft);
}

/* The map would be writable for the reader, or not at all. */
static void assert_not_writable(int fd, size_t bytes)
{
	void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	assert_ptr_equal(map, MAP_FAILED);
	assert_int_equal(errno, EPERM);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, (off_t) bytes * 2), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096), -1);
	assert_int_equal(errno, EPERM);
}

static void a_reader_cannot_write(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft);
	char path[64];
	struct stat status;
	size_t bytes;
	void *map;
	int fd;

	(void) state;
	publish_round(share, draft);
	assert_int_equal(fstat(share_fd(share), &status), 0);
	bytes = (size_t) status.st_size;
	assert_not_writable(share_fd(share), bytes);
	assert_int_equal(fcntl(share_fd(share), F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_int_equal(errno, EPERM);

	/* Nor by opening it anew, */
	(void) snprintf(path, sizeof(path), "/proc/self/fd/%d", share_fd(share));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		assert_not_writable(fd, bytes);
		assert_int_equal(close(fd), 0);
	}

	/* nor by making a map writable afterwards. */
	map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, share_fd(share), 0);
	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map, bytes, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(munmap(map, bytes), 0);

	publish_round(share, draft); /* the writer still can */
	assert_int_equal(copied(share, 0), 2);
	share_free(share);
	draft_free(draft);
}

static void the_descriptor_is_not_inherited_by_accident(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft);

	(void) state;
	assert_true(fcntl(share_fd(share), F_GETFD) & FD_CLOEXEC);
	share_free(share);
	draft_free(draft);
}

/* Refused, and still the caller's. */
static void assert_no_share(int fd)
{
	struct share *share = NULL;

	assert_true(fd >= 0);
	assert_int_equal(share_open(fd, &share), -EBADMSG);
	assert_null(share);
	assert_int_equal(close(fd), 0);
}

static int other_memfd(size_t bytes, const void *start, size_t length)
{
	int fd = memfd_create("other", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, (off_t) bytes), 0);
	assert_int_equal(pwrite(fd, start, length, 0), (ssize_t) length);
	return fd;
}

static void what_is_no_share_is_refused(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft), *none = NULL;
	struct stat status;
	char start[4096];
	size_t bytes;
	int ends[2];

	(void) state;
	assert_int_equal(fstat(share_fd(share), &status), 0);
	bytes = (size_t) status.st_size;
	assert_int_equal(pread(share_fd(share), start, sizeof(start), 0), sizeof(start));

	assert_no_share(other_memfd(0, "", 0));
	assert_no_share(other_memfd(4096, start, sizeof(start)));
	assert_no_share(other_memfd(4097, start, sizeof(start)));
	assert_no_share(other_memfd(bytes, "", 0));
	assert_no_share(other_memfd(bytes - 4096, start, sizeof(start)));
	assert_no_share(other_memfd(bytes + 4UL * 4096, start, sizeof(start)));
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_no_share(ends[0]);
	assert_no_share(ends[1]);
	assert_int_equal(share_open(-1, &none), -EBADF);
	assert_null(none);

	/* The same with nothing changed is one, if without a round: the copy is what the
	 * refusals above differ from. */
	assert_int_equal(share_open(other_memfd(bytes, start, sizeof(start)), &none), 0);
	assert_int_equal(copied(none, 0), -ENODATA);
	share_free(none);
	share_free(share);
	draft_free(draft);
}

static struct event event_named(const char *name)
{
	struct event event = { .type = EVENT_STARTED, .realtime_ns = 5 };

	(void) snprintf(event.name, sizeof(event.name), "%s", name);
	return event;
}

static void events_are_read_where_they_were_written(void **state)
{
	struct draft *draft = new_draft();
	struct share *writer = new_share(draft), *reader;
	struct event read, first = event_named("first"), second = event_named("second");
	uint64_t missed;

	(void) state;
	assert_int_equal(share_open(fcntl(share_fd(writer), F_DUPFD_CLOEXEC, 0), &reader), 0);
	assert_int_equal(event_copy(share_events(reader), 0, &read, &missed), 0);
	event_add(share_event_ring(writer), &first);
	event_add(share_event_ring(writer), &second);
	assert_int_equal(event_copy(share_events(reader), 1, &read, &missed), 1);
	assert_string_equal(read.name, "second");
	assert_int_equal(missed, 0);
	share_free(writer);
	share_free(reader);
	draft_free(draft);
}

/* The ring full, its counts at work, and every slot written: neither runs into the other. */
static void events_and_snapshots_leave_each_other_alone(void **state)
{
	struct draft *draft = new_draft();
	struct share *share = new_share(draft);
	struct event read, event = event_named("last");
	uint64_t missed;

	(void) state;
	for (int64_t round = 1; round <= SHARE_SLOTS + 1; round++)
		publish_round(share, draft);
	for (unsigned i = 0; i < EVENT_RING + 1; i++)
		event_add(share_event_ring(share), &event);
	for (int64_t age = 0; age < SHARE_SLOTS; age++)
		assert_int_equal(copied(share, (unsigned) age), SHARE_SLOTS + 1 - age);
	for (int64_t round = SHARE_SLOTS + 2; round <= 2L * SHARE_SLOTS + 1; round++)
		publish_round(share, draft);
	assert_int_equal(event_copy(share_events(share), EVENT_RING, &read, &missed), 1);
	assert_string_equal(read.name, "last");
	assert_int_equal(read.number, EVENT_RING + 1);
	assert_int_equal(share_event_ring(share)->counts[EVENT_STARTED], EVENT_RING + 1);
	share_free(share);
	draft_free(draft);
}

static void nothing_can_be_freed(void **state)
{
	(void) state;
	share_free(NULL);
	draft_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_the_first_round_there_is_nothing),
		cmocka_unit_test(older_rounds_are_there_until_their_slot_is_used_again),
		cmocka_unit_test(a_reader_gets_what_the_writer_published),
		cmocka_unit_test(a_buffer_grows_once_and_is_used_again),
		cmocka_unit_test(every_row_in_use_still_fits),
		cmocka_unit_test(a_reader_cannot_write),
		cmocka_unit_test(the_descriptor_is_not_inherited_by_accident),
		cmocka_unit_test(what_is_no_share_is_refused),
		cmocka_unit_test(events_are_read_where_they_were_written),
		cmocka_unit_test(events_and_snapshots_leave_each_other_alone),
		cmocka_unit_test(nothing_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
