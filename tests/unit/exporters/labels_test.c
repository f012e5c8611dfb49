/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include <stdio.h>

#include "exporters/labels.h"
#include "exporters/selection.h"

static void assert_text(struct text *text, const char *expected)
{
	text_add(text, "", 1);
	assert_string_equal(text->bytes, expected);
	text_fini(text);
}

static void labels_are_separated_by_commas(void **state)
{
	struct text text = { 0 };
	size_t start;

	(void) state;
	TEXT_ADD(&text, "name{");
	start = text.length;
	label_add(&text, start, "a", "1");
	label_add(&text, start, "b", "");
	label_add(&text, start, "c", "3");
	assert_text(&text, "name{a=\"1\",c=\"3\"");
}

static void values_are_escaped(void **state)
{
	struct text text = { 0 };

	(void) state;
	label_add(&text, 0, "a", "\"");
	label_add(&text, 0, "b", "x\\\\\"\n\n");
	label_add(&text, 0, "c", "\r\t\x7f\xc3\xa9,}=");
	assert_text(&text, "a=\"\\\"\",b=\"x\\\\\\\\\\\"\\n\\n\",c=\"\r\t\x7f\xc3\xa9,}=\"");
}

static void keys_become_label_names(void **state)
{
	struct text text = { 0 };

	(void) state;
	label_add_pairs(&text, 0, "label_",
			"com.docker/compose-project\0"
			"shop\0"
			"9\xc3\xa9\"{\0"
			"x\0"
			"UPPER_lower0\0"
			"y\0");
	assert_text(&text, "label_com_docker_compose_project=\"shop\",label_9____=\"x\","
			   "label_UPPER_lower0=\"y\"");
}

static void of_keys_that_become_the_same_the_first_is_kept(void **state)
{
	struct text text = { 0 };

	(void) state;
	label_add_pairs(&text, 0, "l_",
			"a.b\0"
			"1\0"
			"a-b\0"
			"2\0"
			"a_b\0"
			"3\0"
			"a_bc\0"
			"4\0"
			"a\0"
			"5\0");
	assert_text(&text, "l_a_b=\"1\",l_a_bc=\"4\",l_a=\"5\"");
}

static void an_empty_value_takes_no_name(void **state)
{
	struct text text = { 0 };

	(void) state;
	label_add_pairs(&text, 0, "l_",
			"a.b\0"
			"\0"
			"a-b\0"
			"2\0");
	assert_text(&text, "l_a_b=\"2\"");
}

static void no_pairs_add_nothing(void **state)
{
	struct text text = { 0 };

	(void) state;
	label_add_pairs(&text, 0, "l_", "");
	assert_text(&text, "");
}

static void thousands_of_labels_are_cut(void **state)
{
	static char pairs[64 * 1024];
	struct text text = { 0 };
	size_t length = 0, equals = 0;

	(void) state;
	for (unsigned i = 0; i < 2000; i++)
		length += (size_t) sprintf(pairs + length, "key%u%cv", i, '\0') + 1;
	label_add_pairs(&text, 0, "", pairs);
	for (size_t i = 0; i < text.length; i++)
		equals += text.bytes[i] == '=';
	assert_int_equal(equals, LABELS_MAX);
	text_fini(&text);
}

static void assert_block(const struct labels *labels, uint32_t index, enum label_set set,
			 const char *expected)
{
	struct slice block = labels_get(labels, index, set);

	assert_int_equal(block.length, strlen(expected));
	assert_memory_equal(block.start, expected, block.length);
}

static void each_row_has_a_compatible_and_a_native_block(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *row;
	struct snapshot *snapshot;
	struct selection selection;
	struct labels labels;

	(void) state;
	add_container(draft, 1, &(struct who){ .path = "/" });
	row = add_container(draft, 2, &(struct who){ "/web", "web", "nginx", "docker", ID_A });
	draft_labels(draft, row, ATTRIBUTE_SERIES_LABELS,
		     PAIRS("a.b\0"
			   "1\0"));
	draft_labels(draft, row, ATTRIBUTE_LABELS,
		     PAIRS("a.b\0"
			   "1\0"
			   "c\0"
			   "2\0"));
	add_container(draft, 3, &(struct who){ .path = "/bare" });
	snapshot = seal_and_free(draft);

	assert_int_equal(selection_init(&selection, &(struct export){ .now = snapshot }), 0);
	assert_int_equal(labels_init(&labels, snapshot, &selection), 0);
	assert_block(&labels, 0, LABELS_COMPATIBLE, "id=\"/\"");
	assert_block(&labels, 0, LABELS_NATIVE, "id=\"/\"");
	assert_block(&labels, 1, LABELS_COMPATIBLE,
		     "id=\"/web\",image=\"nginx\",name=\"web\",container_label_a_b=\"1\"");
	assert_block(&labels, 1, LABELS_NATIVE, "id=\"/web\",name=\"web\",runtime=\"docker\"");
	assert_block(&labels, 2, LABELS_COMPATIBLE, "id=\"/bare\"");
	labels_fini(&labels);
	selection_fini(&selection);
	free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_separated_by_commas),
		cmocka_unit_test(values_are_escaped),
		cmocka_unit_test(keys_become_label_names),
		cmocka_unit_test(of_keys_that_become_the_same_the_first_is_kept),
		cmocka_unit_test(an_empty_value_takes_no_name),
		cmocka_unit_test(no_pairs_add_nothing),
		cmocka_unit_test(thousands_of_labels_are_cut),
		cmocka_unit_test(each_row_has_a_compatible_and_a_native_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
