/* SPDX-License-Identifier: Apache-2.0 */

/* Templates of --format: a line with the template, then the JSON that it runs over; without valid
 * JSON, a built-in document. The template is ours to type, the JSON is a container's: whatever it
 * holds, nothing but the template's own text may move a terminal. */

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/template.h"

#define INPUT_BYTES_MAX  4096 /* of a template and its document; loops multiply */
#define OUTPUT_BYTES_MAX (1 << 20)

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	(void) fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool is_quiet(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (((unsigned char) bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\t') ||
		    bytes[i] == 0x7f)
			return false;
	return true;
}

static bool knows(const char *field)
{
	return field[0] == 'N';
}

static const char *title(const char *field)
{
	return field[0] == 'N' ? "NAME" : "?";
}

static void run(const struct template *template, json_t *dot, bool strict, bool quiet)
{
	struct template_scope scope = {
		.dot = dot,
		.labels = json_object_get(dot, "Labels"),
		.strict = strict,
	};
	struct text text = { .limit = OUTPUT_BYTES_MAX };
	struct problem problem = { 0 };

	if (template_run(template, &scope, &text, &problem) < 0)
		require(problem.text[0] != '\0', "a failure has a sentence");
	else
		require(!quiet || is_quiet(text.bytes, text.length), "values are escaped");
	text_fini(&text);
}

static void check(const char *source, const char *json)
{
	struct template *template;
	struct problem problem = { 0 };
	struct text titles = { .limit = OUTPUT_BYTES_MAX };
	const char *field;
	json_t *dot;

	if (template_parse(source, &template, &problem) < 0) {
		require(problem.text[0] != '\0', "a mistake has a sentence");
		return;
	}
	dot = json_loads(json, 0, NULL);
	if (!dot)
		dot = json_loads("{\"Name\":\"\\u001b[2J\",\"List\":[1,2.5,\"x\",null,true],"
				 "\"Map\":{\"k\":\"\\n\",\"l\":[]},\"Labels\":{\"k\":\"\\u009b\"}}",
				 0, NULL);
	require(dot, "memory");
	run(template, dot, true, is_quiet(source, strlen(source)));
	run(template, dot, false, is_quiet(source, strlen(source)));
	(void) template_check(template, knows, &field);
	template_titles(template, title, &titles);
	text_fini(&titles);
	json_decref(dot);
	template_free(template);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *input, *json;

	if (size > INPUT_BYTES_MAX)
		return 0;
	input = malloc(size + 1);
	require(input, "memory");
	memcpy(input, data, size);
	input[size] = '\0';
	json = strchr(input, '\n');
	if (json)
		*json++ = '\0';
	check(input, json ? json : "");
	free(input);
	return 0;
}
