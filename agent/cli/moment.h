/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* --since and --until: "10m" or "1h30m" before now, seconds since 1970 ("1767323045.5"), a date, or
 * a date and a time ("2026-01-02T03:04:05Z", "+01:00", without a zone the user's own). */

#include <stdint.h>

#include "base/problem.h"

/* Nanoseconds since 1970. Returns 0, or -EINVAL with a sentence. */
int moment_parse(const char *text, uint64_t now_ns, uint64_t *ret_ns, struct problem *ret_problem);
