/* SPDX-License-Identifier: Apache-2.0 */

/* config_write: the configuration file that explains itself.
 *
 * Headings of groups stand without '#': an empty group is allowed, and whoever takes the '#' off
 * a line below then has a file that is right. */

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "config.h"
#include "config_kind.h"
#include "config_value.h"

#define INDENT 2

/* Length of the common groups of two keys, in bytes with the last dot: 4 for web.user, web.x. */
static size_t common_groups(const char *a, const char *b)
{
	size_t common = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '.')
			common = i + 1;

	return common;
}

/* Headings for the groups of `key` from byte `from` on; returns the depth of its last part. */
static int write_headings(FILE *file, const char *key, size_t from)
{
	int depth = 0;

	for (const char *part = key, *dot; (dot = strchr(part, '.')); part = dot + 1, depth++)
		if (part >= key + from)
			fprintf(file, "%s%*s%.*s:\n", depth == 0 ? "\n" : "", depth * INDENT, "",
				(int) (dot - part), part);

	return depth;
}

static void write_help(FILE *file, const struct setting *setting, int indent)
{
	char range[VALUE_RANGE_BYTES];

	fprintf(file, "%*s# %s", indent, "", setting->help);
	if (value_range(setting, range)[0] != '\0')
		fprintf(file, " (%s)", range);
	fputs("\n", file);
	if (setting->flag)
		fprintf(file, "%*s# flag: --%s%s%s\n", indent, "", setting->flag,
			kinds[setting->type].placeholder ? " " : "",
			kinds[setting->type].placeholder ? kinds[setting->type].placeholder : "");
	if (setting->reloadable)
		fprintf(file, "%*s# taken over at SIGHUP\n", indent, "");
}

void config_write_commented(FILE *file)
{
	const char *before = "";

	fputs("# Configuration of plimsolld: /etc/plimsoll/plimsoll.yaml\n"
	      "#\n"
	      "# Every setting is here with its default behind a '#'. Files in conf.d/ beside "
	      "this\n"
	      "# one are read after it, in the order of their names (NAME.yaml); flags override "
	      "all\n"
	      "# of them. A list replaces the list before it. `plimsolld --check-config` tells "
	      "what\n"
	      "# is wrong and where. Times are written like 500ms, 1s, 2m, 1h.\n",
	      file);

	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const struct setting *setting = &settings[i];
		const char *dot = strrchr(setting->key, '.');
		bool list = setting_is_list(setting);
		int indent = INDENT * write_headings(file, setting->key,
						     common_groups(before, setting->key));

		if (indent == 0)
			fputs("\n", file);
		write_help(file, setting, indent);
		fprintf(file, "%*s#%s: %s%s%s\n", indent, "", dot ? dot + 1 : setting->key,
			list ? "[" : "", setting->fallback, list ? "]" : "");
		before = setting->key;
	}
}
