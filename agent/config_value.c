/* SPDX-License-Identifier: Apache-2.0 */

/* config_value: members of struct config by their rows in settings.def. */

#include "config_value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "config_kind.h"
#include "config_problem.h"

/* Room for a member of any type. */
union value {
	uint64_t number;
	bool flag;
	enum log_level level;
	char *string;
	struct strings strings;
};

static void *member_of(const struct setting *setting, struct config *config)
{
	return (char *) config + setting->offset;
}

void value_fini(const struct setting *setting, struct config *config)
{
	if (kinds[setting->type].fini)
		kinds[setting->type].fini(member_of(setting, config));
}

void value_swap(const struct setting *setting, struct config *a, struct config *b)
{
	size_t bytes = kinds[setting->type].bytes;
	union value kept;

	memcpy(&kept, member_of(setting, a), bytes);
	memcpy(member_of(setting, a), member_of(setting, b), bytes);
	memcpy(member_of(setting, b), &kept, bytes);
}

bool value_equal(const struct setting *setting, const struct config *a, const struct config *b)
{
	const struct kind *kind = &kinds[setting->type];
	const void *left = (const char *) a + setting->offset;
	const void *right = (const char *) b + setting->offset;

	return kind->equal ? kind->equal(left, right) : memcmp(left, right, kind->bytes) == 0;
}

const char *value_range(const struct setting *setting, char text[VALUE_RANGE_BYTES])
{
	char min[DURATION_BYTES], max[DURATION_BYTES];

	text[0] = '\0';
	if (setting->type == SETTING_DURATION) {
		(void) snprintf(text, VALUE_RANGE_BYTES, "%s to %s",
				duration_text(setting->min, min), duration_text(setting->max, max));
	} else if (setting->type == SETTING_NUMBER) {
		(void) snprintf(text, VALUE_RANGE_BYTES, "%llu to %llu",
				(unsigned long long) setting->min,
				(unsigned long long) setting->max);
	}

	return text;
}

static bool in_range(const struct setting *setting, const union value *value)
{
	return (setting->type != SETTING_DURATION && setting->type != SETTING_NUMBER) ||
	       (value->number >= setting->min && value->number <= setting->max);
}

static bool has_control_character(const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text < 0x20 || *text == 0x7f)
			return true;

	return false;
}

static int refuse(const struct setting *setting, const struct value_source *source,
		  const char *text, const char *expects, struct problem *ret_problem)
{
	char shown[QUOTED_BYTES], range[VALUE_RANGE_BYTES];
	bool ranged = value_range(setting, range)[0] != '\0';

	return problem_set(ret_problem, source->line, "%s%s is '%s', but has to be %s%s%s",
			   setting_is_list(setting) ? "an item of " : "", source->name,
			   quoted(text, shown), expects, ranged ? ", " : "", range);
}

/* One value, or one item of a list. */
static int item_parse(const struct setting *setting, const struct value_source *source,
		      const char *text, union value *ret_value, struct problem *ret_problem)
{
	const struct kind *kind = &kinds[setting->type];
	union value value = { 0 };
	int r;

	if (strlen(text) >= CONFIG_TEXT_BYTES)
		return refuse(setting, source, text, "shorter than 1 KiB", ret_problem);
	if (has_control_character(text))
		return refuse(setting, source, text, "one line of plain text", ret_problem);

	r = kind->parse(text, &value);
	if (r == -ENOMEM)
		return r;
	if (r < 0 || !in_range(setting, &value))
		return refuse(setting, source, text, kind->expects, ret_problem);

	*ret_value = value;
	return 0;
}

static int list_parse(const struct setting *setting, const struct value_source *source,
		      const char *const *items, size_t count, union value *ret_value,
		      struct problem *ret_problem)
{
	union value item, list = { 0 };
	int r;

	list.strings.items = calloc(count + 1, sizeof(*list.strings.items));
	if (!list.strings.items)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		r = item_parse(setting, source, items[i], &item, ret_problem);
		if (r < 0) {
			kinds[setting->type].fini(&list.strings);
			return r;
		}
		list.strings.items[list.strings.count++] = item.string;
	}

	*ret_value = list;
	return 0;
}

int value_parse(const struct setting *setting, const struct value_source *source,
		const char *const *items, size_t count, struct config *config,
		struct problem *ret_problem)
{
	union value value;
	int r;

	r = setting_is_list(setting)
		    ? list_parse(setting, source, items, count, &value, ret_problem)
		    : item_parse(setting, source, items[0], &value, ret_problem);
	if (r < 0)
		return r;

	value_fini(setting, config);
	memcpy(member_of(setting, config), &value, kinds[setting->type].bytes);
	return 0;
}
