/* SPDX-License-Identifier: Apache-2.0 */

/* worker: the thread that waits for the disk, so that nobody else does.
 *
 * It takes events in batches and queries one by one, in their order. A batch that cannot be written
 * is kept and tried again; meanwhile queries are answered from what is there, and the queue fills
 * up until it refuses. Between, what is too old is forgotten, in steps that are short enough for
 * everything else to wait for. */

#include "store/worker.h"

#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

#define RETRY_NS       NSEC_PER_SEC
#define ASIDE_NS       (60 * NSEC_PER_SEC) /* a file that breaks at once again is a broken disk */
#define FORGET_NS      (60 * NSEC_PER_SEC)
#define FORGET_SOON_NS NSEC_PER_SEC /* after something was written */
#define FORGET_STEP    1000         /* rows deleted in one transaction */
#define FORGET_WRITTEN 1000         /* so it is as fast as writing */

enum work { WORK_WRITE, WORK_ANSWER, WORK_FORGET, WORK_STOP };

void items_append(struct items *items, struct item *item)
{
	item->next = NULL;
	*items->end = item;
	items->end = &item->next;
}

struct item *items_take(struct items *items)
{
	struct item *item = items->first;

	if (!item)
		return NULL;
	items->first = item->next;
	if (!items->first)
		items->end = &items->first;
	return item;
}

void items_free(struct items *items)
{
	struct item *item;

	while ((item = items_take(items))) {
		if (item->ticket)
			event_answer_fini(&item->answer);
		free(item);
	}
}

/* Not the clocks of base: a test that stops those would stop the thread. */
static uint64_t monotonic_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return (uint64_t) now.tv_sec * NSEC_PER_SEC + (uint64_t) now.tv_nsec;
}

static void wait_until(struct store *store, uint64_t when_ns)
{
	struct timespec until = { .tv_sec = (time_t) (when_ns / NSEC_PER_SEC),
				  .tv_nsec = (long) (when_ns % NSEC_PER_SEC) };

	(void) pthread_cond_clockwait(&store->changed, &store->mutex, CLOCK_MONOTONIC,
				      &until); /* woken or late: both look again */
}

static void take_batch(struct store *store)
{
	struct item *item = store->queue.first;

	while (item && item->ticket == 0 && store->batch_count < STORE_BATCH) {
		store->batch_events[store->batch_count++] = &item->stored;
		items_append(&store->batch, items_take(&store->queue));
		item = store->queue.first;
	}
}

/* Takes the first query out of the queue, past events that cannot be written now. */
static struct item *take_query(struct store *store)
{
	struct item **link = &store->queue.first, *item;

	while (*link && (*link)->ticket == 0)
		link = &(*link)->next;
	item = *link;
	if (!item)
		return NULL;

	*link = item->next;
	if (!*link)
		store->queue.end = link;
	return item;
}

/* What there is to do now. False: nothing, until *ret_when_ns or a change. */
static bool find_work(struct store *store, enum work *ret_work, struct item **ret_query,
		      uint64_t *ret_when_ns)
{
	uint64_t now_ns = monotonic_ns();

	if (store->stopping && (store->trouble || (!store->batch.first && !store->queue.first))) {
		*ret_work = WORK_STOP;
		return true;
	}
	if (!store->batch.first && (store->trouble == 0 || now_ns >= store->retry_ns))
		take_batch(store);
	if (store->batch.first && (store->trouble == 0 || now_ns >= store->retry_ns)) {
		*ret_work = WORK_WRITE;
		return true;
	}
	*ret_query = take_query(store);
	if (*ret_query) {
		*ret_work = WORK_ANSWER;
		return true;
	}
	if (store->trouble == 0 && now_ns >= store->forget_ns) {
		*ret_work = WORK_FORGET;
		return true;
	}
	*ret_when_ns = store->trouble ? store->retry_ns : store->forget_ns;
	if (*ret_when_ns <= now_ns) /* in trouble, and nothing to try it with */
		*ret_when_ns = now_ns + FORGET_NS;
	return false;
}

static enum work await_work(struct store *store, struct item **ret_query)
{
	enum work work;
	uint64_t when_ns;

	(void) pthread_mutex_lock(&store->mutex); /* cannot fail: it is ours, and of no kind */
	while (!find_work(store, &work, ret_query, &when_ns))
		wait_until(store, when_ns);
	(void) pthread_mutex_unlock(&store->mutex);
	return work;
}

/* Returns whether a new file may be begun at once. */
static bool set_aside(struct store *store)
{
	uint64_t now_ns = monotonic_ns();
	int r;

	database_close(&store->database);
	if (store->aside_ns != 0 && now_ns - store->aside_ns < ASIDE_NS)
		return false;
	store->aside_ns = now_ns;
	r = database_set_aside(store->dir_fd);
	log_warning(r, "%s: it is set aside, and history begins anew", store->database.problem);
	return r == 0;
}

