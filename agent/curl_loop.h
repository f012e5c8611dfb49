/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* libcurl's transfers on the agent's own loop: sockets and timers become its sources, nothing
 * waits. Source: libcurl-multi(3), "Multi_socket". */

#include <curl/curl.h>

typedef struct sd_event sd_event;

struct curl_loop;

struct curl_loop_events {
	/* A transfer ended; it is not part of the loop any more. */
	void (*done)(CURL *easy, CURLcode result, void *userdata);
	/* After libcurl did something: unlike in its own callbacks, transfers may be added and
	 * removed. */
	void (*after)(void *userdata);
	void *userdata;
};

/* Returns 0 or a negative errno. */
int curl_loop_open(sd_event *event, const struct curl_loop_events *events,
		   struct curl_loop **ret_loop);

/* Every transfer must have been removed. Accepts NULL. */
void curl_loop_close(struct curl_loop *loop);

/* Begins a transfer; borrowed until it is done or removed. Returns 0 or -ENOMEM. */
int curl_loop_add(struct curl_loop *loop, CURL *easy);
void curl_loop_remove(struct curl_loop *loop, CURL *easy);
