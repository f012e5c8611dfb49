/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* An exporter writes one snapshot as one wire format. It knows nothing of HTTP, of the kernel or
 * of engines, and keeps no state: everything comes from the snapshot and the metric table. */

#include <stddef.h>

struct snapshot;
struct text;

struct export {
	const struct snapshot *now;
	const struct snapshot *before;	/* an older one, for rates; NULL: none at hand */
	const char *container;		/* one container: id, prefix of an id, name or cgroup path; NULL: all */
};

struct exporter {
	const char *name;	   /* in routes and messages: "prometheus", "openmetrics", ... */
	const char *content_type;  /* of the whole answer, HTTP syntax */

	/* Appends to the text. Returns 0, or -ENOENT when `container` names none, or -EEXIST when
	 * it is a prefix of several. Memory that could not be had is remembered by the text. */
	int (*write)(const struct export *export, struct text *ret_text);
};

extern const struct exporter exporter_prometheus;	  /* text format 0.0.4 */
extern const struct exporter exporter_openmetrics;	  /* OpenMetrics 1.0 */
extern const struct exporter exporter_json_containers; /* list */
extern const struct exporter exporter_json_container;  /* one, `container` is not NULL */
extern const struct exporter exporter_json_host;

/* Every exporter, NULL at the end. */
extern const struct exporter *const exporters[];
