/* SPDX-License-Identifier: Apache-2.0 */

/* docker_socket: a registry with one container, the agent's loop, and a daemon that is a thread of
 * the test: good, slow, hung, or talking nonsense. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "containers/registry.h"
#include "docker_socket.h"
#include "harness/fake_host.h"

#define BIG_BYTES  (2 * 1048576)
#define PATIENCE_S 20 /* a loaded machine is slow; what is expected comes at once as a rule */
#define OK         "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

enum manner {
	GOOD,
	IN_PIECES, /* a byte at a time */
	GARBAGE,
	HUGE, /* an answer without an end */
	NOT_FOUND,
	SILENT, /* accepts, and says nothing */
	ABRUPT, /* ends each connection */
};

struct daemon {
	char path[108];
	enum manner manner;
	const char *list, *inspect; /* bodies */
	const char *events;         /* lines, one connection's worth */
	int listen_fd, stop_fd[2];
	int stream_fd; /* of the stream that was opened last */
	unsigned lists, inspects, streams;
	pthread_mutex_t lock;
	pthread_t thread;
};

struct fixture {
	struct fake_host host;
	struct registry *registry;
	struct docker_socket *docker;
	struct daemon daemon;
	sd_event *loop;
	int cgroup_fd;
	char id[65];
	char list[512], inspect[512], event[512];
};

static void send_all(struct daemon *daemon, int fd, const char *text, size_t length)
{
	size_t step = daemon->manner == IN_PIECES ? 1 : length;

	for (size_t sent = 0; sent < length;) {
		ssize_t n = send(fd, text + sent, step < length - sent ? step : length - sent,
				 MSG_NOSIGNAL);

		if (n <= 0)
			return;
		sent += (size_t) n;
	}
}

static void send_text(struct daemon *daemon, int fd, const char *text)
{
	send_all(daemon, fd, text, strlen(text));
}

static void send_body(struct daemon *daemon, int fd, const char *body)
{
	char head[128];

	(void) snprintf(head, sizeof(head), OK "Content-Length: %zu\r\n\r\n", strlen(body));
	send_text(daemon, fd, head);
	send_text(daemon, fd, body);
}

static void send_huge(struct daemon *daemon, int fd)
{
	static char spaces[65536];

	memset(spaces, ' ', sizeof(spaces));
	send_text(daemon, fd, OK "Connection: close\r\n\r\n[");
	for (size_t sent = 0; sent < BIG_BYTES; sent += sizeof(spaces))
		send_all(daemon, fd, spaces, sizeof(spaces));
}

static void send_stream(struct daemon *daemon, int fd)
{
	char chunk[64];

	send_text(daemon, fd, OK "Transfer-Encoding: chunked\r\n\r\n");
	if (!daemon->events)
		return;
	(void) snprintf(chunk, sizeof(chunk), "%zx\r\n", strlen(daemon->events));
	send_text(daemon, fd, chunk);
	send_text(daemon, fd, daemon->events);
	send_text(daemon, fd, "\r\n");
}

/* Returns whether the connection stays. */
static bool answer(struct daemon *daemon, int fd, const char *request)
{
	bool stream = strncmp(request, "GET /events", 11) == 0;
	bool list = strncmp(request, "GET /containers/json", 20) == 0;

	daemon->streams += stream;
	daemon->lists += list;
	daemon->inspects += !stream && !list;
	if (daemon->manner == SILENT)
		return true;
	if (daemon->manner == ABRUPT)
		return false;
	if (daemon->manner == NOT_FOUND) {
		send_text(daemon, fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
	} else if (stream) {
		send_stream(daemon, fd);
	} else if (daemon->manner == HUGE && list) {
		send_huge(daemon, fd);
		return false;
	} else if (daemon->manner == GARBAGE) {
		send_body(daemon, fd, "\x01\xff{[not json\n");
	} else {
		send_body(daemon, fd, list ? daemon->list : daemon->inspect);
	}
	return true;
}

static void serve(struct daemon *daemon, struct pollfd *poll_fd)
{
	char request[4096];
	ssize_t n = recv(poll_fd->fd, request, sizeof(request) - 1, 0);
	bool stays = false;

	if (n > 0) {
		request[n] = '\0';
		pthread_mutex_lock(&daemon->lock);
		stays = answer(daemon, poll_fd->fd, request);
		pthread_mutex_unlock(&daemon->lock);
	}
	if (!stays) {
		close(poll_fd->fd);
		poll_fd->fd = -1;
	}
}

static void *daemon_main(void *userdata)
{
	struct daemon *daemon = userdata;
	struct pollfd fds[64] = {
		{ .fd = daemon->listen_fd, .events = POLLIN },
		{ .fd = daemon->stop_fd[0], .events = POLLIN },
	};
	nfds_t count = 2;

	while (poll(fds, count, -1) >= 0 && !fds[1].revents) {
		for (nfds_t i = 2; i < count; i++)
			if (fds[i].fd >= 0 && fds[i].revents)
				serve(daemon, &fds[i]);
		if (fds[0].revents && count < 64) {
			fds[count].fd = accept4(daemon->listen_fd, NULL, NULL, SOCK_CLOEXEC);
			fds[count++].events = POLLIN;
		}
	}
	for (nfds_t i = 2; i < count; i++)
		if (fds[i].fd >= 0)
			close(fds[i].fd);
	return NULL;
}

static void daemon_start(struct daemon *daemon)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void) snprintf(address.sun_path, sizeof(address.sun_path), "%s", daemon->path);
	daemon->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(daemon->listen_fd >= 0);
	assert_int_equal(bind(daemon->listen_fd, (struct sockaddr *) &address, sizeof(address)), 0);
	assert_int_equal(listen(daemon->listen_fd, 16), 0);
	assert_int_equal(pipe2(daemon->stop_fd, O_CLOEXEC), 0);
	assert_int_equal(pthread_create(&daemon->thread, NULL, daemon_main, daemon), 0);
}

