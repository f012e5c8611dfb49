/* SPDX-License-Identifier: Apache-2.0 */

/* Containers from their first round to their last: census, roster and round together, on a host
 * that the test writes. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "census.h"
#include "harness/fake_host.h"
#include "model/snapshot.h"

#define START_NS (1000 * NSEC_PER_SEC)

struct fixture {
	struct fake_host host;
	struct config config;
	struct census census;
	struct snapshot *snapshot;
	uint64_t now_ns;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	log_init(LOG_LEVEL_ERROR);
	f->now_ns = START_NS;
	clock_freeze(f->now_ns, f->now_ns);
	fake_host_init(&f->host);
	assert_int_equal(config_defaults(&f->config), 0);
	f->config.limits.containers = 8;
	f->config.limits.descriptors = 200;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	census_close(&f->census);
	config_fini(&f->config);
	fake_host_fini(&f->host);
	free(f->snapshot);
	free(f);
	clock_release();
	return 0;
}

static void start(struct fixture *f)
{
	assert_int_equal(census_open(f->host.root_fd, &f->config, &f->census), 0);
	census_rescan(&f->census);
}

static void round_passes(struct fixture *f)
{
	f->now_ns += NSEC_PER_SEC;
	clock_freeze(f->now_ns, f->now_ns);
	census_round(&f->census, f->now_ns, f->now_ns);
	free(f->snapshot);
	f->snapshot = calloc(1, draft_bytes(f->census.draft));
	assert_non_null(f->snapshot);
	(void) draft_write(f->census.draft, f->snapshot);
	assert_int_equal(snapshot_check(f->snapshot, f->snapshot->length), 0);
}

static const struct row *find(const struct fixture *f, const char *name)
{
	for (uint32_t i = 0; i < snapshot_rows(f->snapshot, ENTITY_CONTAINER); i++) {
		const struct row *row = snapshot_row(f->snapshot, ENTITY_CONTAINER, i);

		if (row && strcmp(snapshot_string(f->snapshot, row, ATTRIBUTE_NAME), name) == 0)
			return row;
	}

	return NULL;
}

static unsigned interfaces_of(const struct fixture *f, const struct row *container)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < snapshot_rows(f->snapshot, ENTITY_INTERFACE); i++) {
		const struct row *row = snapshot_row(f->snapshot, ENTITY_INTERFACE, i);

		count += row && snapshot_parent(f->snapshot, row) == container;
	}

	return count;
}

/* Its engine knows it still. */
static void stop_container(struct fixture *f, unsigned number)
{
	char id[65], path[128];

	fake_host_docker_id(number, &id);
	(void) snprintf(path, sizeof(path), "sys/fs/cgroup/docker/%s", id);
	fake_host_remove(&f->host, path);
	census_rescan(&f->census);
}

static void remove_container(struct fixture *f, unsigned number)
{
	char id[65], path[128];

	fake_host_docker_id(number, &id);
	(void) snprintf(path, sizeof(path), "var/lib/docker/containers/%s", id);
	fake_host_remove(&f->host, path);
	stop_container(f, number);
}

static void a_container_is_named_and_sampled(void **state)
{
	struct fixture *f = *state;
	const struct row *row;
	uint64_t value;

	fake_host_docker(&f->host, 1, "web", "{}", 42);
	start(f);
	round_passes(f);
	row = find(f, "web");
	assert_non_null(row);
	assert_string_equal(snapshot_string(f->snapshot, row, ATTRIBUTE_IMAGE), "shop:1");
	assert_string_equal(snapshot_string(f->snapshot, row, ATTRIBUTE_RUNTIME), "docker");
	assert_true(row_get(row, METRIC_CPU_USAGE_NS, &value));
	assert_int_equal(value, 1500000000);
	assert_true(row_get(row, METRIC_THREADS, &value));
	assert_int_equal(value, 3);
	assert_true(row_get(row, METRIC_LAST_SEEN, &value));
	assert_int_equal(value, f->now_ns);
	assert_true(row_get(row, METRIC_START_TIME, &value));
	assert_int_equal(value, 1767323046 * NSEC_PER_SEC);
}

