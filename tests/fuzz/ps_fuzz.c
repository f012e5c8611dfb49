/* SPDX-License-Identifier: Apache-2.0 */

/* What clients ask ps for, and what ps prints: names of processes are anybody's. The first line is
 * the arguments, the rest is the output. What comes out has to be JSON with no process of others.
 */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "api/ps.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static pid_t some_pids[] = { 1, 42, 4194304 };
static const struct cgroup_pids pids = { .pids = some_pids, .count = 3 };

static void check_arguments(const char *text)
{
	struct ps_arguments arguments;
	struct problem problem;

	if (ps_arguments_init(&arguments, text, &pids, &problem) < 0)
		return;
	for (size_t i = 0; i < arguments.count; i++)
		if (arguments.argv[i][0] == '\0')
			abort();
	if (strcmp(arguments.argv[arguments.count], "-q1,42,4194304") != 0 ||
	    arguments.argv[arguments.count + 1])
		abort();
	ps_arguments_fini(&arguments);
}

static void check_rows(json_t *object)
{
	json_t *processes = json_object_get(object, "Processes"), *row;
	size_t titles = json_array_size(json_object_get(object, "Titles")), i;

	json_array_foreach (processes, i, row)
		if (json_array_size(row) > titles)
			abort();
}

static void check_output(const char *output)
{
	struct text text = { 0 };
	json_t *object;

	if (ps_output_write(output, &pids, &text) == 0) {
		object = json_loadb(text.bytes, text.length, 0, NULL);
		if (!object)
			abort();
		check_rows(object);
		json_decref(object);
	}
	text_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = utf8_copy((const char *) data, size, 65536), *output;

	if (!text)
		return 0;
	output = strchr(text, '\n');
	if (output)
		*output++ = '\0';
	check_arguments(text);
	check_output(output ? output : "");
	free(text);
	return 0;
}
