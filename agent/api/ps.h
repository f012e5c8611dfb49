/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What ps(1) is asked and what it answers. Pure: no process is started here. */

#include "api/cgroup_pids.h"
#include "base/problem.h"
#include "base/text.h"

#define PS_ARGUMENTS_MAX   64
#define PS_ARGUMENTS_BYTES 4096

/* The pids as ps takes them in one argument; the kernel's limit of one is 128 KiB. */
#define PS_PIDS_BYTES 120000

struct ps_arguments {
	char *argv[PS_ARGUMENTS_MAX + 3]; /* "ps", what was asked, the pids; NULL at the end */
	size_t count;                     /* without the pids */
	char text[PS_ARGUMENTS_BYTES];
	struct text pids; /* "-q1,2,3", ended by NUL; empty: too many for one argument */
};

/* Splits at blanks; no shell, no quotes, as Docker does. Returns 0, -EINVAL with ret_problem, or
 * -ENOMEM. The result points into itself: it must not be copied. */
int ps_arguments_init(struct ps_arguments *arguments, const char *text,
		      const struct cgroup_pids *pids, struct problem *ret_problem);
void ps_arguments_fini(struct ps_arguments *arguments);

/* Appends {"Titles": [], "Processes": [[]]} with the lines of those pids. `output` is ended by a
 * NUL. Returns 0, or -EBADMSG: there is no column PID. */
int ps_output_write(const char *output, const struct cgroup_pids *pids, struct text *text);