/* A failure is remembered, told once, and tried again later; so is success. */
static void settle(struct store *store, int r)
{
	bool is_news = (r < 0) != (store->trouble < 0);

	store->trouble = r;
	if (r < 0) {
		store->retry_ns = monotonic_ns() + RETRY_NS;
		if (r == -EBADMSG && set_aside(store))
			store->retry_ns = 0;
		else if (r != -ENOSPC && r != -EBUSY && r != -ENOMEM)
			database_close(&store->database); /* another one may be there next time */
	}
	if (is_news && r == 0)
		log_info("events are stored again");
	else if (is_news && store->retry_ns > 0)
		log_warning(0, "events are kept in memory only: %s", store->database.problem);

	(void) pthread_mutex_lock(&store->mutex);
	store->stats.errors += r < 0;
	(void) snprintf(store->stats.trouble, sizeof(store->stats.trouble), "%s",
			r < 0 ? store->database.problem : "");
	(void) pthread_mutex_unlock(&store->mutex);
}

static int ensure_open(struct store *store)
{
	if (store->database.sqlite)
		return 0;
	if (store->trouble < 0 && monotonic_ns() < store->retry_ns)
		return store->trouble;
	return database_open(&store->database, store->dir_fd);
}

static void forget_batch(struct store *store)
{
	size_t bytes = 0;

	for (const struct item *item = store->batch.first; item; item = item->next)
		bytes += item->stored.labels_length;
	items_free(&store->batch);

	(void) pthread_mutex_lock(&store->mutex);
	store->stats.written += store->batch_count;
	store->queued -= store->batch_count;
	store->queued_bytes -= bytes;
	(void) pthread_mutex_unlock(&store->mutex);
	store->batch_count = 0;
}

static void write_batch(struct store *store)
{
	uint64_t soon_ns = monotonic_ns() + FORGET_SOON_NS;
	int r = ensure_open(store);

	if (r == 0)
		r = event_table_add(&store->database, store->batch_events, store->batch_count);
	settle(store, r);
	if (r < 0)
		return;

	store->written += (unsigned) store->batch_count;
	store->forget_ns = soon_ns < store->forget_ns ? soon_ns : store->forget_ns;
	if (store->written >= FORGET_WRITTEN)
		store->forget_ns = 0;
	forget_batch(store);
}

/* A look at the database is no proof that it can be written: trouble stays, and only a broken file
 * is news. */
static void answer(struct store *store, struct item *query)
{
	int r = ensure_open(store);

	if (r == 0)
		r = event_table_query(&store->database, &query->query, &query->answer);
	query->error = r;
	if (r < 0 && store->trouble == 0)
		settle(store, r);

	(void) pthread_mutex_lock(&store->mutex);
	items_append(&store->answered, query);
	(void) pthread_mutex_unlock(&store->mutex);
	(void) eventfd_write(store->event_fd, 1); /* full: it is readable already */
}

static void forget(struct store *store)
{
	uint64_t now_ns = clock_realtime_ns(), age_ns = store->options.retention_ns;
	int r = ensure_open(store);

	if (r == 0)
		r = event_table_forget(&store->database, now_ns > age_ns ? now_ns - age_ns : 0,
				       store->options.max_events, FORGET_STEP);
	if (r < 0) {
		settle(store, r);
		return;
	}
	settle(store, 0);
	if (r < FORGET_STEP) { /* else there is more */
		store->forget_ns = monotonic_ns() + FORGET_NS;
		store->written = 0;
	}
}

/* Rights belong to threads (capabilities(7)): this one begins with all that the process has now,
 * and needs none. A file of its own user is all that it opens. */
static void drop_rights(void)
{
	capng_clear(CAPNG_SELECT_CAPS);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || capng_apply(CAPNG_SELECT_CAPS) < 0)
		log_warning(0, "the thread of the history of events keeps the agent's rights");
}

void *worker_run(void *argument)
{
	struct store *store = argument;
	struct item *query = NULL;
	enum work work;

	drop_rights();
	while ((work = await_work(store, &query)) != WORK_STOP) {
		if (work == WORK_WRITE)
			write_batch(store);
		else if (work == WORK_ANSWER)
			answer(store, query);
		else
			forget(store);
		/* Under a load that never ends nothing would be forgotten. */
		if (work == WORK_WRITE && store->forget_ns == 0 && store->trouble == 0)
			forget(store);
	}
	database_close(&store->database);
	return NULL;
}
