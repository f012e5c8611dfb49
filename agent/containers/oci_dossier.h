/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a container's config.json (OCI runtime specification) tells, in the words of a dossier. All
 * engines above runc and crun write one for each container. */

#include <jansson.h>
#include <sys/types.h>

struct dossier;

/* Fills in args, config, host_config, mounts and the paths of hosts, hostname and resolv.conf.
 * Values are shared with `spec`. What the specification does not tell, such as whether a container
 * is privileged, stays absent. Returns 0, -EBADMSG (no specification) or -ENOMEM. */
int oci_dossier_parse(const json_t *spec, struct dossier *dossier);

/* A number that can be a process, else 0. */
pid_t oci_dossier_pid(const json_t *number);
