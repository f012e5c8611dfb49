/* SPDX-License-Identifier: Apache-2.0 */

/* podman_storage: one file that speaks of all containers. */

#include "host.h"

#include "containers/podman.h"

#define OVERLAY "overlay-containers/containers.json"

struct fixture {
	struct host host;
	struct podman_storage storage;
	struct identity identity;
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

	podman_storage_close(&fixture->storage);
	identity_fini(&fixture->identity);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static int describe(struct fixture *fixture, const char *id)
{
	identity_fini(&fixture->identity);
	return podman_storage_describe(&fixture->storage, fixture->host.root_fd, id,
				       &fixture->identity);
}

static void each_file_is_searched(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, OVERLAY, "[{\"id\":\"" ID_A "\",\"names\":[\"a\"]}]");
	host_write(&fixture->host, "vfs-containers/volatile-containers.json",
		   "[{\"id\":\"" ID_B "\",\"names\":[\"b\", \"other\"]}]");
	assert_int_equal(describe(fixture, ID_A), 0);
	assert_string_equal(fixture->identity.name, "a");
	assert_int_equal(describe(fixture, ID_B), 0);
	assert_string_equal(fixture->identity.name, "b");
	assert_int_equal(describe(fixture, ID_C), -ENOENT);
	assert_null(fixture->identity.name);
}

static void change_of_the_file_is_seen(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;

	host_write(&fixture->host, OVERLAY, "[{\"id\":\"" ID_A "\",\"names\":[\"old\"]}]");
	before = podman_storage_stamp(fixture->host.root_fd);
	assert_int_equal(describe(fixture, ID_A), 0);
	host_write(&fixture->host, OVERLAY, "[{\"id\":\"" ID_A "\",\"names\":[\"new\"]}]");
	assert_int_not_equal(podman_storage_stamp(fixture->host.root_fd), before);
	assert_int_equal(describe(fixture, ID_A), 0);
	assert_string_equal(fixture->identity.name, "new");
	host_unlink(&fixture->host, OVERLAY);
	assert_int_equal(describe(fixture, ID_A), -ENOENT);
	assert_int_equal(podman_storage_stamp(fixture->host.root_fd), 0);
}

static void what_is_known_already_stays(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, OVERLAY,
		   "[{\"id\":\"" ID_A "\",\"names\":[\"stored\"],\"image\":\"abc\"}]");
	assert_int_equal(identity_set(&fixture->identity.name, "known", 5), 0);
	assert_int_equal(podman_storage_describe(&fixture->storage, fixture->host.root_fd, ID_A,
						 &fixture->identity),
			 0);
	assert_string_equal(fixture->identity.name, "known");
	assert_string_equal(fixture->identity.image_id, "abc");
}

static void broken_file_is_an_error_with_a_reason(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, OVERLAY, "[{\"id\":");
	assert_int_equal(describe(fixture, ID_A), -EBADMSG);
	assert_string_equal(fixture->identity.detail,
			    "containers.json: not valid JSON near line 1");
	host_write(&fixture->host, OVERLAY, "{\"id\": 1}");
	assert_int_equal(describe(fixture, ID_A), -EBADMSG);
	assert_string_equal(fixture->identity.detail, OVERLAY ": not what podman writes");
}

static void one_broken_file_does_not_hide_the_other(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, OVERLAY, "junk");
	host_write(&fixture->host, "overlay-containers/volatile-containers.json",
		   "[{\"id\":\"" ID_A "\",\"names\":[\"a\"]}]");
	assert_int_equal(describe(fixture, ID_A), 0);
	assert_string_equal(fixture->identity.name, "a");
}

static void odd_entries_are_skipped(void **state)
{
	struct fixture *fixture = *state;

	host_write(&fixture->host, OVERLAY,
		   "[1, null, [], {}, {\"id\":\"../../etc\"}, {\"id\":\"" ID_B "\","
		   "\"names\":\"no list\", \"image\":7, \"metadata\":\"{broken\"},"
		   "{\"id\":\"" ID_A "\",\"names\":[],\"metadata\":\"{\\\"name\\\":\\\"m\\\"}\"},"
		   "{\"id\":\"" ID_A "\",\"names\":[\"twin\"]}]");
	assert_int_equal(describe(fixture, ID_A), 0);
	assert_string_equal(fixture->identity.name, "m");
	assert_int_equal(describe(fixture, ID_B), 0);
	assert_null(fixture->identity.name);
	assert_string_equal(fixture->identity.detail,
			    "containers.json: not valid JSON near line 1");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_file_is_searched),
		TEST(change_of_the_file_is_seen),
		TEST(what_is_known_already_stays),
		TEST(broken_file_is_an_error_with_a_reason),
		TEST(one_broken_file_does_not_hide_the_other),
		TEST(odd_entries_are_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
