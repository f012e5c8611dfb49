/* SPDX-License-Identifier: Apache-2.0 */

/* ps_run: two pipes, a child and a timer on the loop. */

#include "api/ps_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define CHUNK_BYTES 4096

void ps_run_init(struct ps_run *run)
{
	*run = (struct ps_run){ .out_fd = -1, .error_fd = -1 };
}

void ps_run_end(struct ps_run *run)
{
	sd_event_source_disable_unref(run->out_source);
	sd_event_source_unref(run->exit_source); /* kills and reaps: it owns the process */
	sd_event_source_disable_unref(run->timer);
	close_p(&run->out_fd);
	close_p(&run->error_fd);
	text_fini(&run->output);
	ps_run_init(run);
}

/* Signals that we block or ignore are not its business. */
static int set_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	(void) sigemptyset(&none);
	(void) sigfillset(&all);
	return posix_spawnattr_setflags(attributes,
					POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) ||
	       posix_spawnattr_setsigmask(attributes, &none) ||
	       posix_spawnattr_setsigdefault(attributes, &all);
}

static int set_files(posix_spawn_file_actions_t *actions, int out_fd, int error_fd)
{
	return posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
	       posix_spawn_file_actions_adddup2(actions, out_fd, STDOUT_FILENO) ||
	       posix_spawn_file_actions_adddup2(actions, error_fd, STDERR_FILENO);
}

/* Returns the pid, or a negative errno; -ENOENT: there is no ps. */
static pid_t spawn(const char *path, char *const *argv, int out_fd, int error_fd)
{
	char *const environment[] = { (char *) "PATH=/usr/bin:/bin", (char *) "LC_ALL=C.UTF-8",
				      NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = ENOMEM;
	pid_t pid = -1;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -ENOMEM;
	if (posix_spawnattr_init(&attributes) == 0) {
		if (set_signals(&attributes) == 0 && set_files(&actions, out_fd, error_fd) == 0)
			error = posix_spawn(&pid, path, &actions, &attributes, argv, environment);
		(void) posix_spawnattr_destroy(&attributes); /* frees memory only */
	}
	(void) posix_spawn_file_actions_destroy(&actions);
	return error ? -error : pid;
}

/* Of the host that containers are looked for on, which may not be ours. */
static pid_t spawn_ps(int root_fd, char *const *argv, int out_fd, int error_fd)
{
	static const char *const places[] = { "/usr/bin/ps", "/bin/ps" };
	char link[48], path[PATH_MAX + 16];
	ssize_t length;
	pid_t pid = -ENOENT;

	(void) snprintf(link, sizeof(link), "/proc/self/fd/%d", root_fd);
	length = readlink(link, path, PATH_MAX);
	if (length < 0)
		return -errno;
	for (size_t i = 0; pid == -ENOENT && i < ARRAY_SIZE(places); i++) {
		memcpy(path + length, places[i], strlen(places[i]) + 1);
		pid = spawn(path, argv, out_fd, error_fd);
	}
	return pid;
}

/* Takes what the pipe has. Returns 1 at its end, 0 when more may come, -EFBIG, or -ENOMEM. */
static int drain(int fd, struct text *text)
{
	for (;;) {
		ssize_t length;

		if (!text_reserve(text, CHUNK_BYTES))
			return -ENOMEM;
		length = read(fd, text->bytes + text->length, CHUNK_BYTES);
		if (length == 0)
			return 1;
		if (length < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		text->length += (size_t) length;
		if (text->length > PS_RUN_BYTES)
			return -EFBIG;
	}
}

static int on_output(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct ps_run *run = userdata;
	int r = drain(fd, &run->output);

	(void) events;
	if (r > 0)
		return sd_event_source_set_enabled(source, SD_EVENT_OFF);
	if (r < 0)
		run->done(run, r, run->userdata);
	return 0;
}

static int on_timeout(sd_event_source *timer, uint64_t usec, void *userdata)
{
	struct ps_run *run = userdata;

	(void) timer, (void) usec;
	run->done(run, -ETIMEDOUT, run->userdata);
	return 0;
}

static int on_exit_of_ps(sd_event_source *source, const siginfo_t *info, void *userdata)
{
	struct ps_run *run = userdata;
	int r = drain(run->out_fd, &run->output);

	(void) source;
	if (r >= 0)
		r = info->si_code != CLD_EXITED || info->si_status != 0;
	run->done(run, r, run->userdata);
	return 0;
}

/* Everything that tells of this run. The pid is reaped by its source from here on. */
static int listen_to(struct ps_run *run, sd_event *loop, pid_t pid)
{
	int r = sd_event_add_child(loop, &run->exit_source, pid, WEXITED, on_exit_of_ps, run);

	if (r < 0) {
		(void) kill(pid, SIGKILL); /* our own child, not waited for yet */
		(void) waitpid(pid, NULL, 0);
		return r;
	}
	(void) sd_event_source_set_child_process_own(run->exit_source, true); /* cannot fail */
	r = sd_event_add_io(loop, &run->out_source, run->out_fd, EPOLLIN, on_output, run);
	if (r >= 0)
		r = sd_event_add_time_relative(loop, &run->timer, CLOCK_BOOTTIME,
					       PS_RUN_NS / NSEC_PER_USEC, 0, on_timeout, run);
	return r < 0 ? r : 0;
}

/* The end that ps writes to may block; ours never does. */
static int make_pipe(int *ret_read_fd, int *ret_write_fd)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*ret_read_fd = fds[0];
	*ret_write_fd = fds[1];
	return fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

int ps_run_start(struct ps_run *run, sd_event *loop, int root_fd, char *const *argv,
		 ps_run_done done, void *userdata)
{
	CLEANUP(close_p) int out_fd = -1, error_fd = -1;
	pid_t pid;
	int r;

	run->done = done;
	run->userdata = userdata;
	r = make_pipe(&run->out_fd, &out_fd);
	if (r == 0)
		r = make_pipe(&run->error_fd, &error_fd);
	if (r < 0)
		return r;
	pid = spawn_ps(root_fd, argv, out_fd, error_fd);
	return pid < 0 ? (int) pid : listen_to(run, loop, pid);
}

void ps_run_complaint(const struct ps_run *run, char *ret_text, size_t size)
{
	ssize_t got = read(run->error_fd, ret_text, size - 1);
	size_t length = got > 0 ? (size_t) got : 0;

	while (length > 0 && strchr("\n ", ret_text[length - 1]))
		length--;
	ret_text[length] = '\0';
}
