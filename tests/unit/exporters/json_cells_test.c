/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include "exporters/json_cells.h"
#include "exporters/labels.h"

static void assert_json(struct json_out *json, const char *expected)
{
	text_add(json->text, "", 1);
	assert_string_equal(json->text->bytes, expected);
	text_fini(json->text);
}

static void cells_are_in_exposed_units_under_keys_that_say_so(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *row = add_container(draft, 1, &(struct who){ .path = "/web" });
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	row_set(row, METRIC_CPU_USAGE_NS, 1500000000);
	row_set(row, METRIC_MEMORY_USAGE_BYTES, 0);
	row_set(row, METRIC_CPU_LIMIT_CORES, 250000000);
	row_set(row, METRIC_ULIMIT_OPEN_FILES, (uint64_t) -1);
	json_open(&json, NULL, '{');
	json_cells(&json, row);
	json_close(&json, '}');
	assert_json(&json, "{\"last_seen\":1700000000,\"cpu_usage_seconds\":1.5,"
			   "\"memory_usage_bytes\":0,\"ulimit_open_files\":-1,"
			   "\"cpu_limit_cores\":0.25}");
	draft_free(draft);
}

static void an_absent_cell_has_no_member(void **state)
{
	struct draft *draft = draft_for_test();
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	json_open(&json, NULL, '{');
	json_cells(&json, draft_single(draft, ENTITY_HOST));
	json_cell(&json, "key", draft_single(draft, ENTITY_HOST), METRIC_HOST_FORKS);
	json_close(&json, '}');
	assert_json(&json, "{}");
	draft_free(draft);
}

static void rows_of_one_parent_are_listed(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *web = add_container(draft, 1, &(struct who){ .path = "/web" });
	struct row *db = add_container(draft, 2, &(struct who){ .path = "/db" });
	struct snapshot *snapshot;
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	(void) state;
	row_set(draft_child(draft, web, ENTITY_DEVICE, "/dev/sda"), METRIC_READS, 1);
	row_set(draft_child(draft, db, ENTITY_DEVICE, "/dev/sda"), METRIC_READS, 2);
	row_set(draft_child(draft, web, ENTITY_DEVICE, "/dev/sdb"), METRIC_READS, 3);
	row_set(draft_labelled(draft, ENTITY_COLLECTOR, "cpu"), METRIC_COLLECTOR_DURATION_NS, 5000);
	snapshot = seal_and_free(draft);
	json_open(&json, NULL, '{');
	json_rows(&json, "devices", snapshot, ENTITY_DEVICE, 0);
	json_rows(&json, "hugepages", snapshot, ENTITY_HUGEPAGE, 0);
	json_rows(&json, "collectors", snapshot, ENTITY_COLLECTOR, ROW_NONE);
	json_close(&json, '}');
	assert_json(&json, "{\"devices\":[{\"device\":\"/dev/sda\",\"reads\":1},"
			   "{\"device\":\"/dev/sdb\",\"reads\":3}],\"hugepages\":[],"
			   "\"collectors\":[{\"collector\":\"cpu\","
			   "\"collector_duration_seconds\":0.000005}]}");
	free(snapshot);
}

static void every_entity_with_a_label_can_be_listed(void **state)
{
	(void) state;
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		bool single = entity == ENTITY_CONTAINER || entity == ENTITY_HOST ||
			      entity == ENTITY_MACHINE || entity == ENTITY_AGENT;

		assert_int_equal(row_label_names[entity] == NULL, single);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_in_exposed_units_under_keys_that_say_so),
		cmocka_unit_test(an_absent_cell_has_no_member),
		cmocka_unit_test(rows_of_one_parent_are_listed),
		cmocka_unit_test(every_entity_with_a_label_can_be_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
