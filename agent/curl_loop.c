/* SPDX-License-Identifier: Apache-2.0 */

/* curl_loop: what libcurl wants to wait for, as sources of the loop. */

#include "curl_loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>

#include "base/clock.h"

#define ACCURACY_USEC 1000

struct curl_loop {
	sd_event *event;
	sd_event_source *timer;
	CURLM *multi;
	struct curl_loop_events events;
};

static void settle(struct curl_loop *loop)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_loop_remove(loop, easy); /* `message` is gone with it */
		loop->events.done(easy, result, loop->events.userdata);
	}
	loop->events.after(loop->events.userdata);
}

static void act(struct curl_loop *loop, curl_socket_t fd, int mask)
{
	int running;

	(void) curl_multi_socket_action(loop->multi, fd, mask,
					&running); /* told by each transfer */
	settle(loop);
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	int mask = 0;

	(void) source;
	if (revents & EPOLLIN)
		mask |= CURL_CSELECT_IN;
	if (revents & EPOLLOUT)
		mask |= CURL_CSELECT_OUT;
	if (revents & (EPOLLERR | EPOLLHUP))
		mask |= CURL_CSELECT_ERR;
	act(userdata, fd, mask);
	return 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void) source;
	(void) usec;
	act(userdata, CURL_SOCKET_TIMEOUT, 0);
	return 0;
}

/* A source that cannot be made leaves the transfer to its timeout. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *userdata, void *socket_data)
{
	struct curl_loop *loop = userdata;
	sd_event_source *source = socket_data;
	uint32_t events = 0;

	(void) easy;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= EPOLLOUT;

	if (what == CURL_POLL_REMOVE) {
		sd_event_source_disable_unref(source);
		(void) curl_multi_assign(loop->multi, fd, NULL); /* the socket may be unknown */
	} else if (source) {
		(void) sd_event_source_set_io_events(source, events);
	} else if (sd_event_add_io(loop->event, &source, fd, events, on_io, loop) >= 0) {
		(void) curl_multi_assign(loop->multi, fd, source);
	}
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *userdata)
{
	struct curl_loop *loop = userdata;

	(void) multi;
	if (timeout_ms < 0) {
		(void) sd_event_source_set_enabled(loop->timer, SD_EVENT_OFF);
		return 0;
	}
	(void) sd_event_source_set_time_relative(loop->timer, (uint64_t) timeout_ms *
								      NSEC_PER_MSEC /
								      NSEC_PER_USEC);
	(void) sd_event_source_set_enabled(loop->timer, SD_EVENT_ONESHOT);
	return 0;
}

int curl_loop_open(sd_event *event, const struct curl_loop_events *events,
		   struct curl_loop **ret_loop)
{
	struct curl_loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return -ENOMEM;
	loop->event = sd_event_ref(event);
	loop->events = *events;
	loop->multi = curl_multi_init();
	r = loop->multi ? sd_event_add_time(event, &loop->timer, CLOCK_MONOTONIC, 0, ACCURACY_USEC,
					    on_time, loop)
			: -ENOMEM;
	if (r < 0) {
		curl_loop_close(loop);
		return r;
	}
	(void) sd_event_source_set_enabled(loop->timer, SD_EVENT_OFF);

	(void) curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	(void) curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
	(void) curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	(void) curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
	*ret_loop = loop;
	return 0;
}

void curl_loop_close(struct curl_loop *loop)
{
	if (!loop)
		return;
	if (loop->multi)
		(void) curl_multi_cleanup(loop->multi); /* gives every socket up */
	sd_event_source_disable_unref(loop->timer);
	sd_event_unref(loop->event);
	free(loop);
}

int curl_loop_add(struct curl_loop *loop, CURL *easy)
{
	return curl_multi_add_handle(loop->multi, easy) == CURLM_OK ? 0 : -ENOMEM;
}

void curl_loop_remove(struct curl_loop *loop, CURL *easy)
{
	(void) curl_multi_remove_handle(loop->multi, easy); /* one that is not there is fine */
}
