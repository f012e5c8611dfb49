/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/template.h"

static json_t *dot, *labels;

static const char document[] =
	"{\"Name\":\"web\",\"CPU\":0.25,\"N\":3,\"Big\":9007199254740993,\"Yes\":true,\"No\":false,"
	"\"Null\":null,\"Empty\":\"\",\"List\":[\"a\",\"b\"],\"None\":[],"
	"\"Map\":{\"k\":\"v\",\"a\":1,\"x.y\":2},\"Evil\":\"\\u001b[31m\\n\","
	"\"State\":{\"Status\":\"running\",\"Health\":{\"Status\":\"healthy\"}},"
	"\"Mounts\":[{\"Source\":\"/a\"},{\"Source\":\"/b\"}],\"timeNano\":5}";

static int run(const char *source, bool strict, struct text *text, struct problem *problem)
{
	struct template_scope scope = { .dot = dot, .labels = labels, .strict = strict };
	struct template *template;
	int r = template_parse(source, &template, problem);

	if (r < 0)
		return r;
	r = template_run(template, &scope, text, problem);
	template_free(template);
	text_add(text, "", 1);
	return r;
}

static void assert_run(const char *source, const char *expected)
{
	struct text text = { 0 };
	struct problem problem;

	if (run(source, true, &text, &problem) < 0) {
		print_message("%s: %s\n", source, problem.text);
		fail();
	}
	assert_string_equal(text.bytes, expected);
	text_fini(&text);
}

static void assert_refused(const char *source, const char *sentence)
{
	struct text text = { 0 };
	struct problem problem;

	assert_int_equal(run(source, true, &text, &problem), -EINVAL);
	if (!strstr(problem.text, sentence)) {
		print_message("%s: %s\n", source, problem.text);
		fail();
	}
	text_fini(&text);
}

static void fields_text_and_escapes(void **state)
{
	(void) state;
	assert_run("", "");
	assert_run("plain } text", "plain } text");
	assert_run("{{.Name}}", "web");
	assert_run("{{ .Name }}\\t{{.N}}\\n", "web\t3\n");
	assert_run("a\\b", "a\\b");
	assert_run("{{.CPU}} {{.Big}} {{.Yes}} {{.Null}}", "0.25 9007199254740993 true <no value>");
	assert_run("{{.State.Health.Status}}", "healthy");
	assert_run("{{.name}} {{.TimeNano}}", "web 5"); /* in any case */
	assert_run("{{.List}} {{.Map}}", "[a b] map[a:1 k:v x.y:2]");
	assert_run("{{\"}}\"}}", "}}");
	assert_run("{{`raw \\n`}}", "raw \\n");
	assert_run("{{$.Name}}", "web");
	assert_run("{{/* nothing at all */}}x", "x");
}

static void blanks_can_be_taken_away(void **state)
{
	(void) state;
	assert_run("a  {{- .Name -}}  b", "awebb");
	assert_run("a {{- /* c */ -}} b", "ab");
	assert_run("a{{-3}}b", "a-3b"); /* a number: no blank behind the dash */
}

static void functions_and_pipes(void **state)
{
	(void) state;
	assert_run("{{json .Map}}", "{\"k\":\"v\",\"a\":1,\"x.y\":2}");
	assert_run("{{json .Null}} {{json .CPU}}", "null 0.25");
	assert_run("{{.Name | upper}} {{upper .Name | lower | json}}", "WEB \"web\"");
	assert_run("{{join .List \",\"}} {{join .None \",\"}}", "a,b ");
	assert_run("{{index .Map \"x.y\"}} {{index .List 1}} {{index .Map \"no\"}}",
		   "2 b <no value>");
	assert_run("{{(index .Mounts 1).Source}}", "/b");
	assert_run("{{len .List}} {{len .Name}}", "2 3");
	assert_run("{{printf \"%s:%05d|%-5s|%6.2f|%q|%%\" .Name .N .Name .CPU .Name}}",
		   "web:00003|web  |  0.25|\"web\"|%");
	assert_run("{{printf \"%v\" .List}}", "[a b]");
	assert_run("{{range split \"a:b\" \":\"}}<{{.}}>{{end}}", "<a><b>");
	assert_run("{{truncate \"w\xc3\xa4hrung\" 2}}", "w\xc3\xa4");
	assert_run("{{println .Name .N}}", "web 3\n");
	assert_run("{{eq .N 3}} {{ne .Name \"web\"}} {{lt .N 4}} {{ge .N 4}} {{eq .N 1 2 3}}",
		   "true false true false true");
	assert_run("{{and .Name .N}} {{or .Empty .Name}} {{not .No}}", "3 web true");
	assert_run("{{.Label \"app\"}}|{{.Label \"none\"}}", "shop|");
}

