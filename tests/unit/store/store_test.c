/* SPDX-License-Identifier: Apache-2.0 */

/* store: what was added comes back in order, across restarts, from a broken file, a full disk and a
 * directory that cannot be written. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "harness/fake_host.h"
#include "store/store.h"

#define SECONDS(n) ((n) *NSEC_PER_SEC)
#define T0         SECONDS(1700000000ULL)
#define PATIENCE   20000 /* ms, for what takes milliseconds on an idle machine */

struct fixture {
	struct fake_host host; /* its root is the state directory */
	struct store *store;
	struct store_options options;
	/* The last answer. */
	unsigned answers;
	int error;
	size_t count;
	struct event first, last;
	char last_labels[64];
	uint64_t previous;
	bool in_order;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fake_host_init(&fixture->host);
	fixture->options = (struct store_options){ .retention_ns = SECONDS(100ULL * 365 * 86400),
						   .max_events = 100000 };
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	store_close(fixture->store);
	fake_host_fini(&fixture->host);
	free(fixture);
	return 0;
}

static void open_store(struct fixture *fixture)
{
	assert_int_equal(store_open(fixture->host.root_fd, &fixture->options, &fixture->store), 0);
}

static void close_store(struct fixture *fixture)
{
	store_close(fixture->store);
	fixture->store = NULL;
}

static struct event event_at(uint64_t time_ns)
{
	struct event event = { .realtime_ns = time_ns,
			       .type = EVENT_STARTED,
			       .instance = UINT64_MAX,
			       .health = HEALTH_NONE };

	strcpy(event.id, "0123");
	strcpy(event.name, "web");
	return event;
}

static void add_at(struct fixture *fixture, uint64_t time_ns)
{
	struct event event = event_at(time_ns);

	store_add_event(fixture->store, &event, "a\0b\0", 5);
}

static void on_events(int error, const struct stored_event *events, size_t count, void *userdata)
{
	struct fixture *fixture = userdata;

	fixture->answers++;
	fixture->error = error;
	fixture->count = count;
	fixture->in_order = true;
	for (size_t i = 1; i < count; i++)
		if (events[i].event.number <= events[i - 1].event.number)
			fixture->in_order = false;
	if (count == 0)
		return;
	fixture->first = events[0].event;
	fixture->last = events[count - 1].event;
	memset(fixture->last_labels, 0, sizeof(fixture->last_labels));
	memcpy(fixture->last_labels, events[count - 1].labels,
	       events[count - 1].labels_length < 64 ? events[count - 1].labels_length : 64);
}

static void await_answer(struct fixture *fixture)
{
	unsigned before = fixture->answers;
	struct pollfd poller = { .fd = store_fd(fixture->store), .events = POLLIN };

	while (fixture->answers == before) {
		assert_int_equal(poll(&poller, 1, PATIENCE), 1);
		store_dispatch(fixture->store);
	}
}

static void ask(struct fixture *fixture, struct event_query query)
{
	assert_true(store_query_events(fixture->store, &query, on_events, fixture) > 0);
	await_answer(fixture);
}

static struct store_stats stats_of(struct fixture *fixture)
{
	struct store_stats stats;

	store_stats_get(fixture->store, &stats);
	return stats;
}

/* Asks until so many are left. */
static void await_count(struct fixture *fixture, size_t count)
{
	for (int tries = 0; tries < PATIENCE / 10; tries++) {
		ask(fixture, (struct event_query){ 0 });
		if (fixture->count == count)
			return;
		usleep(10000);
	}
	fail_msg("%zu events are left, not %zu", fixture->count, count);
}

static void await_trouble(struct fixture *fixture, bool wanted)
{
	for (int tries = 0; tries < PATIENCE / 10; tries++) {
		if ((stats_of(fixture).trouble[0] != '\0') == wanted)
			return;
		usleep(10000);
	}
	fail_msg("trouble is \"%s\"", stats_of(fixture).trouble);
}

