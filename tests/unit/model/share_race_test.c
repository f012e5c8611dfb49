/* SPDX-License-Identifier: Apache-2.0 */

/* A writer as fast as it can be, and readers beside it. Some cells of each round, from the first
 * row to the last, have the round's own number, so that a copy with parts of two rounds shows; the
 * other rows only make the copy long. The reader that wants the oldest slot meets the writer most
 * often: it is the next one that is written. In real life writer and reader are two processes;
 * threads over two mappings of the memfd race just the same. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "model/draft.h"
#include "model/share.h"

#define CONTAINERS  1000
#define STAMPED     16                  /* every so many rows */
#define ACCEPTED    300                 /* copies that each reader has to get, */
#define PATIENCE_NS (20 * NSEC_PER_SEC) /* within this time */

struct race {
	struct share *writer;
	struct draft *draft;
	struct row *rows[CONTAINERS];
	atomic_bool stop;
	uint64_t rounds;
};

struct reader {
	struct share *share;
	unsigned age;
	uint64_t accepted, gone, overtaken, torn, backwards, other;
};

static void *write_rounds(void *userdata)
{
	struct race *race = userdata;

	while (!atomic_load(&race->stop)) {
		race->rounds++;
		draft_begin(race->draft, race->rounds, race->rounds, 1);
		for (unsigned i = 0; i < CONTAINERS; i += STAMPED)
			row_set(race->rows[i], METRIC_CPU_USAGE_NS, race->rounds);
		share_publish(race->writer, race->draft);
	}

	return NULL;
}

static bool is_torn(const struct snapshot *snapshot)
{
	uint64_t value = 0;

	if (snapshot->boottime_ns != snapshot->sequence)
		return true;
	for (uint32_t i = 0; i < snapshot_rows(snapshot, ENTITY_CONTAINER); i += STAMPED) {
		const struct row *row = snapshot_row(snapshot, ENTITY_CONTAINER, i);

		if (!row || !row_get(row, METRIC_CPU_USAGE_NS, &value) ||
		    value != snapshot->sequence)
			return true;
	}

	return false;
}

static void *read_rounds(void *userdata)
{
	struct reader *reader = userdata;
	uint64_t end_ns = clock_boottime_ns() + PATIENCE_NS, newest = 0;
	struct snapshot *buffer = NULL;
	size_t capacity = 0;

	while (share_sequence(reader->share) < SHARE_SLOTS && clock_boottime_ns() < end_ns)
		continue;
	while (reader->accepted < ACCEPTED && clock_boottime_ns() < end_ns) {
		int r = share_copy(reader->share, reader->age, &buffer, &capacity);

		reader->overtaken += r == -EAGAIN;
		reader->gone += r == -ENODATA;
		reader->other += r < 0 && r != -EAGAIN && r != -ENODATA;
		if (r < 0)
			continue;
		reader->accepted++;
		reader->torn += is_torn(buffer);
		reader->backwards += buffer->sequence < newest;
		newest = buffer->sequence;
	}

	free(buffer);
	return NULL;
}

static void race_begin(struct race *race)
{
	struct draft_limits limits = draft_limits_for(CONTAINERS);

	assert_int_equal(draft_new(&limits, &race->draft), 0);
	assert_int_equal(share_new(draft_bytes_max(race->draft), &race->writer), 0);
	for (unsigned i = 0; i < CONTAINERS; i++) {
		race->rows[i] = draft_take(race->draft, ENTITY_CONTAINER);
		assert_non_null(race->rows[i]);
	}
}

static void no_copy_is_ever_of_two_rounds(void **state)
{
	struct reader readers[] = { { .age = 0 }, { .age = 1 }, { .age = SHARE_SLOTS - 1 } };
	const size_t count = sizeof(readers) / sizeof(readers[0]);
	struct race race = { 0 };
	pthread_t writer, threads[3];

	(void) state;
	race_begin(&race);
	assert_int_equal(pthread_create(&writer, NULL, write_rounds, &race), 0);
	for (size_t i = 0; i < count; i++) {
		int fd = fcntl(share_fd(race.writer), F_DUPFD_CLOEXEC, 0);

		assert_int_equal(share_open(fd, &readers[i].share), 0);
		assert_int_equal(pthread_create(&threads[i], NULL, read_rounds, &readers[i]), 0);
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	atomic_store(&race.stop, true);
	assert_int_equal(pthread_join(writer, NULL), 0);

	print_message("%llu rounds written\n", (unsigned long long) race.rounds);
	for (size_t i = 0; i < count; i++) {
		print_message("age %u: %llu copies, %llu given up, %llu times gone\n",
			      readers[i].age, (unsigned long long) readers[i].accepted,
			      (unsigned long long) readers[i].overtaken,
			      (unsigned long long) readers[i].gone);
		share_free(readers[i].share);
		assert_int_equal(readers[i].torn, 0);
		assert_int_equal(readers[i].backwards, 0);
		assert_int_equal(readers[i].other, 0);
		assert_int_equal(readers[i].accepted, ACCEPTED);
	}
	share_free(race.writer);
	draft_free(race.draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_copy_is_ever_of_two_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
