/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include <errno.h>

#include "unit/exporters/checker.h"
#include "unit/exporters/lines.h"

static void assert_text(struct draft *draft, const char *expected)
{
	struct snapshot *snapshot = seal_and_free(draft);

	assert_written(&exporter_prometheus, &(struct export){ .now = snapshot, .full = true },
		       expected);
	free(snapshot);
}

static void nothing_known_is_an_empty_text(void **state)
{
	(void) state;
	assert_text(draft_for_test(), "");
}

static void a_family_is_described_once_and_holds_every_row(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *root = add_container(draft, 1, &(struct who){ .path = "/" });
	struct row *web = add_container(draft, 2,
					&(struct who){ "/docker/" ID_A, "web", "nginx:1.25",
						       "docker", ID_A });

	(void) state;
	row_set(root, METRIC_MEMORY_PGFAULT, 5);
	row_set(web, METRIC_MEMORY_PGFAULT, 18446744073709551615ULL);
	row_set(web, METRIC_MEMORY_PGMAJFAULT, 0);
	row_set(root, METRIC_CPU_USAGE_NS, 1500000000);
	row_set(web, METRIC_FROZEN, 0);
	row_set(web, METRIC_ULIMIT_OPEN_FILES, (uint64_t) -1);
	assert_text(draft,
		    "# HELP container_last_seen Last time a container was seen by the agent\n"
		    "# TYPE container_last_seen gauge\n"
		    "container_last_seen{id=\"/\"} 1700000000\n"
		    "container_last_seen{id=\"/docker/" ID_A
		    "\",image=\"nginx:1.25\",name=\"web\"} 1700000000\n"
		    "# HELP container_cpu_usage_seconds_total Cumulative cpu time consumed in "
		    "seconds\n"
		    "# TYPE container_cpu_usage_seconds_total counter\n"
		    "container_cpu_usage_seconds_total{id=\"/\",cpu=\"total\"} 1.5\n"
		    "# HELP container_memory_failures_total Cumulative count of page faults\n"
		    "# TYPE container_memory_failures_total counter\n"
		    "container_memory_failures_total{id=\"/\","
		    "failure_type=\"pgfault\",scope=\"hierarchy\"} 5\n"
		    "container_memory_failures_total{id=\"/docker/" ID_A
		    "\",image=\"nginx:1.25\",name=\"web\","
		    "failure_type=\"pgfault\",scope=\"hierarchy\"} 18446744073709551615\n"
		    "container_memory_failures_total{id=\"/docker/" ID_A
		    "\",image=\"nginx:1.25\",name=\"web\","
		    "failure_type=\"pgmajfault\",scope=\"hierarchy\"} 0\n"
		    "# HELP container_ulimits_soft Soft ulimit of the container's first process, "
		    "-1 if unlimited\n"
		    "# TYPE container_ulimits_soft gauge\n"
		    "container_ulimits_soft{id=\"/docker/" ID_A
		    "\",image=\"nginx:1.25\",name=\"web\",ulimit=\"max_open_files\"} -1\n"
		    "# HELP plimsoll_container_frozen Whether the container is frozen (paused)\n"
		    "# TYPE plimsoll_container_frozen gauge\n"
		    "plimsoll_container_frozen{id=\"/docker/" ID_A
		    "\",name=\"web\",runtime=\"docker\"} 0\n");
}

