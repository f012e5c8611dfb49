/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the handlers of the API stand on, without HTTP: a host made of strings, a registry, rounds
 * that a test publishes, a loop, and replies that a test looks into.
 *
 *	stage_open(&stage);
 *	web = stage_container(&stage, 1, "web");
 *	stage_round(&stage, NSEC_PER_SEC);
 *	stage_get(&stage, handle_stats, &reply, "containers/web/stats", "stream", "0");
 *	...
 *	stage_close(&stage); */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "api/dossiers.h"
#include "api/internal.h"
#include "api/reply.h"
#include "base/clock.h"
#include "containers/registry.h"
#include "harness/fake_host.h"
#include "model/draft.h"
#include "model/event.h"
#include "model/share.h"
#include "store/store.h"

#define STAGE_CONTAINERS 1200
#define STAGE_BOOT_NS    (1000 * NSEC_PER_SEC)
#define STAGE_REAL_NS    (1700000000 * NSEC_PER_SEC)
#define STAGE_PATIENCE   20000000ULL /* us, for what takes milliseconds on an idle machine */

struct stage {
	struct fake_host host;
	int cgroup_fd;
	struct registry *registry;
	struct draft *draft;
	struct share *share;
	struct event_ring *ring;
	struct store *store;
	struct api api;
	uint64_t boottime_ns, realtime_ns;
};

static inline void stage_open(struct stage *stage)
{
	const struct draft_limits limits = draft_limits_for(STAGE_CONTAINERS);
	const struct registry_events none = { 0 };
	struct registry_config config;

	*stage = (struct stage){ .boottime_ns = STAGE_BOOT_NS, .realtime_ns = STAGE_REAL_NS };
	clock_freeze(stage->boottime_ns, stage->realtime_ns);
	fake_host_init(&stage->host);
	stage->cgroup_fd = openat(stage->host.root_fd, "sys/fs/cgroup", O_RDONLY | O_DIRECTORY);
	assert_true(stage->cgroup_fd >= 0);
	config = (struct registry_config){ .root_fd = stage->host.root_fd,
					   .cgroup_fd = stage->cgroup_fd,
					   .max_containers = STAGE_CONTAINERS };
	assert_int_equal(registry_new(&config, &none, &stage->registry), 0);
	assert_int_equal(draft_new(&limits, &stage->draft), 0);
	assert_int_equal(share_new(draft_bytes_max(stage->draft), &stage->share), 0);
	stage->ring = calloc(1, sizeof(*stage->ring));
	assert_non_null(stage->ring);
	assert_true(sd_event_new(&stage->api.host.loop) >= 0);
	stage->api.host.registry = stage->registry;
	stage->api.host.share = stage->share;
	stage->api.host.events = stage->ring;
	stage->api.host.root_fd = stage->host.root_fd;
	stage->api.host.cgroup_fd = stage->cgroup_fd;
	assert_int_equal(dossiers_new(stage->registry, &stage->api.dossiers), 0);
	assert_int_equal(stat_feeds_new(&stage->api, &stage->api.stats), 0);
	assert_int_equal(event_feeds_new(&stage->api, &stage->api.events), 0);
}

/* Every reply was closed, answered or ended before. */
static inline void stage_close(struct stage *stage)
{
	stat_feeds_free(stage->api.stats);
	event_feeds_free(stage->api.events);
	dossiers_free(stage->api.dossiers);
	sd_event_unref(stage->api.host.loop);
	store_close(stage->store);
	share_free(stage->share);
	draft_free(stage->draft);
	registry_free(stage->registry);
	free(stage->ring);
	close(stage->cgroup_fd);
	fake_host_fini(&stage->host);
	clock_release();
}

/* A Docker container that runs, without a row yet. */
static inline struct container *stage_bare_container(struct stage *stage, unsigned number,
						     const char *name)
{
	struct container *container = NULL;
	char id[65];

	fake_host_docker(&stage->host, number, name, "{\"tier\":\"front\"}", 4026532000 + number);
	fake_host_docker_id(number, &id);
	assert_int_equal(registry_rescan(stage->registry), 0);
	while ((container = registry_next(stage->registry, container)))
		if (strcmp(container->id, id) == 0)
			return container;
	fail_msg("%s was not found", name);
	return NULL;
}

