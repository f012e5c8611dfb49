/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "options.h"

#define WORDS 16

/* Parses "plimsolld" followed by these words. The words are copied: argv may be changed. */
static int parse(const char *const *words, struct options *ret_options, struct problem *ret_problem)
{
	static char copies[WORDS][128];
	char *argv[WORDS + 1] = { copies[0] };
	int argc = 1;

	(void) snprintf(copies[0], sizeof(copies[0]), "plimsolld");
	for (; words[argc - 1]; argc++) {
		assert_true(argc < WORDS);
		(void) snprintf(copies[argc], sizeof(copies[argc]), "%s", words[argc - 1]);
		argv[argc] = copies[argc];
	}

	return options_parse(argc, argv, ret_options, ret_problem);
}
#define WORDS_OF(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void assert_refused(const char *const *words, const char *sentence)
{
	struct options options = { .root = "untouched" };
	struct problem problem = { 0 };

	assert_int_equal(parse(words, &options, &problem), -EINVAL);
	assert_string_equal(problem.text, sentence);
	assert_int_equal(problem.line, 0);
	assert_string_equal(options.root, "untouched");
}

/* Defaults with the flags over them; the caller ends ret_config. */
static int apply(const char *const *words, struct config *ret_config, struct problem *ret_problem)
{
	struct options options;

	assert_int_equal(parse(words, &options, ret_problem), 0);
	assert_int_equal(config_defaults(ret_config), 0);
	return options_apply(&options, ret_config, ret_problem);
}

static void no_flag_leaves_everything_as_it_is(void **state)
{
	struct options options;
	struct problem problem;

	(void) state;
	assert_int_equal(parse((const char *const[]){ NULL }, &options, &problem), 0);
	assert_false(options.check_config || options.version || options.help);
	assert_null(options.config_path);
	assert_string_equal(options.root, "/");
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		assert_null(options.values[i]);
}

static void flags_of_its_own_are_taken(void **state)
{
	struct options options;
	struct problem problem;

	(void) state;
	assert_int_equal(parse(WORDS_OF("--config", "/c.yaml", "--root=/r", "--check-config"),
			       &options, &problem),
			 0);
	assert_string_equal(options.config_path, "/c.yaml");
	assert_string_equal(options.root, "/r");
	assert_true(options.check_config);
	assert_false(options.version || options.help);

	assert_int_equal(parse(WORDS_OF("--version"), &options, &problem), 0);
	assert_true(options.version);
	assert_int_equal(parse(WORDS_OF("-V", "-h"), &options, &problem), 0);
	assert_true(options.version && options.help);
	assert_int_equal(parse(WORDS_OF("--help"), &options, &problem), 0);
	assert_true(options.help);
}

static void flags_override_settings(void **state)
{
	struct config config;
	struct problem problem;

	(void) state;
	assert_int_equal(apply(WORDS_OF("--run-dir", "/r", "--state-dir", "/s", "--listen", ":0",
					"--interval=100ms", "--no-web", "--log-level", "warning"),
			       &config, &problem),
			 0);
	assert_string_equal(config.run_dir, "/r");
	assert_string_equal(config.state_dir, "/s");
	assert_string_equal(config.web.listen, ":0");
	assert_int_equal(config.interval_ns, 100 * NSEC_PER_MSEC);
	assert_false(config.web.enabled);
	assert_int_equal(config.log_level, LOG_LEVEL_WARNING);
	config_fini(&config);
}

static void the_last_of_two_equal_flags_counts(void **state)
{
	struct config config;
	struct problem problem;

	(void) state;
	assert_int_equal(apply(WORDS_OF("--interval", "2s", "--interval", "3s"), &config, &problem),
			 0);
	assert_int_equal(config.interval_ns, 3 * NSEC_PER_SEC);
	config_fini(&config);
}

static void an_unknown_flag_names_the_nearest(void **state)
{
	(void) state;
	assert_refused(WORDS_OF("--intervall", "2s"),
		       "unknown flag '--intervall'; did you mean '--interval'?");
	assert_refused(WORDS_OF("--lisen=:1"), "unknown flag '--lisen=:1'; did you mean "
					       "'--listen'?");
	assert_refused(WORDS_OF("--no-wbe"), "unknown flag '--no-wbe'; did you mean '--no-web'?");
	assert_refused(WORDS_OF("--help", "-interval", "2s"),
		       "unknown flag '-interval'; did you mean '--interval'?");
	assert_refused(WORDS_OF("--colour"), "unknown flag '--colour'; --help lists all");
	assert_refused(WORDS_OF("-x"), "unknown flag '-x'; --help lists all");
	assert_refused(WORDS_OF("-hx"), "unknown flag '-hx'; --help lists all");
	assert_refused(WORDS_OF("--\033[2J"), "unknown flag '--?[2J'; --help lists all");
}

