/* SPDX-License-Identifier: Apache-2.0 */

/* webchild: starting, watching and ending plimsoll-web. */

#include "webchild.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

#define PAUSE_MIN_NS  (NSEC_PER_SEC / 2)
#define PAUSE_MAX_NS  (30 * NSEC_PER_SEC)
#define STEADY_NS     (60 * NSEC_PER_SEC) /* ran that long: the next pause is short again */
#define STOP_MSEC     3000
#define ARGUMENTS_MAX 176 /* fixed ones and two for each of at most 64 host names */

/* Where no such user exists: systemd's range for dynamic users, which nothing else hands out
 * (systemd, "Users, Groups, UIDs and GIDs on systemd systems"). */
#define DYNAMIC_UID_FIRST 61184
#define DYNAMIC_UID_LAST  65519

/* Descriptors of the child. */
enum { CHILD_LISTEN_FD = 3, CHILD_SNAPSHOT_FD, CHILD_ALIVE_FD, CHILD_FD_END };

static int find_user(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
	const struct passwd *user = getpwnam(name);

	if (user && user->pw_uid != 0) {
		*ret_uid = user->pw_uid;
		*ret_gid = user->pw_gid;
		return 0;
	}

	for (uid_t uid = DYNAMIC_UID_FIRST; uid <= DYNAMIC_UID_LAST; uid++)
		if (!getpwuid(uid)) {
			*ret_uid = uid;
			*ret_gid = (gid_t) uid;
			return 0;
		}

	return -ENOENT;
}

/* The program beside ours: both come from one build or one package. */
static int program_path(char *ret_path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", ret_path, size - 1);
	char *slash;

	if (length < 0)
		return -errno;
	ret_path[length] = '\0';
	slash = strrchr(ret_path, '/');
	if (!slash || (size_t) (slash + 1 - ret_path) + sizeof("plimsoll-web") > size)
		return -ENAMETOOLONG;
	memcpy(slash + 1, "plimsoll-web", sizeof("plimsoll-web"));
	return access(ret_path, X_OK) < 0 ? -errno : 0;
}

struct arguments {
	const char *items[ARGUMENTS_MAX + 1];
	size_t count;
	char numbers[2][16];
	char host[HOST_NAME_MAX + 1];
};

static void add_pair(struct arguments *arguments, const char *flag, const char *value)
{
	if (arguments->count + 2 > ARGUMENTS_MAX)
		return; /* more hosts than the configuration admits */
	arguments->items[arguments->count++] = flag;
	arguments->items[arguments->count++] = value;
}

static void make_arguments(const struct webchild *web, const char *program,
			   struct arguments *ret_arguments)
{
	static const char *const levels[] = { "error", "warning", "info", "debug" };
	struct arguments *a = ret_arguments;

	*a = (struct arguments){ .items = { program }, .count = 1 };
	add_pair(a, "--listen-fd", "3");
	add_pair(a, "--snapshot-fd", "4");
	add_pair(a, "--alive-fd", "5");
	add_pair(a, "--log-level", levels[web->config->log_level]);
	if (web->uid > 0) {
		(void) snprintf(a->numbers[0], sizeof(a->numbers[0]), "%u", web->uid);
		(void) snprintf(a->numbers[1], sizeof(a->numbers[1]), "%u", web->gid);
		add_pair(a, "--uid", a->numbers[0]);
		add_pair(a, "--gid", a->numbers[1]);
	}
	/* The machine's own name: a Prometheus elsewhere may scrape by it. */
	if (gethostname(a->host, sizeof(a->host) - 1) == 0 && a->host[0] != '\0')
		add_pair(a, "--host", a->host);
	if (web->config->metrics.full)
		a->items[a->count++] = "--full";
	for (size_t i = 0; i < web->config->web.hosts.count; i++)
		add_pair(a, "--host", web->config->web.hosts.items[i]);
}

/* In the child, until exec: async-signal-safe calls only. */
static void child_main(const char *program, const struct arguments *arguments, const int *fds)
{
	static char journal[] = "JOURNAL_STREAM=1"; /* makes it write the journal's prefixes, too */
	char *const environment[] = { getenv("JOURNAL_STREAM") ? journal : NULL, NULL };
	int high[CHILD_FD_END - CHILD_LISTEN_FD];
	sigset_t none;

	(void) sigemptyset(&none); /* cannot fail */
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	/* First above all targets, so that none is overwritten; dup2 leaves no CLOEXEC. */
	for (int i = 0; i < CHILD_FD_END - CHILD_LISTEN_FD; i++) {
		high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, CHILD_FD_END);
		if (high[i] < 0)
			_exit(126);
	}
	for (int i = 0; i < CHILD_FD_END - CHILD_LISTEN_FD; i++)
		if (dup2(high[i], CHILD_LISTEN_FD + i) < 0)
			_exit(126);

	(void) execve(program, (char *const *) arguments->items, environment);
	_exit(127);
}

