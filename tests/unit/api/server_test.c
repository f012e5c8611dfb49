/* SPDX-License-Identifier: Apache-2.0 */

/* The whole way: a client's bytes into the socket, through the loop and back. */

#include "api/api.h"

#include "unit/api/fake_registry.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/json_out.h"
#include "model/draft.h"
#include "model/event.h"
#include "model/share.h"

#define ANSWER_BYTES  65536
#define PATIENCE_MSEC 5000
#define PING          "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"

struct fixture {
	char directory[64], path[96];
	sd_event *loop;
	struct share *share;
	struct draft *draft;
	struct event_ring ring;
	struct api *api;
	char answer[ANSWER_BYTES];
	size_t length;
};

static void write_word(struct json_out *json, void *userdata)
{
	json_text(json, "word", userdata);
}

static struct api *open_api(struct fixture *fixture, unsigned connections)
{
	const struct api_host host = {
		.loop = fixture->loop,
		.share = fixture->share,
		.events = &fixture->ring,
		.root_fd = -1,
		.cgroup_fd = -1,
		.write_doctor = write_word,
		.write_config = write_word,
		.userdata = (void *) "harbour",
	};
	const struct api_options options = {
		.socket_path = fixture->path,
		.group = "",
		.connections = connections,
	};
	struct api *api = NULL;

	assert_int_equal(api_open(&host, &options, &api), 0);
	return api;
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct draft_limits limits = draft_limits_for(4);

	assert_non_null(fixture);
	strcpy(fixture->directory, "/tmp/plimsoll-test.XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	(void) snprintf(fixture->path, sizeof(fixture->path), "%s/socket", fixture->directory);
	assert_true(sd_event_new(&fixture->loop) >= 0);
	assert_int_equal(draft_new(&limits, &fixture->draft), 0);
	assert_int_equal(share_new(draft_bytes_max(fixture->draft), &fixture->share), 0);
	fixture->api = open_api(fixture, 8);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	api_close(fixture->api);
	draft_free(fixture->draft);
	share_free(fixture->share);
	sd_event_unref(fixture->loop);
	assert_int_equal(access(fixture->path, F_OK), -1);
	assert_int_equal(rmdir(fixture->directory), 0);
	free(fixture);
	fake_reset();
	return 0;
}

static void publish(struct fixture *fixture, uint64_t round)
{
	draft_begin(fixture->draft, round * NSEC_PER_SEC, NOW_S * NSEC_PER_SEC, NSEC_PER_SEC);
	share_publish(fixture->share, fixture->draft);
}

static int connect_client(const struct fixture *fixture)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	strcpy(address.sun_path, fixture->path);
	assert_int_equal(connect(fd, (const struct sockaddr *) &address, sizeof(address)), 0);
	return fd;
}

static void send_bytes(int fd, const char *bytes)
{
	assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), strlen(bytes));
}

/* Turns the loop until the client has read `enough`, or sees the end. */
static const char *receive(struct fixture *fixture, int fd, const char *enough)
{
	fixture->length = 0;
	fixture->answer[0] = '\0';
	for (int i = 0; i < PATIENCE_MSEC / 10; i++) {
		ssize_t n;

		assert_true(sd_event_run(fixture->loop, 10 * 1000) >= 0);
		n = read(fd, fixture->answer + fixture->length, ANSWER_BYTES - 1 - fixture->length);
		if (n == 0)
			break;
		if (n > 0)
			fixture->length += (size_t) n;
		fixture->answer[fixture->length] = '\0';
		if (enough && strstr(fixture->answer, enough))
			break;
	}
	return fixture->answer;
}

static const char *exchange(struct fixture *fixture, const char *request, const char *enough)
{
	int fd = connect_client(fixture);

	send_bytes(fd, request);
	(void) receive(fixture, fd, enough);
	assert_int_equal(close(fd), 0);
	return fixture->answer;
}

static void assert_has(const char *answer, const char *part)
{
	if (!strstr(answer, part))
		fail_msg("no '%s' in '%s'", part, answer);
}

static void turn(struct fixture *fixture, int times)
{
	for (int i = 0; i < times; i++)
		assert_true(sd_event_run(fixture->loop, 1000) >= 0);
}

static unsigned connections(const struct fixture *fixture)
{
	struct api_stats stats;

	api_stats_get(fixture->api, &stats);
	return stats.connections;
}

static void answers_carry_dockers_headers(void **state)
{
	static const char *const headers[] = { "HTTP/1.1 200 OK\r\n",
					       "\r\nApi-Version: 1.47\r\n",
					       "\r\nOstype: linux\r\n",
					       "\r\nDocker-Experimental: false\r\n",
					       "\r\nServer: Plimsoll/",
					       "\r\nContent-Length: 2\r\n",
					       "\r\n\r\nOK" };
	const char *answer = exchange(*state, PING, "\r\n\r\nOK");

	for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
		assert_has(answer, headers[i]);
	answer = exchange(*state, "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", "found\"}");
	assert_has(answer, "HTTP/1.1 404 ");
	assert_has(answer, "\r\nContent-Type: application/json\r\n");
	assert_has(answer, "\r\nApi-Version: 1.47\r\n");
}

