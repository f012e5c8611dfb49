/* SPDX-License-Identifier: Apache-2.0 */

/* podman_bolt: a recorded BoltDB of podman 4.3, and broken or forged ones. */

#include "host.h"

#include <jansson.h>

#include "containers/podman.h"

#define FILE_NAME "libpod/bolt_state.db"
#define ENDED     "e48761089425b9201074c78bdca707b3d3152cecbe416d8b83db3306c622205e"
#define PAGE      4096

struct fixture {
	struct host host;
	char *bytes;
	size_t length;
	struct podman_ids ids;
	struct podman_row row;
	struct identity identity;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	host_make(&fixture->host);
	fixture->bytes = host_data("podman-bolt_state.db");
	fixture->length = 44 * PAGE;
	host_write_bytes(&fixture->host, FILE_NAME, fixture->bytes, fixture->length);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	podman_ids_fini(&fixture->ids);
	podman_row_fini(&fixture->row);
	identity_fini(&fixture->identity);
	host_remove(&fixture->host);
	free(fixture->bytes);
	free(fixture);
	return 0;
}

static int read_row(struct fixture *fixture, const char *id)
{
	podman_row_fini(&fixture->row);
	identity_fini(&fixture->identity);
	return podman_bolt_read(fixture->host.root_fd, id, false, &fixture->identity,
				&fixture->row);
}

static int list(struct fixture *fixture, size_t max)
{
	fixture->ids.count = 0;
	return podman_bolt_list(fixture->host.root_fd, max, &fixture->ids);
}

/* The id of the recorded container with this name. */
static const char *id_of(struct fixture *fixture, const char *name)
{
	assert_int_equal(list(fixture, 100), 0);
	for (size_t i = 0; i < fixture->ids.count; i++) {
		assert_int_equal(read_row(fixture, fixture->ids.list[i]), 0);
		if (strcmp(fixture->row.name.start, name) == 0)
			return fixture->ids.list[i];
	}

	fail_msg("%s is not in the database", name);
	return "";
}

static void describe(struct fixture *fixture, const char *name)
{
	struct podman_record record = { 0 };

	assert_int_equal(read_row(fixture, id_of(fixture, name)), 0);
	assert_int_equal(podman_record_parse(&fixture->row, "bolt_state.db", &fixture->identity,
					     &record),
			 0);
	assert_int_equal(podman_config_parse(record.config, &fixture->identity), 0);
	podman_state_parse(record.state, &fixture->identity);
	podman_record_fini(&record);
}

static void recorded_containers_are_listed(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(list(fixture, 100), 0);
	assert_int_equal(fixture->ids.count, 6);
	assert_int_equal(list(fixture, 4), 0);
	assert_int_equal(fixture->ids.count, 4);
}

static void ended_container_has_its_exit_code(void **state)
{
	struct fixture *fixture = *state;
	const struct condition *condition = &fixture->identity.condition;

	describe(fixture, "ended");
	assert_string_equal(fixture->identity.image, "localhost/bb:1");
	assert_string_equal(identity_find_label(&fixture->identity, "team"), "blue");
	assert_int_equal(condition->state, STATE_EXITED);
	assert_true(condition->has_exit_code);
	assert_int_equal(condition->exit_code, 7);
	assert_true(condition->finished_ns > fixture->identity.created_ns);
	assert_true(condition->has_restarts);
	assert_int_equal(condition->restarts, 2);
	assert_int_equal(condition->health, HEALTH_NONE);
	assert_int_equal(fixture->identity.started_ns, 0);
}

static void running_and_waiting_containers_are_told_apart(void **state)
{
	struct fixture *fixture = *state;

	describe(fixture, "checked");
	assert_int_equal(fixture->identity.condition.state, STATE_RUNNING);
	assert_int_equal(fixture->identity.condition.health, HEALTH_UNKNOWN);
	assert_false(fixture->identity.condition.has_exit_code);
	assert_int_not_equal(fixture->identity.started_ns, 0);
	describe(fixture, "waiting");
	assert_int_equal(fixture->identity.condition.state, STATE_CREATED);
	assert_int_equal(fixture->identity.condition.finished_ns, 0);
	describe(fixture, "hostnet");
	assert_true(fixture->identity.host_network);
}

static void pod_and_its_infra_container_are_known(void **state)
{
	struct fixture *fixture = *state;

	describe(fixture, "cart");
	assert_string_equal(fixture->row.pod.start, "shop");
	assert_false(fixture->identity.infra);
	describe(fixture, "89d36de7b785-infra");
	assert_string_equal(fixture->row.pod.start, "shop");
	assert_true(fixture->identity.infra);
}

