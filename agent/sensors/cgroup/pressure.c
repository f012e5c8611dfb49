/* SPDX-License-Identifier: Apache-2.0 */

/* pressure: time in which tasks of a cgroup waited for cpu, memory or I/O.
 *
 * Source: cpu.pressure, memory.pressure, io.pressure and irq.pressure (6.1, with
 * CONFIG_IRQ_TIME_ACCOUNTING). They are in the unified tree without any controller, thus on hybrid
 * hosts, too. Kernel: Documentation/accounting/psi.rst, "Cgroup2 interface". */

#include "sensors/pressure.h"

#include "base/cleanup.h"
#include "sensors/sensor.h"

static const struct pressure container_table[] = {
	{ FILE_CPU_PRESSURE, METRIC_CPU_SOME_NS, METRIC_CPU_FULL_NS },
	{ FILE_MEMORY_PRESSURE, METRIC_MEMORY_SOME_NS, METRIC_MEMORY_FULL_NS },
	{ FILE_IO_PRESSURE, METRIC_IO_SOME_NS, METRIC_IO_FULL_NS },
	{ FILE_IRQ_PRESSURE, METRIC_COUNT, METRIC_IRQ_FULL_NS },
};

static const struct pressure root_table[] = {
	{ FILE_CPU_PRESSURE, METRIC_CPU_SOME_NS, METRIC_COUNT },
	{ FILE_MEMORY_PRESSURE, METRIC_MEMORY_SOME_NS, METRIC_MEMORY_FULL_NS },
	{ FILE_IO_PRESSURE, METRIC_IO_SOME_NS, METRIC_IO_FULL_NS },
	{ FILE_IRQ_PRESSURE, METRIC_COUNT, METRIC_IRQ_FULL_NS },
};

static_assert(ARRAY_SIZE(root_table) == ARRAY_SIZE(container_table), "same files");

static int sample(struct site *site, struct draft *draft, struct row *row)
{
	(void) draft;
	return pressure_sample(site->root ? root_table : container_table,
			       ARRAY_SIZE(container_table), site, row);
}

const struct sensor sensor_pressure = {
	.name = "pressure",
	.needs = "a kernel that counts pressure stalls (CONFIG_PSI, psi=1)",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_ROUND,
	.probe = pressure_probe,
	.sample = sample,
};
