/* SPDX-License-Identifier: Apache-2.0 */

/* stats: GET /containers/{id}/stats: one object at once, or one per round.
 *
 * Both samples of an object are at hand, so that nobody waits for the second one. A stream gets an
 * object at once, then one a second: rounds that are closer are left out, and between rounds that
 * are further apart the last object is sent again, since docker's command line shows no numbers
 * that are older than two seconds. A client that did not take an object yet gets none; when it has,
 * the next one it gets is the newest. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "api/device_numbers.h"
#include "api/internal.h"
#include "api/samples.h"
#include "base/clock.h"
#include "containers/registry.h"
#include "exporters/docker_stats.h"

#define PERIOD_NS      NSEC_PER_SEC
#define ONE_SHOT_MINOR 41 /* of the API that brought one-shot */
#define FIRST_ROUNDS   3  /* a container that just came has numbers by then, or it has none */
#define WORD_BYTES     (RUNTIME_ID_BYTES + 32) /* "RUNTIME:ID" */

/* One request. */
struct stat_feed {
	struct stat_feed *prev, *next;
	struct stat_feeds *feeds;
	struct reply *reply;
	const struct runtime *runtime;
	char id[RUNTIME_ID_BYTES]; /* the runtime's own */
	uint32_t slot, row;        /* where the container was last found */
	bool stream;
	bool one_shot;    /* without an older sample */
	bool begun;       /* a stream had its first object */
	unsigned rounds;  /* that it waited for the first numbers */
	uint64_t sent_ns; /* boottime of the last object */
};

struct stat_feeds {
	struct api *api;
	struct stat_feed *first;
	struct samples samples;
	struct device_numbers numbers;
	struct container **by_slot; /* of this pass; others are NULL */
	size_t slots;
	struct text object; /* scratch */
	sd_event_source *timer;
};

static void feed_free(struct stat_feed *feed)
{
	if (feed->prev)
		feed->prev->next = feed->next;
	else if (feed->feeds->first == feed)
		feed->feeds->first = feed->next;
	if (feed->next)
		feed->next->prev = feed->prev;
	free(feed);
}

static void on_close(void *userdata)
{
	feed_free(userdata);
}

static bool find_number(const char *label, uint32_t *ret_major, uint32_t *ret_minor, void *userdata)
{
	return device_numbers_find(userdata, label, ret_major, ret_minor);
}

static bool is_feeds(const struct stat_feed *feed, const struct container *container)
{
	return container && container->runtime == feed->runtime &&
	       strcmp(container->id, feed->id) == 0;
}

/* Where every container is now; one pass for all feeds. */
static int list_slots(struct stat_feeds *feeds)
{
	struct container *container = NULL;

	for (size_t i = 0; i < feeds->slots; i++)
		feeds->by_slot[i] = NULL;
	while ((container = registry_next(feeds->api->host.registry, container))) {
		if (container->slot >= feeds->slots) {
			size_t slots = 2 * (size_t) container->slot + 64;
			struct container **grown =
				reallocarray(feeds->by_slot, slots, sizeof(struct container *));

			if (!grown)
				return -ENOMEM;
			memset(grown + feeds->slots, 0,
			       (slots - feeds->slots) * sizeof(struct container *));
			feeds->by_slot = grown;
			feeds->slots = slots;
		}
		feeds->by_slot[container->slot] = container;
	}
	return 0;
}

/* The feed's container; it may have another slot after it ended and came again. */
static struct container *find_container(struct stat_feeds *feeds, struct stat_feed *feed)
{
	if (feed->slot < feeds->slots && is_feeds(feed, feeds->by_slot[feed->slot]))
		return feeds->by_slot[feed->slot];

	for (size_t i = 0; i < feeds->slots; i++)
		if (is_feeds(feed, feeds->by_slot[i])) {
			feed->slot = (uint32_t) i;
			return feeds->by_slot[i];
		}
	return NULL;
}

static bool runs(const struct container *container)
{
	return container->ended_ns == 0 && !container->stopped;
}

