/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

static void every_exporter_is_listed_under_a_name_of_its_own(void **state)
{
	static const struct exporter *const expected[] = {
		&exporter_prometheus,     &exporter_openmetrics, &exporter_json_containers,
		&exporter_json_container, &exporter_json_host,
	};
	size_t count = 0;

	(void) state;
	for (; exporters[count]; count++) {
		assert_true(count < sizeof(expected) / sizeof(expected[0]));
		assert_ptr_equal(exporters[count], expected[count]);
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(exporters[i]->name, exporters[count]->name);
	}
	assert_int_equal(count, sizeof(expected) / sizeof(expected[0]));
}

/* Prometheus 3 fails a scrape whose type it does not know. */
static void scrapers_know_the_content_types(void **state)
{
	(void) state;
	assert_string_equal(exporter_prometheus.content_type,
			    "text/plain; version=0.0.4; charset=utf-8");
	assert_string_equal(exporter_openmetrics.content_type,
			    "application/openmetrics-text; version=1.0.0; charset=utf-8");
	assert_string_equal(exporter_json_containers.content_type, "application/json");
	assert_string_equal(exporter_json_container.content_type, "application/json");
	assert_string_equal(exporter_json_host.content_type, "application/json");
}

/* A text that is full stays below its limit, whatever writes into it and wherever it ends. */
static void a_full_text_is_flagged_at_any_length(void **state)
{
	struct snapshot *snapshot = full_snapshot();
	struct export export = { .now = snapshot, .before = snapshot, .container = HOSTILE };

	(void) state;
	for (size_t i = 0; exporters[i]; i++) {
		struct text whole = { 0 };

		assert_int_equal(exporters[i]->write(&export, &whole), 0);
		for (size_t limit = 1; limit < whole.length; limit += 1 + whole.length / 97) {
			struct text text = { .limit = limit };

			assert_int_equal(exporters[i]->write(&export, &text), 0);
			assert_true(text.overflowed);
			assert_true(text.length <= limit);
			text_fini(&text);
		}
		text_fini(&whole);
	}
	free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_exporter_is_listed_under_a_name_of_its_own),
		cmocka_unit_test(scrapers_know_the_content_types),
		cmocka_unit_test(a_full_text_is_flagged_at_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
