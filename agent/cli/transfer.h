/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What client.c and stream.c share: a libcurl handle for the socket, and sentences. */

#include <curl/curl.h>
#include <stddef.h>

struct problem;

/* A handle for GET of the path, to be ended with curl_easy_cleanup; NULL with a sentence. */
CURL *transfer_new(const char *socket_path, const char *path, struct problem *ret_problem);

/* Each returns a negative errno and says what to do. */
int problem_connect(const char *socket_path, int error, struct problem *ret_problem);
int problem_transfer(CURL *curl, CURLcode code, const char *socket_path,
		     struct problem *ret_problem);
int problem_status(int status, const char *body, size_t length, struct problem *ret_problem);

void curl_free_p(void *handle); /* for CLEANUP */
