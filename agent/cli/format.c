/* SPDX-License-Identifier: Apache-2.0 */

/* format: what --format says. */

#include "cli/format.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/evaluation.h"

static const char *const form_words[] = {
	[FORM_TABLE] = "table",
	[FORM_JSON] = "json",
	[FORM_JSONL] = "jsonl",
	[FORM_CSV] = "csv",
};

static int unknown_word(const char *text, unsigned forms, struct problem *problem)
{
	struct nearest nearest = { .word = text };
	char words[64] = "";
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(form_words); i++) {
		if (!(forms & FORM(i)))
			continue;
		nearest_try(&nearest, form_words[i]);
		used += (size_t) snprintf(words + used, sizeof(words) - used, "%s, ",
					  form_words[i]);
	}
	if (nearest.match)
		(void) snprintf(problem->text, sizeof(problem->text),
				"unknown format '%.60s'; did you mean '%s'?", text, nearest.match);
	else
		(void) snprintf(problem->text, sizeof(problem->text),
				"unknown format '%.60s'; there are %sand '{{...}}'", text, words);
	return -EINVAL;
}

int format_parse(const char *text, unsigned forms, struct format *ret_format,
		 struct problem *ret_problem)
{
	struct format format = { .form = FORM_TABLE };
	int r;

	if (!text) {
		*ret_format = format;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(form_words); i++)
		if ((forms & FORM(i)) && strcmp(text, form_words[i]) == 0) {
			ret_format->form = (enum form) i;
			ret_format->template = NULL;
			return 0;
		}
	if (!strstr(text, "{{"))
		return unknown_word(text, forms, ret_problem);

	if ((forms & FORM(FORM_TABLE)) && strncmp(text, "table ", strlen("table ")) == 0)
		text += strlen("table ");
	else
		format.form = FORM_TEMPLATE;
	r = template_parse(text, &format.template, ret_problem);
	if (r < 0)
		return r;

	*ret_format = format;
	return 0;
}

void format_fini(struct format *format)
{
	template_free(format->template);
	format->template = NULL;
}

int format_parse_fields(const char *text, struct format *ret_format, struct problem *ret_problem)
{
	const char *names[FIELD_COUNT + 1] = { 0 }, *field, *hint;
	struct format format;
	int r;

	r = format_parse(text, FORMS_ALL, &format, ret_problem);
	if (r < 0)
		return r;
	if (format.template && template_check(format.template, field_known, &field) < 0) {
		for (size_t i = 0; i < FIELD_COUNT; i++)
			names[i] = field_infos[i].placeholder;
		hint = suggestion(field, names, ".");
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
				"unknown field '.%.60s'%s", field,
				hint[0] != '\0' ? hint : "; --help lists all");
		format_fini(&format);
		return -EINVAL;
	}

	*ret_format = format;
	return 0;
}

void json_write(const json_t *value, size_t indent, struct text *ret_text)
{
	evaluation_add_json(value, indent, ret_text);
	TEXT_ADD(ret_text, "\n");
}

int template_write(const struct template *template, json_t *value, bool strict,
		   struct text *ret_text, struct problem *ret_problem)
{
	struct template_scope scope = { .dot = value, .strict = strict };
	int r = template_run(template, &scope, ret_text, ret_problem);

	TEXT_ADD(ret_text, "\n");
	return r;
}