static void events_come_back_as_they_were(void **state)
{
	struct fixture *fixture = *state;
	struct event event = event_at(T0);

	open_store(fixture);
	event.type = EVENT_DIED;
	event.has_exit_code = true;
	event.exit_code = -7;
	event.duration_ns = 12345;
	event.cpu_usage_ns = UINT64_MAX - 1;
	event.health = HEALTH_UNHEALTHY;
	strcpy(event.image, "nginx:1");
	strcpy(event.runtime, "podman");
	memset(event.name, 'n', sizeof(event.name) - 1);
	store_add_event(fixture->store, &event, "k\0v\0", 5);
	ask(fixture, (struct event_query){ 0 });

	assert_int_equal(fixture->error, 0);
	assert_int_equal(fixture->count, 1);
	event.number = 1;
	assert_memory_equal(&fixture->last, &event, sizeof(event));
	assert_memory_equal(fixture->last_labels, "k\0v\0", 5);
}

static void an_event_without_exit_code_or_labels_has_none(void **state)
{
	struct fixture *fixture = *state;
	struct event event = event_at(T0);

	open_store(fixture);
	store_add_event(fixture->store, &event, NULL, 0);
	ask(fixture, (struct event_query){ 0 });
	assert_int_equal(fixture->count, 1);
	assert_false(fixture->last.has_exit_code);
	assert_string_equal(fixture->last_labels, "");
}

static void thousands_in_a_row_stay_in_order(void **state)
{
	struct fixture *fixture = *state;

	open_store(fixture);
	for (unsigned i = 0; i < 5000; i++)
		add_at(fixture, T0 + i);
	ask(fixture, (struct event_query){ 0 });

	assert_int_equal(fixture->count, 5000);
	assert_true(fixture->in_order);
	assert_int_equal(fixture->first.realtime_ns, T0);
	assert_int_equal(fixture->last.realtime_ns, T0 + 4999);
	assert_int_equal(stats_of(fixture).dropped, 0);
	assert_int_equal(stats_of(fixture).written, 5000);
	assert_int_equal(stats_of(fixture).queued, 0);
}

static void a_question_sees_what_came_before_and_nothing_after(void **state)
{
	struct fixture *fixture = *state;
	struct event_query query = { 0 };

	open_store(fixture);
	for (unsigned i = 0; i < 1000; i++)
		add_at(fixture, T0 + i);
	assert_true(store_query_events(fixture->store, &query, on_events, fixture) > 0);
	for (unsigned i = 0; i < 1000; i++)
		add_at(fixture, T0 + i);
	await_answer(fixture);
	assert_int_equal(fixture->count, 1000);
}

static void questions_choose_by_time_number_and_limit(void **state)
{
	struct fixture *fixture = *state;

	open_store(fixture);
	for (unsigned i = 1; i <= 10; i++)
		add_at(fixture, T0 + SECONDS(i));

	ask(fixture,
	    (struct event_query){ .since_ns = T0 + SECONDS(3), .until_ns = T0 + SECONDS(5) });
	assert_int_equal(fixture->count, 3);
	assert_int_equal(fixture->first.number, 3);
	ask(fixture, (struct event_query){ .after = 8 });
	assert_int_equal(fixture->count, 2);
	ask(fixture, (struct event_query){ .limit = 4 });
	assert_int_equal(fixture->count, 4);
	assert_int_equal(fixture->first.number, 7);
	ask(fixture, (struct event_query){ .limit = 4, .after = 2, .oldest = true });
	assert_int_equal(fixture->count, 4);
	assert_true(fixture->in_order);
	assert_int_equal(fixture->first.number, 3);
	ask(fixture, (struct event_query){ .since_ns = UINT64_MAX, .until_ns = UINT64_MAX });
	assert_int_equal(fixture->count, 0);
	assert_int_equal(fixture->error, 0);
}

static void numbers_go_on_after_a_restart(void **state)
{
	struct fixture *fixture = *state;

	open_store(fixture);
	add_at(fixture, T0);
	add_at(fixture, T0);
	close_store(fixture);
	open_store(fixture);
	add_at(fixture, T0 + 1);
	ask(fixture, (struct event_query){ 0 });
	assert_int_equal(fixture->count, 3);
	assert_int_equal(fixture->last.number, 3);
}

