/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Fixed-size objects, all reserved at start: taking and giving back never allocates, and a pool
 * that is empty refuses and counts. Memory is reserved with calloc, so pages that were never
 * used cost address space only.
 *
 * Objects have stable addresses and an index from 0 to capacity - 1. */

#include <stddef.h>
#include <stdint.h>

struct pool {
	const char *name; /* for the metrics about the agent itself */
	char *objects;
	uint32_t *unused; /* stack of indexes */
	size_t object_bytes;
	uint32_t capacity;
	uint32_t used;
	uint64_t refused;
};

/* Returns 0 or -ENOMEM. `name` is borrowed for the life of the pool. */
int pool_init(struct pool *pool, const char *name, size_t object_bytes, uint32_t capacity);
void pool_fini(struct pool *pool);

/* A zeroed object, lowest free index first as long as none came back; NULL when all are used. */
void *pool_take(struct pool *pool);
void pool_give(struct pool *pool, void *object);

uint32_t pool_index(const struct pool *pool, const void *object);
void *pool_at(const struct pool *pool, uint32_t index);
