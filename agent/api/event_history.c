/* SPDX-License-Identifier: Apache-2.0 */

/* event_history: from the first event that is wanted to the present, without gap and double. */

#include <errno.h>
#include <string.h>

#include "api/events.h"
#include "base/clock.h"
#include "containers/registry.h"

#define PAGE_EVENTS   256
#define PENDING_BYTES (REPLY_STREAM_BYTES / 4) /* with less than this to take, more is written */
#define PATIENCE_NS   (60 * NSEC_PER_SEC)      /* for a client that takes nothing at all */

static void ask_page(struct event_feed *feed);
static void read_ring(struct event_feed *feed);

static void pause_feed(struct event_feed *feed)
{
	if (feed->state != FEED_PAUSED)
		feed->paused_ns = clock_boottime_ns();
	feed->state = FEED_PAUSED;
	(void) sd_event_source_set_time_relative(feed->feeds->pause_timer, 0);
	(void) sd_event_source_set_enabled(feed->feeds->pause_timer, SD_EVENT_ONESHOT);
}

/* False: the client has to take something first. */
static bool write_event(struct event_feed *feed, const struct event *event, const char *labels)
{
	const struct text *object = &feed->feeds->object;

	return !event_feed_wants(feed, event, labels) ||
	       reply_write(feed->reply, object->bytes, object->length);
}

static bool is_over(const struct event_feed *feed)
{
	return feed->has_until && feed->until_ns <= clock_realtime_ns();
}

static void be_live(struct event_feed *feed)
{
	feed->state = FEED_LIVE;
	if (is_over(feed))
		event_feed_end(feed);
}

/* Every page was written; now what happened since the last one was asked for. */
static void finish(struct event_feed *feed)
{
	if (feed->held_lost) {
		ask_page(feed);
		return;
	}
	if (!reply_write(feed->reply, feed->held.bytes, feed->held.length)) {
		pause_feed(feed); /* then one more page has it */
		return;
	}
	text_fini(&feed->held);
	be_live(feed);
}

static void use_ring(struct event_feed *feed)
{
	feed->from_ring = true;
	feed->after = 0;
	text_fini(&feed->held);
	read_ring(feed);
}

static void on_page(int error, const struct stored_event *events, size_t count, void *userdata)
{
	struct event_feed *feed = userdata;

	feed->ticket = 0;
	if (error < 0 && feed->after == 0) {
		use_ring(feed);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!write_event(feed, &events[i].event, events[i].labels)) {
			pause_feed(feed);
			return;
		}
		feed->after = events[i].event.number;
	}
	if (count == PAGE_EVENTS && reply_pending(feed->reply) > PENDING_BYTES)
		pause_feed(feed);
	else if (count == PAGE_EVENTS)
		ask_page(feed);
	else
		finish(feed); /* also when the store broke meanwhile: there is no more to be had */
}

static void ask_page(struct event_feed *feed)
{
	const struct event_query query = {
		.since_ns = feed->since_ns,
		.until_ns = feed->has_until ? feed->until_ns : 0,
		.after = feed->after,
		.limit = PAGE_EVENTS,
		.oldest = true,
	};

	/* The answer has all that was held until now. */
	feed->held.length = 0;
	feed->held_lost = false;
	feed->state = FEED_HISTORY;
	feed->ticket = store_query_events(feed->feeds->api->host.store, &query, on_page, feed);
	if (feed->ticket == 0)
		pause_feed(feed); /* too many ask */
}

/* The ring has no labels; those of a container that is still known are at hand. */
static const char *labels_of(const struct event_feed *feed, const struct event *event)
{
	const struct container *container = NULL;

	while ((container = registry_next(feed->feeds->api->host.registry, container)))
		if (strcmp(container->runtime->name, event->runtime) == 0 &&
		    strcmp(container->id, event->id) == 0)
			return container->identity.labels;

	return NULL;
}

static void read_ring(struct event_feed *feed)
{
	const struct event *event;
	uint64_t missed;

	while ((event = event_next(feed->feeds->api->host.events, feed->after, &missed))) {
		if (event->realtime_ns >= feed->since_ns &&
		    !write_event(feed, event, labels_of(feed, event))) {
			pause_feed(feed);
			return;
		}
		feed->after = event->number;
	}
	be_live(feed);
}

/* What is in memory only since the disk is in trouble is not in the store. */
static bool store_works(struct store *store)
{
	struct store_stats stats;

	if (!store)
		return false;
	store_stats_get(store, &stats);
	return stats.trouble[0] == '\0';
}

void event_history_start(struct event_feed *feed)
{
	if (store_works(feed->feeds->api->host.store))
		ask_page(feed);
	else
		use_ring(feed);
}

void event_history_go_on(struct event_feed *feed)
{
	if (reply_pending(feed->reply) > PENDING_BYTES) {
		if (clock_boottime_ns() - feed->paused_ns > PATIENCE_NS)
			event_feed_lose(feed);
		return;
	}
	if (feed->from_ring)
		read_ring(feed);
	else
		ask_page(feed);
}

void event_history_hold(struct event_feed *feed, const struct event *event, const char *labels)
{
	const struct text *object = &feed->feeds->object;

	if (feed->from_ring || feed->held_lost || !event_feed_wants(feed, event, labels))
		return; /* a later page, or the ring, has it */
	feed->held.limit = EVENT_HELD_BYTES;
	text_add(&feed->held, object->bytes, object->length);
	if (!feed->held.overflowed)
		return;
	feed->held_lost = true;
	text_fini(&feed->held);
}
