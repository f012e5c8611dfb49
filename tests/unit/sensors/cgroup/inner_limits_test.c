/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/sensors/fake_host.h"

#define SCOPE      "/machine.slice/libpod-0123.scope"
#define SCOPE_TREE TREE "machine.slice/libpod-0123.scope/"

/* The site that every fake has is another container's: this one takes its place. */
static void open_at(struct fake *fake, const char *path)
{
	fake_open(fake);
	site_close(&fake->site);
	assert_int_equal(site_open(&fake->host, path, &fake->site), 0);
}

static void sample_all(struct fake *fake)
{
	assert_int_equal(fake_sample(fake, "memory_limits"), 0);
	assert_int_equal(fake_sample(fake, "pids_limits"), 0);
	assert_int_equal(fake_sample(fake, "inner_limits"), 0);
}

static void inner_limit_binds_where_the_scope_has_none(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, SCOPE_TREE "memory.max", "max\n");
	fake_write(fake, SCOPE_TREE "pids.max", "4683\n");
	fake_write(fake, SCOPE_TREE "container/memory.max", "67108864\n");
	fake_write(fake, SCOPE_TREE "container/memory.high", "max\n");
	fake_write(fake, SCOPE_TREE "container/pids.max", "2048\n");
	open_at(fake, SCOPE);
	sample_all(fake);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 67108864);
	assert_cell(fake->row, METRIC_THREADS_MAX, 2048);
	assert_absent(fake->row, METRIC_MEMORY_HIGH_BYTES);
	fake_free(fake);
}

static void the_tighter_one_binds(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, SCOPE_TREE "memory.swap.max", "100\n");
	fake_write(fake, SCOPE_TREE "memory.max", "100\n");
	fake_write(fake, SCOPE_TREE "container/memory.swap.max", "50\n");
	fake_write(fake, SCOPE_TREE "container/memory.max", "200\n");
	open_at(fake, SCOPE);
	sample_all(fake);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 100);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_SWAP_LIMIT_BYTES, 50);
	fake_free(fake);
}

/* Whoever may make cgroups in a container must not invent a limit for it. */
static void another_engines_inner_cgroup_is_its_own_affair(void **state)
{
	struct fake *fake = fake_new();

	(void) state;
	fake_write(fake, CGROUP "memory.max", "max\n");
	fake_write(fake, CGROUP "container/memory.max", "5\n");
	open_at(fake, "/docker/one");
	sample_all(fake);
	assert_cell(fake->row, METRIC_SPEC_MEMORY_LIMIT_BYTES, 0);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inner_limit_binds_where_the_scope_has_none),
		cmocka_unit_test(the_tighter_one_binds),
		cmocka_unit_test(another_engines_inner_cgroup_is_its_own_affair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
