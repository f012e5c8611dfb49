/* SPDX-License-Identifier: Apache-2.0 */

/* A writer as fast as it can be, and readers beside it. Some cells of each round, from the first
 * row to the last, have the round's own number, so that a copy with parts of two rounds shows; the
 * other rows only make the copy long. The reader that wants the oldest slot meets the writer most
 * often: it is the next one that is written. In real life writer and reader are two processes;
 * threads over two mappings of the memfd race just the same.
 *
 * No clock decides: after each burst of rounds the writer rests until every reader has begun and
 * ended a copy in the meantime, so that slow machines and single cores get theirs, too. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "model/draft.h"
#include "model/share.h"

#define CONTAINERS 1000
#define STAMPED    16 /* every so many rows */
#define READERS    3
#define BURSTS     300
#define BURST      (2 * SHARE_SLOTS) /* rounds without a rest */

struct reader {
	struct share *share;
	unsigned age;
	atomic_ullong attempts; /* that have ended */
	const atomic_bool *stop;
	uint64_t accepted, gone, overtaken, torn, backwards, other;
};

struct race {
	struct share *writer;
	struct draft *draft;
	struct row *rows[CONTAINERS];
	struct reader readers[READERS];
	uint64_t rounds;
	atomic_bool stop;
};

static void write_burst(struct race *race)
{
	for (unsigned round = 0; round < BURST; round++) {
		race->rounds++;
		draft_begin(race->draft, race->rounds, race->rounds, 1);
		for (unsigned i = 0; i < CONTAINERS; i += STAMPED)
			row_set(race->rows[i], METRIC_CPU_USAGE_NS, race->rounds);
		share_publish(race->writer, race->draft);
	}
}

/* Of two attempts that end during the rest, the second has begun in it: it must succeed. */
static void rest(struct race *race)
{
	for (size_t i = 0; i < READERS; i++) {
		struct reader *reader = &race->readers[i];
		unsigned long long seen = atomic_load(&reader->attempts);

		while (atomic_load(&reader->attempts) < seen + 2)
			(void) sched_yield();
	}
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

static void read_once(struct reader *reader, struct snapshot **buffer, size_t *capacity,
		      uint64_t *newest)
{
	int r = share_copy(reader->share, reader->age, buffer, capacity);

	reader->overtaken += r == -EAGAIN;
	reader->gone += r == -ENODATA;
	reader->other += r < 0 && r != -EAGAIN && r != -ENODATA;
	if (r < 0)
		return;
	reader->accepted++;
	reader->torn += is_torn(*buffer);
	reader->backwards += (*buffer)->sequence < *newest;
	*newest = (*buffer)->sequence;
}

static void *read_rounds(void *userdata)
{
	struct reader *reader = userdata;
	struct snapshot *buffer = NULL;
	uint64_t newest = 0;
	size_t capacity = 0;

	while (!atomic_load(reader->stop)) {
		read_once(reader, &buffer, &capacity, &newest);
		atomic_fetch_add(&reader->attempts, 1);
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
	static const unsigned ages[READERS] = { 0, 1, SHARE_SLOTS - 1 };
	struct race race = { 0 };
	pthread_t threads[READERS];

	(void) state;
	race_begin(&race);
	for (size_t i = 0; i < READERS; i++) {
		struct reader *reader = &race.readers[i];
		int fd = fcntl(share_fd(race.writer), F_DUPFD_CLOEXEC, 0);

		reader->age = ages[i];
		reader->stop = &race.stop;
		assert_int_equal(share_open(fd, &reader->share), 0);
		assert_int_equal(pthread_create(&threads[i], NULL, read_rounds, reader), 0);
	}
	for (unsigned burst = 0; burst < BURSTS; burst++) {
		write_burst(&race);
		rest(&race);
	}
	atomic_store(&race.stop, true);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);

	print_message("%llu rounds written\n", (unsigned long long) race.rounds);
	for (size_t i = 0; i < READERS; i++) {
		struct reader *reader = &race.readers[i];

		print_message("age %u: %llu copies, %llu given up, %llu times gone\n", reader->age,
			      (unsigned long long) reader->accepted,
			      (unsigned long long) reader->overtaken,
			      (unsigned long long) reader->gone);
		share_free(reader->share);
		assert_int_equal(reader->torn, 0);
		assert_int_equal(reader->backwards, 0);
		assert_int_equal(reader->other, 0);
		assert_true(reader->accepted >= BURSTS);
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
