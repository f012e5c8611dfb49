/* SPDX-License-Identifier: Apache-2.0 */

/* listing: lists that lie. The engines are the test's own: this file has the list of runtimes, so
 * that the real one is not linked. */

#include "recorder.h"

#include "containers/watch.h"

#define MINUTE_NS (60 * NSEC_PER_SEC)

/* What an engine's files say. */
struct book {
	const char *ids[64]; /* NULL at the end */
	int error;           /* of list */
	enum container_state state;
	int describe; /* of an id that is in the list: 0 or an error */
	unsigned described;
};

static struct book first, second;

struct runtime_state {
	struct book *book;
	const char *prefix; /* of its cgroups */
};

static struct runtime_state states[] = { { &first, "/first/" }, { &second, "/second/" } };

static int open_first(const struct runtime_place *place, struct runtime_state **ret_state)
{
	watches_add_engine(place->watches, place->root_fd, "first");
	*ret_state = &states[0];
	return 0;
}

static int open_second(const struct runtime_place *place, struct runtime_state **ret_state)
{
	(void) place;
	*ret_state = &states[1];
	return 0;
}

static void close_fake(struct runtime_state *state)
{
	(void) state;
}

static int refresh(struct runtime_state *state)
{
	(void) state;
	return 0;
}

static void match(struct runtime_state *state, const char *path, struct match *ret_match)
{
	size_t length = strlen(state->prefix);

	if (strncmp(path, state->prefix, length) != 0 || strchr(path + length, '/'))
		return;
	ret_match->kind = MATCH_CONTAINER;
	snprintf(ret_match->id, sizeof(ret_match->id), "%s", path + length);
}

static bool is_listed(const struct book *book, const char *id)
{
	for (size_t i = 0; book->ids[i]; i++)
		if (strcmp(book->ids[i], id) == 0)
			return true;

	return false;
}

static int describe(struct runtime_state *state, const char *id, const char *path,
		    struct identity *ret_identity)
{
	(void) path;
	state->book->described++;
	if (!is_listed(state->book, id))
		return -ENOENT;
	if (state->book->describe < 0)
		return state->book->describe;
	ret_identity->condition.state = state->book->state;
	return identity_set(&ret_identity->name, id, strlen(id) < 12 ? strlen(id) : 12);
}

static uint64_t stamp(struct runtime_state *state, const char *id, const char *path)
{
	(void) path;
	return is_listed(state->book, id) ? 1 + (uint64_t) state->book->state : 0;
}

static int list(struct runtime_state *state, size_t max,
		void (*found)(const char *id, void *userdata), void *userdata)
{
	for (size_t i = 0; i < max && state->book->ids[i]; i++)
		found(state->book->ids[i], userdata);
	return state->book->error;
}

static void changed(struct runtime_state *state, const char *directory, const char *name,
		    struct change *ret_change)
{
	if (state == &states[0] && strcmp(directory, "first") == 0 && strcmp(name, "book") == 0)
		ret_change->kind = CHANGE_RECENT;
}

#define FAKE(name_, open_) \
	static const struct runtime runtime_##name_ = { \
		.name = #name_, \
		.where = "nowhere", \
		.open = open_, \
		.close = close_fake, \
		.refresh = refresh, \
		.match = match, \
		.describe = describe, \
		.stamp = stamp, \
		.list = list, \
		.changed = changed, \
	}
FAKE(first, open_first);
FAKE(second, open_second);

const struct runtime *const runtimes[] = { &runtime_first, &runtime_second, NULL };

enum match_kind runtimes_helper(const char *path)
{
	(void) path;
	return MATCH_NONE;
}

static int listing_setup(void **state)
{
	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
	first.state = second.state = STATE_EXITED;
	return record_setup(state);
}

static void ids_that_are_no_names_are_left_out(void **state)
{
	static char too_long[RUNTIME_ID_BYTES + 1];
	struct record *record = *state;

	memset(too_long, 'x', RUNTIME_ID_BYTES);
	first = (struct book){
		.ids = { "../../etc", "a/b", "", ".", "..", too_long, "bad\xff", "good" },
		.state = STATE_EXITED,
	};
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "listed good");
	assert_int_equal(first.described, 1);
}

