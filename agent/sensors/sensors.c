/* SPDX-License-Identifier: Apache-2.0 */

/* sensors: the list, in sampling order.
 *
 * Limits come before what they give a meaning (throttling is shown where a quota is set). Of a v2
 * sensor and its v1 sister, which stands next to it, at most one passes its probe. */

#include "sensors/sensor.h"

#include <stddef.h>

#define SENSORS(X) \
	X(cpu_limits) \
	X(v1_cpu_limits) \
	X(cpu) \
	X(v1_cpu) \
	X(memory_limits) \
	X(v1_memory_limits) \
	X(memory) \
	X(v1_memory) \
	X(io) \
	X(v1_io) \
	X(pids) \
	X(v1_pids) \
	X(pids_limits) \
	X(v1_pids_limits) \
	X(inner_limits) \
	X(hugetlb) \
	X(v1_hugetlb) \
	X(pressure) \
	X(state) \
	X(v1_state) \
	X(descendants) \
	X(net) \
	X(processes) \
	X(descriptors) \
	X(host_cpu) \
	X(host_memory) \
	X(host_load) \
	X(host_pressure) \
	X(disks) \
	X(machine)

#define SENSOR(name) extern const struct sensor sensor_##name;
SENSORS(SENSOR)
#undef SENSOR

const struct sensor *const sensors[] = {
#define SENSOR(name) &sensor_##name,
	SENSORS(SENSOR)
#undef SENSOR
		NULL,
};
