/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/exporters/sample.h"

#include <jansson.h>

#include "base/cleanup.h"
#include "exporters/docker_stats.h"

#define MIB (1024UL * 1024)

static const struct who web = { "/docker/" ID_A, "web", "nginx:1.25", "docker", ID_A };
static const struct docker_who web_who = { ID_A, "web" };

static bool number_of_vda(const char *label, uint32_t *ret_major, uint32_t *ret_minor,
			  void *userdata)
{
	(void) userdata;
	if (strcmp(label, "/dev/vda") != 0)
		return false;
	*ret_major = 254;
	*ret_minor = 3;
	return true;
}

/* A machine with two cores and 1 GiB. */
static struct draft *draft_with_host(void)
{
	struct draft *draft = draft_for_test();
	struct row *host = draft_single(draft, ENTITY_HOST);
	struct row *machine = draft_single(draft, ENTITY_MACHINE);

	for (enum metric i = METRIC_HOST_CPU_USER_NS; i <= METRIC_HOST_CPU_STEAL_NS; i++)
		row_set(host, i, 10 * NSEC_PER_SEC);
	row_set(machine, METRIC_MACHINE_CPU_CORES, 2);
	row_set(machine, METRIC_MACHINE_MEMORY_BYTES, 1024 * MIB);
	return draft;
}

static struct text write_from(const struct snapshot *now, const struct docker_who *who,
			      uint32_t index, const struct snapshot *before)
{
	struct docker_stats stats = { .now = now, .device_number = number_of_vda };
	struct text text = { 0 };

	assert_int_equal(children_find(&stats.interfaces, now, ENTITY_INTERFACE), 0);
	assert_int_equal(children_find(&stats.devices, now, ENTITY_DEVICE), 0);
	docker_stats_write(&stats, who,
			   index == ROW_NONE ? NULL : snapshot_row(now, ENTITY_CONTAINER, index),
			   before, &text);
	children_fini(&stats.interfaces);
	children_fini(&stats.devices);
	assert_false(text.overflowed);
	return text;
}

static json_t *object_from(const struct snapshot *now, const struct docker_who *who, uint32_t index,
			   const struct snapshot *before)
{
	struct text text = write_from(now, who, index, before);
	json_t *object = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(object);
	text_fini(&text);
	return object;
}

/* A member by its path, "cpu_stats.cpu_usage.total_usage"; NULL: it is not there. */
static json_t *at(json_t *object, const char *path)
{
	char copy[128], *rest = copy, *key;

	strcpy(copy, path);
	while (object && (key = strsep(&rest, ".")))
		object = json_object_get(object, key);
	return object;
}

static void assert_number(json_t *object, const char *path, json_int_t expected)
{
	if (!at(object, path))
		fail_msg("%s is not there", path);
	assert_int_equal(json_integer_value(at(object, path)), expected);
}

static void assert_absent(json_t *object, const char *path)
{
	if (at(object, path))
		fail_msg("%s is there", path);
}

static void assert_word(json_t *object, const char *path, const char *expected)
{
	assert_non_null(at(object, path));
	assert_string_equal(json_string_value(at(object, path)), expected);
}

