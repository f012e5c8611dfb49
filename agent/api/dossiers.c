/* SPDX-License-Identifier: Apache-2.0 */

/* dossiers: found by runtime and id, oldest use first. */

#include "api/dossiers.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "containers/table.h"

#define KEY_BYTES (RUNTIME_ID_BYTES + 32)

/* uthash keeps the order of adding: what is used is taken out and added again, at the end. */
struct kept {
	char key[KEY_BYTES];
	uint64_t stamp; /* 0: to be read anew */
	uint64_t used_ns;
	struct dossier dossier;
	UT_hash_handle hh;
};

struct dossiers {
	struct registry *registry;
	struct kept *by_key;
	struct dossier empty;
};

int dossiers_new(struct registry *registry, struct dossiers **ret_dossiers)
{
	struct dossiers *dossiers = calloc(1, sizeof(*dossiers));

	if (!dossiers)
		return -ENOMEM;
	dossiers->registry = registry;
	*ret_dossiers = dossiers;
	return 0;
}

static void kept_free(struct kept *kept)
{
	dossier_fini(&kept->dossier);
	free(kept);
}

/* The one whose last use is longest ago. */
static void drop_oldest(struct dossiers *dossiers)
{
	struct kept *oldest = dossiers->by_key;

	assert(!oldest->hh.prev); /* it is the first */
	HASH_DEL(dossiers->by_key, oldest);
	kept_free(oldest);
}

void dossiers_free(struct dossiers *dossiers)
{
	if (!dossiers)
		return;
	while (dossiers->by_key)
		drop_oldest(dossiers);
	free(dossiers);
}

void dossiers_expire(struct dossiers *dossiers)
{
	uint64_t now_ns = clock_boottime_ns();

	while (dossiers->by_key && now_ns - dossiers->by_key->used_ns > DOSSIERS_KEEP_NS)
		drop_oldest(dossiers);
}

uint32_t dossiers_count(const struct dossiers *dossiers)
{
	return HASH_COUNT(dossiers->by_key);
}

/* The one of this key, taken out of the table; or a new one. NULL: no memory. */
static struct kept *take(struct dossiers *dossiers, const char *key)
{
	struct kept *kept;

	HASH_FIND_STR(dossiers->by_key, key, kept);
	if (kept) {
		HASH_DEL(dossiers->by_key, kept);
		memset(&kept->hh, 0, sizeof(kept->hh));
		return kept;
	}
	if (HASH_COUNT(dossiers->by_key) >= DOSSIERS_MAX)
		drop_oldest(dossiers);
	kept = calloc(1, sizeof(*kept));
	if (kept)
		(void) snprintf(kept->key, sizeof(kept->key), "%s", key);
	return kept;
}

const struct dossier *dossiers_get(struct dossiers *dossiers, const struct container *container)
{
	uint64_t stamp = registry_stamp(dossiers->registry, container);
	char key[KEY_BYTES];
	struct kept *kept;

	(void) snprintf(key, sizeof(key), "%s:%s", container->runtime->name, container->id);
	kept = take(dossiers, key);
	if (!kept)
		return &dossiers->empty;

	if (stamp == 0 || stamp != kept->stamp) {
		dossier_fini(&kept->dossier);
		/* What could be read is filled in, also when not all could. */
		(void) registry_inspect(dossiers->registry, container, &kept->dossier);
		kept->stamp = stamp;
	}
	kept->used_ns = clock_boottime_ns();
	/* clang-tidy takes it that the oldest, the head, may have one before it.
	 * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	HASH_ADD_STR(dossiers->by_key, key, kept);
	if (!TABLE_HAS(kept, hh)) {
		kept_free(kept);
		return &dossiers->empty;
	}
	return &kept->dossier;
}
