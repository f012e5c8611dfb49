/* SPDX-License-Identifier: Apache-2.0 */

/* The whole way: bytes of a client into libmicrohttpd and back, through a pair of sockets. */

#include "web/http.h"

#include "unit/web/published.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "web/answer.h"
#include "web/connections.h"
#include "web/listener.h"
#include "web/routes.h"

#define REPLY_BYTES 262144
#define REPLY_MSEC  10000
#define HOST        "Host: localhost\r\n"
#define GET(path)   "GET " path " HTTP/1.1\r\n" HOST "\r\n"
#define CLOSE(path) "GET " path " HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"

static const char *const no_hosts[] = { NULL };

struct fixture {
	struct published published;
	struct serving serving;
	struct connections connections;
	struct http *http;
	char reply[REPLY_BYTES];
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->published = published_begin();
	publish(&fixture->published);
	fixture->serving.hosts = no_hosts;
	assert_int_equal(answers_new(fixture->published.reader, ANSWERS_BYTES_MAX, false,
				     &fixture->serving.answers),
			 0);
	connections_init(&fixture->connections);
	assert_int_equal(http_start(&fixture->serving, &fixture->connections, &fixture->http), 0);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	http_stop(fixture->http);
	connections_fini(&fixture->connections);
	answers_free(fixture->serving.answers);
	published_end(&fixture->published);
	free(fixture);
	return 0;
}

static int connect_client(struct fixture *fixture)
{
	const struct sockaddr_in from = { .sin_family = AF_INET,
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds),
			 0);
	assert_int_equal(connections_admit(&fixture->connections, fds[0],
					   (const struct sockaddr *) &from),
			 0);
	assert_int_equal(http_add(fixture->http, fds[0], (const struct sockaddr *) &from,
				  sizeof(from)),
			 0);
	return fds[1];
}

static void client_send(int fd, const char *bytes, size_t length)
{
	assert_int_equal(send(fd, bytes, length, MSG_NOSIGNAL), length);
}

/* Reads until the server closes, or until `enough` is in what was read. */
static const char *client_read(struct fixture *fixture, int fd, const char *enough)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	size_t length = 0;

	while (length < REPLY_BYTES - 1 && poll(&readable, 1, REPLY_MSEC) == 1) {
		ssize_t n = read(fd, fixture->reply + length, REPLY_BYTES - 1 - length);

		if (n <= 0)
			break;
		length += (size_t) n;
		fixture->reply[length] = '\0';
		if (enough && strstr(fixture->reply, enough))
			break;
	}
	fixture->reply[length] = '\0';
	return fixture->reply;
}

/* One request on a connection of its own, which the server has to close. */
static const char *exchange(struct fixture *fixture, const char *request)
{
	int fd = connect_client(fixture);

	client_send(fd, request, strlen(request));
	(void) client_read(fixture, fd, NULL);
	assert_int_equal(close(fd), 0);
	return fixture->reply;
}

static void assert_has(const char *reply, const char *part)
{
	if (!strstr(reply, part))
		fail_msg("no '%s' in '%.600s'", part, reply);
}

static void assert_status(const char *reply, const char *status)
{
	if (strncmp(reply, "HTTP/1.1 ", 9) != 0 || strncmp(reply + 9, status, strlen(status)) != 0)
		fail_msg("not %s: '%.60s'", status, reply);
}

/* Whether the only connection is waiting for a request. */
static bool connection_waits(struct fixture *fixture)
{
	bool waits = false;

	assert_int_equal(pthread_mutex_lock(&fixture->connections.lock), 0);
	for (int fd = 0; fd < CONNECTIONS_FDS; fd++)
		if (fixture->connections.by_fd[fd].used)
			waits = fixture->connections.by_fd[fd].stage == STAGE_REQUEST;
	assert_int_equal(pthread_mutex_unlock(&fixture->connections.lock), 0);
	return waits;
}