static void the_root_cgroup_has_a_path_and_no_name(void **state)
{
	struct fixture *f = *state;
	const struct row *row;

	start(f);
	round_passes(f);
	row = find(f, "");
	assert_non_null(row);
	assert_string_equal(snapshot_string(f->snapshot, row, ATTRIBUTE_PATH), "/");
	assert_true(row_has(row, METRIC_CPU_USAGE_NS));
	assert_false(row_has(row, METRIC_CONTAINER_INFO));
}

static void what_ended_is_published_once_more_then_only_last_seen(void **state)
{
	struct fixture *f = *state;
	const struct row *row;
	uint64_t seen_ns, value;

	fake_host_docker(&f->host, 1, "web", "{}", 42);
	start(f);
	round_passes(f);
	seen_ns = f->now_ns;
	remove_container(f, 1);

	round_passes(f);
	row = find(f, "web");
	assert_non_null(row);
	assert_true(row_has(row, METRIC_CPU_USAGE_NS)); /* the last sample */

	for (unsigned i = 0; i < 3; i++) {
		round_passes(f);
		row = find(f, "web");
		assert_non_null(row);
		assert_false(row_has(row, METRIC_CPU_USAGE_NS));
		assert_false(row_has(row, METRIC_CONTAINER_INFO));
		assert_int_equal(interfaces_of(f, row), 0);
		assert_true(row_get(row, METRIC_LAST_SEEN, &value));
		assert_int_equal(value, seen_ns); /* frozen */
	}
}

static void what_ended_is_forgotten_after_its_time(void **state)
{
	struct fixture *f = *state;

	fake_host_docker(&f->host, 1, "web", "{}", 42);
	start(f);
	round_passes(f);
	remove_container(f, 1);
	round_passes(f);
	f->now_ns += f->config.metrics.remember_ns;
	round_passes(f);
	assert_null(find(f, "web"));
}

static uint64_t cell(const struct fixture *f, const char *name, enum metric metric)
{
	const struct row *row = find(f, name);
	uint64_t value = 0;

	assert_non_null(row);
	assert_true(row_get(row, metric, &value));
	return value;
}

static void what_is_stopped_keeps_its_condition_and_no_usage(void **state)
{
	struct fixture *f = *state;
	uint64_t seen_ns;

	fake_host_docker(&f->host, 1, "web", "{}", 42);
	start(f);
	round_passes(f);
	seen_ns = f->now_ns;
	assert_int_equal(cell(f, "web", METRIC_STATE_RUNNING), 1);
	assert_int_equal(cell(f, "web", METRIC_STATE_EXITED), 0);
	assert_int_equal(cell(f, "web", METRIC_HEALTH_NONE), 1);
	assert_false(row_has(find(f, "web"), METRIC_HEALTH_HEALTHY));
	assert_int_equal(cell(f, "web", METRIC_RESTARTS), 0);
	stop_container(f, 1);
	for (unsigned i = 0; i < 3; i++)
		round_passes(f);
	assert_int_equal(cell(f, "web", METRIC_STATE_RUNNING), 0);
	assert_int_equal(cell(f, "web", METRIC_STATE_EXITED), 1);
	assert_int_equal(cell(f, "web", METRIC_CONTAINER_INFO), 1);
	assert_int_equal(cell(f, "web", METRIC_LAST_SEEN), seen_ns);
	assert_false(row_has(find(f, "web"), METRIC_CPU_USAGE_NS));
	assert_string_equal(snapshot_string(f->snapshot, find(f, "web"), ATTRIBUTE_IMAGE),
			    "shop:1");

	f->now_ns += f->config.metrics.remember_ns + NSEC_PER_SEC;
	round_passes(f);
	assert_false(row_has(find(f, "web"), METRIC_LAST_SEEN));
	assert_int_equal(cell(f, "web", METRIC_STATE_EXITED), 1);
}

