/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The host's ps(1), run beside the loop: without a shell, with nothing to read, with an environment
 * of two variables, for at most PS_RUN_NS, and with at most PS_RUN_BYTES to say.
 *
 *	ps_run_start(&run, loop, root_fd, argv, on_done, userdata);
 *	... on_done(&run, result, userdata): ps_run_end(&run) */

#include <stddef.h>

#include "base/text.h"

#define PS_RUN_NS    (5 * 1000000000ULL)
#define PS_RUN_BYTES (1UL << 20)

typedef struct sd_event sd_event;
typedef struct sd_event_source sd_event_source;

struct ps_run;

/* `result` is 0 (it did well), 1 (it ended with a failure), -ETIMEDOUT, -EFBIG or -ENOMEM. */
typedef void (*ps_run_done)(struct ps_run *run, int result, void *userdata);

struct ps_run {
	int out_fd, error_fd;
	struct text output; /* what it printed */
	sd_event_source *out_source, *exit_source, *timer;
	ps_run_done done;
	void *userdata;
};

void ps_run_init(struct ps_run *run);

/* Returns 0, -ENOENT (there is no ps below root_fd), or another negative errno; then the run has to
 * be ended, too. SIGCHLD is blocked, as sd_event_add_child(3) wants it. */
int ps_run_start(struct ps_run *run, sd_event *loop, int root_fd, char *const *argv,
		 ps_run_done done, void *userdata);

/* The beginning of what it said on stderr, as one line; "": nothing. */
void ps_run_complaint(const struct ps_run *run, char *ret_text, size_t size);

/* Kills a ps that still runs, and waits for it; forgets the output. May be started again then. */
void ps_run_end(struct ps_run *run);
