/* SPDX-License-Identifier: Apache-2.0 */

/* podman_index: ids to stores. */

#include "podman_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "containers/podman_store.h"
#include "containers/table.h"

struct podman_indexed {
	char id[PODMAN_ID_DIGITS + 1];
	struct podman_store *store;
	bool fresh;     /* added since the latest begin: nobody was first */
	bool disputed;  /* by another user, when it was added */
	bool contended; /* another user claims it since the latest begin */
	bool seen;
	UT_hash_handle hh;
};

void podman_index_fini(struct podman_index *index)
{
	struct podman_indexed *entry = index->by_id, *next;

	HASH_CLEAR(hh, index->by_id); /* the table; its elements stay linked */
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry);
	}
}

/* Frees those that have no store. */
static void drop_ownerless(struct podman_index *index)
{
	struct podman_indexed *entry, *next, *dropped = NULL;

	HASH_ITER (hh, index->by_id, entry, next) {
		if (entry->store)
			continue;
		HASH_DEL(index->by_id, entry);
		entry->hh.next = dropped;
		dropped = entry;
	}
	for (; dropped; dropped = next) {
		next = dropped->hh.next;
		free(dropped);
	}
}

static struct podman_indexed *find(const struct podman_index *index, const char *id)
{
	struct podman_indexed *entry;

	HASH_FIND_STR(index->by_id, id, entry);
	return entry;
}

/* NULL: no memory; the container is unknown until the next time. */
static struct podman_indexed *add(struct podman_index *index, const char *id,
				  struct podman_store *store)
{
	struct podman_indexed *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	strncpy(entry->id, id, PODMAN_ID_DIGITS);
	entry->store = store;
	entry->fresh = entry->seen = true;
	HASH_ADD_STR(index->by_id, id, entry);
	if (!TABLE_HAS(entry, hh)) {
		free(entry);
		return NULL;
	}
	return entry;
}

void podman_index_begin(struct podman_index *index)
{
	struct podman_indexed *entry, *next;

	HASH_ITER (hh, index->by_id, entry, next)
		entry->seen = entry->fresh = entry->contended = false;
}

void podman_index_claim(struct podman_index *index, const char *id, struct podman_store *store)
{
	struct podman_indexed *entry = find(index, id);

	if (!entry) {
		(void) add(index, id, store); /* no memory: next time */
	} else if (entry->store == store) {
		entry->seen = true;
	} else if (!store->rootless && entry->store->rootless) {
		entry->store = store;
		entry->seen = true;
		entry->disputed = false;
	} else if (entry->store->rootless) {
		entry->contended = true;
		entry->disputed |= entry->fresh;
	}
}

void podman_index_sweep(struct podman_index *index)
{
	struct podman_indexed *entry, *next;

	HASH_ITER (hh, index->by_id, entry, next) {
		entry->disputed &= entry->contended;
		if (!entry->seen)
			entry->store = NULL;
	}
	drop_ownerless(index);
}

void podman_index_keep(struct podman_index *index, const struct podman_store *store)
{
	struct podman_indexed *entry, *next;

	HASH_ITER (hh, index->by_id, entry, next)
		if (entry->store == store)
			entry->seen = true;
}

void podman_index_prove(struct podman_index *index, const char *id, struct podman_store *store)
{
	struct podman_indexed *entry = find(index, id);

	if (!entry)
		entry = add(index, id, store);
	if (!entry)
		return;
	entry->store = store;
	entry->fresh = entry->disputed = false;
}

void podman_index_forget(struct podman_index *index, const struct podman_store *store)
{
	struct podman_indexed *entry, *next;

	HASH_ITER (hh, index->by_id, entry, next)
		if (entry->store == store)
			entry->store = NULL;
	drop_ownerless(index);
}

int podman_index_find(const struct podman_index *index, const char *id,
		      struct podman_store **ret_store)
{
	const struct podman_indexed *entry = find(index, id);

	if (!entry)
		return -ENOENT;
	if (entry->disputed)
		return -EEXIST;

	*ret_store = entry->store;
	return 0;
}

void podman_index_list(const struct podman_index *index, size_t max,
		       void (*found)(const char *id, void *userdata), void *userdata)
{
	const bool order[] = { false, true }; /* rootless */

	for (size_t i = 0; i < 2; i++)
		for (struct podman_indexed *entry = index->by_id; entry && max > 0;
		     entry = entry->hh.next) {
			if (entry->store->rootless != order[i])
				continue;
			found(entry->id, userdata);
			max--;
		}
}