static const struct row *row_at(const struct snapshot *now, const struct container *container,
				uint32_t index)
{
	const struct row *row = index < snapshot_rows(now, ENTITY_CONTAINER)
					? snapshot_row(now, ENTITY_CONTAINER, index)
					: NULL;

	return row && row->instance != 0 && row->instance == container->cgroup_id ? row : NULL;
}

static const struct row *find_row(const struct snapshot *now, const struct container *container,
				  uint32_t *index)
{
	const struct row *row = row_at(now, container, *index);

	for (uint32_t i = 0; !row && i < snapshot_rows(now, ENTITY_CONTAINER); i++) {
		row = row_at(now, container, i);
		if (row)
			*index = i;
	}
	return row;
}

/* Fills the scratch text with the container's object. False: it runs, and there are no numbers of
 * it yet. */
static bool write_object(struct stat_feed *feed, const struct container *container,
			 const struct snapshot *before)
{
	struct stat_feeds *feeds = feed->feeds;
	const struct docker_stats stats = {
		.now = feeds->samples.now,
		.interfaces = feeds->samples.interfaces,
		.devices = feeds->samples.devices,
		.device_number = find_number,
		.userdata = &feeds->numbers,
	};
	char id[API_ID_BYTES];
	const struct docker_who who = { api_id(container, id), container->identity.name };
	const struct row *row = NULL;

	if (runs(container)) {
		if (feeds->samples.now_valid)
			row = find_row(feeds->samples.now, container, &feed->row);
		if (!row && feed->rounds < FIRST_ROUNDS)
			return false;
	}
	feeds->object.length = 0;
	docker_stats_write(&stats, &who, row, before, &feeds->object);
	return true;
}

static void send_once(struct stat_feed *feed, struct container *container)
{
	struct stat_feeds *feeds = feed->feeds;
	const struct snapshot *before = feed->one_shot ? NULL : samples_before(&feeds->samples);
	struct reply *reply = feed->reply;

	if (!write_object(feed, container, before))
		return;
	feed_free(feed);
	reply_json(reply, 200, &feeds->object); /* it goes with the reply */
}

/* Rounds do not begin on the dot: half of one is near enough. */
static bool is_due(const struct stat_feed *feed, uint64_t now_ns)
{
	const struct samples *samples = &feed->feeds->samples;
	uint64_t interval_ns = samples->now_valid ? samples->now->interval_ns : PERIOD_NS;
	uint64_t early_ns = (interval_ns < PERIOD_NS ? interval_ns : PERIOD_NS) / 2;

	return !feed->begun || now_ns - feed->sent_ns + early_ns >= PERIOD_NS;
}

/* The first object has no older sample: Docker's has none either, and clients know. */
static void send_next(struct stat_feed *feed, struct container *container, uint64_t now_ns)
{
	struct stat_feeds *feeds = feed->feeds;
	const struct snapshot *before = feed->begun ? samples_before(&feeds->samples) : NULL;

	if (!is_due(feed, now_ns) || reply_pending(feed->reply) > 0)
		return;
	if (!write_object(feed, container, before))
		return;
	if (feeds->object.overflowed ||
	    !reply_write(feed->reply, feeds->object.bytes, feeds->object.length)) {
		text_fini(&feeds->object); /* no memory: maybe there is some next time */
		return;
	}
	feed->begun = true;
	feed->sent_ns = now_ns;
}

/* What a feed has to be sent now; it may be gone afterwards. */
static void serve(struct stat_feed *feed, uint64_t now_ns)
{
	struct stat_feeds *feeds = feed->feeds;
	struct container *container = find_container(feeds, feed);
	struct reply *reply = feed->reply;

	if (container && feed->stream) {
		send_next(feed, container, now_ns);
	} else if (container) {
		send_once(feed, container);
	} else if (feed->stream) { /* its engine forgot it */
		feed_free(feed);
		reply_end(reply);
	} else {
		feed_free(feed);
		reply_error(reply, 404, "No such container: it was removed");
	}
}

/* Refreshes what is served from. Without any numbers yet only those that do not run have objects.
 */
static int prepare(struct stat_feeds *feeds)
{
	int r = samples_refresh(&feeds->samples);

	return r < 0 && r != -ENODATA ? r : list_slots(feeds);
}

