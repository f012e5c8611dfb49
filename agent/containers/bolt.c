/* SPDX-License-Identifier: Apache-2.0 */

/* bolt: pages, elements, buckets.
 *
 * Source: bbolt, page.go, bucket.go, db.go, tx.go. Numbers are in the byte order of the machine. A
 * page has a header and elements; an element says where its key and value are, counted from
 * itself. Branches have pages as values. A bucket is a value of a leaf: the page of its root, or
 * the only page itself behind it. The first two pages are meta pages; the whole one with the
 * higher transaction counts. */

#include "bolt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

#define PAGE_BYTES  2097152  /* with overflow: several documents of METADATA_BYTES do not exist */
#define READ_BYTES  33554432 /* for one question; a list of 10,000 containers takes one million */
#define DEPTH_MAX   16
#define PAGE_HEADER 16 /* id: 8 bytes, flags: 2, count: 2, overflow: 4 */
#define ELEMENT     16 /* of branches: position, key size: 4 each, page: 8; leaves: four of 4 */
#define BUCKET      BOLT_BUCKET_BYTES /* page of its root, or 0 and the page follows; sequence */

#define META_MAGIC     0xED0CDAED
#define META_VERSION   2
#define META_BYTES     64
#define META_ROOT      16 /* offsets behind the page header */
#define META_TXID      48
#define META_SUM       56
#define FIRST_PAGES    4096
#define FLAG_BRANCH    1
#define FLAG_LEAF      2
#define ELEMENT_BUCKET 1

