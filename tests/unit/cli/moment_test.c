/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "cli/moment.h"

#define NOW (1700000000 * NSEC_PER_SEC)

static void points_in_time_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} rows[] = {
		{ "0", 0 },
		{ "1700000000", NOW },
		{ "1700000000.5", NOW + NSEC_PER_SEC / 2 },
		{ "10s", NOW - 10 * NSEC_PER_SEC },
		{ "1h30m", NOW - 5400 * NSEC_PER_SEC },
		{ "500ms", NOW - NSEC_PER_SEC / 2 },
		{ "2d", NOW - 2 * 86400 * NSEC_PER_SEC },
		{ "100000d", 0 }, /* before all time */
		{ "2023-11-14T22:13:20Z", NOW },
		{ "2023-11-14T23:13:20+01:00", NOW },
		{ "2023-11-14T22:13:20.25Z", NOW + NSEC_PER_SEC / 4 },
		{ "2023-11-14T22:13:20.1234567891Z", NOW + 123456789 },
		{ "2023-11-14 22:13:20", NOW }, /* the test's zone is UTC */
		{ "2023-11-14T22:13", NOW - 20 * NSEC_PER_SEC },
		{ "2023-11-14", NOW - 80000 * NSEC_PER_SEC },
	};
	struct problem problem;
	uint64_t ns;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(moment_parse(rows[i].text, NOW, &ns, &problem), 0);
		assert_int_equal(ns, rows[i].ns);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const texts[] = { "",
					     "foo",
					     "10x",
					     "1h30",
					     "-5s",
					     "2023-13-01",
					     "2023-11-14T22:13:20+1",
					     "10 s",
					     "1e9",
					     "99999999999999999999",
					     "2023-11-14T22:13:20Zz",
					     "1969-01-01" };
	struct problem problem;
	uint64_t ns = 7;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(moment_parse(texts[i], NOW, &ns, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, "is no time"));
	}
}

static int utc(void **state)
{
	(void) state;
	(void) setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_in_time_as_people_write_them),
		cmocka_unit_test(what_is_no_time_is_refused),
	};

	return cmocka_run_group_tests(tests, utc, NULL);
}
