/* SPDX-License-Identifier: Apache-2.0 */

/* watch: events reach their owner, with the path that the watch was made for. */

#include "host.h"

#include <sys/inotify.h>

#include "containers/watch.h"

struct fixture {
	struct host host;
	struct watches watches;
	unsigned events, ignored;
	uint32_t mask; /* of the latest event */
	const void *owner;
	char path[256], name[256];
	struct watch *remove; /* by the handler, at the next event */
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	host_make(&fixture->host);
	if (watches_init(&fixture->watches) < 0)
		print_message("inotify cannot be had here\n");
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	watches_fini(&fixture->watches);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static void on_event(const struct watch *watch, uint32_t mask, const char *name, void *userdata)
{
	struct fixture *fixture = userdata;

	if (mask & IN_IGNORED) {
		fixture->ignored++;
		return;
	}
	fixture->events++;
	fixture->mask = mask;
	fixture->owner = watch->owner;
	snprintf(fixture->path, sizeof(fixture->path), "%s", watch->path);
	snprintf(fixture->name, sizeof(fixture->name), "%s", name);
	if (fixture->remove)
		watches_remove(&fixture->watches, fixture->remove);
	fixture->remove = NULL;
}

static void dispatch(struct fixture *fixture)
{
	if (fixture->watches.fd < 0)
		skip();
	fixture->events = 0;
	assert_int_equal(watches_dispatch(&fixture->watches, on_event, fixture), 0);
}

static void new_directory_is_told(void **state)
{
	struct fixture *fixture = *state;

	host_directory(&fixture->host, "a/b");
	watches_add(&fixture->watches, fixture->host.root_fd, "a/b", WATCH_TREE, fixture);
	host_directory(&fixture->host, "a/b/new");
	dispatch(fixture);
	assert_int_equal(fixture->events, 1);
	assert_int_equal(fixture->mask, IN_CREATE | IN_ISDIR);
	assert_ptr_equal(fixture->owner, fixture);
	assert_string_equal(fixture->path, "a/b");
	assert_string_equal(fixture->name, "new");
}

static void change_of_a_file_is_told(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "web", 1);
	watches_add(&fixture->watches, fixture->host.root_fd, CGROUPS "/web/cgroup.events",
		    WATCH_POPULATED, NULL);
	host_cgroup(&fixture->host, "web", 0);
	dispatch(fixture);
	assert_int_equal(fixture->events, 1);
	assert_int_equal(fixture->mask, IN_MODIFY);
	assert_string_equal(fixture->name, "");
}

static void engine_watch_has_its_own_name(void **state)
{
	struct fixture *fixture = *state;

	watches_add_engine(&fixture->watches, fixture->host.root_fd, "called so");
	host_write(&fixture->host, "file", "x");
	dispatch(fixture);
	assert_string_equal(fixture->path, "called so");
	assert_string_equal(fixture->name, "file");
	assert_true(fixture->mask & IN_MOVED_TO);
}

static void same_thing_is_watched_once(void **state)
{
	struct fixture *fixture = *state;

	watches_add_engine(&fixture->watches, fixture->host.root_fd, "first");
	watches_add_engine(&fixture->watches, fixture->host.root_fd, "second");
	host_directory(&fixture->host, "new");
	dispatch(fixture);
	assert_int_equal(fixture->events, 1);
	assert_string_equal(fixture->path, "first");
	assert_int_equal(fixture->watches.refused, 0);
}

static void what_is_missing_is_not_refused(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, "file", "x");
	assert_null(
		watches_add(&fixture->watches, fixture->host.root_fd, "none", WATCH_TREE, NULL));
	assert_null(
		watches_add(&fixture->watches, fixture->host.root_fd, "file", WATCH_TREE, NULL));
	assert_int_equal(fixture->watches.refused, 0);
}

static void removed_directory_frees_its_watch(void **state)
{
	struct fixture *fixture = *state;

	host_directory(&fixture->host, "a");
	watches_add(&fixture->watches, fixture->host.root_fd, "a", WATCH_TREE, NULL);
	assert_int_equal(unlinkat(fixture->host.root_fd, "a", AT_REMOVEDIR), 0);
	dispatch(fixture);
	assert_int_equal(fixture->ignored, 1);
	assert_int_equal(HASH_COUNT(fixture->watches.by_number), 0);
}

static void handler_may_remove_the_watch_at_hand(void **state)
{
	struct fixture *fixture = *state;

	host_directory(&fixture->host, "a");
	fixture->remove =
		watches_add(&fixture->watches, fixture->host.root_fd, "a", WATCH_TREE, NULL);
	host_directory(&fixture->host, "a/one");
	host_directory(&fixture->host, "a/two"); /* still in the queue when the watch is gone */
	dispatch(fixture);
	assert_int_equal(fixture->events, 1);
	assert_string_equal(fixture->name, "one");
	assert_int_equal(HASH_COUNT(fixture->watches.by_number), 0);
}

static void without_inotify_nothing_is_watched(void **state)
{
	struct watches watches = { .fd = -1 };
	struct fixture *fixture = *state;

	assert_null(watches_add(&watches, fixture->host.root_fd, "", WATCH_TREE, NULL));
	watches_add_engine(&watches, fixture->host.root_fd, "x");
	watches_add_engine(NULL, fixture->host.root_fd, "x");
	watches_remove(&watches, NULL);
	assert_int_equal(watches_dispatch(&watches, on_event, fixture), 0);
	watches_fini(&watches);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(new_directory_is_told),
		TEST(change_of_a_file_is_told),
		TEST(engine_watch_has_its_own_name),
		TEST(same_thing_is_watched_once),
		TEST(what_is_missing_is_not_refused),
		TEST(removed_directory_frees_its_watch),
		TEST(handler_may_remove_the_watch_at_hand),
		TEST(without_inotify_nothing_is_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
