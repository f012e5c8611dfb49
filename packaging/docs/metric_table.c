/* SPDX-License-Identifier: Apache-2.0 */

/* metric-table: prints metrics.def as a Markdown table, for people. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "model/metric.h"

static const char *const kind_names[] = { "counter", "gauge", "info", "state" };
static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == KIND_COUNT, "a kind lacks its name");

int main(void)
{
	const char *family = "";

	printf("# Metrics of Plimsoll\n\n"
	       "Written by `cmake --build build --target docs` from agent/model/metrics.def.\n\n"
	       "\"full\": exposed only with `metrics.full: true`.\n\n"
	       "| Metric | Type | Of each | | Labels that tell its series apart | Meaning |\n"
	       "|---|---|---|---|---|---|\n");
	for (enum metric i = 0; i < METRIC_COUNT; i++) {
		const struct metric_info *info = &metric_infos[i];
		const char *separator = "";

		if (strcmp(family, info->name) == 0)
			continue;
		family = info->name;
		printf("| `%s` | %s | %s | %s | ", info->name, kind_names[info->kind],
		       entity_infos[info->entity].name, info->more ? "full" : "");
		for (enum metric j = i;
		     j < METRIC_COUNT && strcmp(metric_infos[j].name, family) == 0; j++) {
			if (metric_infos[j].labels[0] != '\0')
				printf("%s`%s`", separator, metric_infos[j].labels);
			separator = ", ";
		}
		printf(" | %s |\n", info->help);
	}

	return 0;
}