static void unknown_container_is_told_apart(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_row(fixture, ID_A), -ENOENT);
	assert_null(fixture->identity.detail);
}

static void missing_file_is_no_error(void **state)
{
	struct fixture *fixture = *state;

	host_unlink(&fixture->host, FILE_NAME);
	assert_int_equal(read_row(fixture, ENDED), -ENOENT);
	assert_null(fixture->identity.detail);
	assert_int_equal(list(fixture, 100), -ENOENT);
}

/* As podman leaves it when it dies while it writes the newest one. */
static void damaged_meta_page_leaves_the_older_one(void **state)
{
	struct fixture *fixture = *state;
	uint64_t transactions[2];
	size_t newest;

	for (size_t i = 0; i < 2; i++)
		memcpy(&transactions[i], fixture->bytes + i * PAGE + 16 + 48, 8);
	newest = transactions[0] > transactions[1] ? 0 : 1;
	fixture->bytes[newest * PAGE + 16 + 48] ^= 1;
	host_write_bytes(&fixture->host, FILE_NAME, fixture->bytes, fixture->length);
	assert_int_equal(read_row(fixture, ENDED), 0);
	assert_string_equal(fixture->row.name.start, "ended");

	fixture->bytes[(1 - newest) * PAGE + 16 + 48] ^= 1;
	host_write_bytes(&fixture->host, FILE_NAME, fixture->bytes, fixture->length);
	assert_int_equal(read_row(fixture, ENDED), -EBADMSG);
	assert_string_equal(fixture->identity.detail, "bolt_state.db: not what podman writes");
}

static void truncated_file_is_an_error(void **state)
{
	struct fixture *fixture = *state;

	for (size_t length = 0; length < 3 * PAGE; length += 1024) {
		host_write_bytes(&fixture->host, FILE_NAME, fixture->bytes, length);
		assert_int_equal(read_row(fixture, ENDED), -EBADMSG);
		assert_null(fixture->row.name.start);
		assert_int_equal(list(fixture, 100), -EBADMSG);
		assert_int_equal(fixture->ids.count, 0);
	}
}

/* Each page in turn is one that refers to itself: nothing runs on forever. */
static void circle_of_pages_ends(void **state)
{
	struct fixture *fixture = *state;

	for (uint64_t number = 2; number < fixture->length / PAGE; number++) {
		char *page = fixture->bytes + number * PAGE, before[64];
		const uint16_t branch = 1, count = 1;
		const uint32_t zero = 0, position = 16;

		memcpy(before, page, sizeof(before));
		memcpy(page, &number, 8);
		memcpy(page + 8, &branch, 2);
		memcpy(page + 10, &count, 2);
		memcpy(page + 12, &zero, 4);
		memcpy(page + 16, &position, 4);
		memcpy(page + 20, &zero, 4);
		memcpy(page + 24, &number, 8);
		host_write_bytes(&fixture->host, FILE_NAME, fixture->bytes, fixture->length);
		(void) read_row(fixture, ENDED);
		(void) list(fixture, 100);
		memcpy(page, before, sizeof(before));
	}
	host_write_bytes(&fixture->host, FILE_NAME, fixture->bytes, fixture->length);
	assert_int_equal(read_row(fixture, ENDED), 0);
}

static void links_and_fifos_are_not_opened(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(renameat(fixture->host.root_fd, FILE_NAME, fixture->host.root_fd, "x"), 0);
	host_link(&fixture->host, "../x", FILE_NAME);
	assert_int_equal(read_row(fixture, ENDED), -ELOOP);
	host_unlink(&fixture->host, FILE_NAME);
	assert_int_equal(mkfifoat(fixture->host.root_fd, FILE_NAME, 0600), 0);
	assert_int_equal(read_row(fixture, ENDED), -EINVAL);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(recorded_containers_are_listed),
		TEST(ended_container_has_its_exit_code),
		TEST(running_and_waiting_containers_are_told_apart),
		TEST(pod_and_its_infra_container_are_known),
		TEST(unknown_container_is_told_apart),
		TEST(missing_file_is_no_error),
		TEST(damaged_meta_page_leaves_the_older_one),
		TEST(truncated_file_is_an_error),
		TEST(circle_of_pages_ends),
		TEST(links_and_fifos_are_not_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
