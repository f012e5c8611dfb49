/* SPDX-License-Identifier: Apache-2.0 */

/* kubernetes: whose pod a cgroup is, by its path alone. */

#include "host.h"

#include "containers/kubernetes.h"

#define UID     "12345678-1234-1234-1234-123456789abc"
#define UID_    "12345678_1234_1234_1234_123456789abc"
#define HASH    "0123456789abcdef0123456789abcdef"
#define SYSTEMD "/cri-containerd-" ID_A ".scope"

static void pod_is_found_in_each_form_of_path(void **state)
{
	static const struct {
		const char *path, *uid;
	} cases[] = {
		{ "/kubepods/burstable/pod" UID "/" ID_A, UID },
		{ "/kubepods/besteffort/pod" UID "/" ID_A, UID },
		{ "/kubepods/pod" UID "/" ID_A, UID },
		{ "/kubepods/pod" HASH "/" ID_A, HASH },
		{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_
		  ".slice" SYSTEMD,
		  UID },
		{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_
		  ".slice" SYSTEMD,
		  UID },
		{ "/kubepods.slice/kubepods-pod" UID_ ".slice" SYSTEMD, UID },
		{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" HASH
		  ".slice" SYSTEMD,
		  HASH },
		{ "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
		  "kubelet-kubepods-burstable-pod" UID_ ".slice" SYSTEMD,
		  UID },
		{ "/system.slice/containerd.service/kubepods-burstable-pod" UID_
		  ".slice:cri-containerd:" ID_A,
		  UID },
		{ "/kubepods.slice/kubepods-pod" UID_ ".slice/crio-" ID_A ".scope/container", UID },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char uid[POD_UID_BYTES] = "";

		assert_true(kubernetes_pod_uid(cases[i].path, uid));
		assert_string_equal(uid, cases[i].uid);
	}
}

static void other_paths_have_no_pod(void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"//",
		"/docker/" ID_A,
		"/kubepods/burstable",
		"/kubepods/burstable/pod",
		"/kubepods/burstable/pod1/" ID_A,
		"/kubepods/burstable/podinfo/" ID_A,
		"/kubepods/pod12345678-1234-1234-1234-123456789abg/" ID_A,
		"/kubepods/pod12345678x1234-1234-1234-123456789abc/" ID_A,
		"/kubepods/pod" UID "0/" ID_A,
		"/machine.slice/machine-libpod_pod_" ID_A ".slice/libpod-" ID_B ".scope",
		"/kubepods.slice/kubepods-pod" UID_ ".scope/x",
		"/kubepods.slice/-pod.slice/x",
		"/.slice/x",
	};
	char uid[POD_UID_BYTES];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_false(kubernetes_pod_uid(paths[i], uid));
		assert_false(kubernetes_is_in_pod(paths[i]));
	}
}

static void only_what_is_right_below_a_pod_is_in_it(void **state)
{
	(void) state;
	assert_true(kubernetes_is_in_pod("/kubepods/burstable/pod" UID "/" ID_A));
	assert_true(kubernetes_is_in_pod("/kubepods/pod" HASH "/" ID_A));
	assert_true(kubernetes_is_in_pod("/kubepods-pod" UID_ ".slice" SYSTEMD));
	assert_false(kubernetes_is_in_pod("/kubepods/burstable/pod" UID));
	assert_false(kubernetes_is_in_pod("/kubepods/burstable/pod" UID "/" ID_A "/init"));
	assert_false(kubernetes_is_in_pod("pod" UID));
}

static void names_fill_what_is_unknown(void **state)
{
	const struct kubernetes_names names = { "app", "shop-1", "prod", UID };
	const struct kubernetes_names other = { "x", "y", "z", HASH };
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(kubernetes_describe(&names, &identity), 0);
	assert_int_equal(kubernetes_describe(&other, &identity), 0);
	assert_string_equal(identity.name, "app");
	assert_string_equal(identity.pod, "shop-1");
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.pod.name"), "shop-1");
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.pod.namespace"), "prod");
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.container.name"), "app");
	assert_string_equal(identity_find_label(&identity, "io.kubernetes.pod.uid"), UID);
	identity_fini(&identity);

	assert_int_equal(kubernetes_describe(&(struct kubernetes_names){ 0 }, &identity), 0);
	assert_null(identity.name);
	assert_null(identity.labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pod_is_found_in_each_form_of_path),
		cmocka_unit_test(other_paths_have_no_pod),
		cmocka_unit_test(only_what_is_right_below_a_pod_is_in_it),
		cmocka_unit_test(names_fill_what_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
