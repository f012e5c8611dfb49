/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Reads a database of Go's bbolt while its owner may write it, without the owner's lock, whose
 * holding would stop the owner.
 *
 * That is sound: a writer never changes a page that the newest of the two meta pages leads to; it
 * writes others, and then the older meta page. As long as the same meta page is the newest one
 * afterwards (bolt_is_same), all that was read belongs together. There is no library for it in C.
 *
 * The file may be anybody's: sizes, positions and circles of pages are checked, and there is a
 * limit to what is read for one question. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"

#define BOLT_BUCKET_BYTES 16 /* at least, of a value that is a bucket */

struct bolt {
	int fd;
	uint32_t page_bytes;
	unsigned char root[BOLT_BUCKET_BYTES]; /* the value that the root bucket would have */
	uint64_t transaction;
	uint64_t budget; /* bytes that may still be read */
};

/* Borrowed during the call. */
struct bolt_entry {
	struct slice key, value;
	bool is_bucket;
};

typedef int (*bolt_handler)(const struct bolt_entry *entry, void *userdata);

/* The file is opened by fd_open_distrusted. Returns 0, -EBADMSG (not such a database) or another
 * negative errno. */
int bolt_open(int dir_fd, const char *path, struct bolt *ret_bolt);
void bolt_close(struct bolt *bolt);

/* Whether all that was read is of one transaction. */
bool bolt_is_same(const struct bolt *bolt);

/* Calls the handler for every entry of a bucket (its value), or for that of one key, until it
 * returns something else than 0, which is returned. -EBADMSG: the pages are broken. */
int bolt_walk(struct bolt *bolt, const void *bucket, size_t length, const char *only,
	      bolt_handler handler, void *userdata);
