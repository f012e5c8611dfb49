/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Regular expressions of clients, which write them for Go: the syntax of RE2, which has no
 * back-references and no look-around. PCRE2 does the work; what RE2 does not know is refused, and
 * what would take long is given up. */

#include <stdbool.h>

#include "base/problem.h"

#define PATTERN_TEXT_BYTES 1024 /* longer ones are refused */

struct pattern {
	void *code, *data; /* of PCRE2 */
};

/* Returns 0; -EINVAL with `ret_problem`; or -ENOMEM. */
int pattern_compile(const char *text, struct pattern *ret_pattern, struct problem *ret_problem);
void pattern_fini(struct pattern *pattern);

/* Whether it is found anywhere in the text: 1 or 0; -E2BIG: finding out takes too long. */
int pattern_search(const struct pattern *pattern, const char *text);