static void conditions_and_loops(void **state)
{
	(void) state;
	assert_run("{{if .Name}}y{{else}}n{{end}}", "y");
	assert_run("{{if .Empty}}y{{else if .N}}z{{else}}n{{end}}", "z");
	assert_run("{{if .NoSuch.Thing}}y{{else}}n{{end}}", "n"); /* asking is no error */
	assert_run("{{if not .NoSuch}}y{{end}}", "y");
	assert_run("{{with .State}}{{.Status}} {{$.Name}}{{end}}", "running web");
	assert_run("{{range .Mounts}}{{.Source}};{{end}}", "/a;/b;");
	assert_run("{{range .None}}x{{else}}none{{end}}", "none");
	assert_run("{{range $k, $v := .Map}}{{$k}}={{$v}} {{end}}", "a=1 k=v x.y=2 ");
	assert_run("{{range $v := .List}}{{$v}}{{range $w := $.List}}{{$v}}{{$w}}{{end}}{{end}}",
		   "aaaabbbabb");
	assert_run("{{range .Null}}x{{end}}", "");
}

static void values_cannot_move_the_terminal(void **state)
{
	(void) state;
	assert_run("{{.Evil}}", "\\x1b[31m\\n");
	assert_run("{{println .Evil}}", "\\x1b[31m\\n\n");
	assert_run("{{json .Evil}}", "\"\\u001B[31m\\n\"");
	assert_run("{{range .}}{{end}}{{printf \"%s\" .Evil}}", "\\x1b[31m\\n");
}

static void mistakes_are_said_with_their_place(void **state)
{
	(void) state;
	assert_refused("{{.Name", "character 1: '{{' without '}}'");
	assert_refused("ab{{.Nmae}}", "character 5: no field 'Nmae' here; did you mean 'Name'?");
	assert_refused("{{.State.Statsu}}", "did you mean 'Status'?");
	assert_refused("{{uper .Name}}", "unknown function 'uper'; did you mean 'upper'?");
	assert_refused("{{Name}}", "fields begin with a dot: .Name");
	assert_refused("{{if .Name}}", "has no {{end}}");
	assert_refused("{{end}}", "{{end}} without a block");
	assert_refused("{{else}}", "{{else}} without a block");
	assert_refused("{{if .Name}}{{else}}{{else}}{{end}}", "second {{else}}");
	assert_refused("{{}}", "something is missing");
	assert_refused("{{.Name |}}", "something is missing");
	assert_refused("{{.Name .N}}", "takes 0 arguments");
	assert_refused("{{upper}}", "'upper' needs 1 argument");
	assert_refused("{{upper .N}}", "this is no text");
	assert_refused("{{(.Name}}", "not closed");
	assert_refused("{{\"x}}", "without '}}'");
	assert_refused("{{12a}}", "'12a' is no number");
	assert_refused("{{.Name.X}}", "no object");
	assert_refused("{{range .Name}}{{end}}", "range goes over lists");
	assert_refused("{{$x}}", "no variable '$x'");
	assert_refused("{{range $k, .X}}{{end}}", "'$k, $v := .X'");
	assert_refused("{{printf \"%d\" .Name}}", "does not go with its value");
	assert_refused("{{.Label}}", ".Label");
	assert_refused("{{index .List 9}}", "no item");
	assert_refused("{{println lt 1 2}}", "'lt' needs 2 arguments");
	assert_refused("{{end .X}}", "too much");
}

