/* SPDX-License-Identifier: Apache-2.0 */

/* log: lines to stderr, with a limit per call site.
 *
 * Source of the prefix: sd-daemon(3), SD_ERR and the others. This file includes no other part of
 * base, so that every part may log or be tested without dragging the rest along. */

#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 1024 /* the longest message names two paths of a cgroup tree */

static enum log_level max_level = LOG_LEVEL_INFO;
static bool journal;

static const char *const level_names[] = { "error", "warning", "info", "debug" };
static const char *const journal_prefixes[] = { "<3>", "<4>", "<6>", "<7>" };

void log_init(enum log_level level)
{
	max_level = level;
	journal = getenv("JOURNAL_STREAM") != NULL;
}

const char *log_level_name(enum log_level level)
{
	return level_names[level];
}

int log_level_parse(const char *text, enum log_level *ret_level)
{
	for (size_t i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++)
		if (strcmp(text, level_names[i]) == 0) {
			*ret_level = (enum log_level) i;
			return 0;
		}

	return -EINVAL;
}

static bool site_may_print(struct log_site *site)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	if (now.tv_sec - site->window_start >= LOG_WINDOW_S) {
		site->window_start = now.tv_sec;
		site->printed = 0;
	}
	if (site->printed >= LOG_BURST) {
		site->held_back++;
		return false;
	}

	site->printed++;
	return true;
}

/* A line break or an escape sequence in a name from a container must not forge a log line. The
 * second set of control characters is C2 80 to C2 9F in UTF-8; C2 9B starts a sequence, too. */
static void defuse(char *line)
{
	for (unsigned char before = 0; *line; line++) {
		unsigned char c = (unsigned char) *line;

		if (c < 0x20 || c == 0x7f || (before == 0xc2 && c < 0xa0))
			*line = '?';
		before = c;
	}
}

int log_print(struct log_site *site, enum log_level level, int error, const char *format, ...)
{
	char message[LINE_BYTES], line[LINE_BYTES + 160];
	char held_back[48] = "";
	va_list arguments;

	if (level > max_level || !site_may_print(site))
		return error < 0 ? error : 0;

	va_start(arguments, format);
	(void) vsnprintf(message, sizeof(message), format, arguments); /* cut is fine */
	va_end(arguments);
	defuse(message);

	if (site->held_back > 0)
		(void) snprintf(held_back, sizeof(held_back), " (%u like this held back)",
				site->held_back);
	site->held_back = 0;

	(void) snprintf(line, sizeof(line), "%s%s%s%s%s%s%s\n",
			journal ? journal_prefixes[level] : "",
			journal || level == LOG_LEVEL_INFO ? "" : level_names[level],
			journal || level == LOG_LEVEL_INFO ? "" : ": ", message,
			error < 0 ? ": " : "", error < 0 ? strerror(-error) : "", held_back);

	/* One write for one line, so that lines of two processes never mix. */
	(void) !write(STDERR_FILENO, line, strlen(line)); /* nowhere left to report */
	return error < 0 ? error : 0;
}
