/* SPDX-License-Identifier: Apache-2.0 */

/* process: source: cgroups(7), cgroup.procs. The first line will do, however many there are. */

#include "api/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

#define PROCS_BYTES 64

pid_t process_of(struct api *api, const struct view *view)
{
	char path[RUNTIME_PATH_BYTES + 16], text[PROCS_BYTES];
	CLEANUP(close_p) int fd = -1;
	uint64_t pid;
	ssize_t n;

	if (view->dossier->pid > 0)
		return view->dossier->pid;
	if (!view->container->path)
		return 0;
	(void) snprintf(path, sizeof(path), ".%s/cgroup.procs", view->container->path);
	fd = openat(api->host.cgroup_fd, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	if (parse_u64((struct slice){ text, strcspn(text, "\n") }, &pid) < 0 || pid > INT32_MAX)
		return 0;
	return (pid_t) pid;
}