static void children_carry_their_containers_labels_and_their_own(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 2, &(struct who){ .path = "/web", .name = "web" });

	(void) state;
	row_clear(web, METRIC_LAST_SEEN);
	row_set(draft_child(draft, web, ENTITY_DEVICE, "/dev/sda"), METRIC_BLKIO_READ_BYTES, 1);
	row_set(draft_child(draft, web, ENTITY_INTERFACE, "eth0"), METRIC_TX_BYTES, 2);
	row_set(draft_child(draft, web, ENTITY_HUGEPAGE, "2MB"), METRIC_HUGETLB_FAILCNT, 3);
	assert_text(draft,
		    "# HELP container_blkio_device_usage_total Block I/O bytes by device and "
		    "operation\n"
		    "# TYPE container_blkio_device_usage_total counter\n"
		    "container_blkio_device_usage_total{id=\"/web\",name=\"web\","
		    "operation=\"Read\",device=\"/dev/sda\"} 1\n"
		    "# HELP container_network_transmit_bytes_total Cumulative count of bytes "
		    "transmitted\n"
		    "# TYPE container_network_transmit_bytes_total counter\n"
		    "container_network_transmit_bytes_total{id=\"/web\",name=\"web\","
		    "interface=\"eth0\"} 2\n"
		    "# HELP container_hugetlb_failcnt Number of times hugepage usage hit its "
		    "limit\n"
		    "# TYPE container_hugetlb_failcnt counter\n"
		    "container_hugetlb_failcnt{id=\"/web\",name=\"web\",pagesize=\"2MB\"} 3\n");
}

static void rows_without_container_have_the_labels_of_their_kind(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *machine = draft_single(draft, ENTITY_MACHINE);

	(void) state;
	row_set(draft_single(draft, ENTITY_HOST), METRIC_HOST_LOAD_1, 250000000);
	row_set(machine, METRIC_MACHINE_CPU_CORES, 2);
	draft_string(draft, machine, ATTRIBUTE_ID, "4711");
	draft_string(draft, machine, ATTRIBUTE_POD, "boot");
	draft_string(draft, machine, ATTRIBUTE_NETWORK, "the host's name is no label");
	row_set(draft_labelled(draft, ENTITY_DISK, "/dev/vda"), METRIC_DISK_READS, 9);
	row_set(draft_single(draft, ENTITY_AGENT), METRIC_BUILD_INFO, 1);
	row_set(draft_single(draft, ENTITY_AGENT), METRIC_ROUNDS, 3);
	row_set(draft_labelled(draft, ENTITY_COLLECTOR, "cpu"), METRIC_COLLECTOR_UP, 1);
	assert_text(draft,
		    "# HELP plimsoll_host_load Load average of the host\n"
		    "# TYPE plimsoll_host_load gauge\n"
		    "plimsoll_host_load{minutes=\"1\"} 0.25\n"
		    "# HELP machine_cpu_cores Number of logical CPU cores\n"
		    "# TYPE machine_cpu_cores gauge\n"
		    "machine_cpu_cores{machine_id=\"4711\",boot_id=\"boot\"} 2\n"
		    "# HELP plimsoll_host_disk_reads_total Reads completed by the device\n"
		    "# TYPE plimsoll_host_disk_reads_total counter\n"
		    "plimsoll_host_disk_reads_total{device=\"/dev/vda\"} 9\n"
		    "# HELP plimsoll_build_info Version of the agent that is running\n"
		    "# TYPE plimsoll_build_info gauge\n"
		    "plimsoll_build_info{version=\"" PLIMSOLL_VERSION "\"} 1\n"
		    "# HELP plimsoll_rounds_total Sampling rounds done\n"
		    "# TYPE plimsoll_rounds_total counter\n"
		    "plimsoll_rounds_total 3\n"
		    "# HELP plimsoll_collector_up Whether this host offers what the collector "
		    "needs\n"
		    "# TYPE plimsoll_collector_up gauge\n"
		    "plimsoll_collector_up{collector=\"cpu\"} 1\n");
}

