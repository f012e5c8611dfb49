/* SPDX-License-Identifier: Apache-2.0 */

/* chronicle: which events containers make, and what is counted beyond the life of a cgroup; by a
 * census on a host that the test writes. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "census.h"
#include "harness/fake_host.h"
#include "model/snapshot.h"

#define START_NS (1767400000 * NSEC_PER_SEC) /* of both clocks; after what is written to files */
#define CHECKED  ",\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]}"

#define RUNNING "\"Running\":true,\"StartedAt\":\"2026-01-03T00:26:40Z\"" /* START_NS */
#define NEW     "\"Running\":false,\"StartedAt\":\"0001-01-01T00:00:00Z\""
#define EXITED(code) \
	"\"Running\":false,\"ExitCode\":" #code ",\"StartedAt\":\"2026-01-03T00:26:40Z\"," \
	"\"FinishedAt\":\"2026-01-03T00:27:40Z\""

struct fixture {
	struct fake_host host;
	struct config config;
	struct census census;
	uint64_t now_ns;
	char text[1024];    /* of events since the last look */
	char labels[64];    /* the first label of the latest one */
	struct event event; /* the latest one */
};

static void on_event(const struct event *event, const char *labels, size_t labels_length,
		     void *userdata)
{
	struct fixture *f = userdata;
	size_t used = strlen(f->text);

	assert_int_equal(event->number, f->census.events->newest);
	assert_int_equal(labels == NULL, labels_length == 0);
	(void) snprintf(f->text + used, sizeof(f->text) - used, "%s%s", used > 0 ? " " : "",
			event_type_name(event->type));
	(void) snprintf(f->labels, sizeof(f->labels), "%s", labels ? labels : "");
	f->event = *event;
}

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
	fake_host_write(&f->host, "var/lib/docker/containers/readme", "");
	assert_int_equal(census_open(f->host.root_fd, &f->config, &f->census), 0);
	f->census.on_event = on_event;
	f->census.on_event_userdata = f;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	census_close(&f->census);
	config_fini(&f->config);
	fake_host_fini(&f->host);
	free(f);
	clock_release();
	return 0;
}

static void pass(struct fixture *f, uint64_t ns)
{
	f->now_ns += ns;
	clock_freeze(f->now_ns, f->now_ns);
	census_round(&f->census, f->now_ns, f->now_ns);
}

static void look(struct fixture *f)
{
	census_rescan(&f->census);
	pass(f, NSEC_PER_MSEC);
}

#define assert_events(f, expected) \
	do { \
		assert_string_equal((f)->text, expected); \
		(f)->text[0] = '\0'; \
	} while (0)

/* Docker's file of container `number`. */
static void write_config(struct fixture *f, unsigned number, const char *name, const char *created,
			 const char *more, const char *run)
{
	char id[65], path[128], text[1024];

	fake_host_docker_id(number, &id);
	(void) snprintf(path, sizeof(path), "var/lib/docker/containers/%s/config.v2.json", id);
	(void) snprintf(text, sizeof(text),
			"{\"ID\":\"%s\",\"Name\":\"/%s\",\"Created\":\"%s\",\"State\":{%s},"
			"\"Config\":{\"Image\":\"shop:1\",\"Labels\":{\"team\":\"a\"}%s}}",
			id, name, created, run, more);
	fake_host_write(&f->host, path, text);
}

#define OLD "2026-01-01T00:00:00Z"
#define NOW "2026-01-03T00:26:41Z"

static void write_cgroup(struct fixture *f, unsigned number, const char *file, const char *text)
{
	char id[65], path[160];

	fake_host_docker_id(number, &id);
	(void) snprintf(path, sizeof(path), "sys/fs/cgroup/docker/%s/%s", id, file);
	fake_host_write(&f->host, path, text);
}

static void remove_path(struct fixture *f, const char *directory, unsigned number)
{
	char id[65], path[160];

	fake_host_docker_id(number, &id);
	(void) snprintf(path, sizeof(path), "%s/%s", directory, id);
	fake_host_remove(&f->host, path);
}

static void make_cgroup(struct fixture *f, unsigned number)
{
	write_cgroup(f, number, "cgroup.procs", "");
	write_cgroup(f, number, "cgroup.events", "populated 1\nfrozen 0\n");
	write_cgroup(f, number, "cpu.stat", "usage_usec 1500000\n");
}

static void remove_cgroup(struct fixture *f, unsigned number)
{
	remove_path(f, "sys/fs/cgroup/docker", number);
}

static struct container *only(struct fixture *f)
{
	struct container *container = registry_next(f->census.registry, NULL);

	assert_non_null(container);
	assert_null(registry_next(f->census.registry, container));
	return container;
}

static uint64_t cell(struct fixture *f, enum metric metric)
{
	struct member *member = roster_find(&f->census.roster, only(f));
	uint64_t value = 0;

	assert_non_null(member);
	assert_true(row_get(member->row, metric, &value));
	return value;
}

