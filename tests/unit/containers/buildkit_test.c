/* SPDX-License-Identifier: Apache-2.0 */

/* buildkit: build steps are told from containers by their ids. */

#include "host.h"

#include "containers/buildkit.h"

#define STEP "k3v9x0q2m5t7w1z8b4n6r0c2d" /* 25 digits */

static void build_steps_are_helpers(void **state)
{
	static const char *const paths[] = {
		"/system.slice/docker-" STEP ".scope",
		"/docker/buildkit",
		"/docker/buildkit/" STEP,
		"/buildkit/" STEP,
		"/system.slice/buildkit.service/buildkit/" STEP,
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_true(buildkit_is_step(paths[i]));
		assert_int_equal(runtimes_helper(paths[i]), MATCH_HELPER);
	}
}

static void others_are_none(void **state)
{
	static const char *const paths[] = {
		("/system.slice/docker-" ID_A ".scope"),
		("/docker/" ID_A),
		"/system.slice/docker-" STEP "0.scope",
		"/system.slice/docker-" STEP,
		"/system.slice/docker-K3v9x0q2m5t7w1z8b4n6r0c2d.scope",
		"/system.slice/docker-.scope",
		"/buildkit",
		"/buildkit/" STEP "/below",
		"/buildkit/short",
		"/docker/buildkits",
		"/" STEP,
		"/",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_false(buildkit_is_step(paths[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(build_steps_are_helpers),
		cmocka_unit_test(others_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
