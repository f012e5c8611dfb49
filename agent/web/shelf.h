/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The memory of one large text while nobody uses it: bodies of one format are about as long each
 * time, so a steady stream of scrapes neither allocates nor grows. For any thread. */

#include <pthread.h>

#include "base/text.h"

struct shelf {
	pthread_mutex_t lock;
	struct text spare; /* no bytes: the shelf is empty */
};

void shelf_init(struct shelf *shelf);
void shelf_fini(struct shelf *shelf);

/* An empty text with this limit, and with the room of the last one when that is not in use. */
struct text shelf_take(struct shelf *shelf, size_t limit);

/* Takes the text; its memory is kept when the shelf is empty, and freed else. */
void shelf_give(struct shelf *shelf, struct text *text);

void shelf_clear(struct shelf *shelf);