static void what_was_there_before_is_no_news(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "old", OLD, "", EXITED(1));
	write_config(f, 2, "new", NOW, "", NEW);
	look(f);
	assert_events(f, "");
	/* Its data directory was hidden until now. */
	write_config(f, 3, "hidden", OLD, "", EXITED(1));
	look(f);
	assert_events(f, "");
}

static void life_from_creation_to_removal_is_told_in_order(void **state)
{
	struct fixture *f = *state;

	look(f);
	write_config(f, 1, "web", NOW, "", NEW);
	look(f);
	assert_events(f, "created");
	assert_string_equal(f->event.name, "web");
	assert_string_equal(f->event.image, "shop:1");
	assert_string_equal(f->event.runtime, "docker");
	assert_int_equal(f->event.instance, 0);
	assert_string_equal(f->labels, "team");
	make_cgroup(f, 1);
	write_config(f, 1, "web", NOW, "", RUNNING);
	look(f);
	assert_events(f, "started");
	assert_int_not_equal(f->event.instance, 0);
	remove_cgroup(f, 1);
	write_config(f, 1, "web", NOW, "", EXITED(137));
	look(f);
	assert_events(f, "died");
	assert_true(f->event.has_exit_code);
	assert_int_equal(f->event.exit_code, 137);
	assert_int_equal(f->event.duration_ns, 60 * NSEC_PER_SEC);
	assert_int_equal(f->event.cpu_usage_ns, 1500000000);
	remove_path(f, "var/lib/docker/containers", 1);
	look(f);
	assert_events(f, "removed");
}

/* Both came between two looks. */
static void creation_is_told_before_a_start_that_was_seen_first(void **state)
{
	struct fixture *f = *state;

	look(f);
	write_config(f, 1, "web", NOW, "", RUNNING);
	make_cgroup(f, 1);
	look(f);
	assert_events(f, "created started");
}

static void end_waits_for_the_exit_code(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", RUNNING);
	make_cgroup(f, 1);
	look(f);
	assert_events(f, "started");
	remove_cgroup(f, 1);
	look(f);
	pass(f, NSEC_PER_SEC);
	assert_events(f, "");
	write_config(f, 1, "web", OLD, "", EXITED(3));
	look(f);
	assert_events(f, "died");
	assert_int_equal(f->event.exit_code, 3);
	assert_int_equal(cell(f, METRIC_LAST_EXIT_CODE), 3);
	assert_int_equal(cell(f, METRIC_LAST_EXIT_TIME), START_NS + 60 * NSEC_PER_SEC);
	pass(f, CHRONICLE_WAIT_NS);
	assert_events(f, "");
}

static void end_is_told_without_a_code_that_does_not_come(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", RUNNING);
	make_cgroup(f, 1);
	look(f);
	remove_cgroup(f, 1);
	look(f);
	assert_events(f, "started");
	pass(f, CHRONICLE_WAIT_NS);
	assert_events(f, "died");
	assert_false(f->event.has_exit_code);
	write_config(f, 1, "web", OLD, "", EXITED(3)); /* late: a number, no second event */
	look(f);
	assert_events(f, "");
	assert_int_equal(cell(f, METRIC_LAST_EXIT_CODE), 3);
}

static void code_of_the_run_before_is_not_taken(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", EXITED(9));
	look(f);
	make_cgroup(f, 1);
	look(f);
	remove_cgroup(f, 1); /* the file was not written meanwhile */
	look(f);
	assert_events(f, "started");
	pass(f, CHRONICLE_WAIT_NS);
	assert_events(f, "died");
	assert_false(f->event.has_exit_code);
}

static void second_start_is_a_restart(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", RUNNING);
	make_cgroup(f, 1);
	look(f);
	remove_cgroup(f, 1);
	write_config(f, 1, "web", OLD, "", EXITED(0));
	look(f);
	make_cgroup(f, 1);
	look(f);
	assert_events(f, "started died started restarted");
	assert_int_equal(cell(f, METRIC_RESTARTS), 1);
	assert_int_equal(cell(f, METRIC_LAST_EXIT_CODE), 0);
}

static void engines_count_of_restarts_goes_over_a_smaller_one(void **state)
{
	struct fixture *f = *state;
	char id[65], path[128];

	fake_host_docker_id(1, &id);
	(void) snprintf(path, sizeof(path), "var/lib/docker/containers/%s/config.v2.json", id);
	fake_host_write(&f->host, path,
			"{\"Name\":\"/web\",\"Config\":{},\"RestartCount\":7,\"State\":{" RUNNING
			"}}");
	make_cgroup(f, 1);
	look(f);
	assert_int_equal(cell(f, METRIC_RESTARTS), 7);
}

static void pause_is_seen_by_the_cgroup_or_by_the_engine(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", RUNNING);
	make_cgroup(f, 1);
	look(f);
	f->text[0] = '\0';
	write_config(f, 1, "web", OLD, "", "\"Paused\":true," RUNNING);
	look(f);
	assert_events(f, "paused");
	assert_int_equal(cell(f, METRIC_STATE_PAUSED), 1);
	assert_int_equal(cell(f, METRIC_STATE_RUNNING), 0);
	write_config(f, 1, "web", OLD, "", RUNNING);
	look(f);
	assert_events(f, "unpaused");
}