static void what_comes_again_has_usage_again(void **state)
{
	struct fixture *f = *state;

	fake_host_docker(&f->host, 1, "web", "{}", 42);
	start(f);
	round_passes(f);
	stop_container(f, 1);
	round_passes(f);
	fake_host_remove(&f->host, "proc/1001");
	fake_host_docker(&f->host, 1, "web", "{}", 43);
	census_rescan(&f->census);
	round_passes(f);
	assert_int_equal(cell(f, "web", METRIC_STATE_RUNNING), 1);
	assert_int_equal(cell(f, "web", METRIC_RESTARTS), 1);
	assert_int_equal(cell(f, "web", METRIC_CPU_USAGE_NS), 1500000000);
	for (unsigned i = 0; i < 3; i++)
		round_passes(f);
	assert_int_equal(cell(f, "web", METRIC_STATE_RUNNING), 1);
}

static void a_place_is_used_again(void **state)
{
	struct fixture *f = *state;

	f->config.metrics.remember_ns = 0;
	start(f);
	for (unsigned i = 0; i < 50; i++) { /* many more than limits.containers */
		fake_host_docker(&f->host, i, "web", "{}", 42);
		census_rescan(&f->census);
		round_passes(f);
		assert_non_null(find(f, "web"));
		remove_container(f, i);
		round_passes(f);
		fake_host_remove(&f->host, "proc");
		fake_host_write(&f->host, "proc/self/mountinfo", "");
	}
	round_passes(f);
	assert_null(find(f, "web"));
	assert_int_equal(f->census.host.fd_used <= f->census.host.fd_budget, 1);
}

static void too_many_containers_are_counted(void **state)
{
	struct fixture *f = *state;
	uint64_t value;

	for (unsigned i = 0; i < 10; i++)
		fake_host_docker(&f->host, i, "web", "{}", 42);
	start(f);
	round_passes(f);
	assert_true(row_get(draft_single(f->census.draft, ENTITY_AGENT), METRIC_CONTAINERS_REFUSED,
			    &value));
	assert_int_equal(value, 2);
}

static void a_shared_network_belongs_to_who_came_first(void **state)
{
	struct fixture *f = *state;

	fake_host_docker(&f->host, 1, "owner", "{}", 42);
	start(f);
	round_passes(f);
	fake_host_docker(&f->host, 2, "guest", "{}", 42);
	census_rescan(&f->census);
	round_passes(f);
	assert_int_equal(interfaces_of(f, find(f, "owner")), 1);
	assert_int_equal(interfaces_of(f, find(f, "guest")), 0);
	assert_string_equal(snapshot_string(f->snapshot, find(f, "owner"), ATTRIBUTE_NETWORK),
			    "own");
	assert_string_equal(snapshot_string(f->snapshot, find(f, "guest"), ATTRIBUTE_NETWORK),
			    "shared:owner");

	remove_container(f, 1); /* its namespace lives on, and is still reported */
	round_passes(f);
	round_passes(f);
	assert_int_equal(interfaces_of(f, find(f, "guest")), 1);
	assert_string_equal(snapshot_string(f->snapshot, find(f, "guest"), ATTRIBUTE_NETWORK),
			    "own");
}

static void the_hosts_network_is_not_the_containers(void **state)
{
	struct fixture *f = *state;

	fake_host_docker(&f->host, 1, "web", "{}", 4026531840U);
	start(f);
	round_passes(f);
	assert_int_equal(interfaces_of(f, find(f, "web")), 0);
	assert_string_equal(snapshot_string(f->snapshot, find(f, "web"), ATTRIBUTE_NETWORK),
			    "host");
}

