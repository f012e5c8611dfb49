/* SPDX-License-Identifier: Apache-2.0 */

/* registry: who is there, once each, whatever the files say. */

#include "recorder.h"

#include <sched.h>
#include <sys/wait.h>

#include "base/fd.h"

#define MINUTE_NS (60 * NSEC_PER_SEC)
#define CONFIG    "var/lib/docker/containers/" ID_A "/config.v2.json"

static void each_engine_is_recognised_once(void **state)
{
	struct record *record = *state;
	struct container *container = NULL;
	unsigned count = 0;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "system.slice/docker-" ID_A ".scope/init.scope", 1);
	host_cgroup(&record->host, "system.slice/docker-" ID_A ".scope", 1);
	host_cgroup(&record->host, "system.slice/docker.service", 1);
	host_cgroup(&record->host, "system.slice/var-lib-docker-" ID_A ".mount", 1);
	host_cgroup(&record->host, "machine.slice/libpod-" ID_B ".scope", 1);
	host_cgroup(&record->host, "machine.slice/libpod-" ID_B ".scope/container", 1);
	host_cgroup(&record->host, "machine.slice/libpod-conmon-" ID_B ".scope", 1);
	host_write(&record->host, "run/runc/one/state.json",
		   "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/plain/one\"},\"config\":{}}");
	/* podman starts by crun, whose state names the inner directory. */
	host_write(&record->host, "run/crun/" ID_B "/status",
		   "{\"cgroup-path\":\"/machine.slice/libpod-" ID_B ".scope/container\"}");
	host_cgroup(&record->host, "plain/one/below", 1);
	host_cgroup(&record->host, "plain/one", 1);

	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	record_rescan(record);
	while ((container = registry_next(record->registry, container)) != NULL) {
		const char *runtime = container->runtime->name;

		count++;
		if (strcmp(runtime, "docker") == 0)
			assert_string_equal(container->path, "/system.slice/docker-" ID_A ".scope");
		else if (strcmp(runtime, "podman") == 0)
			assert_string_equal(container->path,
					    "/machine.slice/libpod-" ID_B ".scope");
		else
			assert_string_equal(container->path, "/plain/one");
	}
	assert_int_equal(count, 3);
	assert_int_equal(record_stats(record).came, 3);
	assert_true(registry_runtime_found(record->registry, runtimes[0]));
}

static void life_has_an_order(void **state)
{
	struct record *record = *state;
	const struct container *container;

	record_docker(record, ID_A, "web");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "");

	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came web");
	container = registry_next(record->registry, NULL);
	assert_string_equal(container->id, ID_A);
	assert_int_equal(container->came_ns, 1795459312 * NSEC_PER_SEC);
	assert_ptr_equal(registry_find_cgroup(record->registry, container->cgroup_id), container);

	record_docker(record, ID_A, "renamed");
	record_dispatch(record);
	assert_record(record, "changed renamed");

	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_dispatch(record);
	assert_record(record, "emptied renamed");
	record_dispatch(record);
	assert_record(record, "");

	host_cgroup_remove(&record->host, "docker/" ID_A);
	clock_freeze(START_NS + 5, 1);
	record_dispatch(record);
	assert_record(record, "went renamed");
	container = registry_next(record->registry, NULL);
	assert_int_equal(container->ended_ns, START_NS + 5);
	assert_null(registry_find_cgroup(record->registry, container->cgroup_id));

	record_docker_remove(record, ID_A);
	record_dispatch(record);
	assert_record(record, "removed renamed");
	registry_expire(record->registry, START_NS + 5 + MINUTE_NS);
	assert_record(record, "");
	registry_expire(record->registry, START_NS + 6 + MINUTE_NS);
	assert_record(record, "forgotten renamed");
	assert_null(registry_next(record->registry, NULL));
}

static void same_id_again_is_the_same_one(void **state)
{
	struct record *record = *state;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup_remove(&record->host, "docker/" ID_A);
	record_dispatch(record);
	assert_record(record, "came web, went web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came web");
	assert_int_equal(record_stats(record).live, 1);
	assert_int_equal(record_stats(record).ended, 0);
}

static void other_inode_at_rescan_is_another_run(void **state)
{
	struct record *record = *state;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, -1);
	host_cgroup(&record->host, "new", 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_int_equal(renameat(record->cgroup_fd, "new", record->cgroup_fd, "docker/" ID_A), 0);
	record->text[0] = '\0';
	record_rescan(record);
	assert_record(record, "went web, came web");
	record_dispatch(record); /* older than the rescan */
	assert_record(record, "");
}

static void nothing_is_remembered_when_told_so(void **state)
{
	struct record *record = *state;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, 0);
	record_rescan(record);
	host_cgroup_remove(&record->host, "docker/" ID_A);
	record_docker_remove(record, ID_A);
	record_rescan(record);
	assert_record(record, "came web, went web, removed web, forgotten web");
	assert_null(registry_next(record->registry, NULL));
}