static void other_name_is_told(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", RUNNING);
	make_cgroup(f, 1);
	look(f);
	write_config(f, 1, "web2", OLD, "", RUNNING);
	look(f);
	assert_events(f, "started renamed");
	assert_string_equal(f->event.name, "web2");
}

static void health_is_told_when_it_changes(void **state)
{
	struct fixture *f = *state;
	char id[65];

	fake_host_docker_id(1, &id);
	write_config(f, 1, "web", OLD, CHECKED, RUNNING);
	make_cgroup(f, 1);
	look(f);
	f->text[0] = '\0';
	assert_int_equal(registry_set_health(f->census.registry, "docker", id, HEALTH_STARTING, 0),
			 0);
	assert_events(f, ""); /* it is known now, and was so before */
	assert_int_equal(cell(f, METRIC_HEALTH_STARTING), 1);
	assert_int_equal(registry_set_health(f->census.registry, "docker", id, HEALTH_UNHEALTHY, 3),
			 0);
	assert_events(f, "health");
	assert_int_equal(f->event.health, HEALTH_UNHEALTHY);
	assert_int_equal(cell(f, METRIC_HEALTH_UNHEALTHY), 1);
	assert_int_equal(cell(f, METRIC_HEALTH_STARTING), 0);
	assert_int_equal(registry_set_health(f->census.registry, "docker", id, HEALTH_UNKNOWN, 0),
			 0);
	assert_events(f, "");
	assert_false(
		row_has(roster_find(&f->census.roster, only(f))->row, METRIC_HEALTH_UNHEALTHY));
}

static void kills_are_events_and_survive_a_restart(void **state)
{
	struct fixture *f = *state;

	look(f);
	write_config(f, 1, "web", NOW, "", RUNNING);
	make_cgroup(f, 1);
	write_cgroup(f, 1, "memory.current", "4096\n");
	write_cgroup(f, 1, "memory.events", "oom 0\noom_kill 0\n");
	look(f);
	assert_int_equal(cell(f, METRIC_OOM_KILLS), 0);
	f->text[0] = '\0';
	write_cgroup(f, 1, "memory.events", "oom 2\noom_kill 2\n");
	pass(f, NSEC_PER_SEC);
	assert_events(f, "oom");
	pass(f, NSEC_PER_SEC);
	assert_events(f, "");
	assert_int_equal(cell(f, METRIC_OOM_KILLS), 2);
	assert_int_equal(cell(f, METRIC_OOM_EVENTS), 2);

	remove_cgroup(f, 1);
	write_config(f, 1, "web", NOW, "", EXITED(137));
	look(f);
	assert_events(f, "died");
	for (unsigned i = 0; i < 3; i++)
		pass(f, NSEC_PER_SEC);
	assert_int_equal(cell(f, METRIC_OOM_KILLS), 2);
	make_cgroup(f, 1);
	write_cgroup(f, 1, "memory.current", "4096\n");
	write_cgroup(f, 1, "memory.events", "oom 1\noom_kill 1\n");
	look(f);
	assert_events(f, "started restarted oom");
	assert_int_equal(cell(f, METRIC_OOM_KILLS), 3);
	assert_int_equal(cell(f, METRIC_OOM_EVENTS), 3);
}

static void kills_before_our_time_are_counted_and_no_news(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", RUNNING);
	make_cgroup(f, 1);
	write_cgroup(f, 1, "memory.current", "4096\n");
	write_cgroup(f, 1, "memory.events", "oom 5\noom_kill 5\n");
	look(f);
	pass(f, NSEC_PER_SEC);
	assert_events(f, "started");
	assert_int_equal(cell(f, METRIC_OOM_KILLS), 5);
}

/* The cgroup was gone before the counter could be read. */
static void kill_that_only_the_engine_saw_counts(void **state)
{
	struct fixture *f = *state;

	write_config(f, 1, "web", OLD, "", RUNNING);
	make_cgroup(f, 1);
	look(f);
	remove_cgroup(f, 1);
	write_config(f, 1, "web", OLD, "", "\"OOMKilled\":true," EXITED(137));
	look(f);
	assert_events(f, "started oom died");
	assert_int_equal(only(f)->oom_kills, 1);
	look(f);
	assert_int_equal(cell(f, METRIC_OOM_KILLS), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_was_there_before_is_no_news),
		TEST(life_from_creation_to_removal_is_told_in_order),
		TEST(creation_is_told_before_a_start_that_was_seen_first),
		TEST(end_waits_for_the_exit_code),
		TEST(end_is_told_without_a_code_that_does_not_come),
		TEST(code_of_the_run_before_is_not_taken),
		TEST(second_start_is_a_restart),
		TEST(engines_count_of_restarts_goes_over_a_smaller_one),
		TEST(pause_is_seen_by_the_cgroup_or_by_the_engine),
		TEST(other_name_is_told),
		TEST(health_is_told_when_it_changes),
		TEST(kills_are_events_and_survive_a_restart),
		TEST(kills_before_our_time_are_counted_and_no_news),
		TEST(kill_that_only_the_engine_saw_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
