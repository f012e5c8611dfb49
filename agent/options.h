/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The command line of plimsolld. Flags that are settings come from settings.def. */

#include <stdbool.h>
#include <stdio.h>

#include "base/problem.h"
#include "config.h"

/* Strings are borrowed from argv. */
struct options {
	bool check_config; /* read everything, say what is wrong, end */
	bool version;
	bool help;
	const char *config_path; /* NULL: the files of CONFIG_DIRECTORY */
	const char *root;        /* directory that is sampled as if it were "/"; never NULL */
	const char *values[SETTINGS_COUNT]; /* of flags that are settings; NULL: not given */
};

/* Returns 0, or -EINVAL with ret_problem: an unknown flag (and the nearest known one), a value
 * that is missing or too much, a word that is no flag. Values of settings are looked at by
 * options_apply. The order of argv may change (getopt_long(3)). */
int options_parse(int argc, char **argv, struct options *ret_options, struct problem *ret_problem);

/* Puts the given flags over what `config` has. Returns 0, -EINVAL with ret_problem, or -ENOMEM;
 * when it fails, `config` is still to be ended with config_fini. */
int options_apply(const struct options *options, struct config *config,
		  struct problem *ret_problem);

/* Defaults, files, flags, and config_check: what main does at start and again at SIGHUP. Returns
 * 0, or a negative errno with ret_problem; then ret_config is untouched. */
int options_config(const struct options *options, struct config *ret_config,
		   struct problem *ret_problem);

void options_help(FILE *file);
