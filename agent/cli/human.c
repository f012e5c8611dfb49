/* SPDX-License-Identifier: Apache-2.0 */

/* human: sizes, shares and times. */

#include "cli/human.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"

#define MINUTE_S 60
#define HOUR_S   3600
#define DAY_H    24

static const char *sized(double value, double step, int digits, const char *const *units,
			 size_t count, char text[HUMAN_BYTES])
{
	size_t i = 0;

	for (; value >= step && i + 1 < count; i++)
		value /= step;
	(void) snprintf(text, HUMAN_BYTES, "%.*g%s", digits, value, units[i]);
	return text;
}

const char *human_binary(double bytes, char text[HUMAN_BYTES])
{
	static const char *const units[] = { "B",   "KiB", "MiB", "GiB", "TiB",
					     "PiB", "EiB", "ZiB", "YiB" };

	return sized(bytes, 1024, 4, units, ARRAY_SIZE(units), text);
}

const char *human_decimal(double bytes, char text[HUMAN_BYTES])
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB" };

	return sized(bytes, 1000, 3, units, ARRAY_SIZE(units), text);
}

const char *human_percent(double share, char text[HUMAN_BYTES])
{
	(void) snprintf(text, HUMAN_BYTES, "%.2f%%", share * 100);
	return text;
}

static const char *hours_text(double seconds, char text[HUMAN_BYTES])
{
	long hours = (long) (seconds / HOUR_S + 0.5);
	static const struct {
		long below; /* hours */
		long unit;
		const char *name;
	} steps[] = {
		{ 2 * DAY_H, 1, "hours" },
		{ 14 * DAY_H, DAY_H, "days" },
		{ 60 * DAY_H, 7 * DAY_H, "weeks" },
		{ 2 * 365 * DAY_H, 30 * DAY_H, "months" },
	};

	if (hours == 1)
		return "About an hour";
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (hours < steps[i].below) {
			(void) snprintf(text, HUMAN_BYTES, "%ld %s", hours / steps[i].unit,
					steps[i].name);
			return text;
		}

	(void) snprintf(text, HUMAN_BYTES, "%ld years", (long) (seconds / HOUR_S) / DAY_H / 365);
	return text;
}

const char *human_duration(double seconds, char text[HUMAN_BYTES])
{
	if (!(seconds >= 1)) /* also what is no number */
		return "Less than a second";
	if (seconds > 1e12) /* more than any clock means */
		seconds = 1e12;
	if (seconds < 2)
		return "1 second";
	if (seconds >= HOUR_S)
		return hours_text(seconds, text);
	if (seconds >= MINUTE_S && seconds < 2 * MINUTE_S)
		return "About a minute";

	(void) snprintf(text, HUMAN_BYTES, "%d %s",
			(int) (seconds < MINUTE_S ? seconds : seconds / MINUTE_S),
			seconds < MINUTE_S ? "seconds" : "minutes");
	return text;
}

const char *human_time(double seconds, char text[HUMAN_BYTES])
{
	struct tm local;
	time_t whole;

	if (!(seconds >= 0 && seconds < 1e12))
		return "-";
	whole = (time_t) seconds;
	if (!localtime_r(&whole, &local) ||
	    strftime(text, HUMAN_BYTES, "%Y-%m-%d %H:%M:%S", &local) == 0)
		return "-";
	return text;
}
