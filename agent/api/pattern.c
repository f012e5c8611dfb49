/* SPDX-License-Identifier: Apache-2.0 */

/* pattern: source of what RE2 knows: its documentation, "Syntax". */

#include "api/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include <ctype.h>
#include <errno.h>
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* Steps in one search. Names have some 30 characters, and ordinary patterns take a step or two for
 * each; at 5000 a search takes a fraction of a millisecond. */
#define MATCH_LIMIT 5000

/* "(?" goes on with a group without capture, flags, or a name; everything else is PCRE's. */
static bool group_is_known(const char *text)
{
	if (text[0] == 'P')
		return text[1] == '<';
	if (text[0] == '<')
		return text[1] != '=' && text[1] != '!';
	text += strspn(text, "imsU-");
	return *text == ':' || *text == ')';
}

static bool escape_is_known(char c)
{
	return (!isalnum((unsigned char) c) && c != '\0') ||
	       (c && strchr("afnrtvxdDsSwWpPbBAz0", c));
}

/* One step; NULL: RE2 does not know this. *in_class is whether it is between [ and ]. */
static const char *step(const char *text, bool *in_class)
{
	if (text[0] == '\\')
		return escape_is_known(text[1]) ? text + 2 : NULL;
	if (*in_class) {
		*in_class = text[0] != ']';
		return text + 1;
	}
	if (text[0] == '[') {
		*in_class = true;
		text += text[1] == '^' ? 2 : 1;
		return *text == ']' ? text + 1 : text; /* the first one is a plain character */
	}
	if (text[0] == '(' && text[1] == '?')
		return group_is_known(text + 2) ? text + 2 : NULL;
	if (text[0] == '(' && text[1] == '*')
		return NULL;
	/* Possessive, or a quantifier of a quantifier. */
	if (strchr("*+?}", text[0]) && (text[1] == '+' || text[1] == '*'))
		return NULL;

	return text + 1;
}

static bool is_re2(const char *text)
{
	bool in_class = false;

	while (text && *text)
		text = step(text, &in_class);
	return text != NULL;
}

static pcre2_match_context *match_context(void)
{
	static pcre2_match_context *context;

	if (!context && (context = pcre2_match_context_create(NULL)))
		(void) pcre2_set_match_limit(context, MATCH_LIMIT);
	return context;
}

static int compile(const char *text, pcre2_code **ret_code, char *why, size_t why_size)
{
	PCRE2_SIZE offset;
	int error;

	*ret_code = pcre2_compile((PCRE2_SPTR) text, PCRE2_ZERO_TERMINATED,
				  PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
				  &error, &offset, NULL);
	if (*ret_code)
		return 0;
	if (error == PCRE2_ERROR_HEAP_FAILED)
		return -ENOMEM;
	(void) pcre2_get_error_message(error, (PCRE2_UCHAR *) why, why_size); /* cut is fine */
	return -EINVAL;
}

int pattern_compile(const char *text, struct pattern *ret_pattern, struct problem *ret_problem)
{
	char why[128] = "it is too long, or has what RE2 does not know";
	pcre2_match_data *data;
	pcre2_code *code = NULL;
	int r = -EINVAL;

	if (strlen(text) <= PATTERN_TEXT_BYTES && is_re2(text))
		r = compile(text, &code, why, sizeof(why));
	if (r == -EINVAL)
		(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
				"invalid regular expression '%.64s': %s", text, why);
	if (r < 0)
		return r;

	data = pcre2_match_data_create(1, NULL);
	if (!data || !match_context()) {
		pcre2_match_data_free(data);
		pcre2_code_free(code);
		return -ENOMEM;
	}
	*ret_pattern = (struct pattern){ .code = code, .data = data };
	return 0;
}

void pattern_fini(struct pattern *pattern)
{
	pcre2_match_data_free(pattern->data);
	pcre2_code_free(pattern->code);
	*pattern = (struct pattern){ 0 };
}

int pattern_search(const struct pattern *pattern, const char *text)
{
	int r = pcre2_match(pattern->code, (PCRE2_SPTR) text, PCRE2_ZERO_TERMINATED, 0, 0,
			    pattern->data, match_context());

	if (r == PCRE2_ERROR_MATCHLIMIT || r == PCRE2_ERROR_HEAPLIMIT ||
	    r == PCRE2_ERROR_DEPTHLIMIT)
		return -E2BIG;
	return r >= 0; /* an error of another kind: text that is not UTF-8 does not match */
}
