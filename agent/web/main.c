/* SPDX-License-Identifier: Apache-2.0 */

/* plimsoll-web: serves the snapshots of plimsolld over HTTP, with no right to anything else.
 *
 * Options, signals, the shared memory; then rights are dropped, threads started, the sandbox shut,
 * and only then the first connection is accepted. */

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "model/share.h"
#include "web/answer.h"
#include "web/asan.h"
#include "web/connections.h"
#include "web/http.h"
#include "web/listener.h"
#include "web/options.h"
#include "web/routes.h"
#include "web/sandbox.h"

#if ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>

/* Looking for leaks at exit needs ptrace and clone, at which the sandbox ends the process. The
 * unit tests look for them, without a sandbox. */
int __lsan_is_turned_off(void)
{
	return 1;
}
#endif

/* SIGTERM and SIGINT become a descriptor that is readable. A terminal that goes away or a client
 * that has hung up does not end us. */
static int signals_open(void)
{
	sigset_t stop;
	int fd;

	(void) sigemptyset(&stop); /* cannot fail */
	(void) sigaddset(&stop, SIGTERM);
	(void) sigaddset(&stop, SIGINT);
	if (sigprocmask(SIG_SETMASK, &stop, NULL) < 0)
		return -errno;
	(void) signal(SIGHUP, SIG_IGN); /* cannot fail for these */
	(void) signal(SIGPIPE, SIG_IGN);

	fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Bodies of megabytes come and go: each is a mapping of its own that the kernel gets back, instead
 * of a hole in one of several heaps. */
static void tame_malloc(void)
{
	(void) mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* a lost hint costs memory only */
	(void) mallopt(M_ARENA_MAX, 1);
}

static bool is_given(const struct web_options *options, int fd)
{
	for (unsigned i = 0; i < options->listen_count; i++)
		if (options->listen_fds[i] == fd)
			return true;

	return fd == options->snapshot_fd || fd == options->alive_fd;
}

/* What was inherited by mistake of whoever started the chain is not ours to keep. */
static void close_strangers(const struct web_options *options)
{
	for (int fd = STDERR_FILENO + 1; fd <= OPTIONS_FD_MAX; fd++)
		if (!is_given(options, fd))
			(void) close(fd);               /* most are not open */
	(void) close_range(OPTIONS_FD_MAX + 1, ~0U, 0); /* Linux 5.9; before, they stay */
}

static int serve(const struct web_options *options, struct listener *listener,
		 const struct serving *serving)
{
	int r;

	r = listener_prepare(listener);
	if (r < 0)
		return log_error(r, "cannot listen");
	r = sandbox_drop_rights(&options->identity);
	if (r < 0)
		return r;
	r = http_start(serving, listener->connections, &listener->http);
	if (r < 0)
		return log_error(r, "cannot start serving HTTP");

	r = sandbox_shut();
	if (r >= 0)
		listener_run(listener);
	http_stop(listener->http);
	return r;
}

static int run(const struct web_options *options)
{
	static struct connections connections;
	struct listener listener = {
		.fds = options->listen_fds,
		.count = options->listen_count,
		.alive_fd = options->alive_fd,
		.connections = &connections,
	};
	struct serving serving = { .hosts = options->hosts };
	struct share *share;
	int r;

	listener.stop_fd = signals_open();
	if (listener.stop_fd < 0)
		return log_error(listener.stop_fd, "cannot wait for signals");
	r = share_open(options->snapshot_fd, &share);
	if (r < 0)
		return log_error(r, "descriptor %d holds no snapshots", options->snapshot_fd);

	r = answers_new(share, ANSWERS_BYTES_MAX, options->full, &serving.answers);
	if (r < 0) {
		share_free(share);
		return log_error(r, "cannot start");
	}

	connections_init(&connections);
	r = serve(options, &listener, &serving);
	connections_fini(&connections);
	answers_free(serving.answers);
	share_free(share);
	return r;
}

int main(int argc, char **argv)
{
	struct web_options options;
	int r;

	r = web_options_parse(argc, argv, &options);
	if (r != 0)
		return r < 0 ? 2 : EXIT_SUCCESS;

	log_init(options.log_level);
	tame_malloc();
	close_strangers(&options);
	tzset(); /* the Date header's gmtime wants to read it once, and later no file can be opened
		  */
	r = run(&options);
	web_options_fini(&options);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
