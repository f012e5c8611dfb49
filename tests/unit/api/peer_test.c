/* SPDX-License-Identifier: Apache-2.0 */

#include "api/peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <grp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP    54321
#define NOBODY   65534
#define STRANGER 12345

/* What is known of a process that became `uid` with these groups and made a pair of sockets. */
static struct peer peer_as(uid_t uid, gid_t gid, const gid_t *groups, size_t count)
{
	struct peer peer = { .uid = (uid_t) -1 };
	int fds[2], results[2];
	pid_t child;

	assert_int_equal(pipe(results), 0);
	child = fork();
	if (child == 0) {
		/* The credentials are those of whoever makes the pair; the agent stays root. */
		if (setgroups(count, groups) < 0 || setresgid(gid, gid, gid) < 0 ||
		    setresuid(uid, uid, 0) < 0 ||
		    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0 ||
		    setresuid(0, 0, 0) < 0)
			_exit(1);
		peer = peer_of(fds[0], GROUP);
		_exit(write(results[1], &peer, sizeof(peer)) == sizeof(peer) ? 0 : 1);
	}
	assert_int_equal(close(results[1]), 0);
	assert_int_equal(read(results[0], &peer, sizeof(peer)), sizeof(peer));
	assert_int_equal(close(results[0]), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return peer;
}

static void roles_follow_user_and_groups(void **state)
{
	static const gid_t others[] = { 1, 2, 3 }, member[] = { 7, GROUP };

	(void) state;
	if (geteuid() != 0)
		skip(); /* becoming somebody else needs root */
	assert_int_equal(peer_as(0, 0, others, 0).role, ROLE_ADMIN);
	assert_int_equal(peer_as(STRANGER, STRANGER, others, 3).role, ROLE_VIEW);
	assert_int_equal(peer_as(STRANGER, GROUP, others, 3).role, ROLE_ADMIN);
	assert_int_equal(peer_as(STRANGER, STRANGER, member, 2).role, ROLE_ADMIN);
	assert_int_equal(peer_as(STRANGER, STRANGER, member, 1).role, ROLE_VIEW);
	assert_int_equal(peer_as(STRANGER, STRANGER, others, 0).uid, STRANGER);
}

static void we_are_an_admin_to_ourselves(void **state)
{
	int fds[2];

	(void) state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(peer_of(fds[0], GROUP).role, ROLE_ADMIN);
	assert_int_equal(peer_of(fds[0], GROUP).pid, getpid());
	assert_int_equal(close(fds[0]), 0);
	assert_int_equal(close(fds[1]), 0);
}

static void who_cannot_be_known_is_nobody(void **state)
{
	int fds[2];

	(void) state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(peer_of(fds[0], GROUP).role, ROLE_VIEW);
	assert_int_equal(peer_of(fds[0], GROUP).uid, NOBODY);
	assert_int_equal(close(fds[0]), 0);
	assert_int_equal(close(fds[1]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_follow_user_and_groups),
		cmocka_unit_test(we_are_an_admin_to_ourselves),
		cmocka_unit_test(who_cannot_be_known_is_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
