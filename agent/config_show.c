/* SPDX-License-Identifier: Apache-2.0 */

/* config_show: what the configuration is now, and where each value comes from. */

#include <stdio.h>

#include "base/cleanup.h"
#include "base/json_out.h"
#include "config.h"
#include "config_kind.h"

#define ORIGIN_BYTES 4200 /* a path and a line number */

static const char *origin_text(const struct origin *origin, char text[ORIGIN_BYTES])
{
	if (!origin->source)
		return "default";
	if (origin->line == 0)
		return origin->source;

	(void) snprintf(text, ORIGIN_BYTES, "%s:%u", origin->source, origin->line);
	return text;
}

static void write_item(struct json_out *json, const char *key, const struct kind *kind,
		       const void *value)
{
	struct text text = { 0 };

	kind->write(value, &text);
	text_add(&text, "", 1); /* the NUL */
	if (!text.overflowed)
		json_text(json, key, text.bytes);
	text_fini(&text);
}

static void write_value(struct json_out *json, const struct setting *setting,
			const struct config *config)
{
	const void *member = (const char *) config + setting->offset;
	const struct kind *kind = &kinds[setting->type];
	const struct strings *strings = member;

	if (!setting_is_list(setting)) {
		write_item(json, "value", kind, member);
		return;
	}
	json_open(json, "value", '[');
	for (size_t i = 0; i < strings->count; i++)
		write_item(json, NULL, kind, &strings->items[i]);
	json_close(json, ']');
}

void config_write_json(const struct config *config, struct json_out *json)
{
	char origin[ORIGIN_BYTES];

	json_open(json, "settings", '[');
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const struct setting *setting = &settings[i];

		json_open(json, NULL, '{');
		json_text(json, "key", setting->key);
		write_value(json, setting, config);
		json_text(json, "default", setting->fallback);
		json_text(json, "origin", origin_text(&config->origins[i], origin));
		json_text(json, "help", setting->help);
		json_bool(json, "reload", setting->reloadable);
		json_close(json, '}');
	}
	json_close(json, ']');
}
