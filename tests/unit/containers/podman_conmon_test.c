/* SPDX-License-Identifier: Apache-2.0 */

/* podman_conmon: what conmon leaves when a container ends. */

#include "host.h"

#include "containers/podman.h"

struct fixture {
	struct host host;
	struct condition condition;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	host_make(&fixture->host);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static int conmon_read(struct fixture *fixture)
{
	fixture->condition = (struct condition){ 0 };
	return podman_conmon_read(fixture->host.root_fd, ID_A, &fixture->condition);
}

static void exit_file_tells_code_and_time(void **state)
{
	struct fixture *fixture = *state;
	const struct timespec times[2] = { { 1700000000, 5 }, { 1700000001, 6 } };

	host_write(&fixture->host, "exits/" ID_A, "137");
	assert_int_equal(utimensat(fixture->host.root_fd, "exits/" ID_A, times,
				   AT_SYMLINK_NOFOLLOW),
			 0);
	assert_int_equal(conmon_read(fixture), 0);
	assert_int_equal(fixture->condition.state, STATE_EXITED);
	assert_true(fixture->condition.has_exit_code);
	assert_int_equal(fixture->condition.exit_code, 137);
	assert_int_equal(fixture->condition.finished_ns, 1700000001000000006ULL);
	assert_false(fixture->condition.oom_killed);
}

static void lack_of_memory_is_told(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, "persist/" ID_A "/exit", "0\n");
	host_write(&fixture->host, "persist/" ID_A "/oom", "");
	assert_int_equal(conmon_read(fixture), 0);
	assert_true(fixture->condition.has_exit_code);
	assert_int_equal(fixture->condition.exit_code, 0);
	assert_true(fixture->condition.oom_killed);
}

static void no_file_is_no_exit(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(conmon_read(fixture), -ENOENT);
	assert_int_equal(fixture->condition.state, STATE_UNKNOWN);
	assert_int_equal(podman_conmon_stamp(fixture->host.root_fd, ID_A), 0);
	assert_int_equal(podman_conmon_read(-1, ID_A, &fixture->condition), -ENOENT);
	assert_int_equal(podman_conmon_stamp(-1, ID_A), 0);
	host_write(&fixture->host, "exits/" ID_A, "1");
	assert_int_not_equal(podman_conmon_stamp(fixture->host.root_fd, ID_A), 0);
}

static void nonsense_is_no_code(void **state)
{
	static const char *const texts[] = {
		"",   "x", "-1", "256", "1 2", "99999999999999999999", "12345678901234567890123",
		"max"
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		host_write(&fixture->host, "exits/" ID_A, texts[i]);
		assert_int_equal(conmon_read(fixture), -ENOENT);
		assert_false(fixture->condition.has_exit_code);
	}
	host_unlink(&fixture->host, "exits/" ID_A);
	assert_int_equal(mkfifoat(fixture->host.root_fd, "exits/" ID_A, 0600), 0);
	assert_int_equal(conmon_read(fixture), -ENOENT);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(exit_file_tells_code_and_time),
		TEST(lack_of_memory_is_told),
		TEST(no_file_is_no_exit),
		TEST(nonsense_is_no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
