/* SPDX-License-Identifier: Apache-2.0 */

/* field_kind: the kinds, and the table of fields. */

#include "cli/field_kind.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/human.h"

static double number_of(const struct container *container, int number)
{
	return container->numbers[number];
}

static bool print_string(const struct field_info *info, const struct container *container,
			 struct text *text)
{
	const char *string = container->strings[info->first];

	text_add_string(text, string);
	return string[0] != '\0';
}

static bool print_asked(const struct field_info *info, const struct container *container,
			struct text *text)
{
	if (!container->asked)
		return print_string(info, container, text);
	text_add_string(text, container->asked);
	return true;
}

static bool print_number(const struct container *container, int number, struct text *text,
			 const char *(*human)(double, char[HUMAN_BYTES]))
{
	char buffer[HUMAN_BYTES];

	if (isnan(number_of(container, number)))
		return false;
	text_add_string(text, human(number_of(container, number), buffer));
	return true;
}

static const char *human_count(double value, char text[HUMAN_BYTES])
{
	(void) snprintf(text, HUMAN_BYTES, "%.0f", value);
	return text;
}

static const char *human_real(double value, char text[HUMAN_BYTES])
{
	(void) snprintf(text, HUMAN_BYTES, "%.4g", value);
	return text;
}

static const char *human_seconds(double value, char text[HUMAN_BYTES])
{
	(void) snprintf(text, HUMAN_BYTES, value < 1000 ? "%.3gs" : "%.0fs", value);
	return text;
}

static bool print_count(const struct field_info *info, const struct container *container,
			struct text *text)
{
	return print_number(container, info->first, text, human_count);
}

static bool print_real(const struct field_info *info, const struct container *container,
		       struct text *text)
{
	return print_number(container, info->first, text, human_real);
}

static bool print_seconds(const struct field_info *info, const struct container *container,
			  struct text *text)
{
	return print_number(container, info->first, text, human_seconds);
}

static bool print_bytes(const struct field_info *info, const struct container *container,
			struct text *text)
{
	return print_number(container, info->first, text, human_binary);
}

static bool print_share(const struct field_info *info, const struct container *container,
			struct text *text)
{
	return print_number(container, info->first, text, human_percent);
}

static bool print_time(const struct field_info *info, const struct container *container,
		       struct text *text)
{
	return print_number(container, info->first, text, human_time);
}

static bool print_ago(const struct field_info *info, const struct container *container,
		      struct text *text)
{
	char buffer[HUMAN_BYTES];
	double since = number_of(container, info->first);

	if (isnan(since) || isnan(container->now))
		return false;
	text_add_format(text, "%s ago", human_duration(container->now - since, buffer));
	return true;
}

static bool print_ratio(const struct field_info *info, const struct container *container,
			struct text *text)
{
	char buffer[HUMAN_BYTES];
	double ratio = number_of(container, info->first) / number_of(container, info->second);

	if (!isfinite(ratio))
		return false;
	text_add_string(text, human_percent(ratio, buffer));
	return true;
}

static bool print_pair(const struct field_info *info, const struct container *container,
		       struct text *text, const char *(*human)(double, char[HUMAN_BYTES]))
{
	double first = number_of(container, info->first);
	double second = number_of(container, info->second);
	char one[HUMAN_BYTES], other[HUMAN_BYTES];

	if (isnan(first) && isnan(second))
		return false;
	text_add_format(text, "%s / %s", isnan(first) ? "--" : human(first, one),
			isnan(second) ? "--" : human(second, other));
	return true;
}

static bool print_memory_pair(const struct field_info *info, const struct container *container,
			      struct text *text)
{
	return !isnan(number_of(container, info->first)) &&
	       print_pair(info, container, text, human_binary);
}

static bool print_decimal_pair(const struct field_info *info, const struct container *container,
			       struct text *text)
{
	return print_pair(info, container, text, human_decimal);
}

static bool print_labels(const struct field_info *info, const struct container *container,
			 struct text *text)
{
	size_t start = text->length;
	const char *key;
	json_t *value;

	(void) info;
	json_object_foreach (container->labels, key, value) {
		if (text->length > start)
			TEXT_ADD(text, ",");
		text_add_string(text, key);
		TEXT_ADD(text, "=");
		text_add_string(text, json_is_string(value) ? json_string_value(value) : "");
	}
	return true;
}

static bool has_check(const struct container *container)
{
	const char *health = container->strings[STRING_HEALTH];

	return health[0] != '\0' && strcmp(health, "none") != 0 && strcmp(health, "unknown") != 0;
}

