/* SPDX-License-Identifier: Apache-2.0 */

/* prometheus: text format 0.0.4. Source: prometheus.io, "Exposition formats". Counters keep their
 * whole name; an info metric is a gauge. */

#include <assert.h>

#include "base/text.h"
#include "exporters/exporter.h"
#include "exporters/exposition.h"

static const char *const type_names[] = { "counter", "gauge", "gauge", "gauge" };
static_assert(sizeof(type_names) / sizeof(type_names[0]) == KIND_COUNT, "a kind lacks its name");

static void describe(const struct metric_info *family, struct text *text)
{
	TEXT_ADD(text, "# HELP ");
	text_add_string(text, family->name);
	TEXT_ADD(text, " ");
	text_add_escaped(text, family->help, "\\\n");
	TEXT_ADD(text, "\n# TYPE ");
	text_add_string(text, family->name);
	TEXT_ADD(text, " ");
	text_add_string(text, type_names[family->kind]);
	TEXT_ADD(text, "\n");
}

static int prometheus_write(const struct export *export, struct text *ret_text)
{
	static const struct exposition format = { .describe = describe, .end = "" };

	return exposition_write(&format, export, ret_text);
}

const struct exporter exporter_prometheus = {
	.name = "prometheus",
	.content_type = "text/plain; version=0.0.4; charset=utf-8",
	.write = prometheus_write,
};
