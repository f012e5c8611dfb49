/* SPDX-License-Identifier: Apache-2.0 */

/* runtimes: what belongs to no container, by its name. */

#include "host.h"

static void engines_own_processes_are_helpers(void **state)
{
	(void) state;
	assert_int_equal(runtimes_helper("/machine.slice/libpod-conmon-" ID_A ".scope"),
			 MATCH_HELPER);
	assert_int_equal(runtimes_helper("/system.slice/crio-conmon-" ID_A ".scope"), MATCH_HELPER);
	assert_int_equal(runtimes_helper("/system.slice/conmon-" ID_A ".scope"), MATCH_HELPER);
}

static void units_of_systemd_itself_are_helpers(void **state)
{
	(void) state;
	assert_int_equal(runtimes_helper("/init.scope"), MATCH_HELPER);
	assert_int_equal(runtimes_helper("/system.slice/var-lib-docker-containers-" ID_A
					 "-mounts-shm.mount"),
			 MATCH_HELPER);
	assert_int_equal(runtimes_helper("/system.slice/docker-" ID_A ".mount"), MATCH_HELPER);
	assert_int_equal(runtimes_helper("/system.slice/dev-sda2.swap"), MATCH_HELPER);
}

static void others_are_left_to_the_runtimes(void **state)
{
	static const char *const paths[] = {
		"/",
		"/system.slice",
		("/system.slice/docker-" ID_A ".scope"),
		("/machine.slice/libpod-" ID_A ".scope"),
		"/machine.slice/libpod-conmon-abc.scope",
		"/init.scope/web",
		"/mount",
		"/a.mount/web",
		("/conmon-" ID_A),
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_int_equal(runtimes_helper(paths[i]), MATCH_NONE);
}

static void engines_are_asked_before_the_runtimes_below_them(void **state)
{
	int podman = -1, runc = -1, crun = -1;

	(void) state;
	for (int i = 0; runtimes[i]; i++) {
		podman = strcmp(runtimes[i]->name, "podman") == 0 ? i : podman;
		runc = strcmp(runtimes[i]->name, "runc") == 0 ? i : runc;
		crun = strcmp(runtimes[i]->name, "crun") == 0 ? i : crun;
	}
	assert_true(podman >= 0 && podman < runc && podman < crun);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engines_own_processes_are_helpers),
		cmocka_unit_test(units_of_systemd_itself_are_helpers),
		cmocka_unit_test(others_are_left_to_the_runtimes),
		cmocka_unit_test(engines_are_asked_before_the_runtimes_below_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
