/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One container as clients are shown it: what the registry knows, and its dossier. */

#include <stdint.h>

#include "api/internal.h"
#include "base/json_out.h"
#include "containers/dossier.h"
#include "containers/registry.h"
#include "model/condition.h"

#define LABEL_ENGINE "io.plimsoll.engine" /* put on every container: whose it is */

struct view {
	const struct container *container;
	const struct dossier *dossier; /* borrowed, until the next view is made */
	char id[API_ID_BYTES];
	enum container_state state;
};

struct view view_of(struct api *api, const struct container *container);

/* Since 1970. When nobody knows when it was created: when it started, or when it was first seen,
 * since it cannot be younger. Never 0. */
uint64_t view_created_ns(const struct container *container);

/* When it started; 0: unknown, or it never did. */
uint64_t view_started_ns(const struct container *container);

/* The reference as configured, else the image's id, else "". */
const char *view_image(const struct container *container);

/* "sha256:..." where the id is such a one. */
#define IMAGE_ID_BYTES 1100
const char *view_image_id(const struct container *container, char ret_id[IMAGE_ID_BYTES]);

/* "host", "bridge", "container:ID", a network's name; "": unknown. */
const char *view_network_mode(const struct view *view);

/* A label's value; NULL: there is none. */
const char *view_label(const struct view *view, const char *key);

/* As an object under `key`, LABEL_ENGINE included. */
void view_write_labels(struct json_out *json, const char *key, const struct view *view);

/* Status and FailingStreak, in an open object. */
void view_write_health(struct json_out *json, const struct condition *condition);

/* RFC 3339 with nanoseconds; 0 is "0001-01-01T00:00:00Z", as Docker writes it. */
#define VIEW_TIME_BYTES 40
const char *view_time(uint64_t ns, char ret_text[VIEW_TIME_BYTES]);

/* Steps through all that are shown, by slot; start with NULL. */
const struct container *view_next(const struct api *api, const struct container *after);
