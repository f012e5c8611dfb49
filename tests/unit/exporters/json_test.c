/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include <errno.h>

#include "unit/exporters/checker.h"

#define HEAD "\"sequence\":2,\"time\":1700000002,\"interval\":1"

static const struct who root = { .path = "/" };
static const struct who web = { "/docker/" ID_A, "web", "nginx:1.25", "docker", ID_A };

/* Two rounds, two seconds apart. */
struct rounds {
	struct draft *draft;
	struct snapshot *before, *now;
};

static struct rounds rounds_begin(void)
{
	return (struct rounds){ .draft = draft_for_test() };
}

static void rounds_next(struct rounds *rounds)
{
	rounds->before = seal(rounds->draft);
	draft_begin(rounds->draft, 102 * NSEC_PER_SEC, NOW + 2 * NSEC_PER_SEC, NSEC_PER_SEC);
}

static void assert_document(struct rounds *rounds, const struct exporter *exporter,
			    const char *container, const char *expected)
{
	struct export export = { .before = rounds->before, .container = container };

	export.now = rounds->now = seal_and_free(rounds->draft);
	assert_written(exporter, &export, expected);
	free(rounds->before);
	free(rounds->now);
}

static struct row *add_busy_web(struct rounds *rounds)
{
	struct row *row = add_container(rounds->draft, 7, &web);
	struct row *eth0 = draft_child(rounds->draft, row, ENTITY_INTERFACE, "eth0");
	struct row *sda = draft_child(rounds->draft, row, ENTITY_DEVICE, "/dev/sda");

	draft_string(rounds->draft, row, ATTRIBUTE_NETWORK, "own");
	draft_labels(rounds->draft, row, ATTRIBUTE_LABELS,
		     PAIRS("a.b\0"
			   "1\0"
			   "c\0"
			   "\0"));
	row_set(row, METRIC_START_TIME, 1600000000 * NSEC_PER_SEC);
	row_set(row, METRIC_CPU_USAGE_NS, 10 * NSEC_PER_SEC);
	row_set(row, METRIC_CPU_SOME_NS, NSEC_PER_SEC);
	row_set(row, METRIC_MEMORY_SOME_NS, 0);
	row_set(row, METRIC_MEMORY_USAGE_BYTES, 4096);
	row_set(row, METRIC_MEMORY_WORKING_SET_BYTES, 2048);
	row_set(row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 8192);
	row_set(row, METRIC_OOM_EVENTS, 0);
	row_set(row, METRIC_THREADS, 3);
	row_set(eth0, METRIC_RX_BYTES, 100);
	row_set(sda, METRIC_WRITE_BYTES, 512);

	rounds_next(rounds);
	row_set(row, METRIC_CPU_USAGE_NS, 11 * NSEC_PER_SEC);
	row_set(row, METRIC_CPU_SOME_NS, NSEC_PER_SEC + NSEC_PER_SEC / 5);
	row_set(eth0, METRIC_RX_BYTES, 300);
	row_set(eth0, METRIC_TX_BYTES, 5);
	return row;
}

#define BUSY_WEB \
	"\"id\":\"" ID_A "\",\"name\":\"web\",\"image\":\"nginx:1.25\",\"runtime\":\"docker\"," \
	"\"cgroup\":\"/docker/" ID_A "\",\"labels\":{\"a.b\":\"1\",\"c\":\"\"}," \
	"\"state\":\"running\",\"started\":1600000000," \
	"\"cpu\":{\"cores\":0.5,\"usage_seconds\":11}," \
	"\"memory\":{\"usage_bytes\":4096,\"working_set_bytes\":2048,\"limit_bytes\":8192," \
	"\"oom_kills\":0}," \
	"\"network\":{\"mode\":\"own\",\"receive_bytes\":300,\"receive_bytes_per_second\":100," \
	"\"transmit_bytes\":5}," \
	"\"io\":{\"write_bytes\":512,\"write_bytes_per_second\":0},\"pids\":3," \
	"\"pressure\":{\"cpu\":{\"some_seconds\":1.2,\"some_share\":0.1}," \
	"\"memory\":{\"some_seconds\":0,\"some_share\":0}}"

