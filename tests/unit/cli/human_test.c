/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/cleanup.h"
#include "cli/human.h"

struct row {
	double value;
	const char *text;
};

static void check(const char *(*human)(double, char[HUMAN_BYTES]), const struct row *rows,
		  size_t count)
{
	char text[HUMAN_BYTES];

	for (size_t i = 0; i < count; i++)
		assert_string_equal(human(rows[i].value, text), rows[i].text);
}

static void sizes_are_those_of_docker_stats(void **state)
{
	static const struct row binary[] = {
		{ 0, "0B" },
		{ 1023, "1023B" },
		{ 1024, "1KiB" },
		{ 700416 - 32768, "652KiB" },
		{ 67108864, "64MiB" },
		{ 5872025, "5.6MiB" },
		{ 2040109465.6, "1.9GiB" },
		{ 1099511627776.0, "1TiB" },
	};
	static const struct row decimal[] = {
		{ 0, "0B" },           { 656, "656B" }, { 4096, "4.1kB" }, { 1234, "1.23kB" },
		{ 999600, "1e+03kB" }, { 1e6, "1MB" },  { 12.5, "12.5B" }, { 1.5e9, "1.5GB" },
	};

	(void) state;
	check(human_binary, binary, ARRAY_SIZE(binary));
	check(human_decimal, decimal, ARRAY_SIZE(decimal));
}

static void shares_have_two_decimals(void **state)
{
	static const struct row rows[] = {
		{ 0, "0.00%" },
		{ 0.1234, "12.34%" },
		{ 4, "400.00%" },
		{ 0.00994, "0.99%" },
	};

	(void) state;
	check(human_percent, rows, ARRAY_SIZE(rows));
}

static void durations_are_docker_ps_s_words(void **state)
{
	enum { MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR };
	static const struct row rows[] = {
		{ 0, "Less than a second" }, { -5, "Less than a second" },
		{ 1.9, "1 second" },         { 59.9, "59 seconds" },
		{ 60, "About a minute" },    { 119, "About a minute" },
		{ 120, "2 minutes" },        { 3599, "59 minutes" },
		{ HOUR, "About an hour" },   { 1.6 * HOUR, "2 hours" },
		{ 47 * HOUR, "47 hours" },   { 48 * HOUR, "2 days" },
		{ 13.9 * DAY, "13 days" },   { 14 * DAY, "2 weeks" },
		{ 60 * DAY, "2 months" },    { 2 * 365 * DAY, "2 years" },
		{ 1e300, "31709 years" },
	};

	(void) state;
	check(human_duration, rows, ARRAY_SIZE(rows));
	check(human_duration, &(struct row){ NAN, "Less than a second" }, 1);
}

static void times_that_are_none_are_a_dash(void **state)
{
	static const struct row rows[] = {
		{ 1700000000, "2023-11-14 22:13:20" },
		{ -1, "-" },
		{ 1e300, "-" },
	};

	(void) state;
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
	check(human_time, rows, ARRAY_SIZE(rows));
	check(human_time, &(struct row){ NAN, "-" }, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_those_of_docker_stats),
		cmocka_unit_test(shares_have_two_decimals),
		cmocka_unit_test(durations_are_docker_ps_s_words),
		cmocka_unit_test(times_that_are_none_are_a_dash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
