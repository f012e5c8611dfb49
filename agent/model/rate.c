/* SPDX-License-Identifier: Apache-2.0 */

/* rate: what a counter gained between two snapshots, per second. */

#include "model/rate.h"

#include <string.h>

/* Rows with a label are told apart by it; container and machine rows carry strings instead. */
static bool is_same(const struct row *one, const struct row *other)
{
	if (one->entity != other->entity || one->instance != other->instance)
		return false;
	if (one->entity == ENTITY_CONTAINER || one->entity == ENTITY_MACHINE)
		return true;
	return strcmp(one->label, other->label) == 0;
}

bool rate_get(const struct snapshot *now, const struct row *row_now, const struct snapshot *before,
	      const struct row *row_before, enum metric metric, double *ret_per_second)
{
	uint64_t value_now, value_before, elapsed_ns;
	double gained;

	if (metric_infos[metric].kind != KIND_COUNTER || !is_same(row_now, row_before))
		return false;
	if (!row_get(row_now, metric, &value_now) || !row_get(row_before, metric, &value_before))
		return false;
	if (value_now < value_before || now->boottime_ns <= before->boottime_ns)
		return false;

	elapsed_ns = now->boottime_ns - before->boottime_ns;
	gained = (double) (value_now - value_before);
	if (metric_infos[metric].unit != UNIT_NANOSECONDS)
		gained *= 1e9;

	*ret_per_second = gained / (double) elapsed_ns;
	return true;
}
