/* SPDX-License-Identifier: Apache-2.0 */

/* plimsolld: measures every container of this host.
 *
 * The table of contents:
 *	options.c, config.c  what a person wants
 *	agent.c, setup.c     building it, and giving up rights
 *	report.c             saying what was found
 *	loop.c               rounds, changes, signals
 *	census.c             registry (who is there) + roster (sites and rows) + round.c (sampling)
 *	webchild.c           plimsoll-web, which serves what share.h publishes
 */

#include <stdio.h>

#include "agent.h"
#include "base/log.h"

#define EXIT_USAGE 2

static int run(const struct options *options)
{
	struct agent agent;
	int r;

	r = agent_configure(options, &agent);
	if (r < 0)
		return 1;
	if (options->check_config) {
		printf("configuration is fine\n");
		agent_close(&agent);
		return 0;
	}

	r = agent_open(&agent);
	if (r >= 0) {
		report_start(&agent);
		r = loop_run(&agent);
	}
	agent_close(&agent);
	return r < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct options options;
	struct problem problem;

	log_init(LOG_LEVEL_INFO);
	if (options_parse(argc, argv, &options, &problem) < 0) {
		log_error(0, "%s", problem.text);
		return EXIT_USAGE;
	}
	if (options.help) {
		options_help(stdout);
		return 0;
	}
	if (options.version) {
		printf("plimsolld " PLIMSOLL_VERSION "\n");
		return 0;
	}

	return run(&options);
}
