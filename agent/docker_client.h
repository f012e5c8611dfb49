/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One stream and one question at a time to a daemon's UNIX socket, by libcurl on the agent's loop:
 * bounded answers, bounded lines, nothing waits. It knows HTTP and nothing of Docker's words. */

#include <stdbool.h>
#include <stddef.h>

typedef struct sd_event sd_event;

struct docker_client;

#define DOCKER_ANSWER_MS 5000L /* for an answer, or for a connection */

/* Texts are borrowed, and not ended by NUL. The first two are called out of libcurl: nothing may be
 * begun or stopped in them; on_settled follows, where it may. */
struct docker_client_events {
	void (*on_open)(void *userdata); /* the stream's header came, and was good */
	void (*on_line)(const char *text, size_t length, void *userdata); /* of the stream */
	void (*on_answer)(bool is_good, const char *text, size_t length, void *userdata);
	void (*on_failed)(const char *reason, void *userdata); /* stop it, and begin anew later */
	void (*on_settled)(void *userdata);
	void *userdata;
};

/* `path` is borrowed. Returns 0 or a negative errno. */
int docker_client_open(sd_event *loop, const char *path, const struct docker_client_events *events,
		       struct docker_client **ret_client);
void docker_client_close(struct docker_client *client); /* accepts NULL */

/* They return 0 or -ENOMEM. A question may be asked when none is under way. */
int docker_client_stream(struct docker_client *client, const char *url);
int docker_client_ask(struct docker_client *client, const char *url);
bool docker_client_is_asking(const struct docker_client *client);

/* Ends both. */
void docker_client_stop(struct docker_client *client);
