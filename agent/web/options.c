/* SPDX-License-Identifier: Apache-2.0 */

/* options: a table of flags, read by getopt_long(3). */

#include "web/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/parse.h"

static int number(const char *value, uint64_t max, uint64_t *ret_number)
{
	uint64_t parsed;

	if (parse_u64((struct slice){ value, strlen(value) }, &parsed) < 0 || parsed > max)
		return -EINVAL;

	*ret_number = parsed;
	return 0;
}

static int descriptor(const char *value, int *ret_fd)
{
	uint64_t fd;

	if (number(value, OPTIONS_FD_MAX, &fd) < 0)
		return -EINVAL;

	*ret_fd = (int) fd;
	return 0;
}

static int set_listen_fd(struct web_options *options, const char *value)
{
	if (options->listen_count == OPTIONS_LISTEN_FDS)
		return -EINVAL;
	return descriptor(value, &options->listen_fds[options->listen_count++]);
}

static int set_snapshot_fd(struct web_options *options, const char *value)
{
	return descriptor(value, &options->snapshot_fd);
}

static int set_alive_fd(struct web_options *options, const char *value)
{
	return descriptor(value, &options->alive_fd);
}

static int set_uid(struct web_options *options, const char *value)
{
	uint64_t uid;

	if (number(value, UINT32_MAX - 1, &uid) < 0 || uid == 0)
		return -EINVAL;

	options->identity.uid = (uid_t) uid;
	return 0;
}

static int set_gid(struct web_options *options, const char *value)
{
	uint64_t gid;

	if (number(value, UINT32_MAX - 1, &gid) < 0 || gid == 0)
		return -EINVAL;

	options->identity.gid = (gid_t) gid;
	return 0;
}

static int set_log_level(struct web_options *options, const char *value)
{
	return log_level_parse(value, &options->log_level);
}

static int add_host(struct web_options *options, const char *value)
{
	size_t count = 0;

	while (options->hosts[count])
		count++;
	options->hosts[count] = value; /* there is room for as many as argv has words */
	return value[0] != '\0' ? 0 : -EINVAL;
}

static int set_full(struct web_options *options, const char *value)
{
	(void) value;
	options->full = true;
	return 0;
}

static int print_help(struct web_options *options, const char *value);
static int print_version(struct web_options *options, const char *value);

static const struct flag {
	const char *name;
	const char *argument;                                       /* NULL: takes none */
	int (*set)(struct web_options *options, const char *value); /* 0; 1: done; -EINVAL */
	const char *help;
} flags[] = {
	{ "listen-fd", "N", set_listen_fd, "TCP socket that listens already; may be repeated" },
	{ "snapshot-fd", "N", set_snapshot_fd, "shared memory with the snapshots of plimsolld" },
	{ "alive-fd", "N", set_alive_fd, "pipe that plimsolld holds open; exit when it is closed" },
	{ "uid", "UID", set_uid, "user to become (number, not 0); goes with --gid" },
	{ "gid", "GID", set_gid, "group to become (number, not 0); goes with --uid" },
	{ "host", "NAME", add_host, "also answer requests for this host name; may be repeated" },
	{ "full", NULL, set_full, "expose every metric (metrics.full)" },
	{ "log-level", "LEVEL", set_log_level, "error, warning, info or debug" },
	{ "version", NULL, print_version, "print the version" },
	{ "help", NULL, print_help, "print this" },
};

static int print_help(struct web_options *options, const char *value)
{
	(void) options, (void) value;
	printf("plimsoll-web serves what plimsolld measures over HTTP. plimsolld starts it; there "
	       "is\nno need to do so by hand.\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		printf("  --%s%s%s%*s%s\n", flags[i].name, flags[i].argument ? " " : "",
		       flags[i].argument ? flags[i].argument : "",
		       18 - (int) strlen(flags[i].name) -
			       (flags[i].argument ? 1 + (int) strlen(flags[i].argument) : 0),
		       "", flags[i].help);
	return 1;
}

static int print_version(struct web_options *options, const char *value)
{
	(void) options, (void) value;
	printf("plimsoll-web %s\n", PLIMSOLL_VERSION);
	return 1;
}

static int complain(const char *flag, const char *problem)
{
	fprintf(stderr, "plimsoll-web: --%s%s (see --help)\n", flag, problem);
	return -EINVAL;
}

static int check(const struct web_options *options)
{
	if (options->listen_count == 0)
		return complain("listen-fd", " is missing: plimsolld starts this program");
	if (options->snapshot_fd < 0)
		return complain("snapshot-fd", " is missing: plimsolld starts this program");
	if ((options->identity.uid == 0) != (options->identity.gid == 0))
		return complain("uid", " and --gid go together");

	return 0;
}

static int parse(int argc, char **argv, struct web_options *options)
{
	struct option table[ARRAY_SIZE(flags) + 1] = { 0 };
	int chosen, r;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		table[i] = (struct option){ flags[i].name,
					    flags[i].argument ? required_argument : no_argument,
					    NULL, (int) i };

	while ((chosen = getopt_long(argc, argv, "", table, NULL)) >= 0) {
		if (chosen == '?')
			return -EINVAL; /* getopt has said why */
		r = flags[chosen].set(options, optarg);
		if (r == -EINVAL)
			return complain(flags[chosen].name, ": this is not a possible value");
		if (r != 0)
			return r;
	}
	if (optind < argc) {
		fprintf(stderr, "plimsoll-web: there is no argument '%s'\n", argv[optind]);
		return -EINVAL;
	}

	return check(options);
}

int web_options_parse(int argc, char **argv, struct web_options *ret_options)
{
	struct web_options options = { .snapshot_fd = -1,
				       .alive_fd = -1,
				       .log_level = LOG_LEVEL_INFO };
	int r;

	options.hosts = calloc((size_t) argc + 1, sizeof(*options.hosts));
	if (!options.hosts)
		return -ENOMEM;

	optind = 0; /* from the start, with everything forgotten: getopt_long(3) */
	r = parse(argc, argv, &options);
	if (r != 0) {
		web_options_fini(&options);
		return r;
	}

	options.identity.given = options.identity.uid != 0;
	*ret_options = options;
	return 0;
}

void web_options_fini(struct web_options *options)
{
	free(options->hosts);
	options->hosts = NULL;
}