static void identity_and_labels_are_two_info_metrics(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web =
		add_container(draft, 2, &(struct who){ "/web", "web", "nginx", "runc", "id1" });
	struct row *bare = add_container(draft, 3, &(struct who){ .path = "/bare" });

	(void) state;
	row_clear(web, METRIC_LAST_SEEN);
	row_clear(bare, METRIC_LAST_SEEN);
	row_set(web, METRIC_CONTAINER_INFO, 1);
	row_set(bare, METRIC_CONTAINER_INFO, 1);
	draft_string(draft, web, ATTRIBUTE_IMAGE_ID, "sha256:1");
	draft_string(draft, web, ATTRIBUTE_POD, "p");
	draft_string(draft, web, ATTRIBUTE_NETWORK, "own");
	draft_string(draft, web, ATTRIBUTE_DETAIL, "why");
	draft_labels(draft, web, ATTRIBUTE_LABELS, PAIRS("team.name\0blue\0"));
	assert_text(draft,
		    "# HELP plimsoll_container_info Identity of the container; join on id\n"
		    "# TYPE plimsoll_container_info gauge\n"
		    "plimsoll_container_info{id=\"/web\",name=\"web\",runtime=\"runc\","
		    "container_id=\"id1\",image=\"nginx\",image_id=\"sha256:1\",pod=\"p\","
		    "network=\"own\",detail=\"why\"} 1\n"
		    "plimsoll_container_info{id=\"/bare\"} 1\n"
		    "# HELP plimsoll_container_label_info Labels of the container; join on id\n"
		    "# TYPE plimsoll_container_label_info gauge\n"
		    "plimsoll_container_label_info{id=\"/web\",name=\"web\",runtime=\"runc\","
		    "label_team_name=\"blue\"} 1\n");
}

static void allow_listed_labels_are_on_compatible_series_only(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 2, &(struct who){ .path = "/web" });

	(void) state;
	row_set(web, METRIC_POPULATED, 1);
	draft_labels(draft, web, ATTRIBUTE_SERIES_LABELS,
		     PAIRS("com.docker.compose.service\0db\0"));
	assert_text(draft,
		    "# HELP container_last_seen Last time a container was seen by the agent\n"
		    "# TYPE container_last_seen gauge\n"
		    "container_last_seen{id=\"/web\","
		    "container_label_com_docker_compose_service=\"db\"} 1700000000\n"
		    "# HELP plimsoll_container_populated Whether the container's cgroup has "
		    "processes\n"
		    "# TYPE plimsoll_container_populated gauge\n"
		    "plimsoll_container_populated{id=\"/web\"} 1\n");
}

static void hostile_names_are_escaped(void **state)
{
	struct draft *draft = draft_for_test();

	(void) state;
	add_container(draft, 2, &(struct who){ .path = "/x", .name = "a\"b\\c\nd} 1\n# TYPE" });
	assert_text(draft,
		    "# HELP container_last_seen Last time a container was seen by the agent\n"
		    "# TYPE container_last_seen gauge\n"
		    "container_last_seen{id=\"/x\",name=\"a\\\"b\\\\c\\nd} 1\\n# TYPE\"} "
		    "1700000000\n");
}

static void one_container_can_be_asked_for(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 2, &(struct who){ .path = "/web", .name = "web" });
	struct row *db = add_container(draft, 3, &(struct who){ .path = "/db", .name = "db" });
	struct snapshot *snapshot;
	struct export export = { .container = "db", .full = true };
	struct text text = { 0 };

	(void) state;
	row_set(draft_single(draft, ENTITY_AGENT), METRIC_ROUNDS, 3);
	row_set(draft_child(draft, web, ENTITY_INTERFACE, "eth0"), METRIC_TX_BYTES, 1);
	row_set(draft_child(draft, db, ENTITY_INTERFACE, "eth0"), METRIC_TX_BYTES, 2);
	export.now = snapshot = seal_and_free(draft);
	assert_written(&exporter_prometheus, &export,
		       "# HELP container_last_seen Last time a container was seen by the agent\n"
		       "# TYPE container_last_seen gauge\n"
		       "container_last_seen{id=\"/db\",name=\"db\"} 1700000000\n"
		       "# HELP container_network_transmit_bytes_total Cumulative count of bytes "
		       "transmitted\n"
		       "# TYPE container_network_transmit_bytes_total counter\n"
		       "container_network_transmit_bytes_total{id=\"/db\",name=\"db\","
		       "interface=\"eth0\"} 2\n");
	export.container = "absent";
	assert_int_equal(exporter_prometheus.write(&export, &text), -ENOENT);
	text_fini(&text);
	free(snapshot);
}

