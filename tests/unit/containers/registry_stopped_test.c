/* SPDX-License-Identifier: Apache-2.0 */

/* registry: containers that do not run, and those that come again. */

#include "recorder.h"

#include "containers/dossier.h"

#define MINUTE_NS (60 * NSEC_PER_SEC)

#define CREATED "{\"Running\":false,\"StartedAt\":\"0001-01-01T00:00:00Z\"}"
#define RUNNING "{\"Running\":true,\"StartedAt\":\"2026-11-23T18:41:31Z\"}"
#define EXITED(code) \
	"{\"Running\":false,\"ExitCode\":" #code ",\"StartedAt\":\"2026-11-23T18:41:31Z\"," \
	"\"FinishedAt\":\"2026-11-23T18:42:31Z\"}"

/* The container with this name; it must be there once. */
static struct container *find(const struct record *record, const char *name)
{
	struct container *container = NULL, *found = NULL;

	while ((container = registry_next(record->registry, container)) != NULL) {
		if (strcmp(container->identity.name, name) != 0)
			continue;
		assert_null(found);
		found = container;
	}
	return found;
}

/* Written in place, as the kernel does. */
static void write_events(struct record *record, const char *cgroup, const char *text)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), CGROUPS "/%s/cgroup.events", cgroup);
	fd = openat(record->host.root_fd, path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t) strlen(text));
	close(fd);
}

static void run(struct record *record, const char *id, const char *name)
{
	char cgroup[128];

	record_docker_state(record, id, name, RUNNING);
	snprintf(cgroup, sizeof(cgroup), "docker/%s", id);
	host_cgroup(&record->host, cgroup, 1);
}

static void stop(struct record *record, const char *id)
{
	char cgroup[128];

	snprintf(cgroup, sizeof(cgroup), "docker/%s", id);
	host_cgroup_remove(&record->host, cgroup);
}

static void stopped_before_the_start_is_listed_without_a_cgroup(void **state)
{
	struct record *record = *state;
	struct container *container;

	record_docker_state(record, ID_A, "old", EXITED(3));
	record_docker_state(record, ID_B, "new", CREATED);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	container = find(record, "old");
	assert_non_null(container);
	assert_true(container->stopped);
	assert_null(container->path);
	assert_int_equal(container->cgroup_id, 0);
	assert_int_equal(container->starts, 0);
	assert_int_equal(container_state(container), STATE_EXITED);
	assert_true(container->identity.condition.has_exit_code);
	assert_int_equal(container->identity.condition.exit_code, 3);
	assert_int_equal(container_state(find(record, "new")), STATE_CREATED);
	assert_int_equal(record_stats(record).stopped, 2);
	assert_null(registry_find_cgroup(record->registry, 0));
	record->text[0] = '\0';
	record_rescan(record);
	record_dispatch(record);
	assert_record(record, "");
}

static void created_one_is_listed_before_it_comes(void **state)
{
	struct record *record = *state;
	struct container *container;

	host_directory(&record->host, "var/lib/docker/containers");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	record_docker_state(record, ID_A, "web", CREATED);
	record_dispatch(record); /* its directory, which is watched from then on */
	record_dispatch(record);
	assert_record(record, "listed web");
	container = find(record, "web");

	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came web");
	assert_ptr_equal(find(record, "web"), container);
	assert_string_equal(container->path, "/docker/" ID_A);
	assert_int_equal(container->starts, 1);
	assert_int_equal(container_state(container), STATE_RUNNING);
}

/* The engine makes the directory, and starts a process in it later. */
static void empty_cgroup_of_a_stopped_one_is_no_start(void **state)
{
	struct record *record = *state;

	record_docker_state(record, ID_A, "web", EXITED(0));
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	host_cgroup(&record->host, "docker/" ID_A, -1);
	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "listed web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came web");
	assert_non_null(registry_find_cgroup(record->registry, find(record, "web")->cgroup_id));
}

static void empty_cgroup_found_at_the_start_waits_for_a_process(void **state)
{
	struct record *record = *state;

	record_docker_state(record, ID_A, "web", EXITED(0));
	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "listed web");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came web");
	host_cgroup(&record->host, "docker/" ID_A, 0);
	record_dispatch(record);
	record_rescan(record); /* left behind: its engine says that it does not run */
	assert_record(record, "emptied web, went web");
	assert_int_equal(record_stats(record).stopped, 1);
	host_cgroup_remove(&record->host, "docker/" ID_A);
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "");
}

