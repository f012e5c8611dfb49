/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Images, networks and volumes as far as containers speak of them: we read the files of containers
 * only, so that what no container uses is not known. Each is an object of Docker's API, found by a
 * key that is ours; made anew for each request, which is rare. */

#include <jansson.h>

#include "api/internal.h"

/* An object: key -> item. NULL: no memory. The caller frees it. */
json_t *derive_images(struct api *api);
json_t *derive_networks(struct api *api);
json_t *derive_volumes(struct api *api);

/* The items as an array, those that `allows` lets through (NULL: all). NULL: no memory. */
json_t *derived_list(const json_t *items, bool (*allows)(const json_t *item, const void *userdata),
		     const void *userdata);

/* The item whose member `key` is `value`; NULL and *ret_count of them unless there is just one. */
const json_t *derived_find(const json_t *items, const char *key, const char *value,
			   size_t *ret_count);

/* Answers with JSON, which is freed; NULL: 500. */
void reply_derived(struct reply *reply, json_t *json);
