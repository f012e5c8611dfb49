/* SPDX-License-Identifier: Apache-2.0 */

/* oci_dossier: an OCI specification in Docker's words; what it does not tell is absent. */

#include "host.h"

#include "containers/dossier.h"
#include "containers/oci_dossier.h"

static int parse(const char *text, struct dossier *dossier)
{
	json_t *spec = json_loads(text, JSON_ALLOW_NUL, NULL);
	int r;

	assert_non_null(spec);
	r = oci_dossier_parse(spec, dossier);
	json_decref(spec);
	return r;
}

static void assert_json(const json_t *json, const char *expected)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void specification_becomes_dockers_words(void **state)
{
	struct dossier dossier = { 0 };

	(void) state;
	assert_int_equal(
		parse("{\"hostname\":\"h\",\"process\":{\"terminal\":true,\"user\":{\"uid\":1,"
		      "\"gid\":2},"
		      "\"args\":[\"/bin/app\",\"-x\",\"\"],\"env\":[\"A=b\",\"C=\"],\"cwd\":\"/"
		      "srv\","
		      "\"oomScoreAdj\":-997},\"root\":{\"path\":\"rootfs\",\"readonly\":true},"
		      "\"annotations\":{\"k\":\"v\",\"n\":7},\"linux\":{\"resources\":{"
		      "\"memory\":{\"limit\":67108864,\"swap\":-1,\"reservation\":0},"
		      "\"cpu\":{\"shares\":512,\"quota\":50000,\"period\":100000,\"cpus\":\"0-1\"},"
		      "\"pids\":{\"limit\":50}},\"namespaces\":[{\"type\":\"pid\"},{\"type\":"
		      "\"ipc\"},"
		      "{\"type\":\"uts\"}]}}",
		      &dossier),
		0);
	assert_json(dossier.args, "[\"/bin/app\",\"-x\",\"\"]");
	assert_json(
		dossier.config,
		"{\"Cmd\":[\"/bin/app\",\"-x\",\"\"],\"Env\":[\"A=b\",\"C=\"],\"Hostname\":\"h\","
		"\"Labels\":{\"k\":\"v\"},\"Tty\":true,\"User\":\"1:2\",\"WorkingDir\":\"/srv\"}");
	assert_json(
		dossier.host_config,
		"{\"CpuPeriod\":100000,\"CpuQuota\":50000,\"CpuShares\":512,\"CpusetCpus\":\"0-1\","
		"\"Memory\":67108864,\"NetworkMode\":\"host\",\"OomScoreAdj\":-997,"
		"\"PidsLimit\":50,\"ReadonlyRootfs\":true}");
	assert_json(dossier.mounts, "[]");
	dossier_fini(&dossier);
}

static void mounts_are_what_was_bound(void **state)
{
	struct dossier dossier = { 0 };

	(void) state;
	assert_int_equal(
		parse("{\"mounts\":[{\"destination\":\"/"
		      "proc\",\"type\":\"proc\",\"source\":\"proc\"},"
		      "{\"destination\":\"/data\",\"type\":\"bind\",\"source\":\"/srv/data\","
		      "\"options\":[\"rbind\",\"rprivate\",\"ro\"]},"
		      "{\"destination\":\"/w\",\"source\":\"/srv/w\",\"options\":[\"bind\"]},"
		      "{\"destination\":\"/nosource\",\"type\":\"bind\"},{\"source\":\"/x\"},7,"
		      "{\"destination\":\"/etc/hosts\",\"type\":\"bind\",\"source\":\"/var/"
		      "hosts\"},"
		      "{\"destination\":\"/etc/hosts\",\"type\":\"bind\",\"source\":\"/second\"},"
		      "{\"destination\":\"/etc/hostname\",\"type\":\"bind\",\"source\":\"/var/"
		      "name\"},"
		      "{\"destination\":\"/etc/resolv.conf\",\"type\":\"bind\",\"source\":\"/var/"
		      "dns\"}"
		      "]}",
		      &dossier),
		0);
	assert_json(dossier.mounts,
		    "[{\"Destination\":\"/data\",\"Mode\":\"ro\",\"Propagation\":\"rprivate\","
		    "\"RW\":false,\"Source\":\"/srv/data\",\"Type\":\"bind\"},"
		    "{\"Destination\":\"/w\",\"Mode\":\"\",\"Propagation\":\"\",\"RW\":true,"
		    "\"Source\":\"/srv/w\",\"Type\":\"bind\"}]");
	assert_string_equal(dossier.hosts_path, "/var/hosts");
	assert_string_equal(dossier.hostname_path, "/var/name");
	assert_string_equal(dossier.resolv_path, "/var/dns");
	dossier_fini(&dossier);
}

static void unknown_is_absent(void **state)
{
	struct dossier dossier = { 0 };

	(void) state;
	assert_int_equal(parse("{}", &dossier), 0);
	assert_null(dossier.args);
	assert_json(dossier.config, "{\"Labels\":{}}");
	assert_json(dossier.host_config, "{}");
	dossier_fini(&dossier);
	assert_int_equal(parse("[]", &dossier), -EBADMSG);
	dossier_fini(&dossier);
}

static void wrong_types_and_nuls_are_absent(void **state)
{
	struct dossier dossier = { 0 };

	(void) state;
	assert_int_equal(
		parse("{\"hostname\":[],\"process\":{\"user\":{\"uid\":\"0\",\"gid\":0},\"args\":"
		      "[1,\"a\\u0000b\",\"ok\",null],\"env\":\"A=b\",\"cwd\":\"/\\u0000x\","
		      "\"oomScoreAdj\":\"1\"},\"annotations\":[\"k\"],\"root\":\"r\",\"mounts\":{},"
		      "\"linux\":{\"resources\":{\"memory\":{\"limit\":\"1\",\"swap\":1.5},\"cpu\":"
		      "[]},"
		      "\"namespaces\":{}}}",
		      &dossier),
		0);
	assert_json(dossier.args, "[\"ok\"]");
	assert_json(dossier.config, "{\"Cmd\":[\"ok\"],\"Labels\":{},\"Tty\":false}");
	assert_json(dossier.host_config, "{}");
	dossier_fini(&dossier);
}

static void pid_is_a_process_or_nothing(void **state)
{
	static const struct {
		const char *text;
		pid_t pid;
	} cases[] = { { "[7]", 7 },     { "[0]", 0 },          { "[-3]", 0 },
		      { "[\"7\"]", 0 }, { "[2147483648]", 0 }, { "[1.5]", 0 } };

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *json = json_loads(cases[i].text, 0, NULL);

		assert_int_equal(oci_dossier_pid(json_array_get(json, 0)), cases[i].pid);
		json_decref(json);
	}
	assert_int_equal(oci_dossier_pid(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specification_becomes_dockers_words),
		cmocka_unit_test(mounts_are_what_was_bound),
		cmocka_unit_test(unknown_is_absent),
		cmocka_unit_test(wrong_types_and_nuls_are_absent),
		cmocka_unit_test(pid_is_a_process_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