static void head_has_no_body(void **state)
{
	const char *answer =
		exchange(*state, "HEAD /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			 NULL);

	assert_has(answer, "HTTP/1.1 200 OK\r\n");
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
}

static void requests_of_one_connection_are_answered_in_turn(void **state)
{
	const char *answer =
		exchange(*state,
			 PING PING
			 "GET /v1.99/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			 NULL);
	unsigned count = 0;

	for (const char *at = answer; (at = strstr(at, "HTTP/1.1 ")); at++)
		count++;
	assert_int_equal(count, 3);
	assert_has(answer, "too new");
}

static void percent_signs_are_decoded_once(void **state)
{
	const char *answer;

	fake_add("docker", ID_A, "a b");
	answer = exchange(*state, "GET /containers/a%20b/json HTTP/1.1\r\nHost: x\r\n\r\n", "}}");
	assert_has(answer, "HTTP/1.1 200 OK");
	answer =
		exchange(*state, "GET /containers/a%2520b/json HTTP/1.1\r\nHost: x\r\n\r\n", "\"}");
	assert_has(answer, "No such container: a%20b");
	answer = exchange(*state, "GET /containers/a%00/json HTTP/1.1\r\nHost: x\r\n\r\n", "\"}");
	assert_has(answer, "HTTP/1.1 400 ");
}

#define POST    "POST /containers/create HTTP/1.1\r\nHost: x\r\n"
#define FOREIGN "HTTP/1.1 200"

static void requests_that_can_be_read_in_two_ways_are_not_read(void **state)
{
	static const char *const requests[] = {
		POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" PING,
		POST "Content-Length: 0\r\nContent-Length: 36\r\n\r\n" PING,
		POST "Content-Length: 0, 36\r\n\r\n" PING,
		POST "Content-Length : 36\r\n\r\n" PING,
		POST "Content-Length: +36\r\n\r\n" PING,
		POST "Content-Length: 0x24\r\n\r\n" PING,
		POST "Transfer-Encoding: gzip\r\n\r\n" PING,
		POST "Transfer-Encoding: xchunked\r\n\r\n" PING,
		POST
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" PING,
	};

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		const char *answer = exchange(*state, requests[i], NULL);

		if (strstr(answer, FOREIGN) || strstr(answer, " 501 "))
			fail_msg("%s: %s", requests[i], answer);
	}
}

static void a_body_is_read_and_bounded(void **state)
{
	const char *answer =
		exchange(*state, POST "Content-Length: 2\r\nConnection: close\r\n\r\n{}", NULL);

	assert_has(answer, "HTTP/1.1 501 ");
	answer = exchange(*state, POST "Content-Length: 9999999999\r\n\r\n", NULL);
	assert_has(answer, "HTTP/1.1 501 ");
	answer = exchange(*state,
			  "GET /info HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n",
			  NULL);
	assert_has(answer, "HTTP/1.1 413 ");
}

static void a_stream_follows_the_rounds(void **state)
{
	struct fixture *fixture = *state;
	int fd = connect_client(fixture);

	publish(fixture, 1);
	send_bytes(fd, "GET /plimsoll/v1/containers?stream=1 HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_has(receive(fixture, fd, "\"sequence\":1,"), "Transfer-Encoding: chunked");
	publish(fixture, 2);
	api_on_round(fixture->api);
	assert_has(receive(fixture, fd, "\"sequence\":2,"), "\"containers\":[]}\n");
	publish(fixture, 3);
	api_on_round(fixture->api);
	assert_has(receive(fixture, fd, "\"sequence\":3,"), "\"sequence\":3,");
	assert_int_equal(close(fd), 0);
}

static void a_follower_that_leaves_is_noticed_while_nothing_happens(void **state)
{
	struct fixture *fixture = *state;
	int fd = connect_client(fixture);

	publish(fixture, 1);
	send_bytes(fd, "GET /plimsoll/v1/containers?stream=1 HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_has(receive(fixture, fd, "\"sequence\":1,"), "200 OK");
	turn(fixture, 20);
	assert_int_equal(connections(fixture), 1);
	assert_int_equal(close(fd), 0);
	turn(fixture, 20);
	assert_int_equal(connections(fixture), 0);
	api_on_round(fixture->api);
}

static void a_follower_that_does_not_read_is_left_out(void **state)
{
	struct fixture *fixture = *state;
	int fd = connect_client(fixture);

	publish(fixture, 1);
	send_bytes(fd, "GET /plimsoll/v1/containers?stream=1 HTTP/1.1\r\nHost: x\r\n\r\n");
	for (uint64_t round = 2; round < 5000; round++) {
		publish(fixture, round);
		turn(fixture, 1);
		api_on_round(fixture->api);
	}
	assert_int_equal(connections(fixture), 1);
	assert_int_equal(close(fd), 0);
}