static uint16_t take_u16(const unsigned char *bytes)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint32_t take_u32(const unsigned char *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint64_t take_u64(const unsigned char *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint64_t sum(const unsigned char *bytes, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325ULL; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ULL;

	return hash;
}

/* Reads a meta page into `bolt` if it is whole, and newer than what is there. */
static void take_meta(struct bolt *bolt, off_t offset)
{
	unsigned char page[PAGE_HEADER + META_BYTES];
	const unsigned char *meta = page + PAGE_HEADER;
	uint32_t page_bytes;

	if (pread(bolt->fd, page, sizeof(page), offset) != sizeof(page) ||
	    take_u32(meta) != META_MAGIC || take_u32(meta + 4) != META_VERSION ||
	    take_u64(meta + META_SUM) != sum(meta, META_SUM))
		return;
	page_bytes = take_u32(meta + 8);
	if (page_bytes < 512 || page_bytes > 65536 ||
	    (bolt->page_bytes > 0 && take_u64(meta + META_TXID) < bolt->transaction))
		return;

	bolt->page_bytes = page_bytes;
	bolt->transaction = take_u64(meta + META_TXID);
	memcpy(bolt->root, meta + META_ROOT, sizeof(bolt->root));
}

static int read_metas(struct bolt *bolt)
{
	bolt->page_bytes = 0;
	take_meta(bolt, 0);
	take_meta(bolt, bolt->page_bytes > 0 ? bolt->page_bytes : FIRST_PAGES);
	return bolt->page_bytes > 0 ? 0 : -EBADMSG;
}

int bolt_open(int dir_fd, const char *path, struct bolt *ret_bolt)
{
	CLEANUP(close_p) int fd = fd_open_distrusted(dir_fd, path, SIZE_MAX);
	struct bolt bolt = { .fd = fd, .budget = READ_BYTES };
	int r = fd < 0 ? fd : read_metas(&bolt);

	if (r < 0)
		return r;

	*ret_bolt = bolt;
	ret_bolt->fd = TAKE_FD(fd);
	return 0;
}

void bolt_close(struct bolt *bolt)
{
	close_p(&bolt->fd);
	bolt->fd = -1;
}

bool bolt_is_same(const struct bolt *bolt)
{
	struct bolt now = { .fd = bolt->fd };

	return read_metas(&now) == 0 && now.transaction == bolt->transaction;
}

/* Reads one page with its overflow. The caller frees it. */
static int read_page(struct bolt *bolt, uint64_t number, unsigned char **ret_page,
		     size_t *ret_length)
{
	CLEANUP(free_p) unsigned char *page = NULL;
	unsigned char header[PAGE_HEADER];
	uint64_t length, offset;

	if (number > INT64_MAX / 2 / bolt->page_bytes)
		return -EBADMSG;
	offset = number * bolt->page_bytes;
	if (pread(bolt->fd, header, sizeof(header), (off_t) offset) != sizeof(header))
		return -EBADMSG;
	length = (take_u32(header + 12) + 1ULL) * bolt->page_bytes;
	if (length > PAGE_BYTES || length > bolt->budget || take_u64(header) != number)
		return -EBADMSG;
	bolt->budget -= length < FIRST_PAGES && bolt->budget >= FIRST_PAGES ? FIRST_PAGES : length;

	page = malloc(length);
	if (!page)
		return -ENOMEM;
	if (pread(bolt->fd, page, length, (off_t) offset) != (ssize_t) length)
		return -EBADMSG;
	*ret_page = TAKE_PTR(page);
	*ret_length = length;
	return 0;
}

/* Whether `size` bytes at `at` lie within the page. */
static bool fits(uint64_t at, uint64_t size, size_t length)
{
	return at <= length && size <= length - at;
}

/* Entry `i` of a leaf. Positions count from the element. */
static bool leaf_entry(const unsigned char *page, size_t length, size_t i,
		       struct bolt_entry *ret_entry)
{
	uint64_t at = PAGE_HEADER + i * ELEMENT, key, key_size, value_size;

	if (!fits(at, ELEMENT, length))
		return false;
	key = at + take_u32(page + at + 4);
	key_size = take_u32(page + at + 8);
	value_size = take_u32(page + at + 12);
	if (!fits(key, key_size + value_size, length))
		return false;

	*ret_entry = (struct bolt_entry){
		.key = { (const char *) page + key, key_size },
		.value = { (const char *) page + key + key_size, value_size },
		.is_bucket = take_u32(page + at) & ELEMENT_BUCKET,
	};
	return true;
}

/* Child `i` of a branch. */
static bool branch_child(const unsigned char *page, size_t length, size_t i, struct slice *ret_key,
			 uint64_t *ret_page)
{
	uint64_t at = PAGE_HEADER + i * ELEMENT, key, key_size;

	if (!fits(at, ELEMENT, length))
		return false;
	key = at + take_u32(page + at);
	key_size = take_u32(page + at + 4);
	if (!fits(key, key_size, length))
		return false;

	*ret_key = (struct slice){ (const char *) page + key, key_size };
	*ret_page = take_u64(page + at + 8);
	return true;
}

static int compare(struct slice key, const char *text)
{
	size_t length = strlen(text);
	int order = memcmp(key.start, text, key.length < length ? key.length : length);

	return order != 0 ? order : (key.length > length) - (key.length < length);
}

static int walk_page(struct bolt *bolt, uint64_t number, const char *only, bolt_handler handler,
		     void *userdata, unsigned depth);

/* Returns 0, or what the handler did not return 0 for. */
static int walk_leaf(const unsigned char *page, size_t length, const char *only,
		     bolt_handler handler, void *userdata)
{
	for (size_t i = 0; i < take_u16(page + 10); i++) {
		struct bolt_entry entry;
		int r = 0;

		if (!leaf_entry(page, length, i, &entry))
			return -EBADMSG;
		if (!only || compare(entry.key, only) == 0)
			r = handler(&entry, userdata);
		if (r != 0)
			return r;
	}

	return 0;
}

/* A child has the keys from its own on to that of the next one; the first one the lower, too. */
static int walk_branch(struct bolt *bolt, const unsigned char *page, size_t length,
		       const char *only, bolt_handler handler, void *userdata, unsigned depth)
{
	size_t count = take_u16(page + 10);

	for (size_t i = 0; i < count; i++) {
		struct slice key, next;
		uint64_t child, unused;
		int r = 0;

		if (!branch_child(page, length, i, &key, &child))
			return -EBADMSG;
		if (!only || i + 1 == count ||
		    (branch_child(page, length, i + 1, &next, &unused) && compare(next, only) > 0))
			r = walk_page(bolt, child, only, handler, userdata, depth + 1);
		else
			continue;
		if (r != 0 || only)
			return r;
	}

	return 0;
}

static int walk_page(struct bolt *bolt, uint64_t number, const char *only, bolt_handler handler,
		     void *userdata, unsigned depth)
{
	CLEANUP(free_p) unsigned char *page = NULL;
	size_t length;
	int r = depth < DEPTH_MAX ? read_page(bolt, number, &page, &length) : -EBADMSG;

	if (r < 0)
		return r;
	if (take_u16(page + 8) & FLAG_LEAF)
		return walk_leaf(page, length, only, handler, userdata);
	if (take_u16(page + 8) & FLAG_BRANCH)
		return walk_branch(bolt, page, length, only, handler, userdata, depth);

	return -EBADMSG;
}

int bolt_walk(struct bolt *bolt, const void *bucket, size_t length, const char *only,
	      bolt_handler handler, void *userdata)
{
	const unsigned char *bytes = bucket;

	if (length < BUCKET)
		return -EBADMSG;
	if (take_u64(bytes) != 0)
		return walk_page(bolt, take_u64(bytes), only, handler, userdata, 0);
	if (length < BUCKET + PAGE_HEADER)
		return -EBADMSG;
	return walk_leaf(bytes + BUCKET, length - BUCKET, only, handler, userdata);
}
