/* SPDX-License-Identifier: Apache-2.0 */

/* live: one loop over the agent's stream, the keyboard and signals. When the agent goes away, the
 * last numbers stay, the first line says so, and it is asked again each second. */

#include "cli/live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/client.h"
#include "cli/keys.h"
#include "cli/terminal.h"
#include "cli/view.h"

#define RETRY_MS    1000
#define KEYS_BYTES  256           /* of one read; a paste is more than one */
#define FRAME_BEGIN "\033[?2026h" /* "synchronized output": no half frame is seen */
#define FRAME_END   "\033[?2026l"

struct live {
	struct view view;
	struct wanted *wanted;
	struct terminal terminal;
	struct stream *stream; /* NULL: the agent is gone */
	const char *socket_path;
	char *path;
	int signal_fd;
	bool quit;
	int error;
	struct text frame;
	struct problem problem;
};

static int on_document(char *line, size_t length, void *userdata)
{
	struct live *live = userdata;
	struct listing listing;
	struct problem problem;
	int r;

	if (live->view.paused || length == 0)
		return 0;
	r = wanted_take(live->wanted, line, length, &listing, &problem);
	if (r < 0) {
		(void) snprintf(live->view.message, sizeof(live->view.message), "%.190s",
				problem.text);
		return r == -ENOENT ? 0 : r;
	}
	listing_fini(live->view.listing);
	*live->view.listing = listing;
	live->view.message[0] = '\0';
	return 0;
}

static int draw(struct live *live)
{
	int r;

	terminal_size(&live->view.rows, &live->view.width);
	live->frame.length = 0;
	TEXT_ADD(&live->frame, FRAME_BEGIN);
	r = view_draw(&live->view, &live->frame, &live->problem);
	TEXT_ADD(&live->frame, FRAME_END);
	if (r < 0)
		return r;
	return terminal_write(live->frame.bytes, live->frame.length);
}

static void suspend(struct live *live)
{
	terminal_leave(&live->terminal);
	(void) raise(SIGSTOP);
	live->error = terminal_enter(&live->terminal);
}

static void on_keys(struct live *live)
{
	char bytes[KEYS_BYTES];
	ssize_t length = read(STDIN_FILENO, bytes, sizeof(bytes));
	int key;

	if (length <= 0) { /* the terminal is gone */
		live->quit = length == 0 || errno != EINTR;
		return;
	}
	for (size_t i = 0; i < (size_t) length && !live->quit;) {
		i += key_take(bytes + i, (size_t) length - i, &key);
		switch (view_key(&live->view, key)) {
		case VIEW_QUIT:
			live->quit = true;
			break;
		case VIEW_SUSPEND:
			suspend(live);
			break;
		case VIEW_STAY:
			break;
		}
	}
}

static void on_signal(struct live *live)
{
	struct signalfd_siginfo info;

	while (read(live->signal_fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGWINCH) /* every frame asks for the size anyway */
			live->quit = true;
}

/* Waits for one thing to happen. */
static void step(struct live *live)
{
	struct pollfd also[2] = {
		{ .fd = live->signal_fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};
	unsigned count = live->terminal.has_keys ? 2 : 1;
	int r;

	if (!live->stream) {
		if (poll(also, count, RETRY_MS) == 0)
			(void) stream_open(live->socket_path, live->path, on_document, live,
					   &live->stream, &live->problem);
	} else {
		r = stream_wait(live->stream, also, count, -1, &live->problem);
		if (r <= 0) {
			stream_close(TAKE_PTR(live->stream));
			(void) snprintf(live->view.message, sizeof(live->view.message), "%.190s",
					r == 0 ? "the agent has ended; waiting for it"
					       : live->problem.text);
		}
	}
	if (also[0].revents)
		on_signal(live);
	if (count > 1 && also[1].revents)
		on_keys(live);
}

static void loop(struct live *live)
{
	live->error = terminal_enter(&live->terminal);
	if (live->error == 0)
		live->error = draw(live);
	if (live->error == 0)
		(void) stream_open(live->socket_path, live->path, on_document, live, &live->stream,
				   &live->problem);
	while (live->error == 0 && !live->quit) {
		step(live);
		if (live->error == 0 && !live->quit)
			live->error = draw(live);
	}
	terminal_leave(&live->terminal);
	stream_close(live->stream);
	text_fini(&live->frame);
}

static int open_signals(sigset_t *ret_before)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGWINCH);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGQUIT);
	if (sigprocmask(SIG_BLOCK, &signals, ret_before) < 0)
		return -errno;
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int live_run(struct session *session, struct wanted *wanted, const struct columns *columns,
	     const struct format *format, struct listing *listing)
{
	CLEANUP(text_fini) struct text path = { 0 };
	sigset_t before;
	struct live live = {
		.view = {
			.listing = listing,
			.columns = columns,
			.format = format,
			.colour = session->colour,
			.order = wanted->order,
			.reverse = wanted->reverse,
		},
		.wanted = wanted,
		.socket_path = session->socket_path,
	};

	wanted_path(wanted, true, &path);
	live.path = path.bytes;
	live.signal_fd = path.overflowed ? -ENOMEM : open_signals(&before);
	if (live.signal_fd < 0)
		return complain(EXIT_TROUBLE, "cannot begin: %s", strerror(errno));
	loop(&live);
	(void) close(live.signal_fd);
	(void) sigprocmask(SIG_SETMASK, &before, NULL);

	if (live.error == 0 || live.error == -EPIPE || live.error == -EIO) /* the terminal went */
		return EXIT_FINE;
	return complain(EXIT_TROUBLE, "%s",
			live.problem.text[0] != '\0' ? live.problem.text : strerror(-live.error));
}
