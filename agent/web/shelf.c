/* SPDX-License-Identifier: Apache-2.0 */

/* shelf: a place for one spare text. */

#include "web/shelf.h"

#include "base/cleanup.h"

#define NOTHING ((struct text){ 0 })

void shelf_init(struct shelf *shelf)
{
	*shelf = (struct shelf){ .lock = PTHREAD_MUTEX_INITIALIZER };
}

void shelf_fini(struct shelf *shelf)
{
	shelf_clear(shelf);
	(void) pthread_mutex_destroy(&shelf->lock); /* fails only while locked: a bug elsewhere */
}

static struct text shelf_swap(struct shelf *shelf, struct text text)
{
	struct text before;

	(void) pthread_mutex_lock(&shelf->lock); /* cannot fail for a plain mutex */
	before = shelf->spare;
	shelf->spare = text;
	(void) pthread_mutex_unlock(&shelf->lock);
	return before;
}

struct text shelf_take(struct shelf *shelf, size_t limit)
{
	struct text text = shelf_swap(shelf, NOTHING);

	text.length = 0;
	text.limit = limit;
	text.overflowed = false;
	return text;
}

void shelf_give(struct shelf *shelf, struct text *text)
{
	struct text before = shelf_swap(shelf, TAKE(*text, NOTHING));

	text_fini(&before);
}

void shelf_clear(struct shelf *shelf)
{
	struct text before = shelf_swap(shelf, NOTHING);

	text_fini(&before);
}
