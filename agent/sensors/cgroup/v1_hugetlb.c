/* SPDX-License-Identifier: Apache-2.0 */

/* hugetlb on hybrid hosts, from the v1 tree.
 *
 * Source: hugetlb.SIZE.usage_in_bytes, .max_usage_in_bytes, .failcnt.
 * Kernel: Documentation/admin-guide/cgroup-v1/hugetlb.rst. */

#include <errno.h>

#include "model/draft.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct {
	const char *label;
	struct value values[3]; /* the first one tells whether this kernel offers the size */
} sizes[] = {
#define SIZE(size) \
	{ \
#size, \
		{ \
			{ FILE_V1_HUGETLB_##size##_USAGE, METRIC_HUGETLB_USAGE_BYTES }, \
				{ FILE_V1_HUGETLB_##size##_PEAK, METRIC_HUGETLB_PEAK_BYTES }, \
			{ \
				FILE_V1_HUGETLB_##size##_FAILCNT, METRIC_HUGETLB_FAILCNT \
			} \
		} \
	}
	SIZE(64KB),
	SIZE(2MB),
	SIZE(32MB),
	SIZE(1GB),
};

static int size_sample(struct site *site, struct draft *draft, struct row *row, size_t i)
{
	struct row *child;
	uint64_t bytes;
	int r;

	r = value_read(site, sizes[i].values[0].file, &bytes);
	if (r < 0)
		return site_is_absence(r) ? 0 : r;

	child = draft_child(draft, row, ENTITY_HUGEPAGE, sizes[i].label);
	if (!child)
		return 0;
	return values_sample(sizes[i].values, ARRAY_SIZE(sizes[i].values), site, child);
}

static int v1_hugetlb_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		r = first_error(r, size_sample(site, draft, row, i));

	draft_sweep(draft, row, ENTITY_HUGEPAGE);
	return r;
}

static int v1_hugetlb_probe(struct site *root)
{
	return site_has_v1(root, HIERARCHY_V1_HUGETLB, "hugetlb") ? 0 : -EOPNOTSUPP;
}

const struct sensor sensor_v1_hugetlb = {
	.name = "v1_hugetlb",
	.needs = "a cgroup v1 tree with the hugetlb controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = v1_hugetlb_probe,
	.sample = v1_hugetlb_sample,
};
