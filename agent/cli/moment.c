/* SPDX-License-Identifier: Apache-2.0 */

/* moment: points in time as people write them. Source: RFC 3339, and `docker events --help`. */

#include "cli/moment.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/parse.h"

static const struct {
	const char *suffix;
	uint64_t scale;
} units[] = {
	{ "ns", 1 },
	{ "us", NSEC_PER_USEC },
	{ "ms", NSEC_PER_MSEC },
	{ "s", NSEC_PER_SEC },
	{ "m", 60 * NSEC_PER_SEC },
	{ "h", 3600 * NSEC_PER_SEC },
	{ "d", 24 * 3600 * NSEC_PER_SEC },
};

/* A number and its unit; the unit goes as far as there are letters. */
static int take_part(const char **text, uint64_t *ret_ns)
{
	struct slice number = { .start = *text, .length = strspn(*text, "0123456789.") };
	const char *suffix = *text + number.length;
	size_t length = 0;

	while (isalpha((unsigned char) suffix[length]))
		length++;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strlen(units[i].suffix) == length &&
		    memcmp(units[i].suffix, suffix, length) == 0) {
			*text = suffix + length;
			return parse_scaled(number, units[i].scale, ret_ns);
		}
	return -EINVAL;
}

static int parse_ago(const char *text, uint64_t *ret_ns)
{
	uint64_t sum = 0, part;
	int r;

	do {
		r = take_part(&text, &part);
		if (r < 0)
			return r;
		if (__builtin_add_overflow(sum, part, &sum))
			return -ERANGE;
	} while (*text != '\0');

	*ret_ns = sum;
	return 0;
}

/* ".5", up to nanoseconds; further digits are dropped. */
static uint64_t take_fraction(const char **text)
{
	uint64_t value = 0, scale = NSEC_PER_SEC;

	if (**text != '.' || !isdigit((unsigned char) (*text)[1]))
		return 0;
	for (++*text; isdigit((unsigned char) **text); ++*text)
		if (scale > 1) {
			scale /= 10;
			value += scale * (uint64_t) (**text - '0');
		}
	return value;
}

/* "Z", "+01:00", or nothing: then *ret_local is set. */
static int parse_zone(const char *text, long *ret_seconds, bool *ret_local)
{
	unsigned hours, minutes;
	int length = 0;

	*ret_seconds = 0;
	*ret_local = text[0] == '\0';
	if (*ret_local || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
		return 0;
	if ((text[0] != '+' && text[0] != '-') ||
	    sscanf(text + 1, "%2u:%2u%n", &hours, &minutes, &length) != 2 ||
	    text[1 + length] != '\0' || hours > 23 || minutes > 59)
		return -EINVAL;
	*ret_seconds = (long) (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
	return 0;
}

static int parse_date(const char *text, uint64_t *ret_ns)
{
	static const char *const shapes[] = { "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
					      "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d" };
	const char *rest = NULL;
	struct tm date;
	uint64_t fraction;
	long zone;
	bool local;
	time_t seconds;

	for (size_t i = 0; i < ARRAY_SIZE(shapes) && !rest; i++) {
		date = (struct tm){ .tm_isdst = -1 };
		rest = strptime(text, shapes[i], &date);
	}
	if (!rest)
		return -EINVAL;
	fraction = take_fraction(&rest);
	if (parse_zone(rest, &zone, &local) < 0)
		return -EINVAL;
	seconds = local ? mktime(&date) : timegm(&date) - zone;
	if (seconds < 0)
		return -ERANGE;

	*ret_ns = (uint64_t) seconds * NSEC_PER_SEC + fraction;
	return 0;
}

int moment_parse(const char *text, uint64_t now_ns, uint64_t *ret_ns, struct problem *ret_problem)
{
	struct slice whole = { .start = text, .length = strlen(text) };
	uint64_t ago;

	if (parse_scaled(whole, NSEC_PER_SEC, ret_ns) == 0)
		return 0;
	if (parse_ago(text, &ago) == 0) {
		*ret_ns = ago < now_ns ? now_ns - ago : 0;
		return 0;
	}
	if (parse_date(text, ret_ns) == 0)
		return 0;

	(void) snprintf(ret_problem->text, sizeof(ret_problem->text),
			"'%.60s' is no time; write 10m, 2026-01-02T03:04:05, or seconds since 1970",
			text);
	return -EINVAL;
}
