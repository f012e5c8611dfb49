/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* All that an engine's files tell about one container: read when somebody asks for it (ps,
 * inspect), never while sampling. The identity (runtime.h) is what sampling needs; this is the
 * rest, in the words of the Docker Engine API, which each engine's are translated to.
 *
 * What is unknown is NULL, 0 or absent; nothing is made up. Texts are valid UTF-8 without NUL;
 * nothing else about them can be trusted. */

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct dossier {
	json_t *args;        /* array of strings: the program and its arguments; owned */
	json_t *config;      /* object: Config of inspect (Env, Cmd, Labels, Healthcheck, ...) */
	json_t *host_config; /* object: HostConfig of inspect (Memory, RestartPolicy, ...) */
	json_t *mounts;      /* array: Mounts of inspect {Type, Source, Destination, RW, ...} */
	json_t *networks;    /* object: name -> {NetworkID, IPAddress, Gateway, ...} */
	json_t *ports;       /* object: "80/tcp" -> null | [{HostIp, HostPort}] */
	json_t *health;      /* object: {Status, FailingStreak, Log: [...]} */
	pid_t pid;           /* as written by the engine; 0: unknown or not running */
	char *log_path;      /* host path; owned, as all strings */
	char *driver;        /* of storage: "overlay2" */
	char *error;         /* why it could not be started */
	char *hostname_path, *hosts_path, *resolv_path;
};

void dossier_fini(struct dossier *dossier);
