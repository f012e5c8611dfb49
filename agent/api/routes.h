/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which request goes to which handler. */

#include <stdbool.h>
#include <stddef.h>

#include "api/http.h"

struct api;

/* "*" in a pattern is any one segment; "**" is one or more, as in names of images. */
struct route {
	const char *method; /* "WRITE": POST, PUT, DELETE or PATCH */
	const char *pattern;
	void (*handle)(struct api *api, const struct api_request *request, struct reply *reply);
};

/* The first row that fits is taken. */
extern const struct route routes[];
extern const size_t routes_count;

bool route_matches(const struct route *route, const struct api_request *request);

/* Calls the handler, or answers 404, or 413 when the body was too large to be read. */
void routes_handle(struct api *api, const struct api_request *request, struct reply *reply);