static void allow_listed_labels_are_told_apart(void **state)
{
	struct fixture *f = *state;
	const char *cursor, *key, *value;

	fake_host_docker(&f->host, 1, "web",
			 "{\"com.docker.compose.project\":\"shop\",\"secret\":\"x\"}", 42);
	start(f);
	round_passes(f);
	cursor = snapshot_string(f->snapshot, find(f, "web"), ATTRIBUTE_SERIES_LABELS);
	assert_true(snapshot_label_next(&cursor, &key, &value));
	assert_string_equal(key, "com.docker.compose.project");
	assert_string_equal(value, "shop");
	assert_false(snapshot_label_next(&cursor, &key, &value));

	f->census.roster.options.label_info = false;
	f->census.roster.strings_dirty = true;
	round_passes(f);
	assert_string_equal(snapshot_string(f->snapshot, find(f, "web"), ATTRIBUTE_LABELS), "");
}

static void disabled_runtimes_and_sensors_stay_silent(void **state)
{
	struct fixture *f = *state;
	static const char yaml[] = "sensors: {disable: [cpu]}\n";
	struct problem problem;

	assert_int_equal(config_parse(yaml, sizeof(yaml) - 1, &f->config, &problem), 0);
	fake_host_docker(&f->host, 1, "web", "{}", 42);
	start(f);
	round_passes(f);
	assert_false(row_has(find(f, "web"), METRIC_CPU_USAGE_NS));
	assert_true(row_has(find(f, "web"), METRIC_THREADS));
	census_close(&f->census);

	{
		static const char none[] = "runtimes: {disable: [docker]}\n";

		assert_int_equal(config_parse(none, sizeof(none) - 1, &f->config, &problem), 0);
	}
	start(f);
	round_passes(f);
	assert_null(find(f, "web"));
}

static void a_broken_source_is_an_error_of_its_collector_only(void **state)
{
	struct fixture *f = *state;
	char id[65], path[128];

	fake_host_docker(&f->host, 1, "web", "{}", 42);
	fake_host_docker_id(1, &id);
	(void) snprintf(path, sizeof(path), "sys/fs/cgroup/docker/%s/memory.current", id);
	fake_host_write(&f->host, path, "twelve\n");
	start(f);
	log_init((enum log_level) - 1); /* the complaint is wanted */
	round_passes(f);
	assert_false(row_has(find(f, "web"), METRIC_MEMORY_USAGE_BYTES));
	assert_true(row_has(find(f, "web"), METRIC_CPU_USAGE_NS));
	for (size_t i = 0; i < f->census.sampler.count; i++)
		if (f->census.sampler.collectors[i].errors > 0)
			return;
	fail_msg("no collector counted the error");
}

static void slow_sensors_take_turns(void **state)
{
	struct fixture *f = *state;
	struct member member = { .site.slot = 3 };
	unsigned turns = 0;

	start(f);
	assert_int_equal(sampler_slow_rounds(&f->census.sampler), 10);
	for (uint64_t round = 0; round < 100; round++)
		turns += member_is_slow_turn(&member, round, 10);
	assert_int_equal(turns, 10);
	member.fresh = 1;
	assert_true(member_is_slow_turn(&member, 0, 10));
}

static uint64_t threads_of(const struct fixture *f, const char *name)
{
	uint64_t value = 0;

	assert_true(row_get(find(f, name), METRIC_THREADS, &value));
	return value;
}

static void write_cgroup_file(struct fixture *f, unsigned number, const char *file,
			      const char *text)
{
	char id[65], path[128];

	fake_host_docker_id(number, &id);
	(void) snprintf(path, sizeof(path), "sys/fs/cgroup/docker/%s/%s", id, file);
	fake_host_write(&f->host, path, text);
}

