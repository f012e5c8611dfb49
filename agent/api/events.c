/* SPDX-License-Identifier: Apache-2.0 */

/* events: who follows /events. A reader that is live and does not read loses its connection when
 * REPLY_STREAM_BYTES wait for it: a gap that nobody sees would be worse. */

#include "api/events.h"

#include <errno.h>
#include <stdlib.h>
#include <systemd/sd-event.h>

#include "api/event_json.h"
#include "base/clock.h"
#include "base/log.h"

#define PAUSE_NS (20 * NSEC_PER_MSEC) /* between two looks whether a client took its page */

static void feed_free(struct event_feed *feed)
{
	if (feed->prev)
		feed->prev->next = feed->next;
	else if (feed->feeds->first == feed)
		feed->feeds->first = feed->next;
	if (feed->next)
		feed->next->prev = feed->prev;
	if (feed->ticket)
		store_cancel(feed->feeds->api->host.store, feed->ticket);
	sd_event_source_disable_unref(feed->end_timer);
	event_match_fini(&feed->match);
	text_fini(&feed->held);
	free(feed);
}

static void on_close(void *userdata)
{
	feed_free(userdata);
}

void event_feed_end(struct event_feed *feed)
{
	struct reply *reply = feed->reply;

	feed_free(feed);
	reply_end(reply);
}

void event_feed_lose(struct event_feed *feed)
{
	feed->feeds->lost++;
	log_warning(0, "a reader of events did not read, and lost its connection");
	event_feed_end(feed);
}

bool event_feed_wants(struct event_feed *feed, const struct event *event, const char *labels)
{
	struct text *object = &feed->feeds->object;

	if (feed->has_until && event->realtime_ns > feed->until_ns)
		return false;
	if (!event_match_wants(&feed->match, event, labels))
		return false;
	object->length = 0;
	event_write(event, labels, object);
	if (!object->overflowed)
		return true;
	text_fini(object); /* no memory for 64 KiB: the next one has a new try */
	return false;
}

void event_feeds_on_event(struct event_feeds *feeds, const struct event *event, const char *labels)
{
	for (struct event_feed *feed = feeds->first, *next; feed; feed = next) {
		next = feed->next;
		if (feed->state != FEED_LIVE)
			event_history_hold(feed, event, labels);
		else if (event_feed_wants(feed, event, labels) &&
			 !reply_write(feed->reply, feeds->object.bytes, feeds->object.length))
			event_feed_lose(feed);
	}
}

static int on_pause(sd_event_source *timer, uint64_t usec, void *userdata)
{
	struct event_feeds *feeds = userdata;
	bool anybody = false;

	(void) usec;
	for (struct event_feed *feed = feeds->first, *next; feed; feed = next) {
		next = feed->next;
		if (feed->state == FEED_PAUSED)
			event_history_go_on(feed);
	}
	for (const struct event_feed *feed = feeds->first; feed; feed = feed->next)
		anybody |= feed->state == FEED_PAUSED;
	(void) sd_event_source_set_time_relative(timer, PAUSE_NS / NSEC_PER_USEC);
	return sd_event_source_set_enabled(timer, anybody ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static int on_end(sd_event_source *timer, uint64_t usec, void *userdata)
{
	struct event_feed *feed = userdata;

	(void) timer, (void) usec;
	if (feed->state == FEED_LIVE)
		event_feed_end(feed); /* else it ends by itself after its history */
	return 0;
}

/* Takes since, until and filters. Returns false when it was answered. */
static bool read_request(const struct api_request *request, struct event_feed *feed,
			 bool *ret_has_since, struct reply *reply)
{
	struct problem problem = { 0 };
	int since = request_time(request, "since", &feed->since_ns);
	int until = request_time(request, "until", &feed->until_ns);
	int r;

	*ret_has_since = since == 0;
	feed->has_until = until == 0;
	if (since == -EINVAL || until == -EINVAL) {
		reply_error(reply, 400, "%s has to be a number of seconds since 1970",
			    since == -EINVAL ? "since" : "until");
		return false;
	}
	if (since == 0 && until == 0 && feed->since_ns > feed->until_ns) {
		reply_error(reply, 400, "`since` time cannot be after `until` time");
		return false;
	}
	r = event_match_parse(request_value(request, "filters"), &feed->match, &problem);
	if (r < 0)
		reply_error(reply, r == -EINVAL ? 400 : 500, "%s",
			    r == -EINVAL ? problem.text : "not enough memory");
	return r == 0;
}

/* Far ahead it is nobody's business. */
static int set_end(struct event_feed *feed)
{
	if (!feed->has_until || feed->until_ns <= clock_realtime_ns())
		return 0;
	return sd_event_add_time(feed->feeds->api->host.loop, &feed->end_timer, CLOCK_REALTIME,
				 feed->until_ns / NSEC_PER_USEC + 1, 1000, on_end, feed);
}

static void add_feed(struct event_feeds *feeds, struct event_feed *feed)
{
	feed->next = feeds->first;
	if (feeds->first)
		feeds->first->prev = feed;
	feeds->first = feed;
}

void handle_events(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct event_feed *feed = calloc(1, sizeof(*feed));
	bool has_since;

	if (!feed) {
		reply_error(reply, 500, "not enough memory");
		return;
	}
	feed->feeds = api->events;
	feed->reply = reply;
	feed->state = FEED_LIVE;
	if (!read_request(request, feed, &has_since, reply)) {
		feed_free(feed);
		return;
	}
	if (set_end(feed) < 0) {
		feed_free(feed);
		reply_error(reply, 500, "not enough memory");
		return;
	}

	add_feed(api->events, feed);
	reply_on_close(reply, on_close, feed);
	reply_stream(reply, "application/json");
	if (has_since || feed->has_until)
		event_history_start(feed);
}

int event_feeds_new(struct api *api, struct event_feeds **ret_feeds)
{
	struct event_feeds *feeds = calloc(1, sizeof(*feeds));
	int r;

	if (!feeds)
		return -ENOMEM;
	feeds->api = api;
	r = sd_event_add_time_relative(api->host.loop, &feeds->pause_timer, CLOCK_BOOTTIME, 0, 1000,
				       on_pause, feeds);
	if (r >= 0)
		r = sd_event_source_set_enabled(feeds->pause_timer, SD_EVENT_OFF);
	if (r < 0) {
		event_feeds_free(feeds);
		return r;
	}

	*ret_feeds = feeds;
	return 0;
}

void event_feeds_free(struct event_feeds *feeds)
{
	if (!feeds)
		return;
	for (struct event_feed *feed = feeds->first, *next; feed; feed = next) {
		next = feed->next;
		feed_free(feed);
	}
	sd_event_source_disable_unref(feeds->pause_timer);
	text_fini(&feeds->object);
	free(feeds);
}
