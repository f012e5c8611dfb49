/* SPDX-License-Identifier: Apache-2.0 */

/* lineage: counts go from one container to the next of the same name, and to nobody else. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "containers/lineage.h"
#include "containers/registry.h"

static const struct runtime docker = { .name = "docker" }, podman = { .name = "podman" };

static struct container named(const struct runtime *runtime, const char *name, uint64_t starts)
{
	return (struct container){
		.runtime = runtime,
		.identity.name = (char *) name, /* it is only read */
		.starts = starts,
		.oom_kills = 10 * starts,
	};
}

static void next_of_the_same_name_takes_the_counts_once(void **state)
{
	struct lineage lineage = { 0 };
	struct container old = named(&docker, "web", 3), next = named(&docker, "web", 0);

	(void) state;
	lineage_put(&lineage, &old);
	lineage_take(&lineage, &next);
	assert_int_equal(next.starts, 3);
	assert_int_equal(next.oom_kills, 30);
	lineage_take(&lineage, &next);
	assert_int_equal(next.starts, 3);
	lineage_fini(&lineage);
}

static void other_runtime_name_owner_or_pod_is_somebody_else(void **state)
{
	struct lineage lineage = { 0 };
	struct container old = named(&podman, "web", 3);
	struct container others[] = { named(&docker, "web", 0), named(&podman, "web2", 0),
				      named(&podman, "web", 0), named(&podman, "web", 0) };

	(void) state;
	others[2].identity.has_owner = true;
	others[2].identity.owner_uid = 1000;
	others[3].identity.pod = (char *) "shop-1"; /* it is only read */
	lineage_put(&lineage, &old);
	for (size_t i = 0; i < 4; i++) {
		lineage_take(&lineage, &others[i]);
		assert_int_equal(others[i].starts, 0);
	}
	lineage_fini(&lineage);
}

static void later_end_replaces_and_a_return_drops(void **state)
{
	struct lineage lineage = { 0 };
	struct container old = named(&docker, "web", 3), next = named(&docker, "web", 0);

	(void) state;
	lineage_put(&lineage, &old);
	old.starts = 4;
	lineage_put(&lineage, &old);
	lineage_take(&lineage, &next);
	assert_int_equal(next.starts, 4);
	lineage_put(&lineage, &old);
	lineage_drop(&lineage, &old);
	next.starts = 0;
	lineage_take(&lineage, &next);
	assert_int_equal(next.starts, 0);
	lineage_fini(&lineage);
}

static void table_is_bounded_and_gives_up_the_oldest(void **state)
{
	struct lineage lineage = { 0 };
	struct container container;
	char name[16];

	(void) state;
	for (unsigned i = 0; i <= LINEAGE_MAX; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		container = named(&docker, name, 1);
		lineage_put(&lineage, &container);
	}
	container = named(&docker, "c0", 0);
	lineage_take(&lineage, &container);
	assert_int_equal(container.starts, 0);
	container = named(&docker, "c1", 0);
	lineage_take(&lineage, &container);
	assert_int_equal(container.starts, 1);
	lineage_fini(&lineage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_of_the_same_name_takes_the_counts_once),
		cmocka_unit_test(other_runtime_name_owner_or_pod_is_somebody_else),
		cmocka_unit_test(later_end_replaces_and_a_return_drops),
		cmocka_unit_test(table_is_bounded_and_gives_up_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
