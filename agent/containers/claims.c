/* SPDX-License-Identifier: Apache-2.0 */

/* claims: two tables of the same entries.
 *
 * A crash leaves state behind, and the next container may use the same cgroup: then two files claim
 * it, and only one claim is in the table of paths. */

#include "claims.h"

#include <stdlib.h>
#include <string.h>

struct claim *claims_find_key(const struct claims *claims, const char *key)
{
	struct claim *claim;

	HASH_FIND(by_key, claims->by_key, key, strlen(key), claim);
	return claim;
}

struct claim *claims_find_path(const struct claims *claims, const char *path)
{
	struct claim *claim;

	HASH_FIND(by_path, claims->by_path, path, strlen(path), claim);
	return claim;
}

struct claim *claims_get(struct claims *claims, const char *key)
{
	struct claim *claim = claims_find_key(claims, key);

	if (claim)
		return claim;

	claim = calloc(1, sizeof(*claim));
	if (!claim)
		return NULL;
	claim->key = strdup(key);
	if (claim->key)
		HASH_ADD_KEYPTR(by_key, claims->by_key, claim->key, strlen(claim->key), claim);
	if (!claim->key || !TABLE_HAS(claim, by_key)) {
		free(claim->key);
		free(claim);
		return NULL;
	}
	return claim;
}

static void withdraw(struct claims *claims, struct claim *claim)
{
	/* clang's analyzer supposes that the list is empty although an element of it is at hand. */
	if (TABLE_HAS(claim, by_path))
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		HASH_DELETE(by_path, claims->by_path, claim);
	claim->by_path.tbl = NULL;
}

/* Enters the claim's path, unless somebody with a later file has it. */
static void enter(struct claims *claims, struct claim *claim)
{
	struct claim *other = claims_find_path(claims, claim->path);

	if (other && other->written_ns > claim->written_ns)
		return;
	if (other)
		withdraw(claims, other);
	HASH_ADD_KEYPTR(by_path, claims->by_path, claim->path, strlen(claim->path), claim);
}

void claims_set(struct claims *claims, struct claim *claim, char *path, uint64_t written_ns)
{
	withdraw(claims, claim);
	free(claim->path);
	claim->path = path;
	claim->written_ns = written_ns;
	if (path)
		enter(claims, claim);
}

void claims_drop(struct claims *claims, struct claim *claim)
{
	claims_set(claims, claim, NULL, 0);
	/* clang's analyzer supposes that the head of the list has one before it. */
	HASH_DELETE(by_key, claims->by_key, claim); /* NOLINT(clang-analyzer-unix.Malloc) */
	free(claim->key);
	free(claim);
}

void claims_fini(struct claims *claims)
{
	struct claim *claim = claims->by_key, *next;

	HASH_CLEAR(by_path, claims->by_path); /* the tables; the claims stay linked */
	HASH_CLEAR(by_key, claims->by_key);
	for (; claim; claim = next) {
		next = claim->by_key.next;
		free(claim->key);
		free(claim->path);
		free(claim);
	}
}

void claims_begin(struct claims *claims)
{
	struct claim *claim, *next;

	HASH_ITER (by_key, claims->by_key, claim, next)
		claim->seen = false;
}

void claims_sweep(struct claims *claims)
{
	struct claim *claim, *next;

	HASH_ITER (by_key, claims->by_key, claim, next)
		if (!claim->seen)
			claims_set(claims, claim, NULL, 0);

	/* Who stood behind one of these comes forward. */
	HASH_ITER (by_key, claims->by_key, claim, next)
		if (!claim->seen)
			claims_drop(claims, claim);
		else if (claim->path && !TABLE_HAS(claim, by_path))
			enter(claims, claim);
}

const char *claim_name(const struct claim *claim)
{
	return strrchr(claim->key, '/') + 1; /* every key has a place in front */
}