static void rescan_alone_finds_what_watches_missed(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	host_cgroup(&record->host, "docker/" ID_B, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_non_null(strstr(record->text, "came aaaaaaaaaaaa")); /* in any order */
	assert_non_null(strstr(record->text, "came bbbbbbbbbbbb"));
	record->text[0] = '\0';
	host_cgroup_remove(&record->host, "docker/" ID_A);
	host_cgroup(&record->host, "docker/" ID_C, 1);
	record_docker(record, ID_B, "db");
	record_rescan(record);
	assert_non_null(strstr(record->text, "came cccccccccccc"));
	assert_non_null(strstr(record->text, "went aaaaaaaaaaaa"));
	assert_non_null(strstr(record->text, "changed db"));
	record->text[0] = '\0';
	record_rescan(record);
	assert_record(record, "");
	record_docker(record, ID_B, "db2");
	record_rescan(record);
	assert_record(record, "changed db2");
}

static void limit_refuses_and_counts(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	host_cgroup(&record->host, "docker/" ID_B, 1);
	record_open(record, 1, MINUTE_NS);
	record_rescan(record);
	assert_int_equal(record_stats(record).live, 1);
	assert_int_equal(record_stats(record).refused, 1);
	record_rescan(record);
	assert_int_equal(record_stats(record).live, 1);
}

static void ended_one_makes_room_at_the_limit(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 1, MINUTE_NS);
	record_rescan(record);
	host_cgroup_remove(&record->host, "docker/" ID_A);
	record_dispatch(record);
	host_cgroup(&record->host, "docker/" ID_B, 1);
	record_dispatch(record);
	assert_record(record, "came aaaaaaaaaaaa, went aaaaaaaaaaaa, forgotten aaaaaaaaaaaa, "
			      "came bbbbbbbbbbbb");
	assert_int_equal(record_stats(record).refused, 0);
}

static void bad_metadata_never_hides_a_container(void **state)
{
	static const char huge[2 * METADATA_BYTES];
	static const struct {
		const char *text;
		size_t length;
		const char *detail;
	} cases[] = {
		{ "{\n\"Name\":\n", 10, "config.v2.json: not valid JSON near line 3" },
		{ "", 0, "config.v2.json: not valid JSON near line 1" },
		{ "[]", 2, "config.v2.json: not what Docker writes" },
		{ "{\"ID\":\"x\",\"Config\":{}}", 22,
		  "config.v2.json: describes another container" },
		{ huge, sizeof(huge), "config.v2.json: too large, not read" },
	};
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct container *container;

		host_write_bytes(&record->host, CONFIG, cases[i].text, cases[i].length);
		record_open(record, 10, MINUTE_NS);
		record_rescan(record);
		assert_record(record, "came aaaaaaaaaaaa");
		container = registry_next(record->registry, NULL);
		assert_string_equal(container->identity.detail, cases[i].detail);
		assert_int_equal(record_stats(record).metadata_errors, 1);
		record_rescan(record); /* it is the same file: not read again */
		assert_int_equal(record_stats(record).metadata_errors, 1);
		registry_free(record->registry);
	}
	record->registry = NULL;
}

static void linked_metadata_is_not_followed(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	host_write(&record->host, "secret", "{\"Name\":\"/root\",\"Config\":{}}");
	host_directory(&record->host, "var/lib/docker/containers/" ID_A);
	host_link(&record->host, "../../../../../secret", CONFIG);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "came aaaaaaaaaaaa");
}

static void metadata_that_appears_is_read(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, "var/lib/docker/containers");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came aaaaaaaaaaaa");
	record_docker(record, ID_A, "web"); /* directory and files */
	record_dispatch(record);
	assert_record(record, "changed web");
}

static void repaired_metadata_is_read(void **state)
{
	struct record *record = *state;

	host_write(&record->host, CONFIG, "{");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "came aaaaaaaaaaaa");
	record_docker(record, ID_A, "web");
	record_dispatch(record);
	assert_record(record, "changed web");
}

static void name_outlives_metadata_that_breaks(void **state)
{
	struct record *record = *state;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_write(&record->host, CONFIG, "{");
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "came web");
	assert_string_equal(registry_next(record->registry, NULL)->identity.name, "web");
	assert_int_equal(record_stats(record).metadata_errors, 1);
}

/* An engine makes the directory first; one without metadata may be left over. */
static void empty_cgroup_that_nobody_knows_is_not_announced(void **state)
{
	struct record *record = *state;

	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup(&record->host, "docker/" ID_A, -1);
	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_dispatch(record);
	assert_record(record, "");
	assert_int_equal(record_stats(record).pending, 1);
	assert_null(registry_next(record->registry, NULL));
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came aaaaaaaaaaaa");
}

