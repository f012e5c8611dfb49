/* SPDX-License-Identifier: Apache-2.0 */

/* exporters: the list. */

#include "exporters/exporter.h"

const struct exporter *const exporters[] = {
	&exporter_prometheus,     &exporter_openmetrics, &exporter_json_containers,
	&exporter_json_container, &exporter_json_host,   NULL,
};