static void a_host_without_containers_lists_none(void **state)
{
	struct rounds rounds = rounds_begin();

	(void) state;
	add_container(rounds.draft, 1, &root);
	rounds_next(&rounds);
	assert_document(&rounds, &exporter_json_containers, NULL, "{" HEAD ",\"containers\":[]}");
}

static void containers_are_listed_with_what_they_use(void **state)
{
	struct rounds rounds = rounds_begin();

	(void) state;
	add_container(rounds.draft, 1, &root);
	add_busy_web(&rounds);
	assert_document(&rounds, &exporter_json_containers, NULL,
			"{" HEAD ",\"containers\":[{" BUSY_WEB "}]}");
}

static void what_is_unknown_has_no_member(void **state)
{
	struct rounds rounds = rounds_begin();

	(void) state;
	row_set(add_container(rounds.draft, 2, &(struct who){ .path = "/x" }),
		METRIC_SPEC_MEMORY_LIMIT_BYTES, 0); /* unlimited */
	rounds_next(&rounds);
	assert_document(&rounds, &exporter_json_containers, NULL,
			"{" HEAD ",\"containers\":[{\"cgroup\":\"/x\",\"labels\":{},"
			"\"state\":\"running\",\"cpu\":{},\"memory\":{},\"network\":{},\"io\":{},"
			"\"pressure\":{}}]}");
}

static void without_an_older_snapshot_there_are_no_rates(void **state)
{
	struct rounds rounds = rounds_begin();

	(void) state;
	add_busy_web(&rounds);
	free(rounds.before);
	rounds.before = NULL;
	assert_document(
		&rounds, &exporter_json_containers, NULL,
		"{" HEAD ",\"containers\":[{"
		"\"id\":\"" ID_A "\",\"name\":\"web\",\"image\":\"nginx:1.25\","
		"\"runtime\":\"docker\",\"cgroup\":\"/docker/" ID_A "\","
		"\"labels\":{\"a.b\":\"1\",\"c\":\"\"},\"state\":\"running\","
		"\"started\":1600000000,\"cpu\":{\"usage_seconds\":11},"
		"\"memory\":{\"usage_bytes\":4096,\"working_set_bytes\":2048,\"limit_bytes\":8192,"
		"\"oom_kills\":0},\"network\":{\"mode\":\"own\",\"receive_bytes\":300,"
		"\"transmit_bytes\":5},\"io\":{\"write_bytes\":512},\"pids\":3,"
		"\"pressure\":{\"cpu\":{\"some_seconds\":1.2},\"memory\":{\"some_seconds\":0}}}]}");
}

static void assert_state(bool frozen, bool ended, const char *expected)
{
	struct rounds rounds = rounds_begin();
	struct row *row = add_container(rounds.draft, 2, &web);
	char *text;

	if (!ended)
		row_set(row, METRIC_FROZEN, frozen);
	rounds.now = seal_and_free(rounds.draft);
	text = written(&exporter_json_containers,
		       &(struct export){ .now = rounds.now, .all = true });
	assert_non_null(strstr(text, expected));
	free(text);
	text = written(&exporter_json_containers, &(struct export){ .now = rounds.now });
	assert_int_equal(strstr(text, expected) == NULL, ended); /* those that run */
	free(text);
	free(rounds.now);
}

