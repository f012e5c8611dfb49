/* SPDX-License-Identifier: Apache-2.0 */

/* hugetlb: huge pages of a cgroup, by page size.
 *
 * Source: hugetlb.SIZE.rsvd.current, which counts from the reservation on (5.7), else
 * hugetlb.SIZE.current; "max" in hugetlb.SIZE.events. v2 has no file with the highest usage. Sizes
 * that this kernel does not offer have no files; that is found out once for each container.
 * Kernel: Documentation/admin-guide/cgroup-v2.rst, "HugeTLB Interface Files". */

#include <errno.h>

#include "model/draft.h"
#include "sensors/fields.h"
#include "sensors/sensor.h"
#include "sensors/values.h"

static const struct {
	const char *label;
	enum site_file reserved, usage, events;
} sizes[] = {
#define SIZE(size) \
	{ \
#size, FILE_HUGETLB_##size##_RESERVED, FILE_HUGETLB_##size##_USAGE, \
			FILE_HUGETLB_##size##_EVENTS \
	}
	SIZE(64KB),
	SIZE(2MB),
	SIZE(32MB),
	SIZE(1GB),
};

static const struct field event_rows[] = {
	{ "max", METRIC_HUGETLB_FAILCNT, 1 },
};
static struct fields event_fields = FIELDS(event_rows);

static int size_sample(struct site *site, struct draft *draft, struct row *row, size_t i)
{
	struct row *child;
	uint64_t bytes;
	int r;

	r = value_read(site, sizes[i].reserved, &bytes);
	if (r == -ENOENT)
		r = value_read(site, sizes[i].usage, &bytes);
	if (r == 0 && bytes == PARSE_MAX)
		r = -EBADMSG;
	if (r < 0)
		return site_is_absence(r) ? 0 : r;

	child = draft_child(draft, row, ENTITY_HUGEPAGE, sizes[i].label);
	if (!child)
		return 0;
	row_set(child, METRIC_HUGETLB_USAGE_BYTES, bytes);
	return fields_sample(&event_fields, site, sizes[i].events, child);
}

static int hugetlb_sample(struct site *site, struct draft *draft, struct row *row)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		r = first_error(r, size_sample(site, draft, row, i));

	draft_sweep(draft, row, ENTITY_HUGEPAGE);
	return r;
}

static int hugetlb_probe(struct site *root)
{
	return site_has_controller(root, "hugetlb") ? 0 : -EOPNOTSUPP;
}

const struct sensor sensor_hugetlb = {
	.name = "hugetlb",
	.needs = "cgroup v2 with the hugetlb controller",
	.entity = ENTITY_CONTAINER,
	.cadence = CADENCE_SLOW,
	.probe = hugetlb_probe,
	.sample = hugetlb_sample,
};
