/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include <errno.h>

#include "unit/exporters/checker.h"
#include "unit/exporters/lines.h"

static void assert_text(struct draft *draft, const char *expected)
{
	struct snapshot *snapshot = seal_and_free(draft);

	assert_written(&exporter_openmetrics, &(struct export){ .now = snapshot, .full = true },
		       expected);
	free(snapshot);
}

static void nothing_known_still_has_its_end(void **state)
{
	(void) state;
	assert_text(draft_for_test(), "# EOF\n");
}

static void families_are_named_without_the_suffix_of_their_samples(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 2, &(struct who){ .path = "/web", .name = "web" });

	(void) state;
	row_set(web, METRIC_CPU_USAGE_NS, 1500000000);
	row_set(web, METRIC_CPU_PERIODS, 4);
	row_set(web, METRIC_MEMORY_USAGE_BYTES, 4096);
	row_set(web, METRIC_CONTAINER_INFO, 1);
	assert_text(
		draft,
		"# TYPE container_last_seen gauge\n"
		"# HELP container_last_seen Last time a container was seen by the agent\n"
		"container_last_seen{id=\"/web\",name=\"web\"} 1700000000\n"
		"# TYPE container_cpu_usage_seconds counter\n"
		"# UNIT container_cpu_usage_seconds seconds\n"
		"# HELP container_cpu_usage_seconds Cumulative cpu time consumed in seconds\n"
		"container_cpu_usage_seconds_total{id=\"/web\",name=\"web\",cpu=\"total\"} 1.5\n"
		"# TYPE container_cpu_cfs_periods counter\n"
		"# HELP container_cpu_cfs_periods Number of elapsed enforcement period "
		"intervals\n"
		"container_cpu_cfs_periods_total{id=\"/web\",name=\"web\"} 4\n"
		"# TYPE container_memory_usage_bytes gauge\n"
		"# UNIT container_memory_usage_bytes bytes\n"
		"# HELP container_memory_usage_bytes Current memory usage in bytes, page cache "
		"included\n"
		"container_memory_usage_bytes{id=\"/web\",name=\"web\"} 4096\n"
		"# TYPE plimsoll_container info\n"
		"# HELP plimsoll_container Identity of the container; join on id\n"
		"plimsoll_container_info{id=\"/web\",name=\"web\"} 1\n"
		"# EOF\n");
}

static void a_counter_without_total_is_of_unknown_type(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 2, &(struct who){ .path = "/web" });

	(void) state;
	row_clear(web, METRIC_LAST_SEEN);
	row_set(web, METRIC_MEMORY_FAILCNT, 7);
	row_set(draft_child(draft, web, ENTITY_HUGEPAGE, "1GB"), METRIC_HUGETLB_FAILCNT, 8);
	assert_text(draft,
		    "# TYPE container_memory_failcnt unknown\n"
		    "# HELP container_memory_failcnt Number of times memory usage hit its limit\n"
		    "container_memory_failcnt{id=\"/web\"} 7\n"
		    "# TYPE container_hugetlb_failcnt unknown\n"
		    "# HELP container_hugetlb_failcnt Number of times hugepage usage hit its "
		    "limit\n"
		    "container_hugetlb_failcnt{id=\"/web\",pagesize=\"1GB\"} 8\n"
		    "# EOF\n");
}

static void hostile_names_are_escaped(void **state)
{
	struct draft *draft = draft_for_test();

	(void) state;
	add_container(draft, 2, &(struct who){ .path = "/x", .name = "a\"b\\c\n# EOF\n" });
	assert_text(draft,
		    "# TYPE container_last_seen gauge\n"
		    "# HELP container_last_seen Last time a container was seen by the agent\n"
		    "container_last_seen{id=\"/x\",name=\"a\\\"b\\\\c\\n# EOF\\n\"} 1700000000\n"
		    "# EOF\n");
}

static void one_container_can_be_asked_for(void **state)
{
	struct draft *draft = draft_for_test();
	struct snapshot *snapshot;
	struct text text = { 0 };

	(void) state;
	add_container(draft, 2, &(struct who){ .path = "/a", .name = "a", .id = ID_A });
	add_container(draft, 3, &(struct who){ .path = "/b", .name = "b", .id = ID_B });
	snapshot = seal_and_free(draft);
	assert_written(&exporter_openmetrics,
		       &(struct export){ .now = snapshot, .container = "b", .full = true },
		       "# TYPE container_last_seen gauge\n"
		       "# HELP container_last_seen Last time a container was seen by the agent\n"
		       "container_last_seen{id=\"/b\",name=\"b\"} 1700000000\n"
		       "# EOF\n");
	assert_int_equal(exporter_openmetrics.write(&(struct export){ .now = snapshot,
								      .container = "aaaa" },
						    &text),
			 -EEXIST);
	text_fini(&text);
	free(snapshot);
}

static void every_metric_is_written_and_no_series_twice(void **state)
{
	struct snapshot *snapshot = full_snapshot();
	char *text =
		written(&exporter_openmetrics, &(struct export){ .now = snapshot, .full = true });

	(void) state;
	assert_series_are_unique(text);
	assert_families_are_contiguous(text);
	for (enum metric i = 0; i < METRIC_COUNT; i++)
		assert_has_series(text, metric_infos[i].name);
	free(text);
	free(snapshot);
}

/* Prints how many families and samples it understood. */
#define PYTHON "/usr/bin/python3"
#define PARSE \
	PYTHON " -c 'import sys\n" \
	       "from prometheus_client.openmetrics import parser\n" \
	       "text = sys.stdin.buffer.read().decode(\"utf-8\")\n" \
	       "families = list(parser.text_string_to_metric_families(text))\n" \
	       "print(len(families), sum(len(f.samples) for f in families))'"

static size_t count_lines(const char *text, const char *prefix, bool with)
{
	static char *lines[LINES_MAX];
	char *copy = strdup(text);
	size_t count = lines_of(copy, lines), found = 0;

	for (size_t i = 0; i < count; i++)
		if ((strncmp(lines[i], prefix, strlen(prefix)) == 0) == with)
			found++;
	free(copy);
	return found;
}

static void a_strict_parser_understands_every_line(void **state)
{
	struct snapshot *snapshot = full_snapshot();
	char *text =
		written(&exporter_openmetrics, &(struct export){ .now = snapshot, .full = true });
	char output[CHECKER_BYTES], expected[64];
	bool checked = checker_run("python3-prometheus-client",
				   PYTHON " -c 'import prometheus_client.openmetrics.parser'",
				   PARSE, text, output);

	(void) state;
	snprintf(expected, sizeof(expected), "%zu %zu\n", count_lines(text, "# TYPE ", true),
		 count_lines(text, "#", false));
	free(text);
	free(snapshot);
	if (!checked)
		skip();
	assert_string_equal(output, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_still_has_its_end),
		cmocka_unit_test(families_are_named_without_the_suffix_of_their_samples),
		cmocka_unit_test(a_counter_without_total_is_of_unknown_type),
		cmocka_unit_test(hostile_names_are_escaped),
		cmocka_unit_test(one_container_can_be_asked_for),
		cmocka_unit_test(every_metric_is_written_and_no_series_twice),
		cmocka_unit_test(a_strict_parser_understands_every_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