static bool print_condition(const struct field_info *info, const struct container *container,
			    struct text *text)
{
	bool check =
		strcmp(container->strings[STRING_STATE], "running") == 0 && has_check(container);
	const char *word = container->strings[check ? STRING_HEALTH : STRING_STATE];

	(void) info;
	text_add_string(text, word);
	return word[0] != '\0';
}

static bool print_group(const struct field_info *info, const struct container *container,
			struct text *text)
{
	const char *pod = container->strings[STRING_POD];
	const char *group = pod[0] != '\0' ? pod : container->strings[STRING_PROJECT];

	(void) info;
	text_add_string(text, group);
	return group[0] != '\0';
}

static void add_age(const struct container *container, const char *before, const char *after,
		    struct text *text)
{
	char buffer[HUMAN_BYTES];

	if (isnan(container->numbers[NUMBER_AGE]))
		return;
	text_add_format(text, "%s%s%s", before,
			human_duration(container->numbers[NUMBER_AGE], buffer), after);
}

/* Docker's words, which others search for "(healthy)" and so on. */
static bool print_status(const struct field_info *info, const struct container *container,
			 struct text *text)
{
	const char *state = container->strings[STRING_STATE];
	const char *health = container->strings[STRING_HEALTH];
	double code = container->numbers[NUMBER_EXIT_CODE];

	(void) info;
	if (strcmp(state, "running") == 0 || strcmp(state, "paused") == 0) {
		TEXT_ADD(text, "Up");
		add_age(container, " ", "", text);
		if (state[0] == 'p')
			TEXT_ADD(text, " (Paused)");
		else if (has_check(container))
			text_add_format(text,
					strcmp(health, "starting") == 0 ? " (health: %s)" : " (%s)",
					health);
	} else if (strcmp(state, "exited") == 0 || strcmp(state, "restarting") == 0) {
		text_add_string(text, state[0] == 'e' ? "Exited" : "Restarting");
		if (!isnan(code))
			text_add_format(text, " (%.0f)", code);
		add_age(container, " ", " ago", text);
	} else {
		text_add_string(text, strcmp(state, "created") == 0    ? "Created"
				      : strcmp(state, "removing") == 0 ? "Removal In Progress"
				      : strcmp(state, "dead") == 0     ? "Dead"
								       : state);
	}
	return state[0] != '\0';
}

/* Texts that docker has say "--" for what is unknown, as docker does. */
static const struct field_kind kind_STRING = { print_string, VALUE_TEXT, "", false };
static const struct field_kind kind_ID = { print_string, VALUE_TEXT, "", .is_id = true };
static const struct field_kind kind_ASKED = { print_asked, VALUE_TEXT, "", .is_id = true };
static const struct field_kind kind_STATUS = { print_status, VALUE_TEXT, "--", false };
static const struct field_kind kind_CONDITION = { print_condition, VALUE_TEXT, "--", false };
static const struct field_kind kind_GROUP = { print_group, VALUE_TEXT, "", false };
static const struct field_kind kind_LABELS = { print_labels, VALUE_TEXT, "", .is_labels = true };
static const struct field_kind kind_TIME = { print_time, VALUE_REAL, NULL, false };
static const struct field_kind kind_TIME_TEXT = { print_time, VALUE_TEXT, "--", false };
static const struct field_kind kind_AGO = { print_ago, VALUE_TEXT, "--", false };
static const struct field_kind kind_COUNT = { print_count, VALUE_INTEGER, NULL, true };
static const struct field_kind kind_BYTES = { print_bytes, VALUE_INTEGER, NULL, true };
static const struct field_kind kind_REAL = { print_real, VALUE_REAL, NULL, true };
static const struct field_kind kind_SECONDS = { print_seconds, VALUE_REAL, NULL, true };
static const struct field_kind kind_SHARE = { print_share, VALUE_REAL, NULL, true };
static const struct field_kind kind_CPU_PERCENT = { print_share, VALUE_TEXT, "--", true };
static const struct field_kind kind_RATIO = { print_ratio, VALUE_TEXT, "--", true };
static const struct field_kind kind_MEMORY_PAIR = { print_memory_pair, VALUE_TEXT, "-- / --",
						    true };
static const struct field_kind kind_DECIMAL_PAIR = { print_decimal_pair, VALUE_TEXT, "--", true };

const struct field_info field_infos[FIELD_COUNT] = {
#define FIELD(placeholder, key, title, kind, first, second, priority, help) \
	{ #placeholder, key, title, &kind_##kind, first, second, priority, help },
#include "cli/fields.def"
};
