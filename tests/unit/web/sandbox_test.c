/* SPDX-License-Identifier: Apache-2.0 */

/* A drill: somebody took over the process and tries what is worth trying. Each action runs in a
 * child that has gone the way of plimsoll-web into the sandbox; it passes when the kernel refuses
 * with EPERM or EACCES, or ends the child by SIGSYS. */

#include "web/sandbox.h"

#include "unit/web/drill.h"
#include "unit/web/published.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "web/answer.h"
#include "web/connections.h"
#include "web/http.h"
#include "web/routes.h"

#define CHILD_ALLOWED 10 /* exit codes of the child */
#define CHILD_REFUSED 11
#define CHILD_OTHER   12
#define CHILD_OUTSIDE 13 /* did not get into the sandbox */

#define NOBODY 65534

static bool seccomp_is_there(void)
{
	return seccomp_api_get() >= 2;
}

/* In the child: never returns without the sandbox around it. */
static void enter_sandbox(void)
{
	const struct sandbox_identity identity = { geteuid() == 0, NOBODY, NOBODY };

	log_init(LOG_LEVEL_WARNING);
	if (sandbox_drop_rights(&identity) < 0 || sandbox_shut() < 0)
		_exit(CHILD_OUTSIDE);
}

static void child_act(const struct action *action)
{
	enter_sandbox();
	errno = 0;
	if (action->act() >= 0)
		_exit(CHILD_ALLOWED);
	_exit(errno == EPERM || errno == EACCES ? CHILD_REFUSED : CHILD_OTHER);
}

static int status_of(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Returns whether it was refused; says so if not. */
static bool drill(const struct action *action)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		child_act(action);
	status = status_of(pid);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_REFUSED)
		return true;

	print_error("%s: status %#x\n", action->name, (unsigned) status);
	return false;
}

static void every_action_is_refused(void **state)
{
	struct published published = published_begin();
	unsigned refused = 0;

	(void) state;
	if (!seccomp_is_there()) {
		published_end(&published);
		print_message("this kernel has no seccomp filters\n");
		skip();
	}

	publish(&published);
	assets.snapshot_fd = share_fd(published.reader);
	assets.socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assets.listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assets.page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(assets.page, MAP_FAILED);

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		refused += drill(&actions[i]);

	assert_int_equal(munmap(assets.page, 4096), 0);
	(void) close(assets.socket_fd);
	(void) close(assets.listen_fd);
	published_end(&published);
	print_message("%u of %zu refused\n", refused, ARRAY_SIZE(actions));
	assert_int_equal(refused, ARRAY_SIZE(actions));
}

/* The actions are real ones: without the sandbox the kernel lets harmless ones through. */
static void without_sandbox_actions_succeed(void **state)
{
	(void) state;
	assert_true(close((int) open_world_readable()) == 0);
	assert_int_equal(stat_file(), 0);
	assert_true(close((int) make_tcp_socket()) == 0);
	assert_true(close((int) open_anonymous_file()) == 0);
}

static bool has_any_capability(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return true;
	return data[0].effective | data[0].permitted | data[0].inheritable | data[1].effective |
	       data[1].permitted | data[1].inheritable;
}

static void child_check_rights(void)
{
	const struct sandbox_identity identity = { geteuid() == 0, NOBODY, NOBODY };
	bool was_root = geteuid() == 0;

	log_init(LOG_LEVEL_WARNING);
	if (sandbox_drop_rights(&identity) < 0)
		_exit(CHILD_OUTSIDE);
	if (geteuid() == 0 || has_any_capability() || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 ||
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		_exit(CHILD_ALLOWED);
	if (was_root && (getgroups(0, NULL) != 0 || getegid() != NOBODY ||
			 prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) != 0))
		_exit(CHILD_ALLOWED);
	_exit(CHILD_REFUSED);
}

