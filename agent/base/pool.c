/* SPDX-License-Identifier: Apache-2.0 */

/* pool: fixed-size objects, reserved once. */

#include "base/pool.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int pool_init(struct pool *pool, const char *name, size_t object_bytes, uint32_t capacity)
{
	char *objects = calloc(capacity, object_bytes);
	uint32_t *unused = calloc(capacity, sizeof(*unused));

	if (!objects || !unused) {
		free(objects);
		free(unused);
		return -ENOMEM;
	}

	*pool = (struct pool){
		.name = name,
		.objects = objects,
		.unused = unused,
		.object_bytes = object_bytes,
		.capacity = capacity,
	};
	return 0;
}

void pool_fini(struct pool *pool)
{
	free(pool->objects);
	free(pool->unused);
	*pool = (struct pool){ 0 };
}

/* unused[] holds i + 1 for "index i was given back here", 0 for "never touched": the stack needs
 * no initial filling, and untouched pages stay untouched. */
void *pool_take(struct pool *pool)
{
	uint32_t index;
	void *object;

	if (pool->used == pool->capacity) {
		pool->refused++;
		return NULL;
	}

	index = pool->unused[pool->used] > 0 ? pool->unused[pool->used] - 1 : pool->used;
	pool->used++;
	object = pool->objects + (size_t) index * pool->object_bytes;
	memset(object, 0, pool->object_bytes);
	return object;
}

void pool_give(struct pool *pool, void *object)
{
	assert(pool->used > 0);
	pool->used--;
	pool->unused[pool->used] = pool_index(pool, object) + 1;
}

uint32_t pool_index(const struct pool *pool, const void *object)
{
	size_t offset = (size_t) ((const char *) object - pool->objects);

	assert(offset % pool->object_bytes == 0 && offset / pool->object_bytes < pool->capacity);
	return (uint32_t) (offset / pool->object_bytes);
}

void *pool_at(const struct pool *pool, uint32_t index)
{
	assert(index < pool->capacity);
	return pool->objects + (size_t) index * pool->object_bytes;
}