static void condition_is_told_in_words(void **state)
{
	struct rounds rounds = rounds_begin();
	struct row *row = add_container(rounds.draft, 2, &web);
	char *text;

	(void) state;
	row_set(row, METRIC_STATE_RUNNING, 0);
	row_set(row, METRIC_STATE_DEAD, 1);
	row_set(row, METRIC_HEALTH_HEALTHY, 0);
	row_set(row, METRIC_HEALTH_UNHEALTHY, 1);
	row_set(row, METRIC_LAST_EXIT_CODE, (uint64_t) -1);
	row_set(row, METRIC_LAST_EXIT_TIME, 1500 * NSEC_PER_MSEC);
	row_set(row, METRIC_RESTARTS, 3);
	rounds.now = seal_and_free(rounds.draft);
	text = written(&exporter_json_containers,
		       &(struct export){ .now = rounds.now, .all = true });
	assert_non_null(strstr(text, "\"state\":\"dead\",\"health\":\"unhealthy\",\"exit_code\":-1,"
				     "\"finished\":1.5,\"restarts\":3,"));
	free(text);
	free(rounds.now);
}

static void states_are_told_apart(void **state)
{
	(void) state;
	assert_state(false, false, "\"state\":\"running\"");
	assert_state(true, false, "\"state\":\"paused\"");
	assert_state(false, true, "\"state\":\"exited\"");
}

static void one_container_has_every_cell_and_its_children(void **state)
{
	struct rounds rounds = rounds_begin();
	struct row *row;

	(void) state;
	row = add_busy_web(&rounds);
	row_set(draft_child(rounds.draft, row, ENTITY_HUGEPAGE, "2MB"), METRIC_HUGETLB_USAGE_BYTES,
		2097152);
	row_set(draft_single(rounds.draft, ENTITY_AGENT), METRIC_ROUNDS, 1);
	assert_document(&rounds, &exporter_json_container, "web",
			"{" HEAD "," BUSY_WEB ",\"metrics\":{"
			"\"last_seen\":1700000000,\"start_time\":1600000000,"
			"\"cpu_usage_seconds\":11,\"cpu_some_seconds\":1.2,"
			"\"memory_usage_bytes\":4096,\"memory_working_set_bytes\":2048,"
			"\"oom_events\":0,\"memory_some_seconds\":0,\"threads\":3,"
			"\"spec_memory_limit_bytes\":8192},"
			"\"devices\":[{\"device\":\"/dev/sda\",\"write_bytes\":512}],"
			"\"interfaces\":[{\"interface\":\"eth0\",\"rx_bytes\":300,\"tx_bytes\":5}],"
			"\"hugepages\":[{\"pagesize\":\"2MB\",\"hugetlb_usage_bytes\":2097152}]}");
}

static void a_container_that_is_not_there_is_said_so(void **state)
{
	struct rounds rounds = rounds_begin();
	struct text text = { 0 };

	(void) state;
	add_container(rounds.draft, 1, &root);
	rounds.now = seal_and_free(rounds.draft);
	assert_int_equal(exporter_json_container.write(&(struct export){ .now = rounds.now,
									 .container = "web" },
						       &text),
			 -ENOENT);
	assert_int_equal(text.length, 0);
	free(rounds.now);
}

