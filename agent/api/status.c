/* SPDX-License-Identifier: Apache-2.0 */

/* status: times in words. Seconds and minutes are cut, hours are rounded, and all that is longer is
 * made of rounded hours: so did Docker always. */

#include "api/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define MINUTE_S 60
#define HOUR_S   3600

void status_duration(uint64_t ns, char ret_text[STATUS_BYTES])
{
	static const struct {
		uint64_t below, unit; /* hours */
		const char *word;
	} longer[] = {
		{ 48, 1, "hours" },
		{ 14 * 24, 24, "days" },
		{ 60 * 24, 7 * 24, "weeks" },
		{ 2 * 365 * 24, 30 * 24, "months" },
		{ UINT64_MAX, 365 * 24, "years" },
	};
	uint64_t seconds = ns / NSEC_PER_SEC, hours = (seconds + HOUR_S / 2) / HOUR_S;
	size_t i = 0;

	if (seconds < 1)
		(void) snprintf(ret_text, STATUS_BYTES, "Less than a second");
	else if (seconds == 1)
		(void) snprintf(ret_text, STATUS_BYTES, "1 second");
	else if (seconds < MINUTE_S)
		(void) snprintf(ret_text, STATUS_BYTES, "%" PRIu64 " seconds", seconds);
	else if (seconds < 2 * MINUTE_S)
		(void) snprintf(ret_text, STATUS_BYTES, "About a minute");
	else if (seconds < HOUR_S)
		(void) snprintf(ret_text, STATUS_BYTES, "%" PRIu64 " minutes", seconds / MINUTE_S);
	else if (hours == 1)
		(void) snprintf(ret_text, STATUS_BYTES, "About an hour");
	else {
		while (hours >= longer[i].below)
			i++;
		/* Years are of whole hours. */
		if (i + 1 == ARRAY_SIZE(longer))
			hours = seconds / HOUR_S;
		(void) snprintf(ret_text, STATUS_BYTES, "%" PRIu64 " %s", hours / longer[i].unit,
				longer[i].word);
	}
}

/* " 5 minutes" behind `words`, or nothing. A clock that was set back gives the shortest time. */
static void add_since(char text[STATUS_BYTES], uint64_t since_ns, uint64_t now_ns,
		      const char *behind)
{
	char duration[STATUS_BYTES];
	size_t length = strlen(text);

	if (since_ns == 0)
		return;
	status_duration(now_ns > since_ns ? now_ns - since_ns : 0, duration);
	(void) snprintf(text + length, STATUS_BYTES - length, " %s%s", duration, behind);
}

static const char *suffix_of(enum container_state state, enum health_status health)
{
	static const char *const by_health[HEALTH_COUNT] = {
		[HEALTH_STARTING] = " (health: starting)",
		[HEALTH_HEALTHY] = " (healthy)",
		[HEALTH_UNHEALTHY] = " (unhealthy)",
	};

	if (state == STATE_PAUSED)
		return " (Paused)";
	return by_health[health] ? by_health[health] : "";
}

/* "Exited (137) 5 minutes ago" */
static void set_ended(char ret_text[STATUS_BYTES], const char *word,
		      const struct condition *condition, uint64_t now_ns)
{
	if (condition->has_exit_code)
		(void) snprintf(ret_text, STATUS_BYTES, "%s (%" PRId32 ")", word,
				condition->exit_code);
	else
		(void) snprintf(ret_text, STATUS_BYTES, "%s", word);
	add_since(ret_text, condition->finished_ns, now_ns, " ago");
}

void status_text(enum container_state state, const struct condition *condition, uint64_t started_ns,
		 uint64_t now_ns, char ret_text[STATUS_BYTES])
{
	switch (state) {
	case STATE_RUNNING:
	case STATE_PAUSED:
		(void) snprintf(ret_text, STATUS_BYTES, "Up");
		add_since(ret_text, started_ns, now_ns, "");
		strncat(ret_text, suffix_of(state, condition->health),
			STATUS_BYTES - strlen(ret_text) - 1);
		break;
	case STATE_RESTARTING:
		set_ended(ret_text, "Restarting", condition, now_ns);
		break;
	case STATE_REMOVING:
		(void) snprintf(ret_text, STATUS_BYTES, "Removal In Progress");
		break;
	case STATE_DEAD:
		(void) snprintf(ret_text, STATUS_BYTES, "Dead");
		break;
	case STATE_CREATED:
		(void) snprintf(ret_text, STATUS_BYTES, "Created");
		break;
	case STATE_EXITED:
		set_ended(ret_text, "Exited", condition, now_ns);
		break;
	case STATE_UNKNOWN:
	case STATE_COUNT:
		(void) snprintf(ret_text, STATUS_BYTES, "Unknown");
		break;
	}
}
