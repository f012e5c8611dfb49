/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/filter.h"
#include "cli/format.h"
#include "unit/cli/sample.h"

static const enum field fields[] = { FIELD_Name, FIELD_Status, FIELD_CPUPerc, FIELD_MemUsage };

static const struct columns columns = {
	.fields = fields,
	.count = ARRAY_SIZE(fields),
	.key_fields = FIELD_COUNT,
};

static char *written(const char *text)
{
	struct listing listing;
	struct problem problem;
	struct format format;
	struct text out = { 0 };

	assert_int_equal(listing_parse(sample_json, strlen(sample_json), 2.0 * (1 << 30), &listing,
				       &problem),
			 0);
	if (format_parse_fields(text, &format, &problem) < 0 ||
	    listing_write(&listing, &columns, &format, 0, &out, &problem) < 0) {
		print_message("%s: %s\n", text, problem.text);
		fail();
	}
	format_fini(&format);
	listing_fini(&listing);
	text_add(&out, "", 1);
	return out.bytes;
}

static void assert_written(const char *text, const char *expected)
{
	char *got = written(text);

	assert_string_equal(got, expected);
	free(got);
}

static void docker_s_placeholders_print_what_docker_prints(void **state)
{
	(void) state;
	assert_written("{{.Name}}|{{.ID}}|{{.CPUPerc}}|{{.MemUsage}}|{{.MemPerc}}|{{.NetIO}}|"
		       "{{.BlockIO}}|{{.PIDs}}|{{.Status}}",
		       "web|4f2a01aaaaaa|12.34%|652KiB / 64MiB|0.99%|1.23kB / 0B|4.1kB / 0B|3|"
		       "Up About a minute (healthy)\n"
		       "db, \"main\"|4f9b02bbbbbb|150.00%|5.6MiB / 2GiB|0.27%|--|--|9|"
		       "Up About a minute (Paused)\n"
		       "old|77cc03cccccc|--|-- / --|--|--|--|--|Exited (137) About an hour ago\n"
		       "\\x1b[2J\\n\\u202e|99dd04dddddd|--|-- / --|--|--|--|--|Up\n");
}

static void our_placeholders_are_numbers(void **state)
{
	(void) state;
	assert_written("{{.CPUCores}} {{.MemLimit}} {{json .MemLimit}} {{.Label \"app\"}}",
		       "0.1234 67108864 67108864 front\n1.5 -- null \n-- -- null \n-- -- null \n");
	assert_written("{{if .MemLimit}}{{.Name}}{{end}}", "web\n\n\n\n");
	assert_written("{{.Labels}}", "com.docker.compose.project=shop,app=front\n\n\n\n");
}

static void a_table_has_titles_and_marks_what_is_unknown(void **state)
{
	(void) state;
	assert_written(
		NULL,
		"NAME             STATUS                            CPU %  MEM USAGE / LIMIT\n"
		"web              Up About a minute (healthy)      12.34%     652KiB / 64MiB\n"
		"db, \"main\"       Up About a minute (Paused)      150.00%      5.6MiB / 2GiB\n"
		"old              Exited (137) About an hour ago        -                  -\n"
		"\\x1b[2J\\n\\u202e  Up                                    -                  -\n");
	assert_written("table {{.Name}}\\t{{.PIDs}}", "NAME              PIDS\n"
						      "web               3\n"
						      "db, \"main\"        9\n"
						      "old               --\n"
						      "\\x1b[2J\\n\\u202e   --\n");
}

static void json_has_numbers_units_in_keys_and_no_unknown(void **state)
{
	char *got = written("json");
	json_t *list = json_loads(got, 0, NULL), *web = json_array_get(list, 0);

	(void) state;
	assert_int_equal(json_array_size(list), 4);
	assert_int_equal(json_integer_value(json_object_get(web, "memory_working_set_bytes")),
			 667648);
	assert_true(fabs(json_real_value(json_object_get(web, "cpu_cores")) - 0.1234) < 1e-12);
	assert_int_equal(json_integer_value(json_object_get(web, "pids")), 3);
	assert_string_equal(json_string_value(json_object_get(web, "engine")), "docker");
	assert_int_equal(strlen(json_string_value(json_object_get(web, "id"))), 64);
	assert_string_equal(json_string_value(
				    json_object_get(json_object_get(web, "labels"), "app")),
			    "front");
	assert_null(json_object_get(json_array_get(list, 1), "memory_limit_bytes"));
	assert_null(json_object_get(json_array_get(list, 3), "pids"));
	assert_null(strpbrk(got, "\033\x7f"));
	assert_null(strstr(got, "\xe2\x80\xae"));
	json_decref(list);
	free(got);
}

static void jsonl_and_csv_have_a_line_for_each(void **state)
{
	char *got = written("jsonl"), *line, *rest = got;
	size_t lines = 0;

	(void) state;
	while ((line = strsep(&rest, "\n")) && line[0] != '\0') {
		json_t *object = json_loads(line, 0, NULL);

		assert_true(json_is_object(object));
		json_decref(object);
		lines++;
	}
	assert_int_equal(lines, 4);
	free(got);

	got = written("csv");
	assert_int_equal(strncmp(got, "name,id,engine,", strlen("name,id,engine,")), 0);
	assert_non_null(strstr(got, "\n\"db, \"\"main\"\"\",4f9b02bbbbbb,podman,"));
	assert_non_null(strstr(got, "\n\\x1b[2J\\n\\u202e,99dd04dddddd,lxc,"));
	free(got);
}

static void assert_refused(const char *text, const char *sentence)
{
	struct problem problem;
	struct format format;

	assert_int_equal(format_parse_fields(text, &format, &problem), -EINVAL);
	if (!strstr(problem.text, sentence)) {
		print_message("%s\n", problem.text);
		fail();
	}
}

static void formats_and_fields_that_are_none_are_refused(void **state)
{
	(void) state;
	assert_refused("jsn", "did you mean 'json'?");
	assert_refused("xml", "there are table, json, jsonl, csv, and '{{...}}'");
	assert_refused("{{.Nmae}}", "unknown field '.Nmae'; did you mean '.Name'?");
	assert_refused("{{.Whatever}}", "--help lists all");
	assert_refused("table {{.MemUsge}}", "did you mean '.MemUsage'?");
	assert_refused("{{.Name", "without '}}'");
}

static void every_field_has_a_title_a_help_and_a_name_of_its_own(void **state)
{
	(void) state;
	for (enum field i = 0; i < FIELD_COUNT; i++) {
		assert_true(strlen(field_infos[i].title) > 0 && strlen(field_infos[i].help) > 0);
		assert_int_equal(field_find(field_infos[i].placeholder), i);
		for (enum field j = i + 1; j < FIELD_COUNT; j++)
			if (field_infos[i].key && field_infos[j].key)
				assert_string_not_equal(field_infos[i].key, field_infos[j].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_s_placeholders_print_what_docker_prints),
		cmocka_unit_test(our_placeholders_are_numbers),
		cmocka_unit_test(a_table_has_titles_and_marks_what_is_unknown),
		cmocka_unit_test(json_has_numbers_units_in_keys_and_no_unknown),
		cmocka_unit_test(jsonl_and_csv_have_a_line_for_each),
		cmocka_unit_test(formats_and_fields_that_are_none_are_refused),
		cmocka_unit_test(every_field_has_a_title_a_help_and_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