static void absent_fields_are_null_where_that_is_asked_for(void **state)
{
	struct text text = { 0 };
	struct problem problem;

	(void) state;
	assert_int_equal(run("{{.NoSuch.Deep}}", false, &text, &problem), 0);
	assert_string_equal(text.bytes, "<no value>");
	text_fini(&text);
}

static void nesting_and_work_are_bounded(void **state)
{
	char deep[1024] = "", wide[2048] = "";

	(void) state;
	for (int i = 0; i < 60; i++)
		strcat(deep, "{{if .Name}}");
	assert_refused(deep, "nested too deeply");
	strcpy(deep, "{{");
	for (int i = 0; i < 60; i++)
		strcat(deep, "(");
	assert_refused(strcat(deep, "}}"), "nested too deeply");

	/* 2^25 items, if it went on. */
	for (int i = 0; i < 25; i++)
		strcat(wide, "{{range $.List}}");
	for (int i = 0; i < 25; i++)
		strcat(wide, "{{end}}");
	assert_refused(wide, "too much of it");
}

static bool knows(const char *field)
{
	return strcmp(field, "Name") == 0 || strcmp(field, "Mounts") == 0;
}

static void unknown_fields_are_found_without_running(void **state)
{
	static const struct {
		const char *source, *unknown;
	} rows[] = {
		{ "{{.Name}}", NULL },
		{ "{{.Nmae}}", "Nmae" },
		{ "{{if .X}}{{end}}", "X" },
		{ "{{range .Mounts}}{{.Source}}{{end}}", NULL },
		{ "{{range .Mounts}}{{$.Other}}{{end}}", "Other" },
		{ "{{upper (index .Y 1)}}", "Y" },
		{ "{{.Label \"k\"}}", "Label" },
		{ "{{range .Mounts}}{{else}}{{.Z}}{{end}}", "Z" },
	};
	struct problem problem;
	struct template *template;
	const char *field;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(template_parse(rows[i].source, &template, &problem), 0);
		(void) template_check(template, knows, &field);
		if (rows[i].unknown)
			assert_string_equal(field, rows[i].unknown);
		else
			assert_null(field);
		template_free(template);
	}
}

static const char *title(const char *field)
{
	return strcmp(field, "Name") == 0 ? "NAME" : "?";
}

static void titles_are_the_template_over_titles(void **state)
{
	struct problem problem;
	struct template *template;
	struct text text = { 0 };

	(void) state;
	assert_int_equal(template_parse("{{upper .Name}}\\t{{.Label \"app\"}}", &template,
					&problem),
			 0);
	template_titles(template, title, &text);
	text_add(&text, "", 1);
	assert_string_equal(text.bytes, "NAME\tapp");
	text_fini(&text);
	template_free(template);
}

static int setup(void **state)
{
	(void) state;
	dot = json_loads(document, 0, NULL);
	labels = json_loads("{\"app\":\"shop\"}", 0, NULL);
	return dot && labels ? 0 : -1;
}

static int teardown(void **state)
{
	(void) state;
	json_decref(dot);
	json_decref(labels);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_text_and_escapes),
		cmocka_unit_test(blanks_can_be_taken_away),
		cmocka_unit_test(functions_and_pipes),
		cmocka_unit_test(conditions_and_loops),
		cmocka_unit_test(values_cannot_move_the_terminal),
		cmocka_unit_test(mistakes_are_said_with_their_place),
		cmocka_unit_test(absent_fields_are_null_where_that_is_asked_for),
		cmocka_unit_test(nesting_and_work_are_bounded),
		cmocka_unit_test(unknown_fields_are_found_without_running),
		cmocka_unit_test(titles_are_the_template_over_titles),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
