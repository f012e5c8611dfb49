/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parts of podman's dossier: values put into objects. All return 0 or -ENOMEM. */

#include <jansson.h>

/* Takes `value`; NULL is nothing. */
int podman_put(json_t *object, const char *key, json_t *value);

/* Puts a copy whose strings end where a NUL is. */
int podman_put_clean(json_t *object, const char *key, json_t *value);

/* `config` is libpod's ContainerConfig, `state` its ContainerState. Ports that are exposed, but not
 * published, are null. */
int podman_fill_ports(const json_t *config, json_t *ports);
int podman_fill_networks(const json_t *config, const json_t *state, json_t *networks);