static void numbers_go_on_when_everything_was_forgotten(void **state)
{
	struct fixture *fixture = *state;

	open_store(fixture);
	add_at(fixture, T0);
	close_store(fixture);
	fixture->options.retention_ns = SECONDS(60); /* T0 is years ago */
	open_store(fixture);
	await_count(fixture, 0);
	add_at(fixture, clock_realtime_ns());
	ask(fixture, (struct event_query){ 0 });
	assert_int_equal(fixture->count, 1);
	assert_int_equal(fixture->last.number, 2);
}

static void the_oldest_beyond_the_count_are_forgotten(void **state)
{
	struct fixture *fixture = *state;

	fixture->options.max_events = 100;
	open_store(fixture);
	for (unsigned i = 0; i < 5000; i++)
		add_at(fixture, T0 + i);
	await_count(fixture, 100);
	assert_int_equal(fixture->first.number, 4901);
	assert_int_equal(fixture->last.number, 5000);
}

static void a_cancelled_question_is_not_answered(void **state)
{
	struct fixture *fixture = *state;
	struct event_query query = { 0 };
	uint64_t ticket;

	open_store(fixture);
	ticket = store_query_events(fixture->store, &query, on_events, fixture);
	store_cancel(fixture->store, ticket);
	store_cancel(fixture->store, ticket + 1000);
	ask(fixture, query);
	assert_int_equal(fixture->answers, 1);
}

static void questions_are_bounded_and_told_of_the_end(void **state)
{
	struct fixture *fixture = *state;
	struct event_query query = { 0 };
	unsigned asked = 0;

	open_store(fixture);
	while (asked < 100000 && store_query_events(fixture->store, &query, on_events, fixture))
		asked++;
	assert_in_range(asked, 1, 99999);
	close_store(fixture);
	assert_int_equal(fixture->answers, asked);
	assert_int_equal(fixture->error, -ECANCELED);
	assert_int_equal(fixture->count, 0);
}

static void closing_writes_what_is_queued(void **state)
{
	struct fixture *fixture = *state;

	open_store(fixture);
	for (unsigned i = 0; i < 3000; i++)
		add_at(fixture, T0 + i);
	close_store(fixture);
	open_store(fixture);
	ask(fixture, (struct event_query){ 0 });
	assert_int_equal(fixture->count, 3000);
}

static void the_files_are_for_their_owner_only(void **state)
{
	struct fixture *fixture = *state;
	static const char *const names[] = { "plimsoll.db", "plimsoll.db-wal", "plimsoll.db-shm" };
	struct stat status;

	fake_host_write(&fixture->host, "plimsoll.db", ""); /* 0644 or so */
	open_store(fixture);
	add_at(fixture, T0);
	ask(fixture, (struct event_query){ 0 });
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(fstatat(fixture->host.root_fd, names[i], &status, 0), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
	}
}

/* Of every thread but this one. */
static void the_thread_has_no_rights(void **state)
{
	struct fixture *fixture = *state;
	char command[160], line[64];
	unsigned threads = 0;
	FILE *pipe;

	open_store(fixture);
	add_at(fixture, T0);
	ask(fixture, (struct event_query){ 0 });
	snprintf(command, sizeof(command),
		 "for t in /proc/%d/task/*; do grep -qx plimsoll-store $t/comm &&"
		 " grep CapPrm $t/status; done",
		 getpid());
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe)) {
		assert_string_equal(line, "CapPrm:\t0000000000000000\n");
		threads++;
	}
	pclose(pipe);
	assert_int_equal(threads, 1);
}

static unsigned files_set_aside(struct fixture *fixture)
{
	char command[128], answer[16] = "";
	FILE *pipe;

	snprintf(command, sizeof(command), "ls %s | grep -c '^plimsoll.db.broken-'",
		 fixture->host.path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(answer, sizeof(answer), pipe));
	pclose(pipe);
	return (unsigned) atoi(answer);
}

