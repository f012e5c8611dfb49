/* SPDX-License-Identifier: Apache-2.0 */

/* options: the flags that are settings, from settings.def, and a few of its own.
 *
 * Source: getopt_long(3). It is silent here (opterr 0): the sentences are ours, because it knows
 * no suggestions. */

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/cleanup.h"
#include "config_kind.h"
#include "config_problem.h"
#include "base/nearest.h"

enum own_flag { OWN_CONFIG, OWN_ROOT, OWN_CHECK_CONFIG, OWN_VERSION, OWN_HELP };

static const struct {
	const char *name;
	const char *placeholder; /* NULL: no value */
	const char *help;
} own_flags[] = {
	[OWN_CONFIG] = { "config", "FILE",
			 "read this file only, not " CONFIG_DIRECTORY "/plimsoll.yaml and conf.d" },
	[OWN_ROOT] = { "root", "DIR", "sample the host recorded in DIR, which looks like '/'" },
	[OWN_CHECK_CONFIG] = { "check-config", NULL,
			       "read the configuration, say what is wrong, end" },
	[OWN_VERSION] = { "version", NULL, "print the version and end" },
	[OWN_HELP] = { "help", NULL, "print this and end" },
};

#define OWN_FLAGS   ARRAY_SIZE(own_flags)
#define FLAGS       (OWN_FLAGS + SETTINGS_COUNT)
#define FIRST_VALUE 256 /* getopt_long's results for long flags: above every character */

/* Flags without value that switch a setting off. */
static bool switches_off(const struct setting *setting)
{
	return strncmp(setting->flag, "no-", 3) == 0;
}

static void flags_fill(struct option flags[FLAGS + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < OWN_FLAGS; i++)
		flags[count++] = (struct option){
			.name = own_flags[i].name,
			.has_arg = own_flags[i].placeholder ? required_argument : no_argument,
			.val = FIRST_VALUE + (int) i,
		};
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (settings[i].flag)
			flags[count++] = (struct option){
				.name = settings[i].flag,
				.has_arg = kinds[settings[i].type].placeholder ? required_argument
									       : no_argument,
				.val = FIRST_VALUE + (int) (OWN_FLAGS + i),
			};
	flags[count] = (struct option){ 0 };
}

static int unknown_flag(const struct option *flags, const char *word, struct problem *ret_problem)
{
	char shown[QUOTED_BYTES], name[NEAREST_BYTES + 1];
	struct nearest nearest = { .word = name };
	size_t dashes = strspn(word, "-");

	(void) snprintf(name, sizeof(name), "%.*s", (int) strcspn(word + dashes, "="),
			word + dashes); /* cut: no neighbour anyway */
	for (; flags->name; flags++)
		nearest_try(&nearest, flags->name);

	quoted(word, shown);
	if (nearest.match)
		return problem_set(ret_problem, 0, "unknown flag '%s'; did you mean '--%s'?", shown,
				   nearest.match);
	return problem_set(ret_problem, 0, "unknown flag '%s'; --help lists all", shown);
}

/* getopt_long gave '?' or ':' for this word of the command line. */
static int refuse(const struct option *flags, int result, const char *word,
		  struct problem *ret_problem)
{
	char shown[QUOTED_BYTES];

	quoted(word, shown);
	if (result == ':')
		return problem_set(ret_problem, 0, "'%s' needs a value", shown);
	if (optopt >= FIRST_VALUE)
		return problem_set(ret_problem, 0, "'%s' takes no value", shown);
	return unknown_flag(flags, word, ret_problem);
}

static void take(struct options *options, int flag)
{
	switch (flag) {
	case OWN_CONFIG:
		options->config_path = optarg;
		break;
	case OWN_ROOT:
		options->root = optarg;
		break;
	case OWN_CHECK_CONFIG:
		options->check_config = true;
		break;
	case OWN_VERSION:
		options->version = true;
		break;
	case OWN_HELP:
		options->help = true;
		break;
	default:
		flag -= (int) OWN_FLAGS;
		options->values[flag] = optarg                          ? optarg
					: switches_off(&settings[flag]) ? "false"
									: "true";
	}
}

