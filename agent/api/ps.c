/* SPDX-License-Identifier: Apache-2.0 */

/* ps: arguments and output of the host's ps. */

#include "api/ps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json_out.h"
#include "base/parse.h"

#define COLUMNS_MAX 128 /* ps(1) knows some 100 */

#define BLANKS " \t\v\f\r"

static int explain(struct problem *problem, const char *text)
{
	(void) snprintf(problem->text, sizeof(problem->text), "%s", text);
	return -EINVAL;
}

/* A column of another kind that calls itself PID would show processes of others: lines are chosen
 * by that column. */
static bool renames_to_pid(const char *text)
{
	for (const char *equals = text; (equals = strchr(equals, '=')); equals++) {
		const char *header = equals + 1 + strspn(equals + 1, BLANKS);
		const char *key = equals;

		while (key > text && !strchr(BLANKS ",", key[-1]))
			key--;
		if (strncmp(header, "PID", 3) == 0 &&
		    !slice_is((struct slice){ key, (size_t) (equals - key) }, "pid", 3))
			return true;
	}
	return false;
}

static bool has_control_characters(const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text < 0x20 || *text == 0x7f)
			return true;

	return false;
}

static int check(const char *text, struct problem *ret_problem)
{
	if (strlen(text) >= PS_ARGUMENTS_BYTES)
		return explain(ret_problem, "ps_args is too long");
	if (has_control_characters(text))
		return explain(ret_problem, "ps_args has control characters");
	if (renames_to_pid(text))
		return explain(ret_problem, "ps_args calls another column PID, which is not "
					    "allowed");
	return 0;
}

static int add_pids(struct ps_arguments *arguments, const struct cgroup_pids *pids)
{
	struct text *text = &arguments->pids;

	TEXT_ADD(text, "-q");
	for (size_t i = 0; i < pids->count; i++) {
		if (i > 0)
			TEXT_ADD(text, ",");
		text_add_u64(text, (uint64_t) pids->pids[i]);
	}
	text_add(text, "", 1);
	if (text->overflowed)
		return -ENOMEM;
	if (text->length > PS_PIDS_BYTES || pids->count == 0)
		text_fini(text);
	else
		arguments->argv[arguments->count] = text->bytes;
	return 0;
}

int ps_arguments_init(struct ps_arguments *arguments, const char *text,
		      const struct cgroup_pids *pids, struct problem *ret_problem)
{
	char *rest = arguments->text, *word;
	int r = check(text, ret_problem);

	if (r < 0)
		return r;
	memset(arguments, 0, sizeof(*arguments));
	memcpy(arguments->text, text, strlen(text) + 1); /* it was checked */
	arguments->argv[arguments->count++] = (char *) "ps";
	while ((word = strsep(&rest, BLANKS))) {
		if (word[0] == '\0')
			continue;
		if (arguments->count > PS_ARGUMENTS_MAX)
			return explain(ret_problem, "ps_args has too many words");
		arguments->argv[arguments->count++] = word;
	}
	return add_pids(arguments, pids);
}

void ps_arguments_fini(struct ps_arguments *arguments)
{
	text_fini(&arguments->pids);
}

static void add_slice(struct json_out *json, struct slice slice, struct text *scratch)
{
	scratch->length = 0;
	text_add(scratch, slice.start, slice.length);
	text_add(scratch, "", 1);
	json_text(json, NULL, scratch->overflowed ? "" : scratch->bytes);
}

static size_t split(struct slice line, struct slice *ret_words, size_t max)
{
	size_t count = 0;

	while (count < max && word_next(&line, &ret_words[count]))
		count++;
	return count;
}

struct table {
	struct slice titles[COLUMNS_MAX];
	size_t columns, pid_column;
	bool shown; /* the process that was read last: its threads follow */
};

static int read_titles(const char **cursor, struct table *table)
{
	struct slice line;

	*table = (struct table){ 0 };
	if (!line_next(cursor, &line))
		return -EBADMSG;
	table->columns = split(line, table->titles, COLUMNS_MAX);
	for (size_t i = 0; i < table->columns; i++)
		if (SLICE_IS(table->titles[i], "PID")) {
			table->pid_column = i;
			return 0;
		}
	return -EBADMSG;
}

/* Threads have "-" where their process has its pid. */
static bool is_shown(struct table *table, struct slice line, const struct cgroup_pids *pids)
{
	struct slice word = { 0 };
	uint64_t pid;

	for (size_t i = 0; i <= table->pid_column; i++)
		if (!word_next(&line, &word))
			return false;
	if (SLICE_IS(word, "-"))
		return table->shown;
	table->shown = parse_u64(word, &pid) == 0 && pid <= INT32_MAX &&
		       cgroup_pids_has(pids, (pid_t) pid);
	return table->shown;
}

/* The last column takes what is left, its words with one blank between. */
static void add_process(struct json_out *json, const struct table *table, struct slice line,
			struct text *scratch)
{
	struct slice word;

	json_open(json, NULL, '[');
	for (size_t i = 0; i + 1 < table->columns && word_next(&line, &word); i++)
		add_slice(json, word, scratch);
	scratch->length = 0;
	while (word_next(&line, &word)) {
		if (scratch->length > 0)
			TEXT_ADD(scratch, " ");
		text_add(scratch, word.start, word.length);
	}
	text_add(scratch, "", 1);
	json_text(json, NULL, scratch->overflowed ? "" : scratch->bytes);
	json_close(json, ']');
}

int ps_output_write(const char *output, const struct cgroup_pids *pids, struct text *text)
{
	struct json_out json = { .text = text };
	struct text scratch = { 0 };
	struct slice line;
	struct table table;
	int r = read_titles(&output, &table);

	if (r < 0)
		return r;
	json_open(&json, NULL, '{');
	json_open(&json, "Titles", '[');
	for (size_t i = 0; i < table.columns; i++)
		add_slice(&json, table.titles[i], &scratch);
	json_close(&json, ']');
	json_open(&json, "Processes", '[');
	while (line_next(&output, &line))
		if (is_shown(&table, line, pids))
			add_process(&json, &table, line, &scratch);
	json_close(&json, ']');
	json_close(&json, '}');
	TEXT_ADD(text, "\n");
	text->overflowed |= scratch.overflowed;
	text_fini(&scratch);
	return 0;
}