static void pending_one_that_becomes_known_comes(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, "var/lib/docker/containers");
	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "");
	record_docker(record, ID_A, "web");
	record_dispatch(record);
	assert_record(record, "came web");
}

static void pending_one_that_goes_was_never_there(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup_remove(&record->host, "docker/" ID_A);
	record_dispatch(record);
	assert_record(record, "");
	assert_int_equal(record_stats(record).pending, 0);
	assert_int_equal(record_stats(record).went, 0);
}

static void left_behind_directory_is_no_container(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_dispatch(record);
	assert_record(record, "came aaaaaaaaaaaa, emptied aaaaaaaaaaaa");
	record_rescan(record);
	assert_record(record, "went aaaaaaaaaaaa");
	record_rescan(record);
	registry_expire(record->registry, START_NS + 2 * MINUTE_NS);
	record_rescan(record);
	assert_record(record, "forgotten aaaaaaaaaaaa");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came aaaaaaaaaaaa");
}

static void stopped_container_that_is_known_stays(void **state)
{
	struct record *record = *state;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "came web, emptied web");
	assert_int_equal(record_stats(record).live, 1);
}

static void emptied_is_told_again_after_it_was_filled(void **state)
{
	struct record *record = *state;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	for (unsigned i = 0; i < 2; i++) {
		host_cgroup(&record->host, "docker/" ID_A, 0);
		record_dispatch(record);
		host_cgroup(&record->host, "docker/" ID_A, 1);
		record_dispatch(record);
	}
	assert_record(record, "came web, emptied web, emptied web");
}

static void state_file_turns_a_known_cgroup_into_a_container(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "plain/one/docker/" ID_A, 1);
	host_cgroup(&record->host, "plain/one", 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "came aaaaaaaaaaaa"); /* nothing says that it is inside of one */

	host_directory(&record->host, "run");
	host_write(&record->host, "run/runc/one/state.json",
		   "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/plain/one\"},\"config\":{}}");
	record_rescan(record);
	assert_record(record, "came one, went aaaaaaaaaaaa");
	assert_int_equal(record_stats(record).directories, 2); /* the root and plain */
}

static void state_directory_that_appears_is_heard_of(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, "run");
	host_cgroup(&record->host, "plain/one", 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_write(&record->host, "run/runc/one/state.json",
		   "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/plain/one\"},\"config\":{}}");
	record_dispatch(record);
	assert_record(record, "came one");
	host_cgroup(&record->host, "plain/two", 1);
	host_write(&record->host, "run/runc/two/state.json",
		   "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/plain/two\"},\"config\":{}}");
	record_dispatch(record);
	assert_record(record, "came two");
}

static void unwanted_engine_is_nobodys(void **state)
{
	struct record *record = *state;

	record->unwanted = "podman";
	host_cgroup(&record->host, "machine.slice/libpod-" ID_B ".scope/container", 1);
	host_write(&record->host, "run/runc/" ID_B "/state.json",
		   "{\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/machine.slice/libpod-" ID_B
		   ".scope\"},\"config\":{}}");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "");
	assert_false(registry_runtime_found(record->registry, runtimes[1]));
}

static void container_in_a_container_belongs_to_the_outer_one(void **state)
{
	struct record *record = *state;

	record_docker(record, ID_A, "outer");
	host_cgroup(&record->host, "docker/" ID_A "/docker/" ID_B, 1);
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup(&record->host, "docker/" ID_A "/docker/" ID_C, 1);
	record_dispatch(record);
	assert_record(record, "came outer");
}

static void slots_are_stable_and_small(void **state)
{
	struct record *record = *state;
	struct container *first, *second;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 2, MINUTE_NS);
	record_rescan(record);
	first = registry_next(record->registry, NULL);
	first->userdata = record;
	host_cgroup(&record->host, "docker/" ID_B, 1);
	record_dispatch(record);
	assert_ptr_equal(registry_next(record->registry, NULL), first);
	assert_int_equal(first->slot, 0);
	assert_ptr_equal(first->userdata, record);
	second = registry_next(record->registry, first);
	assert_int_equal(second->slot, 1);
	assert_null(second->userdata);
	assert_null(registry_next(record->registry, second));
}

static void missing_tree_is_an_error_and_changes_nothing(void **state)
{
	struct record *record = *state;

	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 2, MINUTE_NS);
	record_rescan(record);
	close(record->cgroup_fd);
	assert_true(registry_rescan(record->registry) < 0);
	assert_record(record, "came aaaaaaaaaaaa");
	assert_int_equal(record_stats(record).live, 1);
	record->cgroup_fd = open("/", O_PATH);
}