static inline struct row *stage_row(struct stage *stage, const struct container *container)
{
	struct row *row = draft_take(stage->draft, ENTITY_CONTAINER);

	assert_non_null(row);
	row->instance = container->cgroup_id;
	row_set(row, METRIC_CPU_USAGE_NS, 1000);
	return row;
}

static inline struct container *stage_container(struct stage *stage, unsigned number,
						const char *name)
{
	struct container *container = stage_bare_container(stage, number, name);

	(void) stage_row(stage, container);
	return container;
}

static inline void stage_pass(struct stage *stage, uint64_t ns)
{
	stage->boottime_ns += ns;
	stage->realtime_ns += ns;
	clock_freeze(stage->boottime_ns, stage->realtime_ns);
}

/* Publishes a round that is so long after the one before, maybe early or late. */
static inline void stage_round_at(struct stage *stage, uint64_t after_ns, uint64_t interval_ns)
{
	stage_pass(stage, after_ns);
	draft_begin(stage->draft, stage->boottime_ns, stage->realtime_ns, interval_ns);
	share_publish(stage->share, stage->draft);
	stat_feeds_on_round(stage->api.stats);
}

static inline void stage_round(struct stage *stage, uint64_t interval_ns)
{
	stage_round_at(stage, interval_ns, interval_ns);
}

typedef void (*stage_handler)(struct api *api, const struct api_request *request,
			      struct reply *reply);

/* Hands a request over; keys and values of the query follow, NULL at the end. */
static inline void stage_get(struct stage *stage, stage_handler handle, enum api_role role,
			     struct reply *reply, const char *path, ...)
{
	struct api_request request = {
		.method = "GET", .path = path, .minor = 47, .body = "", .role = role
	};
	char copy[512], *rest = copy, *segment;
	const char *key;
	va_list arguments;

	snprintf(copy, sizeof(copy), "%s", path);
	while ((segment = strsep(&rest, "/")))
		request.segments[request.segment_count++] = segment;
	va_start(arguments, path);
	while ((key = va_arg(arguments, const char *))) {
		const char *value = va_arg(arguments, const char *);

		if (strcmp(key, "minor") == 0)
			request.minor = (unsigned) atoi(value);
		else
			request.pairs[request.pair_count++] = (struct request_pair){ key, value };
	}
	va_end(arguments);
	handle(&stage->api, &request, reply);
}
#define GET(handle, path, ...) \
	stage_get(stage, handle, ROLE_ADMIN, &reply, path, ##__VA_ARGS__, NULL)

/* What the client has not taken yet, taken now and ended by a NUL; the caller frees it. */
static inline char *stage_take(struct reply *reply)
{
	size_t length = reply_pending(reply);
	char *text = calloc(1, length + 1);

	assert_non_null(text);
	assert_int_equal(reply_take(reply, text, length), length);
	return text;
}

/* The same as JSON: one object; NULL: nothing was there. */
static inline json_t *stage_take_json(struct reply *reply)
{
	char *text = stage_take(reply);
	json_t *object = NULL;

	if (text[0]) {
		object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		if (!object)
			fail_msg("no single JSON object: %s", text);
	}
	free(text);
	return object;
}

static inline void assert_message(struct reply *reply, unsigned status, const char *expected)
{
	json_t *object = stage_take_json(reply);
	const char *message = json_string_value(json_object_get(object, "message"));

	assert_int_equal(reply->status, status);
	assert_non_null(message);
	if (!strstr(message, expected))
		fail_msg("\"%s\" does not say \"%s\"", message, expected);
	json_decref(object);
}

/* Runs the loop until the reply has left this state. */
static inline void stage_await(struct stage *stage, struct reply *reply, enum reply_state state)
{
	for (int i = 0; reply->state == state; i++) {
		assert_true(i < 1000000);
		assert_true(sd_event_run(stage->api.host.loop, STAGE_PATIENCE) > 0);
	}
}
