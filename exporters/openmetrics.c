/* SPDX-License-Identifier: Apache-2.0 */

/* openmetrics: OpenMetrics 1.0. Source: the specification, "Text Format". A family is named
 * without the suffix of its samples: counters without _total, info metrics without _info. A
 * counter of cAdvisor's that lacks _total cannot be one here, and is of unknown type. */

#include <assert.h>

#include "base/parse.h"
#include "base/text.h"
#include "exporters/exporter.h"
#include "exporters/exposition.h"

/* By kind: the suffix of samples that the family's name lacks, and the type with and without it. */
static const struct {
	const char *suffix, *type, *without;
} kinds[] = {
	[KIND_COUNTER] = { "_total", "counter", "unknown" },
	[KIND_GAUGE] = { "", "gauge", "gauge" },
	[KIND_INFO] = { "_info", "info", "unknown" },
	[KIND_STATE] = { "", "gauge", "gauge" }, /* a stateset's label has the family's name */
};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == KIND_COUNT, "a kind lacks its line");

static const char *const unit_names[UNIT_COUNT] = {
	[UNIT_BYTES] = "bytes",
	[UNIT_NANOSECONDS] = "seconds",
};

static bool ends_with(struct slice name, const char *suffix)
{
	size_t length = strlen(suffix);

	return name.length > length &&
	       memcmp(name.start + name.length - length, suffix, length) == 0;
}

static void add_line(struct text *text, const char *keyword, struct slice name)
{
	TEXT_ADD(text, "# ");
	text_add_string(text, keyword);
	TEXT_ADD(text, " ");
	text_add(text, name.start, name.length);
	TEXT_ADD(text, " ");
}

/* UNIT must be the last word of the name; a name that ends otherwise has none. */
static void add_unit(struct text *text, const struct metric_info *family, struct slice name)
{
	const char *unit = unit_names[family->unit];

	if (!unit || !ends_with(name, unit) || name.start[name.length - strlen(unit) - 1] != '_')
		return;

	add_line(text, "UNIT", name);
	text_add_string(text, unit);
	TEXT_ADD(text, "\n");
}

static void describe(const struct metric_info *family, struct text *text)
{
	struct slice name = { family->name, strlen(family->name) };
	const char *suffix = kinds[family->kind].suffix;
	bool suffixed = ends_with(name, suffix);

	if (suffixed)
		name.length -= strlen(suffix);

	add_line(text, "TYPE", name);
	text_add_string(text, suffixed ? kinds[family->kind].type : kinds[family->kind].without);
	TEXT_ADD(text, "\n");
	add_unit(text, family, name);
	add_line(text, "HELP", name);
	text_add_escaped(text, family->help, "\\\"\n");
	TEXT_ADD(text, "\n");
}

static int openmetrics_write(const struct export *export, struct text *ret_text)
{
	static const struct exposition format = { .describe = describe, .end = "# EOF\n" };

	return exposition_write(&format, export, ret_text);
}

const struct exporter exporter_openmetrics = {
	.name = "openmetrics",
	.content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8",
	.write = openmetrics_write,
};
