/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Taking a request's path and version apart; pure. */

#include "api/http.h"
#include "base/problem.h"

/* Sets path, segments and minor from a decoded path, which is cut up in place and has to live as
 * long as the request. Returns 0; -ENOENT when no route can have this path (an empty segment, too
 * many of them); or -EINVAL with `ret_problem` for a version that we do not speak. */
int request_set_path(struct api_request *request, char *path, struct problem *ret_problem);

/* Adds a parameter of the query. Returns 0 or -E2BIG. Both texts are borrowed. */
int request_add(struct api_request *request, const char *key, const char *value);