static void a_file_that_is_no_database_is_set_aside(void **state)
{
	struct fixture *fixture = *state;
	char garbage[8192];

	memset(garbage, 'x', sizeof(garbage) - 1);
	garbage[sizeof(garbage) - 1] = '\0';
	fake_host_write(&fixture->host, "plimsoll.db", garbage);
	fake_host_write(&fixture->host, "plimsoll.db-wal", garbage);
	open_store(fixture);
	add_at(fixture, T0);
	await_count(fixture, 1);
	assert_int_equal(files_set_aside(fixture), 1);
	assert_string_equal(stats_of(fixture).trouble, "");
	assert_true(stats_of(fixture).errors > 0);
}

static void a_page_that_breaks_is_set_aside_with_its_file(void **state)
{
	struct fixture *fixture = *state;
	char garbage[4096];
	struct stat status;
	int fd;

	open_store(fixture);
	for (unsigned i = 0; i < 2000; i++)
		add_at(fixture, T0 + i);
	close_store(fixture);

	memset(garbage, 0x5a, sizeof(garbage));
	fd = openat(fixture->host.root_fd, "plimsoll.db", O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	for (off_t at = sizeof(garbage); at < status.st_size; at += sizeof(garbage))
		assert_int_equal(pwrite(fd, garbage, sizeof(garbage), at), sizeof(garbage));
	close(fd);

	open_store(fixture);
	add_at(fixture, T0);
	await_count(fixture, 1);
	assert_int_equal(files_set_aside(fixture), 1);
}

static void run_sql(struct fixture *fixture, const char *sql)
{
	char path[128];
	sqlite3 *sqlite;

	snprintf(path, sizeof(path), "%s/plimsoll.db", fixture->host.path);
	assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
	assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(sqlite);
}

static void tables_of_a_later_version_are_set_aside(void **state)
{
	struct fixture *fixture = *state;

	run_sql(fixture, "CREATE TABLE events (future TEXT); PRAGMA user_version = 99");
	open_store(fixture);
	add_at(fixture, T0);
	await_count(fixture, 1);
	assert_int_equal(files_set_aside(fixture), 1);
}

static void rows_of_a_later_program_are_left_out(void **state)
{
	struct fixture *fixture = *state;

	open_store(fixture);
	add_at(fixture, T0);
	add_at(fixture, T0);
	close_store(fixture);
	run_sql(fixture, "UPDATE events SET type = 'teleported' WHERE number = 1;"
			 "UPDATE events SET health = 'splendid', id = hex(zeroblob(1000))"
			 " WHERE number = 2");
	open_store(fixture);
	ask(fixture, (struct event_query){ 0 });
	assert_int_equal(fixture->error, 0);
	assert_int_equal(fixture->count, 1);
	assert_int_equal(fixture->last.health, HEALTH_UNKNOWN);
	assert_int_equal(strlen(fixture->last.id), sizeof(fixture->last.id) - 1);
}

static void labels_that_are_no_pairs_are_none(void **state)
{
	static const char *const broken[] = { "x'414243'", "x'610000'",       "x'6100'",
					      "x''",       "x'6100620000ff'", "'text'" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		char sql[96];

		open_store(fixture);
		add_at(fixture, T0);
		close_store(fixture);
		snprintf(sql, sizeof(sql), "UPDATE events SET labels = %s", broken[i]);
		run_sql(fixture, sql);
		open_store(fixture);
		ask(fixture, (struct event_query){ 0 });
		assert_int_equal(fixture->error, 0);
		assert_int_equal(fixture->count, i + 1);
		assert_string_equal(fixture->last_labels, "");
		close_store(fixture);
	}
}

/* Root may write anywhere: a directory in the file's place is the same to it. */
static void without_a_database_the_caller_goes_on(void **state)
{
	struct fixture *fixture = *state;

	fake_host_write(&fixture->host, "plimsoll.db/in_the_way", "");
	open_store(fixture);
	add_at(fixture, T0);
	await_trouble(fixture, true);
	ask(fixture, (struct event_query){ 0 });
	assert_true(fixture->error < 0);
	assert_int_equal(fixture->count, 0);
	assert_non_null(strstr(stats_of(fixture).trouble, "plimsoll.db"));

	for (unsigned i = 0; i < 20000; i++)
		add_at(fixture, T0);
	assert_true(stats_of(fixture).dropped > 0);
	assert_in_range(stats_of(fixture).queued, 1, 20000);

	fake_host_remove(&fixture->host, "plimsoll.db");
	await_trouble(fixture, false);
	for (int i = 0; i < PATIENCE / 10 && stats_of(fixture).queued > 0; i++)
		usleep(10000);
	assert_int_equal(stats_of(fixture).queued, 0);
	assert_int_equal(stats_of(fixture).written + stats_of(fixture).dropped, 20001);
}

static void a_directory_that_cannot_be_written_is_trouble(void **state)
{
	struct fixture *fixture = *state;

	if (geteuid() == 0) {
		print_message("skipped: root may write into any directory\n");
		skip();
	}
	assert_int_equal(fchmod(fixture->host.root_fd, 0555), 0);
	open_store(fixture);
	add_at(fixture, T0);
	await_trouble(fixture, true);
	assert_int_equal(fchmod(fixture->host.root_fd, 0755), 0);
	await_trouble(fixture, false);
	ask(fixture, (struct event_query){ 0 });
	assert_int_equal(fixture->count, 1);
}

static void a_symbolic_link_is_not_followed(void **state)
{
	struct fixture *fixture = *state;

	fake_host_link(&fixture->host, "plimsoll.db", "elsewhere.db");
	open_store(fixture);
	add_at(fixture, T0);
	await_trouble(fixture, true);
	assert_int_equal(faccessat(fixture->host.root_fd, "elsewhere.db", F_OK, 0), -1);
}

/* The disk is full at a file size that every process of this user may have. */
static void what_a_full_disk_refused_is_written_later(void **state)
{
	struct fixture *fixture = *state;
	struct rlimit before, low;
	struct event event = event_at(T0);
	char labels[4096];

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	low = before;
	low.rlim_cur = 256 * 1024;
	signal(SIGXFSZ, SIG_IGN);
	open_store(fixture);
	add_at(fixture, T0);
	ask(fixture, (struct event_query){ 0 });
	memset(labels, 'l', sizeof(labels));
	labels[100] = labels[sizeof(labels) - 2] = labels[sizeof(labels) - 1] = '\0';

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	for (unsigned i = 0; i < 400; i++)
		store_add_event(fixture->store, &event, labels, sizeof(labels));
	await_trouble(fixture, true);
	assert_true(stats_of(fixture).errors > 0);
	assert_true(stats_of(fixture).queued > 0);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	await_trouble(fixture, false);
	await_count(fixture, 401);
	assert_true(fixture->in_order);
	assert_int_equal(files_set_aside(fixture), 0);
	signal(SIGXFSZ, SIG_DFL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(events_come_back_as_they_were),
		TEST(an_event_without_exit_code_or_labels_has_none),
		TEST(thousands_in_a_row_stay_in_order),
		TEST(a_question_sees_what_came_before_and_nothing_after),
		TEST(questions_choose_by_time_number_and_limit),
		TEST(numbers_go_on_after_a_restart),
		TEST(numbers_go_on_when_everything_was_forgotten),
		TEST(the_oldest_beyond_the_count_are_forgotten),
		TEST(a_cancelled_question_is_not_answered),
		TEST(questions_are_bounded_and_told_of_the_end),
		TEST(closing_writes_what_is_queued),
		TEST(the_files_are_for_their_owner_only),
		TEST(the_thread_has_no_rights),
		TEST(a_file_that_is_no_database_is_set_aside),
		TEST(a_page_that_breaks_is_set_aside_with_its_file),
		TEST(tables_of_a_later_version_are_set_aside),
		TEST(rows_of_a_later_program_are_left_out),
		TEST(labels_that_are_no_pairs_are_none),
		TEST(without_a_database_the_caller_goes_on),
		TEST(a_directory_that_cannot_be_written_is_trouble),
		TEST(a_symbolic_link_is_not_followed),
		TEST(what_a_full_disk_refused_is_written_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
