/* SPDX-License-Identifier: Apache-2.0 */

#include "web/connections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct connections connections;

/* Descriptors are numbers here, and some may be the test's own: none of them is a socket. */
#define START_NS (100 * NSEC_PER_SEC)

static int setup(void **state)
{
	(void) state;
	clock_freeze(START_NS, 0);
	connections_init(&connections);
	return 0;
}

static int teardown(void **state)
{
	(void) state;
	connections_fini(&connections);
	clock_release();
	return 0;
}

static int admit_ipv4(int fd, unsigned address)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(address) };

	return connections_admit(&connections, fd, (struct sockaddr *) &from);
}

static int admit_ipv6(int fd, const char *address)
{
	struct sockaddr_in6 from = { .sin6_family = AF_INET6 };

	assert_int_equal(inet_pton(AF_INET6, address, &from.sin6_addr), 1);
	return connections_admit(&connections, fd, (struct sockaddr *) &from);
}

static void one_address_has_a_share(void **state)
{
	(void) state;
	for (int fd = 10; fd < 10 + CONNECTIONS_PER_ADDRESS; fd++)
		assert_int_equal(admit_ipv4(fd, INADDR_LOOPBACK), 0);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK), -EUSERS);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK + 1), 0);

	connections_forget(&connections, 10);
	assert_int_equal(admit_ipv4(10, INADDR_LOOPBACK), 0);
	assert_int_equal(admit_ipv4(201, INADDR_LOOPBACK), -EUSERS);
}

static void an_ipv4_client_of_an_ipv6_socket_is_the_same_client(void **state)
{
	(void) state;
	for (int fd = 10; fd < 10 + CONNECTIONS_PER_ADDRESS; fd++)
		assert_int_equal(fd % 2 ? admit_ipv4(fd, INADDR_LOOPBACK)
					: admit_ipv6(fd, "::ffff:127.0.0.1"),
				 0);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK), -EUSERS);
	assert_int_equal(admit_ipv6(200, "::ffff:127.0.0.1"), -EUSERS);
	assert_int_equal(admit_ipv6(200, "::1"), 0);
}

static void all_together_have_a_limit(void **state)
{
	(void) state;
	for (int fd = 0; fd < CONNECTIONS_MAX; fd++)
		assert_int_equal(admit_ipv4(fd, (unsigned) fd), 0);
	assert_int_equal(admit_ipv4(CONNECTIONS_MAX, 5000), -EMFILE);
	connections_forget(&connections, 7);
	assert_int_equal(admit_ipv4(CONNECTIONS_MAX, 5000), 0);
}

static void descriptors_above_the_table_are_refused(void **state)
{
	(void) state;
	assert_int_equal(admit_ipv4(CONNECTIONS_FDS - 1, 1), 0);
	assert_int_equal(admit_ipv4(CONNECTIONS_FDS, 1), -EMFILE);
}

/* Nobody said that the first connection ended: its number says so. */
static void a_descriptor_that_comes_back_counts_once(void **state)
{
	(void) state;
	for (unsigned i = 0; i < 2 * CONNECTIONS_PER_ADDRESS; i++)
		assert_int_equal(admit_ipv4(10, INADDR_LOOPBACK), 0);
	assert_int_equal(connections.count, 1);
	connections_forget(&connections, 10);
	connections_forget(&connections, 10);
	assert_int_equal(connections.count, 0);
}

static void whoever_waited_longest_gives_way(void **state)
{
	(void) state;
	for (int fd = 10; fd < 10 + CONNECTIONS_PER_ADDRESS; fd++) {
		clock_freeze(START_NS + (unsigned) (100 - fd), 0); /* the last one waits longest */
		assert_int_equal(admit_ipv4(fd, INADDR_LOOPBACK), 0);
	}
	clock_freeze(START_NS + CONNECTION_GRACE_NS / 2, 0);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK), -EUSERS);

	clock_freeze(START_NS + CONNECTION_GRACE_NS + NSEC_PER_USEC, 0);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK), 0);
	assert_int_equal(connections.count, CONNECTIONS_PER_ADDRESS);
	assert_false(connections.by_fd[10 + CONNECTIONS_PER_ADDRESS - 1].used);
	assert_true(connections.by_fd[10].used);
}

static void whoever_is_served_does_not_give_way(void **state)
{
	(void) state;
	for (int fd = 10; fd < 10 + CONNECTIONS_PER_ADDRESS; fd++) {
		assert_int_equal(admit_ipv4(fd, INADDR_LOOPBACK), 0);
		connections_enter(&connections, fd, STAGE_ANSWER);
	}
	clock_freeze(START_NS + CONNECTION_GRACE_NS, 0);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK), -EUSERS);

	connections_enter(&connections, 20, STAGE_REQUEST);
	clock_freeze(START_NS + 2 * CONNECTION_GRACE_NS, 0);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK), 0);
	assert_false(connections.by_fd[20].used);
}