static void the_host_is_its_own_rows_and_the_root_cgroup(void **state)
{
	struct rounds rounds = rounds_begin();
	struct draft *draft = rounds.draft;
	struct row *row = add_container(draft, 1, &root), *machine;
	struct row *eth0 = draft_child(draft, row, ENTITY_INTERFACE, "eth0");

	(void) state;
	add_container(draft, 2, &web);
	row_set(eth0, METRIC_RX_BYTES, 1000);
	row_set(row, METRIC_CPU_USAGE_NS, 10 * NSEC_PER_SEC);
	rounds_next(&rounds);
	row_set(eth0, METRIC_RX_BYTES, 1500);
	row_set(row, METRIC_CPU_USAGE_NS, 13 * NSEC_PER_SEC);
	row_set(draft_single(draft, ENTITY_HOST), METRIC_HOST_LOAD_1, 500000000);
	machine = draft_single(draft, ENTITY_MACHINE);
	row_set(machine, METRIC_MACHINE_CPU_CORES, 2);
	draft_string(draft, machine, ATTRIBUTE_NETWORK, "ship");
	draft_string(draft, machine, ATTRIBUTE_DETAIL, "6.1.0");
	draft_string(draft, machine, ATTRIBUTE_ID, "4711");
	row_set(draft_labelled(draft, ENTITY_DISK, "/dev/vda"), METRIC_DISK_BUSY_NS, NSEC_PER_SEC);
	row_set(draft_single(draft, ENTITY_AGENT), METRIC_ROUNDS, 2);
	row_set(draft_labelled(draft, ENTITY_COLLECTOR, "cpu"), METRIC_COLLECTOR_UP, 1);
	assert_document(&rounds, &exporter_json_host, NULL,
			"{" HEAD ",\"host\":{\"host_load_1\":0.5,"
			"\"cpu\":{\"cores\":1.5,\"usage_seconds\":13},\"memory\":{},"
			"\"network\":{\"receive_bytes\":1500,\"receive_bytes_per_second\":250},"
			"\"io\":{},\"pressure\":{}},"
			"\"machine\":{\"machine_cpu_cores\":2,\"machine_id\":\"4711\","
			"\"name\":\"ship\",\"kernel\":\"6.1.0\"},"
			"\"disks\":[{\"device\":\"/dev/vda\",\"disk_busy_seconds\":1}],"
			"\"agent\":{\"rounds\":2},"
			"\"collectors\":[{\"collector\":\"cpu\",\"collector_up\":1}]}");
}

static void the_host_is_written_without_any_container(void **state)
{
	struct rounds rounds = rounds_begin();

	(void) state;
	rounds_next(&rounds);
	assert_document(&rounds, &exporter_json_host, NULL,
			"{" HEAD ",\"host\":{},\"machine\":{},\"disks\":[],\"agent\":{},"
			"\"collectors\":[]}");
}

/* Names that try to break out, as another parser reads them. */
static void hostile_names_come_back_unchanged(void **state)
{
	static const struct exporter *const documents[] = {
		&exporter_json_containers,
		&exporter_json_container,
		&exporter_json_host,
	};
	struct snapshot *snapshot = full_snapshot();
	char output[CHECKER_BYTES];
	bool checked = true;

	(void) state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]) && checked; i++) {
		char *text = written(documents[i], &(struct export){ .now = snapshot,
								     .before = snapshot,
								     .container = HOSTILE });

		checked =
			checker_run("python3", "command -v python3",
				    "python3 -c 'import json, sys\n"
				    "document = json.load(sys.stdin.buffer, object_pairs_hook="
				    "lambda pairs: {} if len(dict(pairs)) < len(pairs) else "
				    "dict(pairs))\n"
				    "one = document.get(\"containers\", [document])[-1]\n"
				    "print(one.get(\"name\", one[\"interval\"] if \"interval\" in "
				    "one else \"\"))'",
				    text, output);
		free(text);
		if (checked)
			assert_string_equal(output, i < 2 ? HOSTILE "\n" : "1\n");
	}
	free(snapshot);
	if (!checked)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_without_containers_lists_none),
		cmocka_unit_test(containers_are_listed_with_what_they_use),
		cmocka_unit_test(what_is_unknown_has_no_member),
		cmocka_unit_test(without_an_older_snapshot_there_are_no_rates),
		cmocka_unit_test(states_are_told_apart),
		cmocka_unit_test(condition_is_told_in_words),
		cmocka_unit_test(one_container_has_every_cell_and_its_children),
		cmocka_unit_test(a_container_that_is_not_there_is_said_so),
		cmocka_unit_test(the_host_is_its_own_rows_and_the_root_cgroup),
		cmocka_unit_test(the_host_is_written_without_any_container),
		cmocka_unit_test(hostile_names_come_back_unchanged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
