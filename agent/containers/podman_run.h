/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The run root of one podman: where a container's volatile files are. */

#include <jansson.h>
#include <stdbool.h>

#include "containers/runtime.h"

#define PODMAN_HEALTH_FILE "healthcheck.log"
#define PODMAN_PATH_BYTES  (RUNTIME_ID_BYTES + 64) /* of a container's file below a root */

struct podman_store;

/* A container's state tells where the run root is, if it is not known yet and the store is root's.
 */
void podman_run_learn(struct podman_store *store, const json_t *state);

/* Whether a container's directory, or its file `rest` ("/NAME"), is there; then its path below the
 * run root. */
bool podman_run_path(const struct podman_store *store, const char *id, const char *rest,
		     char (*ret_path)[PODMAN_PATH_BYTES]);

/* Reads the results of healthchecks; `config` may be NULL. Returns as metadata_read. */
int podman_run_health(const struct podman_store *store, const char *id, const json_t *config,
		      struct identity *identity, json_t **ret_log);

/* Has a container's directory watched. */
void podman_run_watch(const struct podman_store *store, const char *id);
