/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One run of the command: where the agent is, what the terminal can do, and what is to be printed.
 * Data goes to `out` and from there to stdout in whole pieces; talk goes to stderr. */

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "base/text.h"

#define SOCKET_DEFAULT "/run/plimsoll/plimsoll.sock"

#define EXIT_FINE    0
#define EXIT_TROUBLE 1
#define EXIT_USAGE   2

struct session {
	const char *socket_path;
	bool terminal;   /* stdout is one that can move its cursor */
	bool colour;     /* and may show colour */
	struct text out; /* data that was not written yet */
};

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_GOOD, STYLE_WARNING, STYLE_BAD, STYLE_FAINT };

/* From the environment: PLIMSOLL_SOCKET, NO_COLOR (no-color.org), TERM. */
void session_init(struct session *session);
void session_fini(struct session *session);

/* Writes `out` to stdout and empties it. Returns EXIT_FINE, also when whoever read stdout is gone
 * (*ret_closed, may be NULL), or EXIT_TROUBLE after saying why. */
int session_flush(struct session *session, bool *ret_closed);

/* Columns of the terminal; 0: stdout is none. */
size_t session_width(const struct session *session);

/* Appends the string in a style, as far as there is colour. */
void session_add(struct session *session, enum style style, const char *string);

/* The same, to any text. */
void text_add_styled(struct text *text, bool colour, enum style style, const char *bytes,
		     size_t length);

/* "plimsoll: SENTENCE" to stderr, escaped. Returns `code`, so that a failure can be said and
 * returned in one statement. */
int complain(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