static void id_that_is_listed_twice_is_one(void **state)
{
	struct record *record = *state;

	first.ids[0] = first.ids[1] = "twin";
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	record_rescan(record);
	assert_record(record, "listed twin");
	assert_int_equal(first.described, 1);
}

static void id_of_another_engine_is_its_own(void **state)
{
	struct record *record = *state;

	first.ids[0] = second.ids[0] = ID_A; /* as crun lists what podman started */
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "listed aaaaaaaaaaaa");
	assert_int_equal(second.described, 0);
	assert_string_equal(registry_next(record->registry, NULL)->runtime->name, "first");
}

/* Who has the cgroup has the container, whoever listed it before. */
static void cgroup_decides_between_two_engines(void **state)
{
	struct record *record = *state;

	first.ids[0] = ID_A;
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	host_cgroup(&record->host, "second/" ID_A, 1);
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "listed aaaaaaaaaaaa, forgotten aaaaaaaaaaaa, came aaaaaaaaaaaa");
	assert_int_equal(record_stats(record).stopped, 0);
}

static void names_of_two_engines_may_be_the_same(void **state)
{
	struct record *record = *state;

	first.ids[0] = second.ids[0] = "web"; /* chosen by people */
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "listed web, listed web");
}

static void list_that_fails_ends_nobody(void **state)
{
	struct record *record = *state;

	first.ids[0] = "web";
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	first.error = -EIO;
	first.ids[1] = "db";
	record_rescan(record);
	assert_record(record, "listed web, listed db");
	first.ids[1] = NULL;
	first.error = 0;
	record_rescan(record);
	assert_record(record, "removed db, forgotten db");
}

static void list_that_is_too_long_is_cut(void **state)
{
	struct record *record = *state;

	first.ids[0] = "a";
	first.ids[1] = "b";
	first.ids[2] = "c";
	record_open(record, 2, MINUTE_NS);
	record_rescan(record);
	assert_int_equal(record_stats(record).stopped, 2);
	record->text[0] = '\0';
	record_rescan(record);
	assert_record(record, "");
}

static void change_that_names_nobody_lists_again(void **state)
{
	struct record *record = *state;

	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	first.ids[0] = "web";
	host_write(&record->host, "book", "");
	record_dispatch(record);
	assert_record(record, "listed web");
	first.ids[0] = NULL;
	host_write(&record->host, "book", "");
	record_dispatch(record);
	assert_record(record, "removed web, forgotten web");
}

static void unreadable_ones_wait_until_they_can_be_read(void **state)
{
	struct record *record = *state;

	first.ids[0] = "web";
	first.describe = -EBADMSG;
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	record_rescan(record);
	assert_record(record, "");
	assert_int_equal(first.described, 1); /* its stamp is the same */
	first.describe = 0;
	first.state = STATE_DEAD;
	record_rescan(record);
	assert_record(record, "listed web");
}

static void unwanted_engine_is_not_asked(void **state)
{
	struct record *record = *state;

	first.ids[0] = "web";
	record->unwanted = "first";
	record_open(record, 64, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "");
	assert_int_equal(first.described, 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, listing_setup, record_teardown)
	const struct CMUnitTest tests[] = {
		TEST(ids_that_are_no_names_are_left_out),
		TEST(id_that_is_listed_twice_is_one),
		TEST(id_of_another_engine_is_its_own),
		TEST(cgroup_decides_between_two_engines),
		TEST(names_of_two_engines_may_be_the_same),
		TEST(list_that_fails_ends_nobody),
		TEST(list_that_is_too_long_is_cut),
		TEST(change_that_names_nobody_lists_again),
		TEST(unreadable_ones_wait_until_they_can_be_read),
		TEST(unwanted_engine_is_not_asked),
	};

	log_init(LOG_LEVEL_ERROR); /* lists that fail are expected */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