static void every_reply_carries_the_fixed_headers(void **state)
{
	static const char *const requests[] = { CLOSE("/metrics"), CLOSE("/"), CLOSE("/nothing") };
	static const char *const headers[] = {
		"\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; ",
		"frame-ancestors 'none'\r\n",
		"\r\nX-Content-Type-Options: nosniff\r\n",
		"\r\nX-Frame-Options: DENY\r\n",
		"\r\nReferrer-Policy: no-referrer\r\n",
		"\r\nVary: Accept, Accept-Encoding\r\n",
		"\r\nContent-Type: ",
		"\r\nContent-Length: ",
	};

	for (size_t i = 0; i < 3; i++) {
		const char *reply = exchange(*state, requests[i]);

		for (size_t k = 0; k < sizeof(headers) / sizeof(headers[0]); k++)
			assert_has(reply, headers[k]);
		assert_null(strstr(reply, "unsafe-inline"));
	}
}

static void metrics_are_text_that_is_not_stored(void **state)
{
	const char *reply = exchange(*state, CLOSE("/metrics"));

	assert_status(reply, "200");
	assert_has(reply, "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
	assert_has(reply, "\r\nCache-Control: no-store\r\n");
	assert_has(reply, "\r\nAge: ");
	assert_has(reply, "\r\n\r\n# HELP ");
	assert_int_equal(reply[strlen(reply) - 1], '\n');
}

static void openmetrics_is_negotiated(void **state)
{
	const char *reply =
		exchange(*state, "GET /metrics HTTP/1.1\r\n" HOST "Accept: text/plain;q=0.5\r\n"
				 "Accept: application/openmetrics-text;version=1.0.0\r\n"
				 "Connection: close\r\n\r\n");

	assert_status(reply, "200");
	assert_has(reply, "\r\nContent-Type: application/openmetrics-text; version=1.0.0; "
			  "charset=utf-8\r\n");
	assert_has(reply, "\n# EOF\n");
}

static void gzip_is_marked_as_such(void **state)
{
	const char *reply = exchange(*state, "GET /metrics HTTP/1.1\r\n" HOST
					     "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n");

	assert_status(reply, "200");
	assert_has(reply, "\r\nContent-Encoding: gzip\r\n");
	assert_memory_equal(strstr(reply, "\r\n\r\n") + 4, "\x1f\x8b", 2);
}

static void head_has_the_headers_of_get_and_no_body(void **state)
{
	const char *reply =
		exchange(*state, "HEAD /api/v1/host HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");

	assert_status(reply, "200");
	assert_has(reply, "\r\nContent-Type: application/json\r\n");
	assert_null(strstr(reply, "\r\nContent-Length: 0\r\n"));
	assert_string_equal(strstr(reply, "\r\n\r\n"), "\r\n\r\n");
}

static void a_connection_serves_several_requests(void **state)
{
	struct fixture *fixture = *state;
	int fd = connect_client(fixture);

	for (int i = 0; i < 3; i++) {
		client_send(fd, GET("/healthz"), strlen(GET("/healthz")));
		assert_status(client_read(fixture, fd, "\r\n\r\nok\n"), "200");
	}
	/* And two at once. */
	client_send(fd, GET("/healthz") CLOSE("/readyz"), strlen(GET("/healthz") CLOSE("/readyz")));
	(void) client_read(fixture, fd, NULL);
	assert_has(strstr(fixture->reply, "\r\n\r\nok\n"), "HTTP/1.1 ");
	assert_int_equal(close(fd), 0);
}

/* What follows the headers must not be taken for a request, whatever a proxy before us made of it.
 */
static void a_request_with_a_body_is_refused_and_ends_the_connection(void **state)
{
	static const char *const lengths[] = {
		"Content-Length: 46\r\n",
		"Transfer-Encoding: chunked\r\n",
		"Content-Length: 46\r\nTransfer-Encoding: chunked\r\n",
		"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
		"Transfer-Encoding: xchunked\r\nContent-Length: 46\r\n",
		"Content-Length: 0\r\nContent-Length: 46\r\n",
		"Content-Length: 46\r\nContent-Length: 0\r\n",
		"Content-Length: 00\r\n",
		"Content-Length: 0, 46\r\n",
		"Content-Length: +46\r\n",
		"Content-Length: -1\r\n",
		"Content-Length: 99999999999999999999999\r\n",
		"Content-Length: 0x2e\r\n",
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char request[400];
		const char *reply;

		(void) snprintf(request, sizeof(request),
				"GET /healthz HTTP/1.1\r\n" HOST "%s\r\n"
				"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
				lengths[i]);
		reply = exchange(*state, request);
		if (strncmp(reply, "HTTP/1.1 4", 10) != 0)
			fail_msg("'%s': '%.60s'", lengths[i], reply);
		/* libmicrohttpd 0.9.75 repeats the head of its own refusals, and then closes. */
		if (strstr(reply + 9, "HTTP/1.1 2") || strstr(reply, "# HELP"))
			fail_msg("'%s': answered twice: '%s'", lengths[i], reply);
	}
	assert_status(exchange(*state,
			       "POST /metrics HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"),
		      "405");
}

static void a_length_of_nothing_is_no_body(void **state)
{
	assert_status(exchange(*state, "GET /healthz HTTP/1.1\r\n" HOST
				       "Content-Length: 0\r\nConnection: close\r\n\r\n"),
		      "200");
}

static void rebinding_and_foreign_pages_are_refused(void **state)
{
	assert_status(exchange(*state, "GET /metrics HTTP/1.1\r\nHost: evil.example:11876\r\n"
				       "Connection: close\r\n\r\n"),
		      "421");
	assert_status(exchange(*state, "GET /metrics HTTP/1.1\r\n" HOST "Host: evil.example\r\n"
				       "Connection: close\r\n\r\n"),
		      "421");
	assert_status(exchange(*state, "GET /api/v1/host HTTP/1.1\r\n" HOST
				       "Origin: http://evil.example\r\nConnection: close\r\n\r\n"),
		      "403");
	assert_status(exchange(*state, "GET /api/v1/events HTTP/1.1\r\n" HOST
				       "Origin: null\r\nConnection: close\r\n\r\n"),
		      "403");
}

static void paths_are_unescaped_and_queries_left_out(void **state)
{
	assert_status(exchange(*state, CLOSE("/%6detrics?x=1&y")), "200");
	assert_status(exchange(*state, CLOSE("/api/v1/containers/%2Fdocker%2F" ID_WEB)), "200");
	assert_status(exchange(*state, CLOSE("/api/v1/containers/w%65b")), "200");
}

static void arguments_of_the_query_arrive(void **state)
{
	assert_status(exchange(*state, CLOSE("/api/v1/events?after=1&limit=2")), "200");
	assert_status(exchange(*state, CLOSE("/api/v1/events?after=%31")), "200");
	assert_status(exchange(*state, CLOSE("/api/v1/events?after=x")), "400");
	assert_status(exchange(*state, CLOSE("/api/v1/events?after")), "400");
	assert_status(exchange(*state, CLOSE("/api/v1/events?limit=1&limit=1")), "400");
}

static void nonsense_is_refused(void **state)
{
	static const char *const requests[] = {
		"GET /metrics HTTP/1.1\r\n\r\n", /* no Host */
		"\x16\x03\x01\x02\x01\x01\r\n\r\n",
		"GET\r\n\r\n",
		"GET /metrics HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n",
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const char *reply = exchange(*state, requests[i]);

		if (reply[0] != '\0' && strncmp(reply, "HTTP/1.1 4", 10) != 0)
			fail_msg("request %zu: '%.60s'", i, reply);
	}
	assert_status(exchange(*state, CLOSE("/healthz")), "200");
}

static void headers_without_end_are_refused(void **state)
{
	char *request = malloc(REPLY_BYTES);
	size_t length;

	assert_non_null(request);
	length = (size_t) snprintf(request, REPLY_BYTES, "GET /metrics HTTP/1.1\r\n" HOST "X: ");
	memset(request + length, 'x', REPLY_BYTES - length);
	memcpy(request + 70000, "\r\n\r\n", 5);
	assert_status(exchange(*state, request), "4"); /* 431; older versions 413 */
	free(request);
}

static void ten_thousand_headers_are_refused(void **state)
{
	char *request = malloc(REPLY_BYTES);
	size_t length;

	assert_non_null(request);
	length = (size_t) snprintf(request, REPLY_BYTES, "GET /metrics HTTP/1.1\r\n" HOST);
	for (unsigned i = 0; i < 10000; i++)
		length +=
			(size_t) snprintf(request + length, REPLY_BYTES - length, "a%u: b\r\n", i);
	(void) snprintf(request + length, REPLY_BYTES - length, "\r\n");
	assert_status(exchange(*state, request), "4");
	free(request);
}

static void before_the_first_round_there_is_a_retry_header(void **state)
{
	struct fixture *fixture = *state;
	struct published empty = published_begin();
	struct answers *full = fixture->serving.answers;
	const char *reply;

	assert_int_equal(answers_new(empty.reader, 1, false, &fixture->serving.answers), 0);
	reply = exchange(fixture, CLOSE("/metrics"));
	assert_status(reply, "503");
	assert_has(reply, "\r\nRetry-After: 1\r\n");
	answers_free(fixture->serving.answers);
	fixture->serving.answers = full;
	published_end(&empty);
}

static void ended_connections_are_forgotten(void **state)
{
	struct fixture *fixture = *state;
	unsigned count = 1;

	for (int i = 0; i < 2 * CONNECTIONS_PER_ADDRESS; i++)
		assert_status(exchange(fixture, CLOSE("/healthz")), "200");
	/* The thread closes its end a moment after the client's. */
	for (int i = 0; i < 1000 && count > 0; i++) {
		assert_int_equal(usleep(1000), 0);
		assert_int_equal(pthread_mutex_lock(&fixture->connections.lock), 0);
		count = fixture->connections.count;
		assert_int_equal(pthread_mutex_unlock(&fixture->connections.lock), 0);
	}
	assert_int_equal(count, 0);
}

/* A client that sends a byte now and then would never be idle. */
static void a_header_that_takes_too_long_ends_the_connection(void **state)
{
	struct fixture *fixture = *state;
	int fd;

	clock_freeze(100 * NSEC_PER_SEC, 0);
	fd = connect_client(fixture);
	client_send(fd, "GET /healthz HTTP/1.1\r\nX: ", 26);
	clock_freeze(100 * NSEC_PER_SEC + CONNECTION_REQUEST_NS - 1, 0);
	assert_int_equal(connections_sweep(&fixture->connections), CONNECTIONS_SWEEP_MS);
	client_send(fd, "x", 1);

	clock_freeze(100 * NSEC_PER_SEC + CONNECTION_REQUEST_NS, 0);
	assert_int_equal(connections_sweep(&fixture->connections), -1);
	assert_string_equal(client_read(fixture, fd, NULL), "");
	assert_int_equal(close(fd), 0);
	clock_release();
}

/* After an answer was sent the time begins anew; so does that of a second request. */
static void each_request_has_its_own_time(void **state)
{
	struct fixture *fixture = *state;
	int fd;

	clock_freeze(100 * NSEC_PER_SEC, 0);
	fd = connect_client(fixture);
	for (unsigned i = 1; i <= 3; i++) {
		clock_freeze((100 + 4 * i) * NSEC_PER_SEC, 0);
		assert_int_equal(connections_sweep(&fixture->connections), CONNECTIONS_SWEEP_MS);
		client_send(fd, GET("/healthz"), strlen(GET("/healthz")));
		assert_status(client_read(fixture, fd, "\r\n\r\nok\n"), "200");
		/* The thread notes the end of the answer a moment after the client has it. */
		for (unsigned n = 0; n < 1000 && !connection_waits(fixture); n++)
			assert_int_equal(usleep(1000), 0);
	}
	assert_int_equal(close(fd), 0);
	clock_release();
}

static void an_answer_that_nobody_takes_ends_the_connection(void **state)
{
	struct fixture *fixture = *state;
	unsigned alive = 1;
	int fd;

	/* The pair of sockets holds little: the rest of many answers waits in the server. */
	clock_freeze(100 * NSEC_PER_SEC, 0);
	fd = connect_client(fixture);
	for (unsigned i = 0; i < 200; i++)
		client_send(fd, GET("/"), strlen(GET("/")));
	for (unsigned n = 0; n < 1000 && connection_waits(fixture); n++)
		assert_int_equal(usleep(1000), 0);
	assert_false(connection_waits(fixture));
	assert_int_equal(usleep(100000), 0);
	clock_freeze(100 * NSEC_PER_SEC + CONNECTION_REQUEST_NS, 0);
	assert_int_equal(connections_sweep(&fixture->connections), CONNECTIONS_SWEEP_MS);

	clock_freeze(100 * NSEC_PER_SEC + CONNECTION_ANSWER_NS, 0);
	assert_int_equal(connections_sweep(&fixture->connections), -1);
	for (unsigned n = 0; n < 1000 && alive > 0; n++) {
		char some[4096];
		ssize_t length = read(fd, some, sizeof(some));

		alive = length != 0;
		assert_int_equal(usleep(1000), 0);
	}
	assert_int_equal(alive, 0);
	assert_int_equal(close(fd), 0);
	clock_release();
}

static void *listen_in_thread(void *userdata)
{
	listener_run(userdata);
	return NULL;
}

static void the_listener_accepts_until_the_core_is_gone(void **state)
{
	struct fixture *fixture = *state;
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), client, alive[2];
	struct listener listener = { .fds = &listen_fd,
				     .count = 1,
				     .stop_fd = -1,
				     .connections = &fixture->connections,
				     .http = fixture->http };
	pthread_t thread;

	assert_int_equal(pipe(alive), 0);
	listener.alive_fd = alive[0];
	assert_int_equal(bind(listen_fd, (struct sockaddr *) &address, length), 0);
	assert_int_equal(listen(listen_fd, 5), 0);
	assert_int_equal(getsockname(listen_fd, (struct sockaddr *) &address, &length), 0);
	assert_int_equal(listener_prepare(&listener), 0);
	assert_int_equal(pthread_create(&thread, NULL, listen_in_thread, &listener), 0);

	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *) &address, length), 0);
	client_send(client, CLOSE("/healthz"), strlen(CLOSE("/healthz")));
	assert_status(client_read(fixture, client, NULL), "200");

	assert_int_equal(close(alive[1]), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void) close(alive[0]);
	(void) close(client);
	(void) close(listen_fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_reply_carries_the_fixed_headers),
		TEST(metrics_are_text_that_is_not_stored),
		TEST(openmetrics_is_negotiated),
		TEST(gzip_is_marked_as_such),
		TEST(head_has_the_headers_of_get_and_no_body),
		TEST(a_connection_serves_several_requests),
		TEST(a_request_with_a_body_is_refused_and_ends_the_connection),
		TEST(a_length_of_nothing_is_no_body),
		TEST(rebinding_and_foreign_pages_are_refused),
		TEST(paths_are_unescaped_and_queries_left_out),
		TEST(arguments_of_the_query_arrive),
		TEST(nonsense_is_refused),
		TEST(headers_without_end_are_refused),
		TEST(ten_thousand_headers_are_refused),
		TEST(a_header_that_takes_too_long_ends_the_connection),
		TEST(each_request_has_its_own_time),
		TEST(an_answer_that_nobody_takes_ends_the_connection),
		TEST(before_the_first_round_there_is_a_retry_header),
		TEST(ended_connections_are_forgotten),
		TEST(the_listener_accepts_until_the_core_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
