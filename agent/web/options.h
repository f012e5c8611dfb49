/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The command line of plimsoll-web, which plimsolld writes. */

#include <stdbool.h>

#include "base/log.h"
#include "web/sandbox.h"

#define OPTIONS_LISTEN_FDS 8
#define OPTIONS_FD_MAX     1023 /* plimsolld hands over small numbers */

struct web_options {
	int listen_fds[OPTIONS_LISTEN_FDS];
	unsigned listen_count;
	int snapshot_fd;
	int alive_fd; /* -1: not given */
	struct sandbox_identity identity;
	enum log_level log_level;
	bool full;          /* metrics: all of them, not only those that dashboards use */
	const char **hosts; /* names, NULL at the end; owned; the names are the caller's argv */
};

/* Returns 0, 1 when --help or --version was printed and nothing is left to do, or -EINVAL when a
 * sentence on stderr says what is wrong, or -ENOMEM. */
int web_options_parse(int argc, char **argv, struct web_options *ret_options);
void web_options_fini(struct web_options *options);
