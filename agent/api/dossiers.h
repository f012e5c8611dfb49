/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Dossiers that were read lately, so that a list of a hundred containers, asked for again and
 * again, costs a hundred stats and not a hundred parsed files. What nobody asked for in a minute is
 * forgotten: a dossier is some 50 KB. */

#include <stdint.h>

#include "containers/dossier.h"
#include "containers/registry.h"

#define DOSSIERS_MAX     256
#define DOSSIERS_KEEP_NS (60 * 1000000000ULL)

struct dossiers;

int dossiers_new(struct registry *registry, struct dossiers **ret_dossiers);
void dossiers_free(struct dossiers *dossiers); /* NULL is fine */

/* Never NULL: an empty one when nothing can be known. Borrowed, until the next call. */
const struct dossier *dossiers_get(struct dossiers *dossiers, const struct container *container);

/* Forgets what was not asked for in DOSSIERS_KEEP_NS. */
void dossiers_expire(struct dossiers *dossiers);

uint32_t dossiers_count(const struct dossiers *dossiers);
