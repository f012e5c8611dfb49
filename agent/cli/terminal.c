/* SPDX-License-Identifier: Apache-2.0 */

/* terminal: modes by termios(3), the rest by sequences (XTerm Control Sequences, "Private Modes":
 * 1049 is the other screen, 25 the cursor; who does not know them ignores them). */

#include "cli/terminal.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ENTER "\033[?1049h\033[?25l\033[2J"
#define LEAVE "\033[0m\033[?25h\033[?1049l"

int terminal_write(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			bytes += n;
			length -= (size_t) n;
		}
	}
	return 0;
}

int terminal_enter(struct terminal *terminal)
{
	struct termios raw;
	int r;

	terminal->has_keys = tcgetattr(STDIN_FILENO, &terminal->before) == 0;
	if (terminal->has_keys) {
		raw = terminal->before;
		raw.c_iflag &= ~(tcflag_t) (IXON | ICRNL | INLCR | ISTRIP);
		raw.c_lflag &= ~(tcflag_t) (ICANON | ECHO | ISIG | IEXTEN);
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) < 0)
			return -errno;
	}
	terminal->entered = true;
	r = terminal_write(ENTER, strlen(ENTER));
	if (r < 0)
		terminal_leave(terminal);
	return r;
}

void terminal_leave(struct terminal *terminal)
{
	if (!terminal->entered)
		return;
	terminal->entered = false;
	(void) terminal_write(LEAVE, strlen(LEAVE)); /* it may be gone: that is why we leave */
	if (terminal->has_keys)
		(void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal->before);
}

void terminal_size(size_t *ret_rows, size_t *ret_columns)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	*ret_rows = size.ws_row;
	*ret_columns = size.ws_col;
}