static void stop_and_start_is_the_same_container(void **state)
{
	struct record *record = *state;
	struct container *container;
	uint64_t first_cgroup;

	run(record, ID_A, "web");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	container = find(record, "web");
	container->userdata = record;
	first_cgroup = container->cgroup_id;
	stop(record, ID_A);
	record_dispatch(record);
	assert_record(record, "came web, went web");
	assert_true(container->stopped);
	assert_int_equal(container_state(container),
			 STATE_EXITED); /* the file says Running still */
	assert_false(container->identity.condition.has_exit_code);

	record_docker_state(record, ID_A, "web", EXITED(137));
	record_dispatch(record);
	assert_record(record, "changed web");
	assert_int_equal(container->identity.condition.exit_code, 137);

	host_cgroup(&record->host, "other", 1); /* so that the inode is another one */
	run(record, ID_A, "web");
	record_dispatch(record);
	assert_record(record, "changed web, came web");
	assert_ptr_equal(find(record, "web"), container);
	assert_ptr_equal(container->userdata, record);
	assert_int_not_equal(container->cgroup_id, first_cgroup);
	assert_int_equal(container->starts, 2);
	assert_false(container->stopped);
	assert_int_equal(container->ended_ns, 0);
	assert_null(registry_find_cgroup(record->registry, first_cgroup));
}

static void stopped_one_outlives_the_time_of_remembering(void **state)
{
	struct record *record = *state;

	run(record, ID_A, "web");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	stop(record, ID_A);
	record_docker_state(record, ID_A, "web", EXITED(0));
	record_dispatch(record);
	record->text[0] = '\0';
	clock_freeze(START_NS + 10 * MINUTE_NS, 1);
	registry_expire(record->registry, START_NS + 10 * MINUTE_NS);
	record_rescan(record);
	assert_record(record, "");
	assert_non_null(find(record, "web"));
	record_docker_remove(record, ID_A);
	record_dispatch(record);
	assert_record(record, "removed web, forgotten web");
}

static void removal_is_heard_of_without_watches(void **state)
{
	struct record *record = *state;

	record_docker_state(record, ID_A, "web", EXITED(0));
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	record_docker_remove(record, ID_A);
	record_rescan(record);
	assert_record(record, "listed web, removed web, forgotten web");
	assert_int_equal(record_stats(record).stopped, 0);
}

static void same_name_inherits_the_starts(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, "var/lib/docker/containers");
	run(record, ID_A, "web");
	run(record, ID_C, "db");
	record_open(record, 10, 0);
	record_rescan(record);
	find(record, "web")->oom_kills = 5;
	stop(record, ID_A);
	record_docker_remove(record, ID_A);
	record_dispatch(record);
	assert_null(find(record, "web"));

	run(record, ID_B, "web");
	record_dispatch(record);
	assert_string_equal(find(record, "web")->id, ID_B);
	assert_int_equal(find(record, "web")->starts, 2);
	assert_int_equal(find(record, "web")->oom_kills, 5);
	assert_int_equal(find(record, "db")->starts, 1);
}

/* Its files come a moment after its cgroup. */
static void name_that_is_known_late_inherits_too(void **state)
{
	struct record *record = *state;

	run(record, ID_A, "web");
	record_open(record, 10, 0);
	record_rescan(record);
	stop(record, ID_A);
	record_docker_remove(record, ID_A);
	record_dispatch(record);
	host_cgroup(&record->host, "docker/" ID_B, 1);
	record_dispatch(record);
	record->text[0] = '\0';
	record_docker_state(record, ID_B, "web", RUNNING);
	record_dispatch(record);
	assert_record(record, "changed web");
	assert_int_equal(find(record, "web")->starts, 2);
}

static void names_of_two_that_live_are_two_counts(void **state)
{
	struct record *record = *state;
	struct container *a;

	run(record, ID_A, "web");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	a = find(record, "web");
	record_docker_state(record, ID_A, "old-web", RUNNING);
	run(record, ID_B, "web");
	record_dispatch(record);
	record_dispatch(record);
	assert_int_equal(a->starts, 1);
	assert_int_equal(find(record, "web")->starts, 1);
}

static void many_dead_ones_are_read_once(void **state)
{
	struct record *record = *state;
	char id[RUNTIME_ID_BYTES];
	uint64_t rounds_ns;

	for (unsigned i = 0; i < 2000; i++) {
		snprintf(id, sizeof(id), "%04x%s", i, &ID_A[4]);
		record_docker_state(record, id, id, i % 10 == 0 ? "{" : EXITED(1));
	}
	record_open(record, 4000, MINUTE_NS);
	record_rescan(record);
	assert_int_equal(record_stats(record).stopped, 1800);
	assert_int_equal(record_stats(record).metadata_errors, 200);

	clock_release();
	rounds_ns = clock_process_cpu_ns();
	for (unsigned i = 0; i < 5; i++)
		record_rescan(record);
	rounds_ns = clock_process_cpu_ns() - rounds_ns;
	print_message("a rescan with 2000 dead containers: %.1f ms\n", (double) rounds_ns / 5e6);
	assert_int_equal(record_stats(record).metadata_errors, 200); /* nor were the broken ones */
	assert_int_equal(record_stats(record).stopped, 1800);
}