static void burst_of_a_thousand_comes_whole(void **state)
{
	struct record *record = *state;
	char cgroup[128];

	record_open(record, 1000, MINUTE_NS);
	record_rescan(record);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(cgroup, sizeof(cgroup), "docker/%04x%s", i, &ID_A[4]);
		host_cgroup(&record->host, cgroup, 1);
	}
	record_dispatch(record);
	assert_int_equal(record_stats(record).live, 1000);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(cgroup, sizeof(cgroup), "docker/%04x%s", i, &ID_A[4]);
		host_cgroup_remove(&record->host, cgroup);
	}
	record_dispatch(record);
	assert_int_equal(record_stats(record).live, 0);
	assert_int_equal(record_stats(record).ended, 1000);
}

/* More events than the queue takes: the last ones are dropped. */
static void lost_events_lead_to_a_rescan(void **state)
{
	struct record *record = *state;
	char text[32];
	unsigned long queue;

	assert_true(fd_read_at(AT_FDCWD, "/proc/sys/fs/inotify/max_queued_events", text,
			       sizeof(text)) > 0);
	queue = strtoul(text, NULL, 10);
	if (queue > 100000) {
		print_message("fs.inotify.max_queued_events is %lu here\n", queue);
		skip();
	}

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	for (unsigned long i = 0; i <= queue / 2; i++) {
		host_cgroup(&record->host, "brief", -1);
		host_cgroup_remove(&record->host, "brief");
	}
	host_cgroup(&record->host, "docker/" ID_A, 0);
	host_cgroup(&record->host, "docker/" ID_B, 1);
	for (unsigned i = 0; i < 20; i++) /* one dispatch is bounded */
		record_dispatch(record);
	assert_int_equal(record_stats(record).rescans, 2);
	assert_non_null(strstr(record->text, "emptied web"));
	assert_non_null(strstr(record->text, "came bbbbbbbbbbbb"));
}

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t) strlen(text);

	if (fd >= 0)
		close(fd);
	return written;
}

/* In a user namespace of its own, because the limit of the host is not ours to change. */
static bool limit_watches(const char *limit)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1", geteuid());
	return unshare(CLONE_NEWUSER) == 0 && write_text("/proc/self/uid_map", map) &&
	       write_text("/proc/sys/user/max_inotify_watches", limit);
}

static int live_without_watches(struct record *record)
{
	struct registry_stats stats;

	if (registry_rescan(record->registry) < 0)
		return 1;
	stats = record_stats(record);
	if (stats.live != 2 || stats.watches_refused == 0)
		return 2;

	host_cgroup(&record->host, "docker/" ID_C, 1);
	host_cgroup(&record->host, "docker/" ID_A, 0);
	if (registry_rescan(record->registry) < 0)
		return 3;
	if (!strstr(record->text, "emptied web") || !strstr(record->text, "came cccccccccccc"))
		return 4;
	return 0;
}

static void refused_watches_leave_rescans(void **state)
{
	struct record *record = *state;
	int status;
	pid_t child;

	record_docker(record, ID_A, "web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	host_cgroup(&record->host, "docker/" ID_B, 1);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (!limit_watches("2"))
			_exit(77);
		record_open(record, 10, MINUTE_NS); /* the limit is of who made the instance */
		_exit(live_without_watches(record));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("no user namespace with a limit of its own here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, record_setup, record_teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_engine_is_recognised_once),
		TEST(life_has_an_order),
		TEST(same_id_again_is_the_same_one),
		TEST(other_inode_at_rescan_is_another_run),
		TEST(nothing_is_remembered_when_told_so),
		TEST(rescan_alone_finds_what_watches_missed),
		TEST(limit_refuses_and_counts),
		TEST(ended_one_makes_room_at_the_limit),
		TEST(bad_metadata_never_hides_a_container),
		TEST(linked_metadata_is_not_followed),
		TEST(metadata_that_appears_is_read),
		TEST(repaired_metadata_is_read),
		TEST(name_outlives_metadata_that_breaks),
		TEST(empty_cgroup_that_nobody_knows_is_not_announced),
		TEST(pending_one_that_becomes_known_comes),
		TEST(pending_one_that_goes_was_never_there),
		TEST(left_behind_directory_is_no_container),
		TEST(stopped_container_that_is_known_stays),
		TEST(emptied_is_told_again_after_it_was_filled),
		TEST(state_file_turns_a_known_cgroup_into_a_container),
		TEST(state_directory_that_appears_is_heard_of),
		TEST(unwanted_engine_is_nobodys),
		TEST(container_in_a_container_belongs_to_the_outer_one),
		TEST(slots_are_stable_and_small),
		TEST(missing_tree_is_an_error_and_changes_nothing),
		TEST(burst_of_a_thousand_comes_whole),
		TEST(lost_events_lead_to_a_rescan),
		TEST(refused_watches_leave_rescans),
	};

	log_init(LOG_LEVEL_ERROR); /* warnings about forged files are expected */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
