/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Pressure stall information: how long tasks waited, for a cgroup and for the host. */

#include <stddef.h>

#include "model/row.h"
#include "sensors/site.h"

struct pressure {
	enum site_file file;
	enum metric some, full; /* METRIC_COUNT: not wanted, or the kernel does not write it */
};

/* Fills the cells of a table. Returns 0 also when there is nothing to read, else the first
 * failure; all rows of the table are tried, and cells without a number become absent. */
int pressure_sample(const struct pressure *table, size_t count, struct site *site, struct row *row);

/* Whether this kernel counts, and was not told to stop (psi=0): the host's or the root cgroup's
 * numbers can be read. Returns 0 or -EOPNOTSUPP. */
int pressure_probe(struct site *root);