static void nothing_measured_yet_is_503(void **state)
{
	assert_has(exchange(*state, "GET /plimsoll/v1/containers HTTP/1.1\r\nHost: x\r\n\r\n",
			    "\"}"),
		   "HTTP/1.1 503 ");
}

static void the_agents_own_members_are_passed_on(void **state)
{
	assert_has(exchange(*state, "GET /plimsoll/v1/doctor HTTP/1.1\r\nHost: x\r\n\r\n", "}\n"),
		   "{\"word\":\"harbour\"}\n");
}

static void connections_are_bounded_and_told_so(void **state)
{
	struct fixture *fixture = *state;
	int fds[9];

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = connect_client(fixture);
	turn(fixture, 20);
	assert_int_equal(connections(fixture), 8);
	assert_has(receive(fixture, fds[8], NULL), "HTTP/1.1 503 ");
	assert_has(fixture->answer, "too many connections");
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		assert_int_equal(close(fds[i]), 0);
	turn(fixture, 20);
	assert_int_equal(connections(fixture), 0);
	assert_has(exchange(fixture, PING, "OK"), "200 OK");
}

static void slow_headers_end_at_the_deadline(void **state)
{
	struct fixture *fixture = *state;
	int fd = connect_client(fixture);

	clock_freeze(1000 * NSEC_PER_SEC, NOW_S * NSEC_PER_SEC);
	turn(fixture, 5);
	send_bytes(fd, "GET /_ping HT");
	turn(fixture, 5);
	clock_freeze(1006 * NSEC_PER_SEC, NOW_S * NSEC_PER_SEC);
	assert_null(strstr(receive(fixture, fd, NULL), "200 OK"));
	turn(fixture, 5);
	assert_int_equal(connections(fixture), 0);
	assert_int_equal(close(fd), 0);
	clock_release();
}

static void closing_ends_streams(void **state)
{
	struct fixture *fixture = *state;
	int fd = connect_client(fixture);
	char byte;

	publish(fixture, 1);
	send_bytes(fd, "GET /plimsoll/v1/containers?stream=1 HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_has(receive(fixture, fd, "\"sequence\":1,"), "200 OK");
	api_close(fixture->api);
	fixture->api = NULL;
	while (read(fd, &byte, 1) > 0)
		continue;
	assert_int_equal(read(fd, &byte, 1), 0);
	assert_int_equal(close(fd), 0);
}

static void an_old_socket_is_replaced_and_nothing_else(void **state)
{
	struct fixture *fixture = *state;
	const struct api_host host = { .loop = fixture->loop,
				       .share = fixture->share,
				       .events = &fixture->ring };
	const struct api_options options = { .socket_path = fixture->path, .connections = 1 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct api *api = NULL;
	struct stat status;
	int fd;

	api_close(fixture->api);
	strcpy(address.sun_path, fixture->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *) &address, sizeof(address)), 0);
	assert_int_equal(close(fd), 0);
	fixture->api = open_api(fixture, 8);
	assert_int_equal(stat(fixture->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0660);
	assert_has(exchange(fixture, PING, "OK"), "200 OK");
	api_close(fixture->api);
	fixture->api = NULL;

	fd = open(fixture->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(api_open(&host, &options, &api), -EEXIST);
	assert_null(api);
	assert_int_equal(unlink(fixture->path), 0);
}

static void a_path_that_does_not_fit_is_refused(void **state)
{
	struct fixture *fixture = *state;
	const struct api_host host = { .loop = fixture->loop,
				       .share = fixture->share,
				       .events = &fixture->ring };
	struct api_options options = { .connections = 1 };
	char path[200] = "/tmp/";
	struct api *api = NULL;

	memset(path + 5, 'a', sizeof(path) - 6);
	options.socket_path = path;
	assert_int_equal(api_open(&host, &options, &api), -ENAMETOOLONG);
	assert_null(api);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_carry_dockers_headers),
		TEST(head_has_no_body),
		TEST(requests_of_one_connection_are_answered_in_turn),
		TEST(percent_signs_are_decoded_once),
		TEST(requests_that_can_be_read_in_two_ways_are_not_read),
		TEST(a_body_is_read_and_bounded),
		TEST(a_stream_follows_the_rounds),
		TEST(a_follower_that_leaves_is_noticed_while_nothing_happens),
		TEST(a_follower_that_does_not_read_is_left_out),
		TEST(nothing_measured_yet_is_503),
		TEST(the_agents_own_members_are_passed_on),
		TEST(connections_are_bounded_and_told_so),
		TEST(slow_headers_end_at_the_deadline),
		TEST(closing_ends_streams),
		TEST(an_old_socket_is_replaced_and_nothing_else),
		TEST(a_path_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
