/* SPDX-License-Identifier: Apache-2.0 */

/* session: environment, stdout and stderr. */

#include "cli/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/escape.h"

#define OUT_BYTES_MAX   ((size_t) 256 << 20) /* of one answer; 64 MiB of JSON, indented */
#define SENTENCE_BYTES  1024
#define WIDTH_IF_SILENT 80 /* a terminal that does not tell its size */

void session_init(struct session *session)
{
	const char *socket_path = getenv("PLIMSOLL_SOCKET"), *term = getenv("TERM");
	const char *no_colour = getenv("NO_COLOR");

	*session = (struct session){
		.socket_path = socket_path && socket_path[0] ? socket_path : SOCKET_DEFAULT,
		.terminal = isatty(STDOUT_FILENO) && term && term[0] && strcmp(term, "dumb") != 0,
		.out = { .limit = OUT_BYTES_MAX },
	};
	session->colour = session->terminal && !(no_colour && no_colour[0]);
}

void session_fini(struct session *session)
{
	text_fini(&session->out);
}

int session_flush(struct session *session, bool *ret_closed)
{
	size_t written = 0;
	int error = session->out.overflowed ? ENOMEM : 0;

	while (error == 0 && written < session->out.length) {
		ssize_t n = write(STDOUT_FILENO, session->out.bytes + written,
				  session->out.length - written);

		if (n >= 0)
			written += (size_t) n;
		else if (errno != EINTR)
			error = errno;
	}

	session->out.length = 0;
	if (ret_closed)
		*ret_closed = error == EPIPE;
	if (error == 0 || error == EPIPE)
		return EXIT_FINE;
	return complain(EXIT_TROUBLE, "cannot write: %s", strerror(error));
}

size_t session_width(const struct session *session)
{
	struct winsize size;

	if (!session->terminal)
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return WIDTH_IF_SILENT;
	return size.ws_col;
}

void text_add_styled(struct text *text, bool colour, enum style style, const char *bytes,
		     size_t length)
{
	static const char *const starts[] = {
		[STYLE_PLAIN] = "",           [STYLE_BOLD] = "\033[1m",   [STYLE_GOOD] = "\033[32m",
		[STYLE_WARNING] = "\033[33m", [STYLE_BAD] = "\033[1;31m", [STYLE_FAINT] = "\033[2m",
	};

	if (!colour || style == STYLE_PLAIN) {
		text_add(text, bytes, length);
		return;
	}
	text_add_string(text, starts[style]);
	text_add(text, bytes, length);
	TEXT_ADD(text, "\033[0m");
}

void session_add(struct session *session, enum style style, const char *string)
{
	text_add_styled(&session->out, session->colour, style, string, strlen(string));
}

int complain(int code, const char *format, ...)
{
	char sentence[SENTENCE_BYTES];
	struct text text = { 0 };
	va_list arguments;

	va_start(arguments, format);
	(void) vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);

	TEXT_ADD(&text, "plimsoll: ");
	text_add_visible_string(&text, sentence);
	TEXT_ADD(&text, "\n");
	if (write(STDERR_FILENO, text.bytes, text.length) < 0)
		code = code == EXIT_FINE ? EXIT_TROUBLE : code; /* nobody to tell */
	text_fini(&text);

	return code;
}
