/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* An exporter writes one snapshot as one wire format. It knows nothing of HTTP, of the kernel or
 * of engines, and keeps no state: everything comes from the snapshot and the metric table. */

#include <stdbool.h>
#include <stddef.h>

struct snapshot;
struct text;

/* It takes `export` for the keyword of C++. */
/* clang-format off */
struct export {
	const struct snapshot *now;
	const struct snapshot *before; /* an older one, for rates; NULL: none at hand */
	const char *container;	       /* only this one, see exporters/selection.h; NULL: all */
	bool full;		       /* metrics: also those of METRIC_MORE (metrics.def) */
	bool all;		       /* list of containers: also those that do not run */
};
/* clang-format on */

struct exporter {
	const char *name;         /* in routes and messages: "prometheus", "openmetrics", ... */
	const char *content_type; /* of the whole answer, HTTP syntax */

	/* Appends to the text. Returns 0, -ENOMEM, or -ENOENT when `container` names none, or
	 * -EEXIST when it fits several. What was appended before a failure is worthless. Memory
	 * that the text itself could not get is remembered by the text. */
	int (*write)(const struct export *export, struct text *ret_text);
};

/* Metrics. With `container`, only what belongs to it. */
extern const struct exporter exporter_prometheus;  /* text format 0.0.4 */
extern const struct exporter exporter_openmetrics; /* OpenMetrics 1.0 */

/* Our own JSON: numbers are numbers, units are in the key, times are seconds since 1970, and what
 * is unknown is left out. Every document begins with sequence, time and interval of its round.
 *
 * {"containers": [{"id", "name", "image", "image_id", "runtime", "cgroup", "pod", "detail",
 *	"labels": {}, "state": a word of model/condition.h, "health": likewise, "exit_code" and
 *	"finished": of the last run that ended, "restarts", "started", "created",
 *	"cpu": {"cores", "usage_seconds", "throttled_seconds", "limit_cores"},
 *	"memory": {"usage_bytes", "working_set_bytes", "limit_bytes", "oom_kills"},
 *	"network": {"mode", "receive_bytes", "receive_bytes_per_second",
 *		    "transmit_bytes", "transmit_bytes_per_second"},
 *	"io": {"read_bytes", "read_bytes_per_second", "write_bytes", "write_bytes_per_second"},
 *	"pids",
 *	"pressure": {"cpu": {"some_seconds", "some_share"}, "memory": {}, "io": {}}}]} */
extern const struct exporter exporter_json_containers;

/* One of them, its members at the top; and "metrics": {} with every cell, "devices", "interfaces",
 * "hugepages": [{}]. Keys of cells are said in exporters/json_cells.h. `container` is not NULL. */
extern const struct exporter exporter_json_container;

/* "host": {cells, and cpu, memory, network, io, pids and pressure as above},
 * "machine": {cells, and machine_id, system_uuid, boot_id, name, kernel},
 * "disks": [{"device", cells}], "agent": {cells}, "collectors": [{"collector", cells}]. */
extern const struct exporter exporter_json_host;

/* Every exporter, NULL at the end. */
extern const struct exporter *const exporters[];
