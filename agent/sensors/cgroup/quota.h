/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A CPU quota, as v1 and v2 files give it, into cells. */

#include "base/parse.h"
#include "model/row.h"

/* Microseconds; quota PARSE_MAX: no limit; period PARSE_MAX: not known. The row keeps what is set
 * until the next call, which tells the sensors of cpu.stat whether its throttling lines count. */
static inline void quota_fill(struct row *row, uint64_t quota_usec, uint64_t period_usec)
{
	uint64_t nano;

	row_clear(row, METRIC_SPEC_CPU_PERIOD);
	row_clear(row, METRIC_SPEC_CPU_QUOTA);
	row_clear(row, METRIC_CPU_LIMIT_CORES);

	if (period_usec != PARSE_MAX)
		row_set(row, METRIC_SPEC_CPU_PERIOD, period_usec);
	if (quota_usec == PARSE_MAX)
		return;
	row_set(row, METRIC_SPEC_CPU_QUOTA, quota_usec);
	if (period_usec != PARSE_MAX && period_usec > 0 &&
	    !__builtin_mul_overflow(quota_usec, 1000000000ULL, &nano))
		row_set(row, METRIC_CPU_LIMIT_CORES, nano / period_usec);
}

static inline bool quota_is_set(const struct row *row)
{
	return row_has(row, METRIC_SPEC_CPU_QUOTA);
}
