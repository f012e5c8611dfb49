/* SPDX-License-Identifier: Apache-2.0 */

/* runc: what its state.json says, recorded on a hybrid host, and forged. */

#include "host.h"

#include "containers/oci.h"

#define V1(controller) "/sys/fs/cgroup/" controller "/web"

/* The path that a file with these cgroup_paths names; NULL: none. The caller frees it. */
static char *cgroup_of(const char *paths, bool hybrid)
{
	json_t *state = json_pack("{s:o}", "cgroup_paths", json_loads(paths, 0, NULL));
	char *path = NULL;
	int r;

	assert_non_null(state);
	r = oci_format_runc.cgroup(state, hybrid, &path);
	json_decref(state);
	assert_int_equal(r, path ? 0 : -EBADMSG);
	return path;
}

static void assert_cgroup(const char *paths, bool hybrid, const char *expected)
{
	char *path = cgroup_of(paths, hybrid);

	if (expected)
		assert_string_equal(path, expected);
	else
		assert_null(path);
	free(path);
}

static void unified_path_loses_its_mount_point(void **state)
{
	(void) state;
	assert_cgroup("{\"\": \"/sys/fs/cgroup/system.slice/web\"}", false, "/system.slice/web");
	assert_cgroup("{\"\": \"/sys/fs/cgroup/unified/web\"}", true, "/web");
	/* A pure v2 host may well have a cgroup that is called so. */
	assert_cgroup("{\"\": \"/sys/fs/cgroup/unified/web\"}", false, "/unified/web");
}

static void older_runc_names_only_v1_controllers(void **state)
{
	(void) state;
	assert_cgroup("{\"cpu\": \"" V1("cpu,cpuacct") "\"}", true, "/web");
	assert_cgroup("{\"memory\": \"" V1("memory") "/a\", \"pids\": \"" V1("pids") "\"}", true,
		      "/web/a");
}

static void claims_that_lead_elsewhere_are_refused(void **state)
{
	(void) state;
	assert_cgroup("{}", false, NULL);
	assert_cgroup("{\"\": 7}", false, NULL);
	assert_cgroup("{\"\": \"/etc/passwd\"}", false, NULL);
	assert_cgroup("{\"\": \"/sys/fs/cgroup\"}", false, NULL);
	assert_cgroup("{\"\": \"/sys/fs/cgroup/\"}", false, NULL);
	assert_cgroup("{\"\": \"/sys/fs/cgroup/unified/\"}", true, NULL);
	assert_cgroup("{\"\": \"/sys/fs/cgroup/a/../../../../etc\"}", false, NULL);
	assert_cgroup("{\"\": \"/sys/fs/cgroup/system.slice\"}", false, NULL);
	assert_cgroup("{\"memory\": \"/sys/fs/cgroup/memory\"}", true, NULL);
	assert_cgroup("[]", false, NULL);
}

static void recorded_state_is_read(void **state)
{
	char *text = host_data("runc-state.json");
	json_t *json = json_loads(text, 0, NULL);
	struct identity identity = { 0 };
	char *path = NULL;

	(void) state;
	assert_non_null(json);
	assert_int_equal(oci_format_runc.cgroup(json, true, &path), 0);
	assert_string_equal(path, "/web/one");
	assert_int_equal(oci_format_runc.describe(json, -1, &identity), 0);
	assert_true(identity.created_ns > 1700000000000000000ULL);
	assert_false(identity.host_network);
	assert_string_equal(identity_find_label(&identity, "org.example.team"), "blue");
	assert_null(identity_find_label(&identity, "bundle"));
	free(path);
	free(text);
	json_decref(json);
	identity_fini(&identity);
}

static void missing_network_namespace_is_the_hosts(void **state)
{
	json_t *json = json_pack("{s:{s:[{s:s}]}}", "config", "namespaces", "type", "NEWPID");
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(oci_format_runc.describe(json, -1, &identity), 0);
	assert_true(identity.host_network);
	json_decref(json);
	identity_fini(&identity);
}

static void foreign_json_is_an_error(void **state)
{
	json_t *json = json_pack("{s:s}", "config", "none");
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(oci_format_runc.describe(json, -1, &identity), -EBADMSG);
	assert_string_equal(identity.detail, "state.json: not what runc writes");
	json_decref(json);
	identity_fini(&identity);
}

static void odd_labels_are_skipped(void **state)
{
	json_t *json = json_pack("{s:{s:[s,s,s,i,s]}}", "config", "labels", "=v", "novalue",
				 "a=", 7, "b=c=d");
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(oci_format_runc.describe(json, -1, &identity), 0);
	assert_memory_equal(identity.labels, "a\0\0b\0c=d\0\0", 10);
	assert_int_equal(identity.labels_length, 10);
	json_decref(json);
	identity_fini(&identity);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unified_path_loses_its_mount_point),
		cmocka_unit_test(older_runc_names_only_v1_controllers),
		cmocka_unit_test(claims_that_lead_elsewhere_are_refused),
		cmocka_unit_test(recorded_state_is_read),
		cmocka_unit_test(missing_network_namespace_is_the_hosts),
		cmocka_unit_test(foreign_json_is_an_error),
		cmocka_unit_test(odd_labels_are_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
