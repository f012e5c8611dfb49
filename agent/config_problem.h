/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Sentences about what a person typed. Only config_*.c and options.c use this. */

#include <errno.h>

#include "base/problem.h"

/* Fills the problem, "line N: " first when there is one. */
void problem_write(struct problem *ret_problem, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same as the value -EINVAL, so that a mistake can be named and returned in one statement. */
#define problem_set(ret_problem, line, ...) (problem_write(ret_problem, line, __VA_ARGS__), -EINVAL)

/* Somebody else's text for a sentence: cut, and without control characters. Returns buffer. */
#define QUOTED_BYTES 64
const char *quoted(const char *text, char buffer[QUOTED_BYTES]);
