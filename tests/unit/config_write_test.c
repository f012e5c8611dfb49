/* SPDX-License-Identifier: Apache-2.0 */

/* The commented file that is installed, packaging/plimsoll.yaml, is what the table of settings
 * says. After a change of settings.def, PLIMSOLL_REGENERATE=1 makes this test write it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_value.h"

/* The file beside this source, wherever the tree is. */
static void packaged_path(char *path, size_t size)
{
	int length = (int) (strlen(__FILE__) - strlen("tests/unit/config_write_test.c"));

	(void) snprintf(path, size, "%.*spackaging/plimsoll.yaml", length, __FILE__);
}

static char *commented(size_t *ret_length)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, ret_length);

	assert_non_null(file);
	config_write_commented(file);
	assert_int_equal(fclose(file), 0);
	return text;
}

/* Takes the '#' off every line that is a setting; sentences have a blank behind theirs. */
static void uncomment(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != '#' || !islower(from[1]))
			*to++ = *from;
	*to = '\0';
}

static void assert_all_defaults(const char *text)
{
	struct config config = { 0 }, defaults;
	struct problem problem;

	assert_int_equal(config_defaults(&defaults), 0);
	assert_int_equal(config_defaults(&config), 0);
	if (config_parse(text, strlen(text), &config, &problem) != 0)
		fail_msg("%s", problem.text);
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		assert_true(value_equal(&settings[i], &config, &defaults));
	config_fini(&config);
	config_fini(&defaults);
}

static void the_packaged_file_is_made_from_the_table(void **state)
{
	char path[4096], *text, *packaged;
	size_t length;
	FILE *file;

	(void) state;
	text = commented(&length);
	packaged_path(path, sizeof(path));
	if (getenv("PLIMSOLL_REGENERATE")) {
		file = fopen(path, "we");
		assert_non_null(file);
		assert_int_equal(fwrite(text, 1, length, file), length);
		assert_int_equal(fclose(file), 0);
	}

	file = fopen(path, "re");
	if (!file)
		fail_msg("no '%s'", path);
	packaged = calloc(1, length + 2);
	assert_non_null(packaged);
	/* One byte more tells that the file is longer. */
	assert_int_equal(fread(packaged, 1, length + 1, file), length);
	(void) fclose(file);
	assert_string_equal(packaged, text);
	free(packaged);
	free(text);
}

static void the_file_as_it_comes_changes_nothing(void **state)
{
	size_t length;
	char *text = commented(&length);

	(void) state;
	assert_all_defaults(text);
	free(text);
}

static void every_line_without_its_sign_is_right_and_has_the_default(void **state)
{
	struct config config = { 0 };
	struct problem problem;
	size_t length;
	char *text = commented(&length);

	(void) state;
	uncomment(text);
	assert_all_defaults(text);

	/* All of them: nothing is left empty in a configuration that had nothing before. */
	assert_int_equal(config_parse(text, strlen(text), &config, &problem), 0);
	assert_non_null(config.run_dir);
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (setting_is_list(&settings[i])) {
			const char *member = (const char *) &config + settings[i].offset;

			assert_non_null(((const struct strings *) member)->items);
		}
	config_fini(&config);
	free(text);
}

static void lines_fit_a_terminal(void **state)
{
	size_t length;
	char *text = commented(&length), *rest = text;

	(void) state;
	for (const char *line; (line = strsep(&rest, "\n"));)
		assert_in_range(strlen(line), 0, 110);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_packaged_file_is_made_from_the_table),
		cmocka_unit_test(the_file_as_it_comes_changes_nothing),
		cmocka_unit_test(every_line_without_its_sign_is_right_and_has_the_default),
		cmocka_unit_test(lines_fit_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
