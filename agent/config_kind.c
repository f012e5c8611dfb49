/* SPDX-License-Identifier: Apache-2.0 */

/* config_kind: the types of settings.def as a table. */

#include "config_kind.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

static int parse_number(const char *text, void *ret_member)
{
	return parse_u64((struct slice){ text, strlen(text) }, ret_member);
}

static int parse_time(const char *text, void *ret_member)
{
	return parse_duration(text, ret_member);
}

/* The words of YAML 1.1 and 1.2 that are in use. */
static int parse_bool(const char *text, void *ret_member)
{
	static const char *const words[] = { "false", "true", "no", "yes", "off", "on" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(text, words[i]) == 0) {
			*(bool *) ret_member = i % 2;
			return 0;
		}

	return -EINVAL;
}

static int parse_level(const char *text, void *ret_member)
{
	return log_level_parse(text, ret_member);
}

static int parse_string(const char *text, void *ret_member)
{
	char *copy;

	if (text[0] == '\0')
		return -EINVAL;

	copy = strdup(text);
	if (!copy)
		return -ENOMEM;

	*(char **) ret_member = copy;
	return 0;
}

static int parse_path(const char *text, void *ret_member)
{
	return text[0] == '/' ? parse_string(text, ret_member) : -EINVAL;
}

static int parse_listen(const char *text, void *ret_member)
{
	struct sockaddr_storage address;
	socklen_t length;
	int r;

	r = config_listen_parse(text, &address, &length);
	return r < 0 ? r : parse_string(text, ret_member);
}

static void string_fini(void *member)
{
	free(*(char **) member);
	*(char **) member = NULL;
}

static void strings_fini(void *member)
{
	struct strings *strings = member;

	for (size_t i = 0; i < strings->count; i++)
		free(strings->items[i]);
	free(strings->items);
	*strings = (struct strings){ 0 };
}

static bool string_equal(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b) == 0;
}

static bool strings_equal(const void *a, const void *b)
{
	const struct strings *left = a, *right = b;

	if (left->count != right->count)
		return false;
	for (size_t i = 0; i < left->count; i++)
		if (strcmp(left->items[i], right->items[i]) != 0)
			return false;

	return true;
}

static void write_time(const void *value, struct text *ret_text)
{
	char text[DURATION_BYTES];

	text_add_string(ret_text, duration_text(*(const uint64_t *) value, text));
}

static void write_number(const void *value, struct text *ret_text)
{
	text_add_u64(ret_text, *(const uint64_t *) value);
}

static void write_bool(const void *value, struct text *ret_text)
{
	text_add_string(ret_text, *(const bool *) value ? "true" : "false");
}

static void write_level(const void *value, struct text *ret_text)
{
	text_add_string(ret_text, log_level_name(*(const enum log_level *) value));
}

static void write_string(const void *value, struct text *ret_text)
{
	text_add_string(ret_text, *(char *const *) value);
}

const struct kind kinds[] = {
	[SETTING_DURATION] = { sizeof(uint64_t), parse_time, NULL, NULL, write_time,
			       "a duration like 500ms, 1s, 2m or 1h", "TIME" },
	[SETTING_NUMBER] = { sizeof(uint64_t), parse_number, NULL, NULL, write_number,
			     "a whole number", "NUMBER" },
	[SETTING_BOOL] = { sizeof(bool), parse_bool, NULL, NULL, write_bool, "true or false",
			   NULL },
	[SETTING_LEVEL] = { sizeof(enum log_level), parse_level, NULL, NULL, write_level,
			    "error, warning, info or debug", "LEVEL" },
	[SETTING_PATH] = { sizeof(char *), parse_path, string_fini, string_equal, write_string,
			   "a path that begins with '/'", "DIR" },
	[SETTING_LISTEN] = { sizeof(char *), parse_listen, string_fini, string_equal, write_string,
			     "an address like 127.0.0.1:11876, \"[::1]:11876\" or :11876",
			     "ADDRESS" },
	[SETTING_STRING] = { sizeof(char *), parse_string, string_fini, string_equal, write_string,
			     "some text", "TEXT" },
	[SETTING_STRINGS] = { sizeof(struct strings), parse_string, strings_fini, strings_equal,
			      write_string, "some text", NULL },
	[SETTING_PATHS] = { sizeof(struct strings), parse_path, strings_fini, strings_equal,
			    write_string, "a path that begins with '/'", NULL },
};

static_assert(ARRAY_SIZE(kinds) == SETTING_TYPE_COUNT, "a type lacks its row");
