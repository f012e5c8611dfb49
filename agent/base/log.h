/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Log lines for people: to the journal's stderr protocol ("<3>...") when stderr is the journal,
 * else to stderr as they are. Each call site may print LOG_BURST lines in LOG_WINDOW_S seconds;
 * what is held back is counted and said with the next line that is let through. */

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

#define LOG_BURST    10
#define LOG_WINDOW_S 10

struct log_site {
	int64_t window_start; /* seconds, CLOCK_MONOTONIC */
	unsigned printed;
	unsigned held_back;
};

/* Chooses the journal's form when $JOURNAL_STREAM is set (systemd.exec(5)). Lines above `level`
 * are dropped from then on. May be called again to change the level. */
void log_init(enum log_level level);

/* "error", "warning", "info" or "debug". Returns 0, or -EINVAL with ret_level untouched. */
int log_level_parse(const char *text, enum log_level *ret_level);

const char *log_level_name(enum log_level level);

/* Prints one line. With error < 0 its description is appended, and error is returned, so that a
 * failure can be logged and returned in one statement; else returns 0. */
int log_print(struct log_site *site, enum log_level level, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define log_full(level, error, ...) \
	({ \
		static struct log_site log_site_; \
		log_print(&log_site_, (level), (error), __VA_ARGS__); \
	})

#define log_error(error, ...)   log_full(LOG_LEVEL_ERROR, error, __VA_ARGS__)
#define log_warning(error, ...) log_full(LOG_LEVEL_WARNING, error, __VA_ARGS__)
#define log_info(...)           log_full(LOG_LEVEL_INFO, 0, __VA_ARGS__)
#define log_debug(error, ...)   log_full(LOG_LEVEL_DEBUG, error, __VA_ARGS__)
