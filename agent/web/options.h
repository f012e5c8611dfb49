/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The command line of plimsoll-web, which plimsolld writes. */

#include "base/log.h"
#include "web/sandbox.h"

#define OPTIONS_LISTEN_FDS 8

struct options {
	int listen_fds[OPTIONS_LISTEN_FDS];
	unsigned listen_count;
	int snapshot_fd;
	int alive_fd; /* -1: not given */
	struct sandbox_identity identity;
	enum log_level log_level;
	const char **hosts; /* names, NULL at the end; owned; the names are the caller's argv */
};

/* Returns 0, 1 when --help or --version was printed and nothing is left to do, or -EINVAL when a
 * sentence on stderr says what is wrong, or -ENOMEM. */
int options_parse(int argc, char **argv, struct options *ret_options);
void options_fini(struct options *options);
