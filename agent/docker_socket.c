/* SPDX-License-Identifier: Apache-2.0 */

/* docker_socket: phases, pauses, and what is asked when.
 *
 *	idle	   nobody has a healthcheck, or the last try failed; the timer looks again
 *	connecting the stream was asked for; the timer bounds it
 *	connected  the stream's header came; the timer asks for the list again
 *
 * Callbacks only note what came; questions are asked and the connection is given up in on_settled.
 */

#include "docker_socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "containers/registry.h"
#include "docker_client.h"
#include "docker_health.h"

#define RUNTIME       "docker"
#define QUEUE_MAX     256                /* containers to be asked about; beyond: the list */
#define LOOK_NS       (2 * NSEC_PER_SEC) /* until somebody has a healthcheck */
#define PAUSE_MIN_NS  (2 * NSEC_PER_SEC)
#define PAUSE_MAX_NS  (60 * NSEC_PER_SEC)
#define RELIST_NS     (60 * NSEC_PER_SEC)
#define ACCURACY_USEC 500000 /* lets wake-ups merge with those of rounds */

/* filters={"type":["container"],"event":["health_status","start"]} */
#define EVENTS_URL \
	"http://docker/events?filters=%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B" \
	"%22health_status%22%2C%22start%22%5D%7D"
/* filters={"health":["starting","healthy","unhealthy"]} */
#define LIST_URL \
	"http://docker/containers/json?filters=%7B%22health%22%3A%5B%22starting%22%2C" \
	"%22healthy%22%2C%22unhealthy%22%5D%7D"

enum phase { PHASE_IDLE, PHASE_CONNECTING, PHASE_CONNECTED };

struct docker_socket {
	sd_event *loop;
	sd_event_source *timer;
	struct registry *registry;
	struct docker_client *client; /* NULL until first needed */
	char *path;
	enum phase phase;
	char queue[QUEUE_MAX][DOCKER_ID_BYTES]; /* to be asked about */
	unsigned queued;
	bool list_wanted, list_asked;
	bool has_failed; /* to be given up in on_settled */
	bool knows;      /* something was told that has to be forgotten when it is lost */
	bool complained;
	uint64_t pause_ns;
	char trouble[160];
};

static void set_timer(struct docker_socket *docker, uint64_t ns)
{
	(void) sd_event_source_set_time_relative(docker->timer, ns / NSEC_PER_USEC);
	(void) sd_event_source_set_enabled(docker->timer, SD_EVENT_ONESHOT);
}

/* Whether one of Docker's containers runs that has a healthcheck. */
static bool is_needed(const struct docker_socket *docker)
{
	struct container *container = NULL;

	while ((container = registry_next(docker->registry, container)) != NULL)
		if (container->ended_ns == 0 && !container->stopped &&
		    strcmp(container->runtime->name, RUNTIME) == 0 &&
		    container->identity.condition.health != HEALTH_NONE)
			return true;

	return false;
}

static void forget_health(struct docker_socket *docker)
{
	struct container *container = NULL;

	while ((container = registry_next(docker->registry, container)) != NULL)
		if (strcmp(container->runtime->name, RUNTIME) == 0)
			(void) registry_set_health(docker->registry, RUNTIME, container->id,
						   HEALTH_UNKNOWN, 0); /* one that ended: fine */
	docker->knows = false;
}

static void tell_health(const struct docker_health *health, void *userdata)
{
	struct docker_socket *docker = userdata;

	docker->knows = true;
	(void) registry_set_health(docker->registry, RUNTIME, health->id, health->status,
				   health->streak); /* one that is not here yet: the next list */
}

static void disconnect(struct docker_socket *docker)
{
	if (docker->client)
		docker_client_stop(docker->client);
	docker->queued = 0;
	docker->list_wanted = docker->has_failed = false;
	docker->phase = PHASE_IDLE;
}

static void note_trouble(struct docker_socket *docker, const char *reason)
{
	(void) snprintf(docker->trouble, sizeof(docker->trouble),
			"health of Docker's containers is unknown: %s: %s", docker->path, reason);
	if (!docker->complained)
		log_warning(0, "%s; trying again", docker->trouble);
	docker->complained = true;
	docker->has_failed = true;
}

static void fall_back(struct docker_socket *docker)
{
	bool was_connected = docker->phase == PHASE_CONNECTED;

	disconnect(docker);
	if (was_connected)
		docker->pause_ns = PAUSE_MIN_NS;
	else if (docker->knows)
		forget_health(docker);
	set_timer(docker, docker->pause_ns);
	docker->pause_ns =
		docker->pause_ns * 2 < PAUSE_MAX_NS ? docker->pause_ns * 2 : PAUSE_MAX_NS;
}

static void enqueue(struct docker_socket *docker, const char *id)
{
	for (unsigned i = 0; i < docker->queued; i++)
		if (strcmp(docker->queue[i], id) == 0)
			return;
	if (docker->queued < QUEUE_MAX)
		memcpy(docker->queue[docker->queued++], id, DOCKER_ID_BYTES);
	else
		docker->list_wanted = true;
}

static void on_open(void *userdata)
{
	struct docker_socket *docker = userdata;

	docker->phase = PHASE_CONNECTED;
	docker->list_wanted = true; /* from now on nothing is missed */
}