static void a_whole_object_is_as_docker_writes_it(void **state)
{
	struct draft *draft = draft_with_host();
	struct row *row = add_container(draft, 7, &web), *child;
	struct snapshot *now;
	struct text text;

	(void) state;
	row_set(row, METRIC_CPU_USAGE_NS, 190261000);
	row_set(row, METRIC_CPU_USER_NS, 140261000);
	row_set(row, METRIC_CPU_SYSTEM_NS, 50000000);
	row_set(row, METRIC_CPU_PERIODS, 12);
	row_set(row, METRIC_CPU_THROTTLED_PERIODS, 1);
	row_set(row, METRIC_CPU_THROTTLED_NS, 4000000);
	row_set(row, METRIC_MEMORY_USAGE_BYTES, 700416);
	row_set(row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 64 * MIB);
	row_set(row, METRIC_MEMORY_RSS_BYTES, 409600);
	row_set(row, METRIC_MEMORY_INACTIVE_FILE_BYTES, 32768);
	row_set(row, METRIC_THREADS, 2);
	row_set(row, METRIC_THREADS_MAX, 50);
	child = draft_child(draft, row, ENTITY_DEVICE, "/dev/vda");
	row_set(child, METRIC_READ_BYTES, 4096);
	row_set(child, METRIC_WRITE_BYTES, 0);
	child = draft_child(draft, row, ENTITY_INTERFACE, "eth0");
	for (enum metric i = METRIC_FIRST_INTERFACE; i < METRIC_END_INTERFACE; i++)
		row_set(child, i, 0);
	row_set(child, METRIC_RX_BYTES, 656);
	now = seal(draft);
	text = write_from(now, &web_who, row->index, NULL);
	text_add(&text, "", 1);
	assert_string_equal(
		text.bytes,
		"{\"name\":\"/web\",\"id\":\"" ID_A "\",\"os_type\":\"linux\","
		"\"read\":\"2023-11-14T22:13:20Z\",\"preread\":\"0001-01-01T00:00:00Z\","
		"\"pids_stats\":{\"current\":2,\"limit\":50},\"num_procs\":0,\"storage_stats\":{},"
		"\"blkio_stats\":{\"io_service_bytes_recursive\":["
		"{\"major\":254,\"minor\":3,\"op\":\"read\",\"value\":4096},"
		"{\"major\":254,\"minor\":3,\"op\":\"write\",\"value\":0}],"
		"\"io_serviced_recursive\":null,\"io_queue_recursive\":null,"
		"\"io_service_time_recursive\":null,\"io_wait_time_recursive\":null,"
		"\"io_merged_recursive\":null,\"io_time_recursive\":null,"
		"\"sectors_recursive\":null},"
		"\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":190261000,"
		"\"usage_in_kernelmode\":50000000,\"usage_in_usermode\":140261000},"
		"\"system_cpu_usage\":70000000000,\"online_cpus\":2,"
		"\"throttling_data\":{\"periods\":12,\"throttled_periods\":1,"
		"\"throttled_time\":4000000}},"
		"\"precpu_stats\":{\"cpu_usage\":{\"total_usage\":0,\"usage_in_kernelmode\":0,"
		"\"usage_in_usermode\":0},\"throttling_data\":{\"periods\":0,"
		"\"throttled_periods\":0,\"throttled_time\":0}},"
		"\"memory_stats\":{\"usage\":700416,\"limit\":67108864,"
		"\"stats\":{\"anon\":409600,\"inactive_file\":32768}},"
		"\"networks\":{\"eth0\":{\"rx_bytes\":656,\"rx_packets\":0,\"rx_errors\":0,"
		"\"rx_dropped\":0,\"tx_bytes\":0,\"tx_packets\":0,\"tx_errors\":0,"
		"\"tx_dropped\":0}}}\n");
	text_fini(&text);
	free(now);
	draft_free(draft);
}

static void what_the_host_does_not_tell_is_left_out(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *row = add_container(draft, 7, &web);
	struct snapshot *now = seal(draft);
	json_t *object = object_from(now, &web_who, row->index, NULL);

	(void) state;
	assert_absent(object, "cpu_stats.cpu_usage.total_usage");
	assert_absent(object, "cpu_stats.system_cpu_usage");
	assert_absent(object, "cpu_stats.online_cpus");
	assert_absent(object, "memory_stats.usage");
	assert_absent(object, "memory_stats.limit");
	assert_absent(object, "pids_stats.limit");
	assert_absent(object, "networks");
	assert_true(json_is_null(at(object, "blkio_stats.io_service_bytes_recursive")));
	json_decref(object);
	free(now);
	draft_free(draft);
}

