/* SPDX-License-Identifier: Apache-2.0 */

/* own: /plimsoll/v1, for our own command line. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "api/internal.h"
#include "api/samples.h"
#include "base/cleanup.h"
#include "base/json_out.h"
#include "exporters/exporter.h"
#include "model/share.h"

/* A client that follows. */
struct feed {
	struct round_feeds *feeds;
	struct reply *reply;
	bool all;
	struct feed *prev, *next;
};

struct round_feeds {
	struct feed *list;
	struct samples samples;
};

int round_feeds_new(struct api *api, struct round_feeds **ret_feeds)
{
	struct round_feeds *feeds = calloc(1, sizeof(*feeds));

	if (!feeds)
		return -ENOMEM;
	samples_init(&feeds->samples, api->host.share);
	*ret_feeds = feeds;
	return 0;
}

/* Every reply was closed, so that the list is empty. */
void round_feeds_free(struct round_feeds *feeds)
{
	if (!feeds)
		return;
	samples_fini(&feeds->samples);
	free(feeds);
}

static void on_close(void *userdata)
{
	struct feed *feed = userdata;

	DL_DELETE(feed->feeds->list, feed);
	free(feed);
}

/* The document of the newest round. Returns 0 or a negative errno. */
static int write_document(struct round_feeds *feeds, bool all, struct text *text)
{
	struct export export = { .all = all };
	int r = samples_refresh(&feeds->samples);

	if (r < 0)
		return r;
	export.now = feeds->samples.now;
	export.before = samples_before(&feeds->samples);
	r = exporter_json_containers.write(&export, text);
	TEXT_ADD(text, "\n");
	return r < 0 ? r : text->overflowed ? -ENOMEM : 0;
}

/* Everybody gets the same line. Who has not taken the last one yet is left out of this round: what
 * is late is of no use. */
static void send_round(struct round_feeds *feeds, bool all)
{
	struct text text = { 0 };
	struct feed *feed;
	bool wanted = false;

	DL_FOREACH (feeds->list, feed)
		wanted = wanted || (feed->all == all && reply_pending(feed->reply) == 0);
	if (wanted && write_document(feeds, all, &text) == 0)
		DL_FOREACH (feeds->list, feed)
			if (feed->all == all && reply_pending(feed->reply) == 0)
				(void) reply_write(feed->reply, text.bytes, text.length);
	text_fini(&text);
}

void round_feeds_on_round(struct round_feeds *feeds)
{
	send_round(feeds, false);
	send_round(feeds, true);
}

static void follow(struct round_feeds *feeds, bool all, struct text *first, struct reply *reply)
{
	struct feed *feed = calloc(1, sizeof(*feed));

	if (!feed) {
		reply_error(reply, 500, "not enough memory");
		return;
	}
	*feed = (struct feed){ .feeds = feeds, .reply = reply, .all = all };
	DL_APPEND(feeds->list, feed);
	reply_on_close(reply, on_close, feed);
	reply_stream(reply, "application/json");
	(void) reply_write(reply, first->bytes, first->length); /* too large: the next is, too */
}

void handle_own_containers(struct api *api, const struct api_request *request, struct reply *reply)
{
	bool all = request_flag(request, "all", false);
	struct text text = { 0 };
	int r = write_document(api->rounds, all, &text);

	if (r == -ENODATA)
		reply_error(reply, 503, "nothing was measured yet");
	else if (r < 0)
		reply_error(reply, 500, "the numbers cannot be read: %s", strerrordesc_np(-r));
	else if (request_flag(request, "stream", false))
		follow(api->rounds, all, &text, reply);
	else
		reply_json(reply, 200, &text);
	text_fini(&text);
}

static void reply_members(struct api *api, struct reply *reply,
			  void (*write)(struct json_out *json, void *userdata))
{
	struct text text = { 0 };
	struct json_out json = { .text = &text };

	json_open(&json, NULL, '{');
	write(&json, api->host.userdata);
	json_close(&json, '}');
	TEXT_ADD(&text, "\n");
	reply_json(reply, 200, &text);
}

void handle_own_doctor(struct api *api, const struct api_request *request, struct reply *reply)
{
	(void) request;
	reply_members(api, reply, api->host.write_doctor);
}

void handle_own_config(struct api *api, const struct api_request *request, struct reply *reply)
{
	(void) request;
	reply_members(api, reply, api->host.write_config);
}

static void write_version(struct json_out *json, void *userdata)
{
	(void) userdata;
	json_text(json, "version", PLIMSOLL_VERSION);
	json_text(json, "api", API_VERSION_TEXT);
}

void handle_own_version(struct api *api, const struct api_request *request, struct reply *reply)
{
	(void) request;
	reply_members(api, reply, write_version);
}