static void stopped_ones_make_room_for_those_that_run(void **state)
{
	struct record *record = *state;

	record_docker_state(record, ID_A, "later",
			    "{\"Running\":false,\"StartedAt\":\"2026-11-23T18:41:31Z\","
			    "\"FinishedAt\":\"2026-11-23T19:00:00Z\"}");
	record_docker_state(record, ID_B, "sooner", EXITED(0));
	record_open(record, 2, MINUTE_NS);
	record_rescan(record);
	record->text[0] = '\0';
	host_cgroup(&record->host, "docker/" ID_C, 1);
	record_dispatch(record);
	assert_record(record, "forgotten sooner, came cccccccccccc");
	record_rescan(record); /* and it does not take the place back */
	assert_record(record, "");
	assert_non_null(find(record, "later"));
}

static void running_without_a_cgroup_is_nobody(void **state)
{
	struct record *record = *state;

	record_docker_state(record, ID_A, "web", RUNNING);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	assert_record(record, "");
	assert_null(registry_next(record->registry, NULL));
	record_docker_state(record, ID_A, "web", EXITED(255)); /* its daemon found out */
	record_dispatch(record);
	assert_record(record, "listed web");
}

static void broken_metadata_of_a_stopped_one_changes_nothing(void **state)
{
	struct record *record = *state;

	record_docker_state(record, ID_A, "web", EXITED(7));
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	record_docker_state(record, ID_A, "web", "{");
	record_dispatch(record);
	record_rescan(record);
	assert_record(record, "listed web");
	assert_int_equal(find(record, "web")->identity.condition.exit_code, 7);
}

static void frozen_cgroup_is_paused(void **state)
{
	struct record *record = *state;
	struct container *container;

	run(record, ID_A, "web");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	container = find(record, "web");
	record->text[0] = '\0';
	write_events(record, "docker/" ID_A, "populated 1\nfrozen 1\n");
	record_dispatch(record);
	assert_record(record, "changed web");
	assert_int_equal(container_state(container), STATE_PAUSED);
	write_events(record, "docker/" ID_A, "populated 1\nfrozen 0\n");
	record_dispatch(record);
	assert_record(record, "changed web");
	assert_int_equal(container_state(container), STATE_RUNNING);
}

static void words_find_a_container(void **state)
{
	struct record *record = *state;
	struct container *found = NULL;

	run(record, ID_A, "web");
	run(record, "aaaaaaaaaaab456789abcdef0123456789abcdef0123456789abcdef01234567", "db");
	record_docker_state(record, ID_B, "old", EXITED(0));
	host_cgroup(&record->host, "machine.slice/libpod-" ID_C ".scope", 1);
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);

	assert_int_equal(registry_lookup(record->registry, ID_A, &found), 0);
	assert_string_equal(found->identity.name, "web");
	assert_int_equal(registry_lookup(record->registry, "db", &found), 0);
	assert_string_equal(found->identity.name, "db");
	assert_int_equal(registry_lookup(record->registry, "bbbb", &found), 0);
	assert_string_equal(found->identity.name, "old");
	assert_int_equal(registry_lookup(record->registry, "docker:web", &found), 0);
	assert_int_equal(registry_lookup(record->registry, "podman:web", &found), -ENOENT);
	assert_int_equal(registry_lookup(record->registry, "podman:ccc", &found), 0);
	assert_int_equal(registry_lookup(record->registry, "aaaa", &found), -EEXIST);
	assert_int_equal(registry_lookup(record->registry, "", &found), -ENOENT);
	assert_int_equal(registry_lookup(record->registry, "docker:", &found), -ENOENT);
	assert_int_equal(registry_lookup(record->registry, "we", &found), -ENOENT);

	host_cgroup_remove(&record->host, "machine.slice/libpod-" ID_C ".scope");
	record_dispatch(record);
	assert_int_equal(registry_lookup(record->registry, "ccc", &found), -ENOENT);
}

static void inspection_and_its_stamp_follow_the_file(void **state)
{
	struct record *record = *state;
	struct container *container;
	struct dossier dossier = { 0 };
	uint64_t stamp;

	record_docker_state(record, ID_A, "web", EXITED(0));
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	container = find(record, "web");
	assert_int_equal(registry_inspect(record->registry, container, &dossier), 0);
	assert_true(json_is_object(dossier.config));
	assert_true(json_is_object(dossier.host_config));
	dossier_fini(&dossier);
	stamp = registry_stamp(record->registry, container);
	assert_int_not_equal(stamp, 0);
	assert_int_equal(registry_stamp(record->registry, container), stamp);
	record_docker_state(record, ID_A, "web", EXITED(1));
	assert_int_not_equal(registry_stamp(record->registry, container), stamp);
}

