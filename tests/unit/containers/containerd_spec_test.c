/* SPDX-License-Identifier: Apache-2.0 */

/* containerd_spec: what a task's config.json says, above all which cgroup is its. */

#include "host.h"

#include "containers/containerd.h"
#include "containers/dossier.h"
#include "containers/metadata.h"

static json_t *parse(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	return json;
}

static json_t *spec_at(const char *cgroups_path)
{
	return json_pack("{s:{s:s}}", "linux", "cgroupsPath", cgroups_path);
}

static void cgroups_path_is_understood_for_both_drivers(void **state)
{
	static const struct {
		const char *text, *path;
	} cases[] = {
		{ "/default/web", "/default/web" },
		{ "/kubepods/burstable/pod1/x", "/kubepods/burstable/pod1/x" },
		{ "system.slice:nerdctl:x", "/system.slice/nerdctl-x.scope" },
		{ ":nerdctl:x", "/system.slice/nerdctl-x.scope" },
		{ "-.slice:nerdctl:x", "/nerdctl-x.scope" },
		{ "kubepods-burstable-podu_v.slice:cri-containerd:x",
		  "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podu_v.slice/"
		  "cri-containerd-x.scope" },
		{ "kubepods-podu.slice:cri-containerd:x",
		  "/kubepods.slice/kubepods-podu.slice/cri-containerd-x.scope" },
		{ "/a:b:c", "/a:b:c" },
		{ "a:b", "/a:b" },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *spec = spec_at(cases[i].text);
		char *path = NULL;

		assert_int_equal(oci_format_containerd.cgroup(spec, false, &path), 0);
		assert_string_equal(path, cases[i].path);
		free(path);
		json_decref(spec);
	}
}

static void cgroups_path_that_makes_no_sense_is_refused(void **state)
{
	static const char *const texts[] = {
		"/",
		"/a/../b",
		"a.scope:b:c",
		"a/b.slice:c:d",
		"system.slice:a/..:b",
		"system.slice::/../../x",
		".slice:a:b",
		"/system.slice",
	};
	char dashes[5000];
	json_t *spec;
	char *path = NULL;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		spec = spec_at(texts[i]);
		assert_int_equal(oci_format_containerd.cgroup(spec, false, &path), -EBADMSG);
		assert_null(path);
		json_decref(spec);
	}

	/* Would become megabytes. */
	for (size_t i = 0; i < sizeof(dashes); i++)
		dashes[i] = i % 2 ? '-' : 'a';
	strcpy(dashes + sizeof(dashes) - 12, ".slice:a:b");
	spec = spec_at(dashes);
	assert_int_equal(oci_format_containerd.cgroup(spec, false, &path), -EBADMSG);
	json_decref(spec);

	spec = parse("{\"linux\":{\"cgroupsPath\":7}}");
	assert_int_equal(oci_format_containerd.cgroup(spec, false, &path), -EBADMSG);
	json_decref(spec);
}

static void sandbox_is_a_helper(void **state)
{
	static const struct {
		const char *text;
		bool helper;
	} cases[] = {
		{ "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\"}}", true },
		{ "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\"}}", false },
		{ "{\"annotations\":{\"io.kubernetes.cri.container-type\":[\"sandbox\"]}}", false },
		{ "{\"annotations\":[]}", false },
		{ "{}", false },
		{ "[]", false },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *spec = parse(cases[i].text);

		assert_int_equal(oci_format_containerd.helper(spec), cases[i].helper);
		json_decref(spec);
	}
}

static int describe(const char *text, struct identity *identity)
{
	json_t *spec = parse(text);
	int r = oci_format_containerd.describe(spec, -1, identity);

	json_decref(spec);
	return r;
}

static void annotations_of_kubernetes_are_names(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(
		describe("{\"annotations\":{"
			 "\"io.kubernetes.cri.container-type\":\"container\","
			 "\"io.kubernetes.cri.container-name\":\"app\","
			 "\"io.kubernetes.cri.image-name\":\"docker.io/library/nginx:1\","
			 "\"io.kubernetes.cri.sandbox-id\":\"" ID_B "\","
			 "\"io.kubernetes.cri.sandbox-name\":\"shop-1\","
			 "\"io.kubernetes.cri.sandbox-namespace\":\"prod\","
			 "\"io.kubernetes.cri.sandbox-uid\":\"u-1\","
			 "\"team\":\"core\"},\"linux\":{\"namespaces\":[{\"type\":\"pid\"},"
			 "{\"type\":\"network\",\"path\":\"/proc/7/ns/net\"}]}}",
			 &identity),
		0);
	assert_string_equal(identity.name, "app");
	assert_string_equal(identity.pod, "shop-1");
	assert_string_equal(identity.image, "docker.io/library/nginx:1");
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.pod.namespace"), "prod");
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.pod.uid"), "u-1");
	assert_string_equal(identity_find_label(&identity, "team"), "core");
	assert_null(identity_find_label(&identity, "io.kubernetes.cri.sandbox-id"));
	assert_false(identity.host_network);
	assert_false(identity.infra);
	assert_int_equal(identity.created_ns, 0); /* no such directory */
	identity_fini(&identity);
}

static void nerdctl_has_names_and_labels(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(describe("{\"annotations\":{\"nerdctl/name\":\"web\","
				  "\"nerdctl/networks\":\"[\\\"host\\\"]\",\"a\":\"b\"},"
				  "\"linux\":{\"namespaces\":[{\"type\":\"pid\"}]}}",
				  &identity),
			 0);
	assert_string_equal(identity.name, "web");
	assert_null(identity.image);
	assert_string_equal(identity_find_label(&identity, "a"), "b");
	assert_null(identity_find_label(&identity, "nerdctl/name"));
	assert_true(identity.host_network);
	identity_fini(&identity);
}

static void wrong_types_are_absent(void **state)
{
	static const char *const texts[] = { "[]", "{}", "{\"linux\":[]}", "{\"linux\":\"x\"}" };
	struct identity identity = { 0 };

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(describe(texts[i], &identity), -EBADMSG);
		assert_string_equal(identity.detail, "config.json: not what containerd writes");
		identity_fini(&identity);
	}

	assert_int_equal(describe("{\"linux\":{\"namespaces\":{\"type\":\"network\"}},"
				  "\"annotations\":{\"io.kubernetes.cri.container-name\":7,"
				  "\"io.kubernetes.cri.sandbox-name\":null,\"x\":{\"y\":\"z\"}}}",
				  &identity),
			 0);
	assert_null(identity.name);
	assert_null(identity.pod);
	assert_null(identity.labels);
	assert_false(identity.host_network); /* unknown */
	identity_fini(&identity);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cgroups_path_is_understood_for_both_drivers),
		cmocka_unit_test(cgroups_path_that_makes_no_sense_is_refused),
		cmocka_unit_test(sandbox_is_a_helper),
		cmocka_unit_test(annotations_of_kubernetes_are_names),
		cmocka_unit_test(nerdctl_has_names_and_labels),
		cmocka_unit_test(wrong_types_are_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