static void values_that_miss_or_are_too_much_are_named(void **state)
{
	(void) state;
	assert_refused(WORDS_OF("--interval"), "'--interval' needs a value");
	assert_refused(WORDS_OF("--no-web", "--config"), "'--config' needs a value");
	assert_refused(WORDS_OF("--no-web=yes"), "'--no-web=yes' takes no value");
	assert_refused(WORDS_OF("--help=me"), "'--help=me' takes no value");
	assert_refused(WORDS_OF("start"), "'start' is not a flag; --help lists all");
	assert_refused(WORDS_OF("--no-web", "--", "x"), "'x' is not a flag; --help lists all");
}

static void wrong_values_are_named_by_their_flag(void **state)
{
	static const struct {
		const char *words[3];
		const char *sentence;
	} rows[] = {
		{ { "--interval", "10ms", NULL },
		  "--interval is '10ms', but has to be a duration like 500ms, 1s, 2m or 1h, 100ms "
		  "to 1m" },
		{ { "--log-level", "loud", NULL },
		  "--log-level is 'loud', but has to be error, warning, info or debug" },
		{ { "--run-dir", "here", NULL },
		  "--run-dir is 'here', but has to be a path that begins with '/'" },
		{ { "--listen", "", NULL },
		  "--listen is '', but has to be an address like "
		  "127.0.0.1:11876, \"[::1]:11876\" or :11876" },
	};
	struct config config;
	struct problem problem;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(apply(rows[i].words, &config, &problem), -EINVAL);
		assert_string_equal(problem.text, rows[i].sentence);
		config_fini(&config);
	}
}

/* A file with this text, whose path is in the words "--config PATH ...". */
static int configure(const char *text, const char *flag, struct config *ret_config,
		     struct problem *ret_problem)
{
	char path[] = "/tmp/plimsoll-options-XXXXXX";
	struct options options;
	int fd = mkstemp(path), r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
	assert_int_equal(parse(WORDS_OF("--config", path, flag), &options, ret_problem), 0);
	r = options_config(&options, ret_config, ret_problem);
	assert_int_equal(unlink(path), 0);
	return r;
}

static void flags_win_over_the_file(void **state)
{
	struct config config;
	struct problem problem;

	(void) state;
	assert_int_equal(configure("interval: 5s\nrescan: 5s\n", "--interval=7s", &config,
				   &problem),
			 0);
	assert_int_equal(config.interval_ns, 7 * NSEC_PER_SEC);
	assert_int_equal(config.rescan_ns, 5 * NSEC_PER_SEC);
	config_fini(&config);
}

static void the_address_is_judged_with_file_and_flags_together(void **state)
{
	struct config config = { .interval_ns = 42 };
	struct problem problem;

	(void) state;
	assert_int_equal(configure("", "--listen=0.0.0.0:0", &config, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "web.insecure: true"));
	assert_int_equal(config.interval_ns, 42);

	assert_int_equal(configure("web: { listen: 0.0.0.0:0 }", "--no-web", &config, &problem), 0);
	config_fini(&config);
	assert_int_equal(configure("web: { insecure: true }", "--listen=0.0.0.0:0", &config,
				   &problem),
			 0);
	config_fini(&config);
}

static void the_named_file_has_to_be_there(void **state)
{
	struct config config;
	struct problem problem;
	struct options options;

	(void) state;
	assert_int_equal(parse(WORDS_OF("--config=/nonexistent/x.yaml"), &options, &problem), 0);
	assert_int_equal(options_config(&options, &config, &problem), -ENOENT);
	assert_string_equal(problem.text,
			    "cannot read '/nonexistent/x.yaml': No such file or directory");
}

static void help_has_every_flag_and_its_default(void **state)
{
	char *text = NULL, flag[64];
	size_t length;
	FILE *file = open_memstream(&text, &length);

	(void) state;
	assert_non_null(file);
	options_help(file);
	assert_int_equal(fclose(file), 0);
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		if (!settings[i].flag)
			continue;
		(void) snprintf(flag, sizeof(flag), "  --%s", settings[i].flag);
		assert_non_null(strstr(text, flag));
	}
	for (const char *const *own =
		     WORDS_OF("--config FILE", "--root DIR", "--check-config", "--version",
			      "--help", "[127.0.0.1:11876]", "--no-web            do not serve");
	     *own; own++)
		assert_non_null(strstr(text, *own));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_flag_leaves_everything_as_it_is),
		cmocka_unit_test(flags_of_its_own_are_taken),
		cmocka_unit_test(flags_override_settings),
		cmocka_unit_test(the_last_of_two_equal_flags_counts),
		cmocka_unit_test(an_unknown_flag_names_the_nearest),
		cmocka_unit_test(values_that_miss_or_are_too_much_are_named),
		cmocka_unit_test(wrong_values_are_named_by_their_flag),
		cmocka_unit_test(flags_win_over_the_file),
		cmocka_unit_test(the_address_is_judged_with_file_and_flags_together),
		cmocka_unit_test(the_named_file_has_to_be_there),
		cmocka_unit_test(help_has_every_flag_and_its_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