static void serve_all(struct stat_feeds *feeds, bool is_round)
{
	uint64_t now_ns = clock_boottime_ns();

	if (!feeds->first || prepare(feeds) < 0)
		return; /* no memory: the next round tries again */
	for (struct stat_feed *feed = feeds->first, *next; feed; feed = next) {
		next = feed->next;
		if (is_round && !feed->begun)
			feed->rounds++;
		serve(feed, now_ns);
	}
}

void stat_feeds_on_round(struct stat_feeds *feeds)
{
	serve_all(feeds, true);
}

static bool rounds_are_too_far_apart(const struct stat_feeds *feeds)
{
	return feeds->samples.now_valid &&
	       feeds->samples.now->interval_ns > PERIOD_NS + PERIOD_NS / 4;
}

/* It stops when nobody is there. */
static int on_timer(sd_event_source *timer, uint64_t usec, void *userdata)
{
	struct stat_feeds *feeds = userdata;

	(void) usec;
	if (rounds_are_too_far_apart(feeds))
		serve_all(feeds, false);
	if (!feeds->first)
		return 0;
	(void) sd_event_source_set_time_relative(timer, PERIOD_NS / NSEC_PER_USEC);
	return sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void start_timer(struct stat_feeds *feeds)
{
	(void) sd_event_source_set_time_relative(feeds->timer, PERIOD_NS / NSEC_PER_USEC);
	(void) sd_event_source_set_enabled(feeds->timer, SD_EVENT_ONESHOT); /* rounds go on */
}

static struct stat_feed *feed_new(struct stat_feeds *feeds, const struct container *container,
				  struct reply *reply)
{
	struct stat_feed *feed = calloc(1, sizeof(*feed));

	if (!feed)
		return NULL;
	feed->feeds = feeds;
	feed->reply = reply;
	feed->runtime = container->runtime;
	feed->slot = container->slot;
	memcpy(feed->id, container->id, sizeof(feed->id));
	feed->next = feeds->first;
	if (feeds->first)
		feeds->first->prev = feed;
	else
		start_timer(feeds);
	feeds->first = feed;
	reply_on_close(reply, on_close, feed);
	return feed;
}

void handle_stats(struct api *api, const struct api_request *request, struct reply *reply)
{
	bool stream = request_flag(request, "stream", true);
	bool one_shot =
		request->minor >= ONE_SHOT_MINOR && request_flag(request, "one-shot", false);
	struct stat_feeds *feeds = api->stats;
	struct container *container;
	struct stat_feed *feed;

	if (stream && one_shot) {
		reply_error(reply, 400, "cannot have stream=true and one-shot=true");
		return;
	}
	container = api_find(api, request->segments[1], reply);
	if (!container)
		return;
	if (prepare(feeds) < 0 || !(feed = feed_new(feeds, container, reply))) {
		reply_error(reply, 500, "not enough memory");
		return;
	}

	feed->stream = stream;
	feed->one_shot = one_shot;
	if (stream)
		reply_stream(reply, "application/json");
	serve(feed, clock_boottime_ns());
}

int stat_feeds_new(struct api *api, struct stat_feeds **ret_feeds)
{
	struct stat_feeds *feeds = calloc(1, sizeof(*feeds));
	int r;

	if (!feeds)
		return -ENOMEM;
	feeds->api = api;
	feeds->numbers.root_fd = api->host.root_fd;
	samples_init(&feeds->samples, api->host.share);
	r = sd_event_add_time_relative(api->host.loop, &feeds->timer, CLOCK_BOOTTIME, 0, 0,
				       on_timer, feeds);
	if (r >= 0)
		r = sd_event_source_set_enabled(feeds->timer, SD_EVENT_OFF);
	if (r < 0) {
		stat_feeds_free(feeds);
		return r;
	}

	*ret_feeds = feeds;
	return 0;
}

void stat_feeds_free(struct stat_feeds *feeds)
{
	if (!feeds)
		return;
	for (struct stat_feed *feed = feeds->first, *next; feed; feed = next) {
		next = feed->next;
		feed_free(feed);
	}
	sd_event_source_disable_unref(feeds->timer);
	samples_fini(&feeds->samples);
	text_fini(&feeds->object);
	free(feeds->by_slot);
	free(feeds);
}
