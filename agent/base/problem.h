/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is wrong with something that a person typed: configuration, a flag, a request. */

struct problem {
	char text[240]; /* one sentence that says what to change */
	unsigned line;  /* in the file, from 1; 0: unknown or not a file */
};
