/* SPDX-License-Identifier: Apache-2.0 */

/* field: looks fields up and makes values of them. */

#include "cli/field.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/escape.h"
#include "cli/field_kind.h"

#define SHORT_ID 12

enum field field_find(const char *placeholder)
{
	enum field field = 0;

	while (field < FIELD_COUNT && strcmp(field_infos[field].placeholder, placeholder) != 0)
		field++;
	return field;
}

bool field_placeholder(size_t index, const char **ret_name, const char **ret_help)
{
	if (index >= FIELD_COUNT)
		return false;
	*ret_name = field_infos[index].placeholder;
	*ret_help = field_infos[index].help;
	return true;
}

bool field_known(const char *placeholder)
{
	return strcmp(placeholder, "Label") == 0 || field_find(placeholder) < FIELD_COUNT;
}

const char *field_title(const char *placeholder)
{
	enum field field = field_find(placeholder);

	return field < FIELD_COUNT ? field_infos[field].title : "";
}

bool field_is_right(enum field field)
{
	return field_infos[field].kind->right;
}

/* Appends what its kind prints; an id as short as people know it, unless `whole`. */
static bool field_print_to(enum field field, const struct container *container, bool whole,
			   struct text *text)
{
	const struct field_info *info = &field_infos[field];
	size_t start = text->length;
	bool is_word = field == FIELD_Container && container->asked;

	if (!info->kind->print(info, container, text))
		return false;
	if (info->kind->is_id && !is_word && !whole && text->length - start > SHORT_ID)
		text->length = start + SHORT_ID;
	return true;
}

static json_t *number_json(const struct field_info *info, const struct container *container)
{
	double value = container->numbers[info->first];

	if (info->kind->form == VALUE_INTEGER && fabs(value) < 9e18)
		return json_integer((json_int_t) value);
	return isfinite(value) ? json_real(value) : NULL;
}

json_t *field_value(enum field field, const struct container *container, bool whole)
{
	const struct field_kind *kind = field_infos[field].kind;
	CLEANUP(text_fini) struct text text = { 0 };
	json_t *value;

	if (kind->form != VALUE_TEXT) {
		value = number_json(&field_infos[field], container);
		return value ? value : json_null();
	}
	if (!field_print_to(field, container, whole, &text))
		return kind->unknown ? json_string(kind->unknown) : json_null();
	return text.length > 0 ? json_stringn(text.bytes, text.length) : json_string("");
}

json_t *field_json(enum field field, const struct container *container)
{
	const struct field_info *info = &field_infos[field];

	if (info->kind->is_labels)
		return json_incref(container->labels);
	if (info->kind->form != VALUE_TEXT)
		return number_json(info, container);
	return container->strings[info->first][0] != '\0'
		       ? json_string(container->strings[info->first])
		       : NULL;
}

void field_show(enum field field, const struct container *container, bool whole,
		struct text *ret_text)
{
	CLEANUP(text_fini) struct text text = { 0 };

	if (field_print_to(field, container, whole, &text) && text.length > 0)
		text_add_visible(ret_text, text.bytes, text.length);
	else
		TEXT_ADD(ret_text, "-");
}

enum style container_style(const struct container *container)
{
	static const struct {
		const char *word;
		enum style style;
	} words[] = {
		{ "unhealthy", STYLE_BAD },  { "dead", STYLE_BAD },
		{ "healthy", STYLE_GOOD },   { "starting", STYLE_WARNING },
		{ "paused", STYLE_WARNING }, { "restarting", STYLE_WARNING },
		{ "exited", STYLE_FAINT },   { "created", STYLE_FAINT },
	};
	const char *health = container->strings[STRING_HEALTH];
	const char *state = container->strings[STRING_STATE];
	const char *word = strcmp(state, "running") == 0 ? health : state;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].style;
	return STYLE_PLAIN;
}
