/* SPDX-License-Identifier: Apache-2.0 */

/* podman_conmon: what conmon says about the end of a container, before podman itself has noticed,
 * or when its database cannot be read.
 *
 * Source: conmon(8), --exit-dir, --persist-dir; libpod uses exits/ID and (since 5.0)
 * persist/ID/exit and persist/ID/oom below its temporary directory. Podman removes them when it has
 * cleaned up. */

#include "podman.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/parse.h"
#include "containers/metadata.h"
#include "containers/runtime.h"

#define EXIT_BYTES 16 /* up to three digits */

static const char *const exit_files[] = { "exits/%s", "persist/%s/exit" };

static void path_of(const char *format, const char *id, char (*ret_path)[RUNTIME_ID_BYTES + 32])
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* one of those above and below */
	(void) snprintf(*ret_path, sizeof(*ret_path), format, id); /* fits: id is bounded */
#pragma GCC diagnostic pop
}

/* Returns 0 or a negative errno. */
static int read_exit(int tmp_fd, const char *path, struct condition *condition)
{
	CLEANUP(close_p) int fd = -1;
	char text[EXIT_BYTES];
	struct stat status;
	uint64_t code;

	fd = fd_open_distrusted(tmp_fd, path, sizeof(text) - 1);
	if (fd < 0)
		return fd;
	if (fd_pread(fd, text, sizeof(text)) < 0 || fstat(fd, &status) < 0)
		return -EIO;
	if (parse_value(text, &code) < 0 || code > UINT8_MAX)
		return -EBADMSG;

	condition->state = STATE_EXITED;
	condition->has_exit_code = true;
	condition->exit_code = (int32_t) code;
	if (status.st_mtim.tv_sec > 0)
		condition->finished_ns = (uint64_t) status.st_mtim.tv_sec * NSEC_PER_SEC +
					 (uint64_t) status.st_mtim.tv_nsec;
	return 0;
}

int podman_conmon_read(int tmp_fd, const char *id, struct condition *condition)
{
	char path[RUNTIME_ID_BYTES + 32];

	for (size_t i = 0; tmp_fd >= 0 && i < ARRAY_SIZE(exit_files); i++) {
		path_of(exit_files[i], id, &path);
		if (read_exit(tmp_fd, path, condition) < 0)
			continue;
		path_of("persist/%s/oom", id, &path);
		condition->oom_killed |= fd_exists_at(tmp_fd, path);
		return 0;
	}

	return -ENOENT;
}

uint64_t podman_conmon_stamp(int tmp_fd, const char *id)
{
	char path[RUNTIME_ID_BYTES + 32];
	uint64_t stamp = 0;

	for (size_t i = 0; tmp_fd >= 0 && i < ARRAY_SIZE(exit_files); i++) {
		path_of(exit_files[i], id, &path);
		stamp = stamp * 31 + metadata_stamp(tmp_fd, path);
	}

	return stamp;
}