/* Started again under its old path while the one before is still remembered. */
static void a_container_that_came_back_has_no_second_series(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *ended = add_container(draft, 2, &(struct who){ .path = "/web", .name = "web" });

	(void) state;
	row_set(ended, METRIC_LAST_SEEN, NOW - 60 * NSEC_PER_SEC);
	add_container(draft, 3, &(struct who){ .path = "/web", .name = "web" });
	assert_text(draft,
		    "# HELP container_last_seen Last time a container was seen by the agent\n"
		    "# TYPE container_last_seen gauge\n"
		    "container_last_seen{id=\"/web\",name=\"web\"} 1700000000\n");
}

static void memory_that_ran_out_is_told_by_the_text(void **state)
{
	struct snapshot *snapshot = full_snapshot();
	struct text text = { .limit = 10000 };

	(void) state;
	assert_int_equal(
		exporter_prometheus.write(&(struct export){ .now = snapshot, .full = true }, &text),
		0);
	assert_true(text.overflowed);
	assert_true(text.length <= 10000);
	text_fini(&text);
	free(snapshot);
}

static void every_metric_is_written_and_no_series_twice(void **state)
{
	struct snapshot *snapshot = full_snapshot();
	char *text =
		written(&exporter_prometheus, &(struct export){ .now = snapshot, .full = true });

	(void) state;
	assert_series_are_unique(text);
	assert_families_are_contiguous(text);
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		assert_has_series(text, metric_infos[i].name);
	free(text);
	free(snapshot);
}

static void more_metrics_come_only_when_everything_is_wanted(void **state)
{
	struct snapshot *snapshot = full_snapshot();
	char *text = written(&exporter_prometheus, &(struct export){ .now = snapshot });

	(void) state;
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		if (!metric_infos[i].more)
			assert_has_series(text, metric_infos[i].name);
		else
			assert_null(strstr(text, metric_infos[i].name));
	free(text);
	free(snapshot);
}

/* The names are cAdvisor's and stay. */
static const char *const promtool_may_say[] = {
	"container_memory_failcnt counter metrics should have \"_total\" suffix",
	"container_hugetlb_failcnt counter metrics should have \"_total\" suffix",
};

static void promtool_finds_only_what_is_allowed(void **state)
{
	struct snapshot *snapshot = full_snapshot();
	char *text =
		written(&exporter_prometheus, &(struct export){ .now = snapshot, .full = true });
	char findings[CHECKER_BYTES], *rest = findings, *line;
	bool checked = checker_run("promtool", "command -v promtool", "promtool check metrics",
				   text, findings);

	(void) state;
	free(text);
	free(snapshot);
	if (!checked)
		skip();

	while ((line = strsep(&rest, "\n")) != NULL && line[0] != '\0') {
		bool allowed = false;

		for (size_t i = 0; i < 2; i++)
			allowed = allowed || strcmp(line, promtool_may_say[i]) == 0;
		if (!allowed)
			fail_msg("promtool: %s", line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_is_an_empty_text),
		cmocka_unit_test(a_family_is_described_once_and_holds_every_row),
		cmocka_unit_test(children_carry_their_containers_labels_and_their_own),
		cmocka_unit_test(rows_without_container_have_the_labels_of_their_kind),
		cmocka_unit_test(identity_and_labels_are_two_info_metrics),
		cmocka_unit_test(allow_listed_labels_are_on_compatible_series_only),
		cmocka_unit_test(hostile_names_are_escaped),
		cmocka_unit_test(one_container_can_be_asked_for),
		cmocka_unit_test(a_container_that_came_back_has_no_second_series),
		cmocka_unit_test(memory_that_ran_out_is_told_by_the_text),
		cmocka_unit_test(every_metric_is_written_and_no_series_twice),
		cmocka_unit_test(more_metrics_come_only_when_everything_is_wanted),
		cmocka_unit_test(promtool_finds_only_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
