/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "cli/keys.h"

static void sequences_are_keys(void **state)
{
	static const struct {
		const char *bytes;
		int key;
		size_t taken;
	} rows[] = {
		{ "q", 'q', 1 },
		{ "\033[A", KEY_UP, 3 },
		{ "\033OB", KEY_DOWN, 3 },
		{ "\033[5~x", KEY_PAGE_UP, 4 },
		{ "\033[6~", KEY_PAGE_DOWN, 4 },
		{ "\033[H", KEY_HOME, 3 },
		{ "\033[4~", KEY_END, 4 },
		{ "\033", KEY_ESCAPE, 1 },
		{ "\033q", KEY_ESCAPE, 1 },
		{ "\033[1;5C", KEY_NONE, 6 },
		{ "\033[", KEY_NONE, 2 },
		{ "\033[9999", KEY_NONE, 6 },
		{ "\x03", KEY_INTERRUPT, 1 },
		{ "\x1a", KEY_SUSPEND, 1 },
		{ "\x7f", KEY_BACKSPACE, 1 },
		{ "\r", KEY_ENTER, 1 },
		{ "\x01", KEY_NONE, 1 },
		{ "\xc3\xa4", 0xc3, 1 },
	};
	int key;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(key_take(rows[i].bytes, strlen(rows[i].bytes), &key),
				 rows[i].taken);
		assert_int_equal(key, rows[i].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_are_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