static void precpu_is_the_older_sample(void **state)
{
	struct draft *draft = draft_with_host();
	struct row *row = add_container(draft, 7, &web);
	struct snapshot *before, *now;
	json_t *object;

	(void) state;
	row_set(row, METRIC_CPU_USAGE_NS, 1000);
	before = seal(draft);
	draft_begin(draft, 101 * NSEC_PER_SEC, NOW + 1500 * NSEC_PER_MSEC, NSEC_PER_SEC);
	row_set(row, METRIC_CPU_USAGE_NS, 3000);
	row_set(draft_single(draft, ENTITY_HOST), METRIC_HOST_CPU_IDLE_NS, 12 * NSEC_PER_SEC);
	now = seal(draft);
	object = object_from(now, &web_who, row->index, before);
	assert_number(object, "cpu_stats.cpu_usage.total_usage", 3000);
	assert_number(object, "precpu_stats.cpu_usage.total_usage", 1000);
	assert_number(object, "cpu_stats.system_cpu_usage", 72 * (json_int_t) NSEC_PER_SEC);
	assert_number(object, "precpu_stats.system_cpu_usage", 70 * (json_int_t) NSEC_PER_SEC);
	assert_number(object, "precpu_stats.online_cpus", 2);
	assert_word(object, "read", "2023-11-14T22:13:21.5Z");
	assert_word(object, "preread", "2023-11-14T22:13:20Z");
	json_decref(object);
	free(before);
	free(now);
	draft_free(draft);
}

static void another_instance_of_the_name_is_no_older_sample(void **state)
{
	struct draft *draft = draft_with_host();
	struct row *row = add_container(draft, 7, &web);
	struct snapshot *before, *now;
	json_t *object;

	(void) state;
	row_set(row, METRIC_CPU_USAGE_NS, 1000);
	before = seal(draft);
	row->instance = 8;
	now = seal(draft);
	object = object_from(now, &web_who, row->index, before);
	assert_number(object, "precpu_stats.cpu_usage.total_usage", 0);
	assert_word(object, "preread", "0001-01-01T00:00:00Z");
	json_decref(object);
	free(before);
	free(now);
	draft_free(draft);
}

static void limits_above_the_machine_are_the_machine(void **state)
{
	static const uint64_t limits[] = { 0, 2048 * MIB, UINT64_MAX };
	struct draft *draft = draft_with_host();
	struct row *row = add_container(draft, 7, &web);

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct snapshot *now;
		json_t *object;

		row_set(row, METRIC_SPEC_MEMORY_LIMIT_BYTES, limits[i]);
		now = seal(draft);
		object = object_from(now, &web_who, row->index, NULL);
		assert_number(object, "memory_stats.limit", 1024 * MIB);
		json_decref(object);
		free(now);
	}
	draft_free(draft);
}

static void failures_and_refaults_are_docker_s(void **state)
{
	struct draft *draft = draft_with_host();
	struct row *row = add_container(draft, 7, &web);
	struct snapshot *now;
	json_t *object;

	(void) state;
	row_set(row, METRIC_MEMORY_EVENTS_OOM, 3);
	row_set(row, METRIC_MEMORY_FAILCNT, 99);
	row_set(row, METRIC_MEMORY_REFAULT_FILE, 4);
	row_set(row, METRIC_MEMORY_REFAULT_ANON, 5);
	now = seal(draft);
	object = object_from(now, &web_who, row->index, NULL);
	assert_number(object, "memory_stats.failcnt", 3);
	assert_number(object, "memory_stats.stats.workingset_refault", 9);
	assert_absent(object, "memory_stats.stats.total_inactive_file");
	json_decref(object);
	free(now);
	draft_free(draft);
}

static void no_limit_of_pids_is_the_largest_number(void **state)
{
	struct draft *draft = draft_with_host();
	struct row *row = add_container(draft, 7, &web);
	struct snapshot *now;
	struct text text;

	(void) state;
	row_set(row, METRIC_THREADS_MAX, 0);
	now = seal(draft);
	text = write_from(now, &web_who, row->index, NULL);
	text_add(&text, "", 1);
	assert_non_null(strstr(text.bytes, "\"pids_stats\":{\"limit\":18446744073709551615}"));
	text_fini(&text);
	free(now);
	draft_free(draft);
}

static void a_container_that_does_not_run_has_zeros_only(void **state)
{
	struct draft *draft = draft_with_host();
	struct snapshot *now = seal(draft);
	json_t *object = object_from(now, &web_who, ROW_NONE, NULL);

	(void) state;
	assert_word(object, "name", "/web");
	assert_word(object, "id", ID_A);
	assert_word(object, "read", "0001-01-01T00:00:00Z");
	assert_number(object, "cpu_stats.cpu_usage.total_usage", 0);
	assert_absent(object, "cpu_stats.system_cpu_usage");
	assert_absent(object, "memory_stats.usage");
	assert_absent(object, "networks");
	json_decref(object);
	free(now);
	draft_free(draft);
}