int options_parse(int argc, char **argv, struct options *ret_options, struct problem *ret_problem)
{
	struct options options = { .root = "/" };
	struct option flags[FLAGS + 1];
	int result, at = 1; /* the word that is looked at: optind may be there or behind it */

	flags_fill(flags);
	opterr = 0;
	optind = 0; /* glibc: begin anew, with what the environment says now */
	while ((result = getopt_long(argc, argv, "+:hV", flags, NULL)) != -1) {
		if (result == '?' || result == ':')
			return refuse(flags, result, argv[at], ret_problem);
		at = optind;
		take(&options, result == 'h'   ? OWN_HELP
			       : result == 'V' ? OWN_VERSION
					       : result - FIRST_VALUE);
	}
	if (optind < argc) {
		char shown[QUOTED_BYTES];

		return problem_set(ret_problem, 0, "'%s' is not a flag; --help lists all",
				   quoted(argv[optind], shown));
	}

	*ret_options = options;
	return 0;
}

int options_apply(const struct options *options, struct config *config, struct problem *ret_problem)
{
	char name[64];
	int r;

	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		if (!options->values[i])
			continue;
		(void) snprintf(name, sizeof(name), "--%s", settings[i].flag);
		r = config_set(config, &settings[i], name, options->values[i], ret_problem);
		if (r < 0)
			return r;
		config_set_origin(config, &settings[i], name, 0);
	}

	return 0;
}

int options_config(const struct options *options, struct config *ret_config,
		   struct problem *ret_problem)
{
	struct config config;
	int r;

	/* What has no sentence of its own below is out of memory, or a path without end. */
	*ret_problem = (struct problem){ .text = "the configuration cannot be read" };
	r = config_defaults(&config);
	if (r < 0)
		return r;

	r = options->config_path ? config_load(options->config_path, &config, ret_problem)
				 : config_load_directory(CONFIG_DIRECTORY, &config, ret_problem);
	if (r == 0)
		r = options_apply(options, &config, ret_problem);
	if (r == 0)
		r = config_check(&config, ret_problem);
	if (r < 0) {
		config_fini(&config);
		return r;
	}

	*ret_config = config;
	return 0;
}

static void help_flag(FILE *file, const char *name, const char *placeholder)
{
	char flag[40];

	(void) snprintf(flag, sizeof(flag), "--%s%s%s", name, placeholder ? " " : "",
			placeholder ? placeholder : "");
	fprintf(file, "  %-18s  ", flag);
}

static void help_setting(FILE *file, const struct setting *setting)
{
	help_flag(file, setting->flag, kinds[setting->type].placeholder);
	if (switches_off(setting))
		fprintf(file, "do not %s\n", setting->help);
	else
		fprintf(file, "%s [%s]\n", setting->help, setting->fallback);
}

void options_help(FILE *file)
{
	fputs("usage: plimsolld [FLAG...]\n"
	      "\n"
	      "Measures the containers of this host, whichever engine runs them, and serves the\n"
	      "numbers to Prometheus and to people.\n"
	      "\n"
	      "  plimsolld                                  everything by default\n"
	      "  plimsolld --interval 5s --log-level debug  flags go over the configuration\n"
	      "  plimsolld --check-config                   before a start or a reload (SIGHUP)\n"
	      "\n"
	      "Flags:\n",
	      file);
	for (size_t i = 0; i < OWN_FLAGS; i++) {
		help_flag(file, own_flags[i].name, own_flags[i].placeholder);
		fprintf(file, "%s\n", own_flags[i].help);
	}

	fputs("\nFlags that are settings, too [default]:\n", file);
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (settings[i].flag)
			help_setting(file, &settings[i]);

	fputs("\nSettings without a flag are in " CONFIG_DIRECTORY
	      "/plimsoll.yaml and the files of\n" CONFIG_DIRECTORY
	      "/conf.d, each explained there.\n",
	      file);
}
