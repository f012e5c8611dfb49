/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the Prometheus text format and OpenMetrics share: metric families in the order of
 * metric_infos[], each with its rows, labels and values. The two differ in the lines before a
 * family and in the end of the text. Samples carry no timestamps: then a series ends with the
 * scrape in which it is missing. */

#include "model/metric.h"

struct export;
struct text;

struct exposition {
	/* Writes the lines that describe a family; `family` is its first metric. */
	void (*describe)(const struct metric_info *family, struct text *text);
	const char *end; /* last line */
};

/* As struct exporter's write. */
int exposition_write(const struct exposition *format, const struct export *export,
		     struct text *ret_text);