static void one_address_does_not_make_room_with_others(void **state)
{
	(void) state;
	assert_int_equal(admit_ipv4(9, INADDR_LOOPBACK + 1), 0); /* the oldest of all */
	clock_freeze(START_NS + 1, 0);
	for (int fd = 10; fd < 10 + CONNECTIONS_PER_ADDRESS; fd++)
		assert_int_equal(admit_ipv4(fd, INADDR_LOOPBACK), 0);
	clock_freeze(START_NS + 1 + CONNECTION_GRACE_NS, 0);
	assert_int_equal(admit_ipv4(200, INADDR_LOOPBACK), 0);
	assert_true(connections.by_fd[9].used);
}

static void all_places_taken_by_waiting_ones_leave_room(void **state)
{
	(void) state;
	for (int fd = 100; fd < 100 + CONNECTIONS_MAX; fd++)
		assert_int_equal(admit_ipv4(fd, (unsigned) fd), 0);
	assert_int_equal(admit_ipv4(99, 5000), -EMFILE);
	clock_freeze(START_NS + CONNECTIONS_GRACE_NS, 0);
	assert_int_equal(admit_ipv4(99, 5000), 0);
	assert_int_equal(connections.count, CONNECTIONS_MAX);
}

static void time_is_up_by_stage(void **state)
{
	(void) state;
	assert_int_equal(connections_sweep(&connections), -1);
	assert_int_equal(admit_ipv4(10, 1), 0);
	assert_int_equal(admit_ipv4(11, 1), 0);
	connections_enter(&connections, 11, STAGE_ANSWER);
	clock_freeze(START_NS + CONNECTION_REQUEST_NS - 1, 0);
	assert_int_equal(connections_sweep(&connections), CONNECTIONS_SWEEP_MS);
	assert_int_equal(connections.count, 2);
	clock_freeze(START_NS + CONNECTION_REQUEST_NS, 0);
	assert_int_equal(connections_sweep(&connections), CONNECTIONS_SWEEP_MS);
	assert_int_equal(connections.count, 1);
	assert_false(connections.by_fd[10].used);
	clock_freeze(START_NS + CONNECTION_ANSWER_NS, 0);
	assert_int_equal(connections_sweep(&connections), -1);
	assert_int_equal(connections.count, 0);
}

static void one_that_was_counted_out_stays_so(void **state)
{
	(void) state;
	assert_int_equal(admit_ipv4(10, 1), 0);
	connections_forget(&connections, 10);
	connections_enter(&connections, 10, STAGE_ANSWER);
	connections_enter(&connections, -1, STAGE_ANSWER);
	connections_enter(&connections, CONNECTIONS_FDS, STAGE_ANSWER);
	assert_int_equal(connections.count, 0);
	assert_int_equal(connections_sweep(&connections), -1);
}

static void a_refused_client_is_told_why(void **state)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
	char reply[512];
	ssize_t length;
	int fds[2];
	const char *body;

	(void) state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(write(fds[1], request, sizeof(request) - 1), sizeof(request) - 1);
	connection_refuse(fds[0]);
	assert_int_equal(fcntl(fds[0], F_GETFD), -1);

	length = read(fds[1], reply, sizeof(reply) - 1);
	assert_true(length > 0);
	reply[length] = '\0';
	assert_memory_equal(reply, "HTTP/1.1 503 ", 13);
	assert_non_null(strstr(reply, "\r\nRetry-After: 1\r\n"));
	body = strstr(reply, "\r\n\r\n") + 4;
	assert_int_equal(strlen(body), 22); /* as Content-Length says */
	assert_non_null(strstr(reply, "Content-Length: 22\r\n"));
	assert_int_equal(read(fds[1], reply, sizeof(reply)), 0);
	assert_int_equal(close(fds[1]), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_address_has_a_share),
		TEST(an_ipv4_client_of_an_ipv6_socket_is_the_same_client),
		TEST(all_together_have_a_limit),
		TEST(descriptors_above_the_table_are_refused),
		TEST(a_descriptor_that_comes_back_counts_once),
		TEST(whoever_waited_longest_gives_way),
		TEST(whoever_is_served_does_not_give_way),
		TEST(one_address_does_not_make_room_with_others),
		TEST(all_places_taken_by_waiting_ones_leave_room),
		TEST(time_is_up_by_stage),
		TEST(one_that_was_counted_out_stays_so),
		TEST(a_refused_client_is_told_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
