/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Numbers as people read them, letter for letter as the docker command writes them, so that what
 * reads its output reads ours. Source: Docker CLI, reference of `docker stats` and `docker ps`. */

#define HUMAN_BYTES 32

/* "5.6MiB": steps of 1024, four digits. Returns text. */
const char *human_binary(double bytes, char text[HUMAN_BYTES]);

/* "1.2kB": steps of 1000, three digits. */
const char *human_decimal(double bytes, char text[HUMAN_BYTES]);

/* 0.1234 is "12.34%". */
const char *human_percent(double share, char text[HUMAN_BYTES]);

/* "Less than a second", "About an hour", "3 weeks". Times before now count as none. */
const char *human_duration(double seconds, char text[HUMAN_BYTES]);

/* "2026-03-01 12:30:05" in the time zone of the user; seconds since 1970. "-" when it is no time.
 */
const char *human_time(double seconds, char text[HUMAN_BYTES]);
