/* SPDX-License-Identifier: Apache-2.0 */

#include "api/image_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_fit_however_they_are_written(void **state)
{
	static const struct {
		const char *wanted, *image, *image_id;
		bool fits;
	} cases[] = {
		{ "nginx", "nginx", NULL, true },
		{ "nginx", "nginx:latest", NULL, true },
		{ "nginx:latest", "nginx", NULL, true },
		{ "nginx", "docker.io/library/nginx:latest", NULL, true },
		{ "docker.io/library/nginx", "nginx", NULL, true },
		{ "docker.io/grafana/grafana", "grafana/grafana:latest", NULL, true },
		{ "nginx", "nginx:1.27", NULL, false },
		{ "nginx:1.27", "nginx", NULL, false },
		{ "ngin", "nginx", NULL, false },
		{ "nginx", "nginx-extra", NULL, false },
		{ "localhost:5000/a", "localhost:5000/a:latest", NULL, true },
		{ "localhost", "localhost:5000/a", NULL, false },
		{ "a@sha256:12", "a@sha256:12", NULL, true },
		{ "a@sha256:12", "a@sha256:12:latest", NULL, false },
		{ "sha256:4f2a", NULL, "sha256:4f2a01", true },
		{ "4f2a", NULL, "sha256:4f2a01", true },
		{ "4f2a", "x", "4f2a01", true },
		{ "4f2", "x", "4f2a01", false },
		{ "", "x", "4f2a01", false },
		{ "x", NULL, NULL, false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (image_name_fits(cases[i].wanted, cases[i].image, cases[i].image_id) !=
		    cases[i].fits)
			fail_msg("%s and %s", cases[i].wanted,
				 cases[i].image ? cases[i].image : "(none)");
}

static void a_port_of_a_registry_is_no_tag(void **state)
{
	(void) state;
	assert_false(image_name_has_tag("localhost:5000/a"));
	assert_true(image_name_has_tag("localhost:5000/a:1"));
	assert_true(image_name_has_tag("a@sha256:12"));
	assert_false(image_name_has_tag("a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_fit_however_they_are_written),
		cmocka_unit_test(a_port_of_a_registry_is_no_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