static void daemon_stop(struct daemon *daemon)
{
	if (daemon->listen_fd < 0)
		return;
	assert_int_equal(write(daemon->stop_fd[1], "", 1), 1);
	assert_int_equal(pthread_join(daemon->thread, NULL), 0);
	close(daemon->stop_fd[0]);
	close(daemon->stop_fd[1]);
	close(daemon->listen_fd);
	daemon->listen_fd = -1;
	(void) unlink(daemon->path);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	const struct registry_events events = { 0 };
	struct registry_config config = { .max_containers = 8 };

	log_init(LOG_LEVEL_ERROR);
	fake_host_init(&f->host);
	fake_host_docker(&f->host, 1, "web", "{},\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}", 42);
	fake_host_docker_id(1, &f->id);
	config.root_fd = f->host.root_fd;
	config.cgroup_fd =
		openat(f->host.root_fd, "sys/fs/cgroup", O_PATH | O_DIRECTORY | O_CLOEXEC);
	f->cgroup_fd = config.cgroup_fd;
	assert_true(f->cgroup_fd >= 0);
	assert_int_equal(registry_new(&config, &events, &f->registry), 0);
	assert_int_equal(registry_rescan(f->registry), 0);
	assert_non_null(registry_next(f->registry, NULL));
	assert_int_equal(sd_event_new(&f->loop), 0);

	(void) snprintf(f->list, sizeof(f->list),
			"[{\"Id\":\"%s\",\"Status\":\"Up 2 hours (healthy)\"}]", f->id);
	(void) snprintf(f->inspect, sizeof(f->inspect),
			"{\"Id\":\"%s\",\"State\":{\"Health\":{\"Status\":\"unhealthy\","
			"\"FailingStreak\":4}}}",
			f->id);
	(void) snprintf(f->event, sizeof(f->event),
			"{\"Action\":\"health_status: unhealthy\",\"Actor\":{\"ID\":\"%s\"}}\n",
			f->id);
	f->daemon.list = f->list;
	f->daemon.inspect = f->inspect;
	f->daemon.listen_fd = -1;
	pthread_mutex_init(&f->daemon.lock, NULL);
	(void) snprintf(f->daemon.path, sizeof(f->daemon.path), "%s/docker.sock", f->host.path);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	docker_socket_close(f->docker);
	daemon_stop(&f->daemon);
	sd_event_unref(f->loop);
	registry_free(f->registry);
	close(f->cgroup_fd);
	pthread_mutex_destroy(&f->daemon.lock);
	fake_host_fini(&f->host);
	free(f);
	return 0;
}

static void connect_to(struct fixture *f, enum manner manner)
{
	f->daemon.manner = manner;
	daemon_start(&f->daemon);
	assert_int_equal(docker_socket_open(f->loop, f->daemon.path, f->registry, &f->docker), 0);
}

static const struct condition *condition(const struct fixture *f)
{
	return &registry_next(f->registry, NULL)->identity.condition;
}

/* Runs the loop until the expression is true; no handler may take long. */
#define run_until(f, expression) \
	do { \
		uint64_t end_ns = clock_boottime_ns() + PATIENCE_S * NSEC_PER_SEC; \
		while (!(expression) && clock_boottime_ns() < end_ns) \
			step(f, 50); \
		assert_true(expression); \
	} while (0)

static void step(struct fixture *f, unsigned ms)
{
	assert_true(sd_event_run((f)->loop, ms * 1000) >= 0);
}

static void list_tells_health_at_first(void **state)
{
	struct fixture *f = *state;

	connect_to(f, GOOD);
	run_until(f, condition(f)->health == HEALTH_HEALTHY);
	assert_string_equal(docker_socket_trouble(f->docker), "");
}

static void event_tells_health_and_inspection_the_streak(void **state)
{
	struct fixture *f = *state;

	f->daemon.events = f->event;
	connect_to(f, GOOD);
	run_until(f, condition(f)->health == HEALTH_UNHEALTHY && condition(f)->failing_streak == 4);
}

