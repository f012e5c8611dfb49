/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A directory that looks like "/": what a test needs of /proc, /sys/fs/cgroup and an engine's
 * files, written from strings. */

#include <stddef.h>

struct fake_host {
	char path[64];
	int root_fd;
};

/* An empty v2 host: proc/self/mountinfo and the root cgroup's few files. Aborts when the
 * temporary directory cannot be made: no test can run then. */
void fake_host_init(struct fake_host *ret_host);
void fake_host_fini(struct fake_host *host); /* removes everything */

/* Writes a file, making its directories. `path` is relative to the root. */
void fake_host_write(struct fake_host *host, const char *path, const char *text);
void fake_host_link(struct fake_host *host, const char *path, const char *target);

/* Removes a file, or a directory with everything below it. */
void fake_host_remove(struct fake_host *host, const char *path);

/* A Docker container: its cgroup below /docker, its process with a network namespace, its
 * config.v2.json. `number` makes the id (64 digits), the pid and nothing else. */
void fake_host_docker(struct fake_host *host, unsigned number, const char *name,
		      const char *labels_json, unsigned netns);

/* The id that fake_host_docker made. */
void fake_host_docker_id(unsigned number, char (*ret_id)[65]);