static void on_line(const char *text, size_t length, void *userdata)
{
	struct docker_socket *docker = userdata;
	struct docker_health health;

	if (docker_health_event(text, length, &health) < 0)
		return; /* not about a container, or no JSON: changes nothing */
	if (health.status != HEALTH_UNKNOWN)
		tell_health(&health, docker);
	enqueue(docker, health.id);
}

static void on_answer(bool is_good, const char *text, size_t length, void *userdata)
{
	struct docker_socket *docker = userdata;
	struct docker_health health;
	int r = 0;

	if (docker->list_asked) {
		r = is_good ? docker_health_list(text, length, tell_health, docker) : -EBADMSG;
	} else if (is_good) { /* else it is gone already */
		r = docker_health_inspect(text, length, &health);
		if (r >= 0 && health.status != HEALTH_UNKNOWN)
			tell_health(&health, docker);
	}
	if (r < 0)
		note_trouble(docker, "its answer is not that of a Docker daemon");
}

static void on_failed(const char *reason, void *userdata)
{
	note_trouble(userdata, reason);
}

static int ask_for_list(struct docker_socket *docker)
{
	docker->list_wanted = false;
	docker->list_asked = true;
	docker->trouble[0] = '\0';
	docker->complained = false;
	set_timer(docker, RELIST_NS);
	return docker_client_ask(docker->client, LIST_URL);
}

static int ask_for_first(struct docker_socket *docker)
{
	char url[sizeof("http://docker/containers//json") + DOCKER_ID_BYTES];

	(void) snprintf(url, sizeof(url), "http://docker/containers/%s/json",
			docker->queue[0]); /* digits only */
	docker->queued--;
	memmove(docker->queue[0], docker->queue[1], docker->queued * DOCKER_ID_BYTES);
	docker->list_asked = false;
	return docker_client_ask(docker->client, url);
}

static void ask_next(struct docker_socket *docker)
{
	int r = 0;

	if (docker->phase != PHASE_CONNECTED || docker_client_is_asking(docker->client))
		return;
	if (docker->list_wanted)
		r = ask_for_list(docker);
	else if (docker->queued > 0)
		r = ask_for_first(docker);
	if (r < 0)
		note_trouble(docker, strerror(-r));
}

static void on_settled(void *userdata)
{
	struct docker_socket *docker = userdata;

	if (!docker->has_failed)
		ask_next(docker);
	if (docker->has_failed)
		fall_back(docker);
}

static int begin_stream(struct docker_socket *docker)
{
	const struct docker_client_events events = {
		.on_open = on_open,
		.on_line = on_line,
		.on_answer = on_answer,
		.on_failed = on_failed,
		.on_settled = on_settled,
		.userdata = docker,
	};
	int r = docker->client
			? 0
			: docker_client_open(docker->loop, docker->path, &events, &docker->client);

	return r < 0 ? r : docker_client_stream(docker->client, EVENTS_URL);
}

static void connect_stream(struct docker_socket *docker)
{
	int r;

	/* No socket is no news: a host may have Docker's files and no Docker. */
	if (access(docker->path, F_OK) < 0) {
		(void) snprintf(docker->trouble, sizeof(docker->trouble),
				"health of Docker's containers is unknown: there is no %s",
				docker->path);
		if (docker->knows)
			forget_health(docker);
		set_timer(docker, PAUSE_MAX_NS);
		return;
	}

	docker->phase = PHASE_CONNECTING;
	set_timer(docker, (uint64_t) DOCKER_ANSWER_MS * NSEC_PER_MSEC);
	r = begin_stream(docker);
	if (r < 0) {
		note_trouble(docker, strerror(-r));
		fall_back(docker);
	}
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct docker_socket *docker = userdata;

	(void) source;
	(void) usec;
	if (!is_needed(docker)) {
		disconnect(docker);
		docker->trouble[0] = '\0';
		docker->knows = false;
		docker->pause_ns = PAUSE_MIN_NS;
		set_timer(docker, LOOK_NS);
	} else if (docker->phase == PHASE_IDLE) {
		connect_stream(docker);
	} else if (docker->phase == PHASE_CONNECTING) {
		note_trouble(docker, "the daemon does not answer");
		fall_back(docker);
	} else {
		docker->list_wanted = true;
		set_timer(docker, RELIST_NS);
		on_settled(docker);
	}
	return 0;
}

int docker_socket_open(sd_event *loop, const char *path, struct registry *registry,
		       struct docker_socket **ret)
{
	struct docker_socket *docker;
	int r;

	if (strcmp(path, "none") == 0) {
		*ret = NULL;
		return 0;
	}
	docker = calloc(1, sizeof(*docker));
	if (!docker)
		return -ENOMEM;
	docker->loop = sd_event_ref(loop);
	docker->registry = registry;
	docker->pause_ns = PAUSE_MIN_NS;
	docker->path = strdup(path);
	r = docker->path ? sd_event_add_time_relative(loop, &docker->timer, CLOCK_MONOTONIC, 0,
						      ACCURACY_USEC, on_timer, docker)
			 : -ENOMEM;
	if (r < 0) {
		docker_socket_close(docker);
		return r;
	}

	*ret = docker;
	return 0;
}

void docker_socket_close(struct docker_socket *docker)
{
	if (!docker)
		return;
	docker_client_close(docker->client);
	sd_event_source_disable_unref(docker->timer);
	sd_event_unref(docker->loop);
	free(docker->path);
	free(docker);
}

const char *docker_socket_trouble(const struct docker_socket *docker)
{
	return docker ? docker->trouble : "";
}
