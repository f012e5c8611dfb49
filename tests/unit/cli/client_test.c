/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/client.h"

/* An agent of one answer: it takes one connection, reads the request's head, writes, closes. */
struct fake {
	char directory[32];
	char path[64];
	int fd;
	const char *answer;
	char request[1024];
	pthread_t thread;
};

static void *serve(void *userdata)
{
	struct fake *fake = userdata;
	CLEANUP(close_p) int fd = accept4(fake->fd, NULL, NULL, SOCK_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	while (!strstr(fake->request, "\r\n\r\n") &&
	       (n = read(fd, fake->request + used, sizeof(fake->request) - 1 - used)) > 0)
		used += (size_t) n;
	(void) send(fd, fake->answer, strlen(fake->answer), MSG_NOSIGNAL);
	return NULL;
}

static void fake_start(struct fake *fake, const char *answer)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	*fake = (struct fake){ .directory = "/tmp/plimsoll-client.XXXXXX", .answer = answer };
	assert_non_null(mkdtemp(fake->directory));
	(void) snprintf(fake->path, sizeof(fake->path), "%s/s", fake->directory);
	(void) snprintf(address.sun_path, sizeof(address.sun_path), "%s", fake->path);
	fake->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fake->fd, (struct sockaddr *) &address, sizeof(address)), 0);
	if (answer) {
		assert_int_equal(listen(fake->fd, 1), 0);
		assert_int_equal(pthread_create(&fake->thread, NULL, serve, fake), 0);
	}
}

static void fake_stop(struct fake *fake)
{
	if (fake->answer)
		assert_int_equal(pthread_join(fake->thread, NULL), 0);
	(void) close(fake->fd);
	(void) unlink(fake->path);
	(void) rmdir(fake->directory);
}

static int fetch(const char *answer, struct text *body, struct problem *problem)
{
	struct fake fake;
	int r;

	fake_start(&fake, answer);
	r = client_fetch(fake.path, "/plimsoll/v1/version", body, problem);
	fake_stop(&fake);
	if (answer)
		assert_int_equal(strncmp(fake.request, "GET /plimsoll/v1/version HTTP/1.1\r\n",
					 strlen("GET /plimsoll/v1/version HTTP/1.1\r\n")),
				 0);
	return r;
}

static void an_answer_is_its_body(void **state)
{
	struct text body = { 0 };
	struct problem problem;

	(void) state;
	assert_int_equal(fetch("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", &body, &problem),
			 0);
	assert_int_equal(body.length, 2);
	assert_memory_equal(body.bytes, "{}", 2);
	text_fini(&body);
}

static void assert_trouble(const char *answer, int error, const char *sentence)
{
	struct text body = { 0 };
	struct problem problem;

	assert_int_equal(fetch(answer, &body, &problem), error);
	if (!strstr(problem.text, sentence)) {
		print_message("%s\n", problem.text);
		fail();
	}
	text_fini(&body);
}

static void what_goes_wrong_is_a_sentence(void **state)
{
	(void) state;
	assert_trouble("HTTP/1.1 404 Not Found\r\nContent-Length: 33\r\n\r\n"
		       "{\"message\":\"No such container: x\"}",
		       -ENOENT, "status 404"); /* cut short: no JSON */
	assert_trouble("HTTP/1.1 404 Not Found\r\nContent-Length: 34\r\n\r\n"
		       "{\"message\":\"No such container: x\"}",
		       -ENOENT, "No such container: x");
	assert_trouble("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", -EPROTO, "status 500");
	assert_trouble("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", -EIO,
		       "ended in the middle");
	assert_trouble("", -EIO, "ended in the middle");
	assert_trouble("SSH-2.0-OpenSSH\r\n", -EIO, "");
	assert_trouble(NULL, -ECONNREFUSED, "nobody listens");
}

static void a_socket_that_is_not_there_is_told_with_what_to_try(void **state)
{
	struct text body = { 0 };
	struct problem problem;
	char path[200];

	(void) state;
	assert_int_equal(client_fetch("/nonexistent/s", "/", &body, &problem), -ENOENT);
	assert_non_null(strstr(problem.text, "is plimsolld running?"));
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(client_fetch(path, "/", &body, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "longer than"));
	text_fini(&body);
}

static void a_body_without_end_is_cut_off(void **state)
{
	struct text body = { .limit = 4 };
	struct problem problem;

	(void) state;
	assert_int_equal(fetch("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n123456", &body,
			       &problem),
			 -EIO);
	assert_non_null(strstr(problem.text, "too long"));
	text_fini(&body);
}

struct lines {
	char text[64];
	int fail_at;
};

static int on_line(char *line, size_t length, void *userdata)
{
	struct lines *lines = userdata;

	assert_int_equal(strlen(line), length);
	strcat(strcat(lines->text, line), "|");
	return lines->fail_at > 0 && --lines->fail_at == 0 ? -EPIPE : 0;
}

static int stream(const char *answer, struct lines *lines, struct problem *problem)
{
	struct fake fake;
	struct stream *stream;
	int r;

	fake_start(&fake, answer);
	assert_int_equal(stream_open(fake.path, "/events", on_line, lines, &stream, problem), 0);
	while ((r = stream_wait(stream, NULL, 0, 5000, problem)) > 0)
		;
	stream_close(stream);
	fake_stop(&fake);
	return r;
}

static void a_stream_comes_line_by_line_however_it_is_cut(void **state)
{
	struct lines lines = { 0 };
	struct problem problem;

	(void) state;
	assert_int_equal(stream("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
				"4\r\none\n\r\n2\r\ntw\r\n7\r\no\n\nfour\r\n1\r\n\n\r\n0\r\n\r\n",
				&lines, &problem),
			 0);
	assert_string_equal(lines.text, "one|two||four|");
}

static void a_stream_ends_when_its_reader_or_the_agent_says_so(void **state)
{
	struct lines lines = { .fail_at = 1 };
	struct problem problem;

	(void) state;
	assert_int_equal(stream("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none\ntwo\n", &lines,
				&problem),
			 -EPIPE);
	assert_string_equal(lines.text, "one|");

	lines = (struct lines){ 0 };
	assert_int_equal(stream("HTTP/1.1 400 Bad\r\nContent-Length: 26\r\n\r\n"
				"{\"message\":\"bad filter: x\"}\n",
				&lines, &problem),
			 -EPROTO);
	assert_string_equal(lines.text, "");
	assert_int_equal(stream("HTTP/1.1 400 Bad\r\nContent-Length: 27\r\n\r\n"
				"{\"message\":\"bad filter: x\"}\n",
				&lines, &problem),
			 -EPROTO);
	assert_string_equal(problem.text, "bad filter: x");
}

static void queries_are_escaped(void **state)
{
	struct text path = { 0 };

	(void) state;
	query_add(&path, "filters", "{\"a\":[\"b c&d\"]}");
	text_add(&path, "", 1);
	assert_string_equal(path.bytes, "filters=%7B%22a%22%3A%5B%22b%20c%26d%22%5D%7D");
	text_fini(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_its_body),
		cmocka_unit_test(what_goes_wrong_is_a_sentence),
		cmocka_unit_test(a_socket_that_is_not_there_is_told_with_what_to_try),
		cmocka_unit_test(a_body_without_end_is_cut_off),
		cmocka_unit_test(a_stream_comes_line_by_line_however_it_is_cut),
		cmocka_unit_test(a_stream_ends_when_its_reader_or_the_agent_says_so),
		cmocka_unit_test(queries_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
