/* SPDX-License-Identifier: Apache-2.0 */

/* inner_limits: limits one level below a container's cgroup.
 *
 * Under systemd, crun makes a cgroup `container` inside of Podman's scope and runs the processes
 * there. Older versions (seen: 1.8.1 on Debian 12) leave memory.max and pids.max of the scope at
 * "max" and set those of the inner cgroup only; newer ones set both. What binds is the tighter one.
 * Elsewhere a cgroup of that name is the container's own making, and is not looked at.
 * Source: *.max of SCOPE/container. */

#include <string.h>

#include "base/cleanup.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct {
	enum site_file file;
	enum metric metric; /* 0 or absent: no limit in the outer cgroup */
} limits[] = {
	{ FILE_INNER_MEMORY_MAX, METRIC_SPEC_MEMORY_LIMIT_BYTES },
	{ FILE_INNER_MEMORY_HIGH, METRIC_MEMORY_HIGH_BYTES },
	{ FILE_INNER_SWAP_MAX, METRIC_SPEC_MEMORY_SWAP_LIMIT_BYTES },
	{ FILE_INNER_PIDS_MAX, METRIC_THREADS_MAX },
};

static bool has_inner(const struct site *site)
{
	const char *leaf = strrchr(site->path, '/');
	size_t length = leaf ? strlen(leaf) : 0;

	return length > strlen("/libpod-.scope") &&
	       strncmp(leaf, "/libpod-", strlen("/libpod-")) == 0 &&
	       strcmp(leaf + length - strlen(".scope"), ".scope") == 0;
}

static int tighten(struct site *site, struct row *row, enum site_file file, enum metric metric)
{
	uint64_t inner, outer = 0;
	int r = value_read(site, file, &inner);

	if (r < 0)
		return site_is_absence(r) ? 0 : r;
	(void) row_get(row, metric, &outer); /* absent: no limit either */
	if (inner != PARSE_MAX && (outer == 0 || inner < outer))
		row_set(row, metric, inner);
	return 0;
}

static int inner_limits_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r = 0;

	(void) draft;
	if (!has_inner(site))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		r = first_error(r, tighten(site, row, limits[i].file, limits[i].metric));

	return r;
}

const struct sensor sensor_inner_limits = {
	.name = "inner_limits",
	.needs = "a cgroup v2 tree",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.sample = inner_limits_sample,
};