static int on_exit_of_web(sd_event_source *source, const siginfo_t *status, void *userdata);

static int spawn(struct webchild *web)
{
	CLEANUP(close_p) int alive_read = -1, alive_write = -1;
	struct arguments arguments;
	char program[PATH_MAX];
	int pipe_fds[2], r;
	pid_t pid;

	r = program_path(program, sizeof(program));
	if (r < 0)
		return log_error(r, "cannot find plimsoll-web beside plimsolld");
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return log_error(-errno, "cannot make a pipe for plimsoll-web");
	alive_read = pipe_fds[0];
	alive_write = pipe_fds[1];
	make_arguments(web, program, &arguments);

	pid = fork();
	if (pid < 0)
		return log_error(-errno, "cannot start plimsoll-web");
	if (pid == 0)
		child_main(program, &arguments,
			   (const int[]){ web->listen_fd, web->snapshot_fd, alive_read });

	web->exit_source = sd_event_source_unref(web->exit_source);
	r = sd_event_add_child(web->loop, &web->exit_source, pid, WEXITED, on_exit_of_web, web);
	if (r < 0) {
		(void) kill(pid, SIGKILL); /* our own child, not waited for yet: no other's pid */
		(void) waitpid(pid, NULL, 0);
		return log_error(r, "cannot watch plimsoll-web");
	}

	close_p(&web->alive_fd);
	web->alive_fd = TAKE_FD(alive_write);
	web->pid = pid;
	web->started_ns = clock_boottime_ns();
	return 0;
}

static int start_later(struct webchild *web);

/* A start that fails, for lack of memory or while an upgrade replaces the program, is logged by
 * spawn and tried again like one that ended. */
static int on_pause_over(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct webchild *web = userdata;

	(void) source;
	(void) usec;
	return spawn(web) < 0 ? start_later(web) : 0;
}

/* Each pause is twice as long as the one before. */
static int start_later(struct webchild *web)
{
	int r;

	web->pause_ns = web->pause_ns == 0 ? PAUSE_MIN_NS : 2 * web->pause_ns;
	if (web->pause_ns > PAUSE_MAX_NS)
		web->pause_ns = PAUSE_MAX_NS;
	log_warning(0, "sampling goes on, plimsoll-web is started again in %.1f s",
		    (double) web->pause_ns / 1e9);

	web->pause_source = sd_event_source_unref(web->pause_source);
	r = sd_event_add_time_relative(web->loop, &web->pause_source, CLOCK_BOOTTIME,
				       web->pause_ns / NSEC_PER_USEC, 0, on_pause_over, web);
	return r < 0 ? log_error(r, "cannot wait before starting plimsoll-web again") : 0;
}

static int on_exit_of_web(sd_event_source *source, const siginfo_t *status, void *userdata)
{
	struct webchild *web = userdata;

	(void) source;
	web->pid = 0;
	if (clock_boottime_ns() - web->started_ns >= STEADY_NS)
		web->pause_ns = 0;
	log_warning(0, "plimsoll-web ended (%s %d)",
		    status->si_code == CLD_EXITED ? "exit code" : "signal", status->si_status);
	return start_later(web);
}

int webchild_start(struct webchild *web, sd_event *loop, const struct config *config, int listen_fd,
		   int snapshot_fd)
{
	int r;

	*web = (struct webchild){
		.loop = loop,
		.config = config,
		.listen_fd = listen_fd,
		.snapshot_fd = snapshot_fd,
		.alive_fd = -1,
	};
	if (geteuid() == 0) {
		r = find_user(config->web.user, &web->uid, &web->gid);
		if (r < 0)
			return log_error(r, "no uid is left for plimsoll-web; make a user '%s'",
					 config->web.user);
	}

	return spawn(web);
}

void webchild_stop(struct webchild *web)
{
	CLEANUP(close_p) int pidfd = -1;
	struct pollfd ended;

	if (!web->loop)
		return;
	web->exit_source = sd_event_source_unref(web->exit_source);
	web->pause_source = sd_event_source_unref(web->pause_source);
	close_p(&web->alive_fd); /* it ends by itself when this end is closed */
	web->alive_fd = -1;
	if (web->pid <= 0)
		return;

	pidfd = (int) syscall(SYS_pidfd_open, web->pid, 0);
	ended = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	if (pidfd < 0 || poll(&ended, 1, STOP_MSEC) != 1) {
		log_warning(0, "plimsoll-web did not end within %d ms, killing it", STOP_MSEC);
		(void) kill(web->pid, SIGKILL); /* not waited for yet: the pid is still its own */
	}
	(void) waitpid(web->pid, NULL, 0);
	web->pid = 0;
}