static void no_right_is_left(void **state)
{
	pid_t pid = fork();
	int status;

	(void) state;
	if (pid == 0)
		child_check_rights();
	status = status_of(pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CHILD_REFUSED);
}

static void child_stay_root(void)
{
	const struct sandbox_identity stay = { .given = false };

	if (!freopen("/dev/null", "w", stderr)) /* it complains, as it should */
		_exit(CHILD_OTHER);
	_exit(sandbox_drop_rights(&stay) == -EPERM ? CHILD_REFUSED : CHILD_ALLOWED);
}

static void serving_as_root_is_refused(void **state)
{
	pid_t pid;

	(void) state;
	if (geteuid() != 0) {
		print_message("not run by root\n");
		skip();
	}
	pid = fork();
	if (pid == 0)
		child_stay_root();
	assert_int_equal(WEXITSTATUS(status_of(pid)), CHILD_REFUSED);
}

/* Serves the other end of a socket pair from inside, as the program does. */
static void child_serve(struct published *published, int client_fd)
{
	static const char *const no_hosts[] = { NULL };
	static struct connections connections;
	const struct sockaddr_in from = { .sin_family = AF_INET };
	const struct sandbox_identity identity = { geteuid() == 0, NOBODY, NOBODY };
	struct serving serving = { .hosts = no_hosts };
	struct http *http;

	log_init(LOG_LEVEL_WARNING);
	connections_init(&connections);
	if (answers_new(published->reader, ANSWERS_BYTES_MAX, false, &serving.answers) < 0 ||
	    sandbox_drop_rights(&identity) < 0 || http_start(&serving, &connections, &http) < 0 ||
	    sandbox_shut() < 0)
		_exit(CHILD_OUTSIDE);
	if (connections_admit(&connections, client_fd, (const struct sockaddr *) &from) < 0 ||
	    http_add(http, client_fd, (const struct sockaddr *) &from, sizeof(from)) < 0)
		_exit(CHILD_OTHER);

	/* Until the client has read all and the connection ends. */
	for (;;) {
		struct timespec pause = { .tv_nsec = 1000000 };
		bool open;

		(void) pthread_mutex_lock(&connections.lock);
		open = connections.count > 0;
		(void) pthread_mutex_unlock(&connections.lock);
		if (!open)
			break;
		(void) ppoll(NULL, 0, &pause, NULL);
	}
	http_stop(http);
	answers_free(serving.answers);
	_exit(CHILD_ALLOWED);
}

static void serving_works_inside(void **state)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
				      "Accept-Encoding: gzip\r\n\r\n"
				      "GET /api/v1/containers HTTP/1.1\r\nHost: localhost\r\n"
				      "Connection: close\r\n\r\n";
	struct published published = published_begin();
	char reply[64 * 1024];
	size_t length = 0;
	ssize_t n;
	int fds[2];
	pid_t pid;

	(void) state;
	publish(&published);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(write(fds[1], request, sizeof(request) - 1), sizeof(request) - 1);
	pid = fork();
	if (pid == 0) {
		(void) close(fds[1]);
		(void) fcntl(fds[0], F_SETFL, O_NONBLOCK);
		child_serve(&published, fds[0]);
	}

	(void) close(fds[0]);
	while ((n = read(fds[1], reply + length, sizeof(reply) - 1 - length)) > 0)
		length += (size_t) n;
	reply[length] = '\0';
	(void) close(fds[1]);
	assert_memory_equal(reply, "HTTP/1.1 200 ", 13);
	assert_non_null(memmem(reply, length, "\"containers\":[", 14));
	assert_int_equal(WEXITSTATUS(status_of(pid)), CHILD_ALLOWED);
	published_end(&published);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_is_refused),
		cmocka_unit_test(without_sandbox_actions_succeed),
		cmocka_unit_test(no_right_is_left),
		cmocka_unit_test(serving_as_root_is_refused),
		cmocka_unit_test(serving_works_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