static void a_shared_network_is_that_of_its_owner(void **state)
{
	struct draft *draft = draft_with_host();
	struct row *other = add_container(draft, 6, &(struct who){ "/other", "web", "", "podman" });
	struct row *owner = add_container(draft, 7, &web);
	struct row *guest = add_container(draft, 8, &(struct who){ "/g", "guest", "", "docker" });
	struct row *lost = add_container(draft, 9, &(struct who){ "/l", "lost", "", "docker" });
	struct snapshot *now;
	json_t *object;

	(void) state;
	row_set(draft_child(draft, other, ENTITY_INTERFACE, "eth0"), METRIC_RX_BYTES, 1);
	row_set(draft_child(draft, owner, ENTITY_INTERFACE, "eth0"), METRIC_RX_BYTES, 2);
	draft_string(draft, guest, ATTRIBUTE_NETWORK, "shared:web");
	draft_string(draft, lost, ATTRIBUTE_NETWORK, "shared:nobody");
	now = seal(draft);
	object = object_from(now, &web_who, guest->index, NULL);
	assert_number(object, "networks.eth0.rx_bytes", 2);
	json_decref(object);
	object = object_from(now, &web_who, lost->index, NULL);
	assert_absent(object, "networks");
	json_decref(object);
	free(now);
	draft_free(draft);
}

static void hostile_labels_and_names_stay_json(void **state)
{
	struct snapshot *now = full_snapshot();
	const struct docker_who who = { HOSTILE, HOSTILE };

	(void) state;
	for (uint32_t i = 0; i < snapshot_rows(now, ENTITY_CONTAINER); i++) {
		json_t *object;

		if (!snapshot_row(now, ENTITY_CONTAINER, i))
			continue;
		object = object_from(now, &who, i, now);
		assert_int_equal(json_object_size(at(object, "networks")), 2);
		assert_int_equal(json_array_size(
					 at(object, "blkio_stats.io_service_bytes_recursive")),
				 4);
		json_decref(object);
	}
	free(now);
}

static void children_are_found_in_their_order_and_anew(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *a = add_container(draft, 1, &(struct who){ .path = "/a" });
	struct row *b = add_container(draft, 2, &(struct who){ .path = "/b" });
	struct children children = { 0 };
	struct snapshot *now;

	(void) state;
	draft_child(draft, b, ENTITY_INTERFACE, "eth0");
	draft_child(draft, a, ENTITY_INTERFACE, "eth0");
	draft_child(draft, b, ENTITY_INTERFACE, "eth1");
	now = seal(draft);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(children_find(&children, now, ENTITY_INTERFACE), 0);
		assert_int_equal(children.first[a->index], 1);
		assert_int_equal(children.next[1], ROW_NONE);
		assert_int_equal(children.first[b->index], 0);
		assert_int_equal(children.next[0], 2);
		assert_int_equal(children.next[2], ROW_NONE);
	}
	assert_int_equal(children_find(&children, now, ENTITY_DEVICE), 0);
	assert_int_equal(children.first[a->index], ROW_NONE);
	children_fini(&children);
	free(now);
	draft_free(draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_object_is_as_docker_writes_it),
		cmocka_unit_test(what_the_host_does_not_tell_is_left_out),
		cmocka_unit_test(precpu_is_the_older_sample),
		cmocka_unit_test(another_instance_of_the_name_is_no_older_sample),
		cmocka_unit_test(limits_above_the_machine_are_the_machine),
		cmocka_unit_test(failures_and_refaults_are_docker_s),
		cmocka_unit_test(no_limit_of_pids_is_the_largest_number),
		cmocka_unit_test(a_container_that_does_not_run_has_zeros_only),
		cmocka_unit_test(a_shared_network_is_that_of_its_owner),
		cmocka_unit_test(hostile_labels_and_names_stay_json),
		cmocka_unit_test(children_are_found_in_their_order_and_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
