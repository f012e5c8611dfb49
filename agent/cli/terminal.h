/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A terminal taken over for a full screen, and given back as it was. */

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct terminal {
	bool entered;
	bool has_keys; /* stdin is a terminal, too */
	struct termios before;
};

/* The other screen, no cursor, keys at once and without echo. Returns 0 or a negative errno. */
int terminal_enter(struct terminal *terminal);

/* As it was. May be called at any time, also twice. */
void terminal_leave(struct terminal *terminal);

/* Rows and columns, 24 x 80 when the terminal does not tell. */
void terminal_size(size_t *ret_rows, size_t *ret_columns);

/* Writes all of it, in one call if the terminal takes it. Returns 0 or a negative errno. */
int terminal_write(const char *bytes, size_t length);
