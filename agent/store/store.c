/* SPDX-License-Identifier: Apache-2.0 */

/* store: the caller's side: a queue that never waits, answers by an eventfd, an orderly end. */

#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "store/worker.h"

#define CLOSE_S 5

static void lock(struct store *store)
{
	(void) pthread_mutex_lock(&store->mutex); /* cannot fail: it is ours, and of no kind */
}

static void unlock(struct store *store)
{
	(void) pthread_mutex_unlock(&store->mutex);
}

static void store_free(struct store *store)
{
	items_free(&store->queue);
	items_free(&store->answered);
	items_free(&store->batch);
	(void) pthread_mutex_destroy(&store->mutex); /* nobody is left who could hold it */
	(void) pthread_cond_destroy(&store->changed);
	close_p(&store->dir_fd);
	close_p(&store->event_fd);
	free(store);
}

/* Signals are the loop's. Those of a fault stay: they end the process as they should. */
static int start_thread(struct store *store)
{
	sigset_t all, before;
	int error;

	(void) sigfillset(&all);
	(void) sigdelset(&all, SIGSEGV);
	(void) sigdelset(&all, SIGBUS);
	(void) sigdelset(&all, SIGILL);
	(void) sigdelset(&all, SIGFPE);
	(void) sigdelset(&all, SIGABRT);
	(void) pthread_sigmask(SIG_SETMASK, &all, &before); /* cannot fail with these */
	error = pthread_create(&store->thread, NULL, worker_run, store);
	(void) pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		return -error;

	(void) pthread_setname_np(store->thread, "plimsoll-store"); /* for ps -T */
	return 0;
}

int store_open(int dir_fd, const struct store_options *options, struct store **ret_store)
{
	struct store *store = calloc(1, sizeof(*store));
	int r = 0;

	if (!store)
		return -ENOMEM;
	store->options = *options;
	items_init(&store->queue);
	items_init(&store->answered);
	items_init(&store->batch);
	(void) pthread_mutex_init(&store->mutex, NULL); /* the default kind needs nothing */
	(void) pthread_cond_init(&store->changed, NULL);
	store->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (store->event_fd < 0)
		r = -errno;
	store->dir_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 0);
	if (store->dir_fd < 0)
		r = -errno;

	if (r == 0)
		r = start_thread(store);
	if (r < 0) {
		store_free(store);
		return r;
	}
	*ret_store = store;
	return 0;
}

/* Its place among those that nobody was told of yet. NULL: there is none such. */
static struct item **find_query(struct store *store, uint64_t ticket)
{
	for (size_t i = 0; i < STORE_QUERIES; i++)
		if (store->queries[i] && store->queries[i]->ticket == ticket)
			return &store->queries[i];

	return NULL;
}

/* Everybody who waits hears that nothing will come. */
static void cancel_all(struct store *store)
{
	for (size_t i = 0; i < STORE_QUERIES; i++) {
		store_events_handler handler = NULL;
		void *userdata = NULL;

		lock(store);
		if (store->queries[i]) {
			handler = store->queries[i]->handler;
			userdata = store->queries[i]->userdata;
			store->queries[i] = NULL;
		}
		unlock(store);
		if (handler)
			handler(-ECANCELED, NULL, 0, userdata);
	}
}

void store_close(struct store *store)
{
	struct timespec until;

	if (!store)
		return;
	lock(store);
	store->stopping = true;
	(void) pthread_cond_signal(&store->changed);
	unlock(store);

	(void) clock_gettime(CLOCK_MONOTONIC, &until); /* cannot fail for this clock */
	until.tv_sec += CLOSE_S;
	int error = pthread_clockjoin_np(store->thread, NULL, CLOCK_MONOTONIC, &until);
	cancel_all(store);
	if (error)
		(void) pthread_detach(store->thread); /* it hangs in the disk, and owns the rest */
	else
		store_free(store);
}

int store_fd(const struct store *store)
{
	return store->event_fd;
}

/* One at a time: a handler may ask, or cancel what is answered already. */
static struct item *take_answer(struct store *store)
{
	struct item *query;

	lock(store);
	query = items_take(&store->answered);
	if (query)
		*find_query(store, query->ticket) = NULL; /* it is there until now */
	unlock(store);
	return query;
}

void store_dispatch(struct store *store)
{
	struct item *query;
	eventfd_t count;

	(void) eventfd_read(store->event_fd, &count); /* empty: nothing is lost by looking */
	while ((query = take_answer(store))) {
		if (query->handler)
			query->handler(query->error, query->answer.events, query->answer.count,
				       query->userdata);
		event_answer_fini(&query->answer);
		free(query);
	}
}

/* Takes the item when there is room. */
static bool enqueue_event(struct store *store, struct item *item)
{
	bool fits;

	lock(store);
	fits = store->queued < STORE_QUEUE_ITEMS &&
	       store->queued_bytes + item->stored.labels_length <= STORE_QUEUE_BYTES;
	if (fits) {
		items_append(&store->queue, item);
		store->queued++;
		store->queued_bytes += item->stored.labels_length;
		(void) pthread_cond_signal(&store->changed);
	} else {
		store->stats.dropped++;
	}
	unlock(store);
	return fits;
}

void store_add_event(struct store *store, const struct event *event, const char *labels,
		     size_t labels_length)
{
	struct item *item;

	if (labels_length == 0) {
		labels = "";
		labels_length = 1;
	}
	item = malloc(sizeof(*item) + labels_length);
	if (!item) {
		lock(store);
		store->stats.dropped++;
		unlock(store);
		return;
	}

	memcpy(item + 1, labels, labels_length);
	item->ticket = 0;
	item->stored = (struct stored_event){ *event, (const char *) (item + 1), labels_length };
	if (!enqueue_event(store, item))
		free(item);
}

/* Returns the ticket, or 0 when there is no room. */
static uint64_t enqueue_query(struct store *store, struct item *query)
{
	uint64_t ticket = 0;

	lock(store);
	for (size_t i = 0; ticket == 0 && i < STORE_QUERIES; i++) {
		if (store->queries[i])
			continue;
		ticket = query->ticket = ++store->tickets;
		store->queries[i] = query;
		items_append(&store->queue, query);
		(void) pthread_cond_signal(&store->changed);
	}
	unlock(store);
	return ticket;
}

uint64_t store_query_events(struct store *store, const struct event_query *query,
			    store_events_handler handler, void *userdata)
{
	struct item *item = calloc(1, sizeof(*item));
	uint64_t ticket;

	if (!item)
		return 0;
	item->query = *query;
	item->handler = handler;
	item->userdata = userdata;
	ticket = enqueue_query(store, item);
	if (ticket == 0)
		free(item);
	return ticket;
}

void store_cancel(struct store *store, uint64_t ticket)
{
	struct item **query;

	lock(store);
	query = find_query(store, ticket);
	if (query)
		(*query)->handler = NULL; /* it is still worked on, and keeps its place */
	unlock(store);
}

void store_stats_get(struct store *store, struct store_stats *ret_stats)
{
	lock(store);
	*ret_stats = store->stats;
	ret_stats->queued = store->queued;
	unlock(store);
}