static void pieces_are_put_together(void **state)
{
	struct fixture *f = *state;

	f->daemon.events = f->event;
	connect_to(f, IN_PIECES);
	run_until(f, condition(f)->health == HEALTH_UNHEALTHY && condition(f)->failing_streak == 4);
}

static void nobody_is_asked_without_a_healthcheck(void **state)
{
	struct fixture *f = *state;

	fake_host_remove(&f->host, "proc/1001");
	fake_host_docker(&f->host, 1, "web", "{}", 42);
	assert_int_equal(registry_rescan(f->registry), 0);
	assert_int_equal(condition(f)->health, HEALTH_NONE);
	connect_to(f, GOOD);
	for (unsigned i = 0; i < 10; i++)
		step(f, 20);
	assert_int_equal(f->daemon.streams, 0);
	assert_string_equal(docker_socket_trouble(f->docker), "");
}

static void trouble_is(struct fixture *f, enum manner manner, const char *part)
{
	connect_to(f, manner);
	run_until(f, strstr(docker_socket_trouble(f->docker), part) != NULL);
	assert_int_equal(condition(f)->health, HEALTH_UNKNOWN);
}

static void garbage_is_no_health(void **state)
{
	trouble_is(*state, GARBAGE, "not that of a Docker daemon");
}

static void answer_without_an_end_is_cut_off(void **state)
{
	trouble_is(*state, HUGE, "unknown");
}

static void daemon_of_another_kind_is_trouble(void **state)
{
	trouble_is(*state, NOT_FOUND, "does not tell its events");
}

static void ended_connection_is_trouble(void **state)
{
	trouble_is(*state, ABRUPT, "unknown");
}

static void hung_daemon_is_given_up(void **state)
{
	struct fixture *f = *state;

	trouble_is(f, SILENT, "does not answer");
	assert_int_equal(f->daemon.lists, 0);
}

static void no_socket_is_a_quiet_trouble(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(docker_socket_open(f->loop, "/nowhere/docker.sock", f->registry,
					    &f->docker),
			 0);
	run_until(f, strstr(docker_socket_trouble(f->docker), "there is no /nowhere") != NULL);
}

static void none_is_nothing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(docker_socket_open(f->loop, "none", f->registry, &f->docker), 0);
	assert_null(f->docker);
	assert_string_equal(docker_socket_trouble(f->docker), "");
}

/* Its health is forgotten when it is not back soon, and known again when it is. */
static void daemon_that_vanishes_and_comes_again(void **state)
{
	struct fixture *f = *state;

	connect_to(f, GOOD);
	run_until(f, condition(f)->health == HEALTH_HEALTHY);
	daemon_stop(&f->daemon);
	run_until(f, docker_socket_trouble(f->docker)[0] != '\0');
	assert_int_equal(condition(f)->health, HEALTH_HEALTHY);
	daemon_start(&f->daemon);
	run_until(f, docker_socket_trouble(f->docker)[0] == '\0');
	assert_int_equal(f->daemon.streams, 2);
	daemon_stop(&f->daemon);
	run_until(f, condition(f)->health == HEALTH_UNKNOWN);
}

static void hostile_events_change_nothing(void **state)
{
	static const char lines[] =
		"\n{}\n[]\n{\"id\":\"../../etc\"}\nnull\n"
		"{\"Action\":\"health_status: dead\",\"Actor\":{\"ID\":\"zz\"}}\n"
		"{\"Action\":\"health_status: healthy\",\"Actor\":{\"ID\":\"x\\u0000y\"}}\n"
		"{\"Action\":7,\"Actor\":[]}\n";
	struct fixture *f = *state;

	f->daemon.events = lines;
	connect_to(f, GOOD);
	run_until(f, condition(f)->health == HEALTH_HEALTHY);
	for (unsigned i = 0; i < 5; i++)
		step(f, 10);
	assert_int_equal(f->daemon.inspects, 0);
	assert_string_equal(docker_socket_trouble(f->docker), "");
}

static void line_without_an_end_ends_the_stream(void **state)
{
	struct fixture *f = *state;
	char *line = malloc(100001);

	memset(line, 'x', 100000);
	line[100000] = '\0';
	f->daemon.events = line;
	connect_to(f, GOOD);
	run_until(f, docker_socket_trouble(f->docker)[0] != '\0');
	docker_socket_close(f->docker);
	f->docker = NULL;
	daemon_stop(&f->daemon);
	free(line);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(list_tells_health_at_first),
		TEST(event_tells_health_and_inspection_the_streak),
		TEST(pieces_are_put_together),
		TEST(nobody_is_asked_without_a_healthcheck),
		TEST(garbage_is_no_health),
		TEST(answer_without_an_end_is_cut_off),
		TEST(daemon_of_another_kind_is_trouble),
		TEST(ended_connection_is_trouble),
		TEST(hung_daemon_is_given_up),
		TEST(no_socket_is_a_quiet_trouble),
		TEST(none_is_nothing),
		TEST(daemon_that_vanishes_and_comes_again),
		TEST(hostile_events_change_nothing),
		TEST(line_without_an_end_ends_the_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
