/* SPDX-License-Identifier: Apache-2.0 */

/* lineage: counts of ended containers by name. */

#include "lineage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "containers/registry.h"

#define KEY_BYTES (2 * IDENTITY_TEXT_BYTES + 96) /* two names, a runtime's name, numbers */

struct ancestor {
	uint64_t starts, oom_kills;
	UT_hash_handle hh; /* in the order in which they came: uthash keeps it */
	char key[];
};

static void give_up(struct lineage *lineage, struct ancestor *ancestor)
{
	HASH_DEL(lineage->ancestors, ancestor);
	free(ancestor);
}

void lineage_fini(struct lineage *lineage)
{
	while (lineage->ancestors)
		give_up(lineage, lineage->ancestors);
}

static size_t make_key(const struct container *container, char key[KEY_BYTES])
{
	const struct identity *identity = &container->identity;
	long owner = identity->has_owner ? (long) identity->owner_uid : -1;
	const char *pod = identity->pod ? identity->pod : ""; /* many pods have an "app" */

	return (size_t) snprintf(key, KEY_BYTES, "%s %ld %zu %s %s", container->runtime->name,
				 owner, strlen(pod), pod,
				 identity->name); /* fits: names are bounded */
}

static struct ancestor *find(const struct lineage *lineage, const struct container *container)
{
	struct ancestor *ancestor;
	char key[KEY_BYTES];
	size_t length = make_key(container, key);

	HASH_FIND(hh, lineage->ancestors, key, length, ancestor);
	return ancestor;
}

void lineage_put(struct lineage *lineage, const struct container *container)
{
	struct ancestor *ancestor;
	char key[KEY_BYTES];
	size_t length = make_key(container, key);

	lineage_drop(lineage, container);
	if (HASH_COUNT(lineage->ancestors) >= LINEAGE_MAX)
		give_up(lineage, lineage->ancestors);

	ancestor = calloc(1, sizeof(*ancestor) + length);
	if (!ancestor)
		return;
	ancestor->starts = container->starts;
	ancestor->oom_kills = container->oom_kills;
	memcpy(ancestor->key, key, length);
	HASH_ADD_KEYPTR(hh, lineage->ancestors, ancestor->key, length, ancestor);
	if (!TABLE_HAS(ancestor, hh))
		free(ancestor);
}

void lineage_take(struct lineage *lineage, struct container *container)
{
	struct ancestor *ancestor = find(lineage, container);

	if (!ancestor)
		return;
	container->starts += ancestor->starts;
	container->oom_kills += ancestor->oom_kills;
	give_up(lineage, ancestor);
}

void lineage_drop(struct lineage *lineage, const struct container *container)
{
	struct ancestor *ancestor = find(lineage, container);

	if (ancestor)
		give_up(lineage, ancestor);
}