static void a_pause_that_only_a_sensor_sees_is_a_change(void **state)
{
	struct record *record = *state;
	struct container *container;

	run(record, ID_A, "web");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	record->text[0] = '\0';
	container = find(record, "web");
	registry_set_frozen(record->registry, container, false);
	assert_record(record, "");
	registry_set_frozen(record->registry, container, true);
	assert_record(record, "changed web");
	assert_int_equal(container_state(container), STATE_PAUSED);
	registry_set_frozen(record->registry, container, false);
	assert_record(record, "changed web");
	assert_int_equal(container_state(container), STATE_RUNNING);
}

static void told_health_stays_until_the_end(void **state)
{
	struct record *record = *state;
	const struct condition *condition;

	record_docker_state(record, ID_A, "web", RUNNING);
	host_write(&record->host, "var/lib/docker/containers/" ID_A "/config.v2.json",
		   "{\"Name\":\"/web\",\"Config\":{\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}},"
		   "\"State\":" RUNNING "}");
	host_cgroup(&record->host, "docker/" ID_A, 1);
	run(record, ID_B, "plain");
	record_open(record, 10, MINUTE_NS);
	record_rescan(record);
	record->text[0] = '\0';
	condition = &find(record, "web")->identity.condition;
	assert_int_equal(condition->health, HEALTH_UNKNOWN);

	assert_int_equal(registry_set_health(record->registry, "docker", ID_A, HEALTH_UNHEALTHY, 3),
			 0);
	assert_record(record, "changed web");
	assert_int_equal(registry_set_health(record->registry, "docker", ID_A, HEALTH_UNHEALTHY, 3),
			 0);
	assert_record(record, "");
	assert_int_equal(condition->health, HEALTH_UNHEALTHY);
	assert_int_equal(condition->failing_streak, 3);
	assert_int_equal(registry_set_health(record->registry, "docker", ID_C, HEALTH_HEALTHY, 0),
			 -ENOENT);
	assert_int_equal(registry_set_health(record->registry, "podman", ID_A, HEALTH_HEALTHY, 0),
			 -ENOENT);
	/* Its files say that it has none. */
	assert_int_equal(registry_set_health(record->registry, "docker", ID_B, HEALTH_HEALTHY, 0),
			 0);
	assert_int_equal(find(record, "plain")->identity.condition.health, HEALTH_NONE);

	host_write(&record->host, "var/lib/docker/containers/" ID_A "/config.v2.json",
		   "{\"Name\":\"/renamed\",\"Config\":{\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}},"
		   "\"State\":" RUNNING "}");
	record_dispatch(record);
	assert_record(record, "changed renamed");
	assert_int_equal(condition->health, HEALTH_UNHEALTHY);
	stop(record, ID_A);
	record_dispatch(record);
	assert_int_equal(condition->health, HEALTH_UNKNOWN);
	assert_int_equal(registry_set_health(record->registry, "docker", ID_A, HEALTH_HEALTHY, 0),
			 -ENOENT);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, record_setup, record_teardown)
	const struct CMUnitTest tests[] = {
		TEST(stopped_before_the_start_is_listed_without_a_cgroup),
		TEST(created_one_is_listed_before_it_comes),
		TEST(empty_cgroup_of_a_stopped_one_is_no_start),
		TEST(empty_cgroup_found_at_the_start_waits_for_a_process),
		TEST(stop_and_start_is_the_same_container),
		TEST(stopped_one_outlives_the_time_of_remembering),
		TEST(removal_is_heard_of_without_watches),
		TEST(same_name_inherits_the_starts),
		TEST(name_that_is_known_late_inherits_too),
		TEST(names_of_two_that_live_are_two_counts),
		TEST(many_dead_ones_are_read_once),
		TEST(stopped_ones_make_room_for_those_that_run),
		TEST(running_without_a_cgroup_is_nobody),
		TEST(broken_metadata_of_a_stopped_one_changes_nothing),
		TEST(frozen_cgroup_is_paused),
		TEST(words_find_a_container),
		TEST(inspection_and_its_stamp_follow_the_file),
		TEST(a_pause_that_only_a_sensor_sees_is_a_change),
		TEST(told_health_stays_until_the_end),
	};

	log_init(LOG_LEVEL_ERROR); /* warnings about forged files are expected */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