static void an_address_that_becomes_known_is_a_new_string(void **state)
{
	static const char text[] =
		"{\"Name\":\"/web\",\"Created\":\"2026-01-02T03:04:05Z\","
		"\"State\":{\"Running\":true,\"StartedAt\":\"2026-01-02T03:04:06Z\"},"
		"\"Config\":{\"Image\":\"shop:1\",\"Labels\":{}},"
		"\"NetworkSettings\":{\"Networks\":{\"bridge\":{\"IPAddress\":\"172.17.0.3\"}}}}";
	struct fixture *f = *state;
	char id[65], path[128];

	fake_host_docker(&f->host, 1, "web", "{}", 42);
	start(f);
	round_passes(f);
	round_passes(f);
	assert_false(f->census.roster.strings_dirty);

	fake_host_docker_id(1, &id);
	(void) snprintf(path, sizeof(path), "var/lib/docker/containers/%s/config.v2.json", id);
	fake_host_write(&f->host, path, text);
	census_rescan(&f->census);
	assert_true(f->census.roster.strings_dirty);
}

static void idle_containers_wait_for_their_turn(void **state)
{
	struct fixture *f = *state;

	fake_host_docker(&f->host, 1, "idle", "{}", 42);
	start(f);
	for (unsigned i = 0; i < 10; i++) /* past the rounds in which it is new */
		round_passes(f);
	assert_int_equal(threads_of(f, "idle"), 3);

	write_cgroup_file(f, 1, "pids.current", "4\n");
	round_passes(f);
	assert_int_equal(threads_of(f, "idle"), 3);
	assert_true(f->census.sampler.left_out > 0);
	for (unsigned i = 0; i < 10; i++)
		round_passes(f);
	assert_int_equal(threads_of(f, "idle"), 4);

	write_cgroup_file(f, 1, "pids.current", "5\n"); /* and now it runs */
	write_cgroup_file(f, 1, "cpu.stat", "usage_usec 1600000\n");
	round_passes(f);
	assert_int_equal(threads_of(f, "idle"), 5);
}

static void busy_containers_are_read_in_each_round(void **state)
{
	struct fixture *f = *state;
	char text[64];

	fake_host_docker(&f->host, 1, "busy", "{}", 42);
	start(f);
	for (unsigned i = 1; i <= 30; i++) {
		(void) snprintf(text, sizeof(text), "usage_usec %u\n", 1000000 + i);
		write_cgroup_file(f, 1, "cpu.stat", text);
		(void) snprintf(text, sizeof(text), "%u\n", i);
		write_cgroup_file(f, 1, "pids.current", text);
		round_passes(f);
		assert_int_equal(threads_of(f, "busy"), i);
	}
	assert_int_equal(f->census.sampler.left_out, 0);
}

static void no_cgroup2_tree_is_enoent(void **state)
{
	struct fixture *f = *state;

	fake_host_write(&f->host, "proc/self/mountinfo", "31 21 0:26 / / rw - ext4 /dev/vda rw\n");
	fake_host_remove(&f->host, "sys/fs/cgroup");
	assert_int_equal(census_open(f->host.root_fd, &f->config, &f->census), -ENOENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_container_is_named_and_sampled),
		TEST(the_root_cgroup_has_a_path_and_no_name),
		TEST(what_ended_is_published_once_more_then_only_last_seen),
		TEST(what_ended_is_forgotten_after_its_time),
		TEST(what_is_stopped_keeps_its_condition_and_no_usage),
		TEST(what_comes_again_has_usage_again),
		TEST(a_place_is_used_again),
		TEST(too_many_containers_are_counted),
		TEST(a_shared_network_belongs_to_who_came_first),
		TEST(the_hosts_network_is_not_the_containers),
		TEST(allow_listed_labels_are_told_apart),
		TEST(disabled_runtimes_and_sensors_stay_silent),
		TEST(a_broken_source_is_an_error_of_its_collector_only),
		TEST(slow_sensors_take_turns),
		TEST(an_address_that_becomes_known_is_a_new_string),
		TEST(idle_containers_wait_for_their_turn),
		TEST(busy_containers_are_read_in_each_round),
		TEST(no_cgroup2_tree_is_enoent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
