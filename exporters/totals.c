/* SPDX-License-Identifier: Apache-2.0 */

/* totals: children's counters and rates, summed up for their containers. */

#include "exporters/totals.h"

#include <errno.h>
#include <stdlib.h>

#include "exporters/exporter.h"
#include "model/rate.h"

static const enum metric metrics[] = {
	[TOTAL_RECEIVE_BYTES] = METRIC_RX_BYTES,
	[TOTAL_TRANSMIT_BYTES] = METRIC_TX_BYTES,
	[TOTAL_READ_BYTES] = METRIC_READ_BYTES,
	[TOTAL_WRITE_BYTES] = METRIC_WRITE_BYTES,
};
static_assert(sizeof(metrics) / sizeof(metrics[0]) == TOTAL_COUNT, "a total lacks its metric");

static void add(struct sum *sum, const struct export *export, const struct row *row,
		enum metric metric)
{
	const struct row *before = export->before ? snapshot_same(export->before, row) : NULL;
	double per_second;
	uint64_t value;

	if (!row_get(row, metric, &value))
		return;
	sum->value += value;
	sum->has_value = true;

	if (!before || !rate_get(export->now, row, export->before, before, metric, &per_second))
		return;
	sum->per_second += per_second;
	sum->has_rate = true;
}

static void add_rows(struct totals *totals, const struct export *export, enum total total)
{
	enum entity entity = metric_infos[metrics[total]].entity;

	for (uint32_t i = 0; i < snapshot_rows(export->now, entity); i++) {
		const struct row *row = snapshot_row(export->now, entity, i);

		if (row && snapshot_parent(export->now, row))
			add(&totals->sums[row->parent][total], export, row, metrics[total]);
	}
}

int totals_init(struct totals *totals, const struct export *export)
{
	/* One more than there are: never of size 0. */
	totals->sums =
		calloc(snapshot_rows(export->now, ENTITY_CONTAINER) + 1, sizeof(*totals->sums));
	if (!totals->sums)
		return -ENOMEM;

	for (enum total total = 0; total < TOTAL_COUNT; total++)
		add_rows(totals, export, total);
	return 0;
}

void totals_fini(struct totals *totals)
{
	free(totals->sums);
	totals->sums = NULL;
}
