/* SPDX-License-Identifier: Apache-2.0 */

/* nomad: tasks by the names of their cgroups, and where their output is. */

#include "recorder.h"

#include "containers/dossier.h"

#define ALLOC "a1b2c3d4-e5f6-7890-abcd-ef0123456789"

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	host_make(&bench->host);
	bench_open(bench, "nomad", NULL);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	bench_close(bench);
	host_remove(&bench->host);
	free(bench);
	return 0;
}

static void task_is_named_in_its_scope(void **state)
{
	static const struct {
		const char *path, *id;
	} cases[] = {
		{ "/nomad.slice/share.slice/" ALLOC ".web.scope", ALLOC ".web" },
		{ "/nomad.slice/reserve.slice/" ALLOC ".web.scope", ALLOC ".web" },
		{ "/nomad.slice/share/" ALLOC ".web.scope", ALLOC ".web" },
		{ "/nomad.slice/" ALLOC ".web.scope", ALLOC ".web" },
		{ "/nomad.slice/share.slice/" ALLOC ".a.b.scope", ALLOC ".a.b" },
		{ "/nomad.slice/share.slice/" ALLOC "..scope", "" },
		{ "/nomad.slice/share.slice/" ALLOC ".scope", "" },
		{ "/nomad.slice/share.slice/" ALLOC "xweb.scope", "" },
		{ "/nomad.slice/share.slice/" ALLOC ".web", "" },
		{ "/nomad.slice/share.slice/A1b2c3d4-e5f6-7890-abcd-ef0123456789.web.scope", "" },
		{ "/nomad.slice/share.slice/a1b2c3d4e5f6-7890-abcd-ef01234567890.web.scope", "" },
		{ "/nomad.slice/share.slice/a.scope", "" },
		{ "/nomad.slice/share.slice", "" },
		{ "/system.slice/" ALLOC ".web.scope", "" },
		{ "/user.slice/user-1000.slice/nomad.slice/" ALLOC ".web.scope", "" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(bench_match(bench, cases[i].path), cases[i].id);
}

static void allocation_is_its_pod(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_describe(bench, ALLOC ".web", NULL), -ENOENT);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.pod, ALLOC);
	assert_null(bench->identity.image);
	assert_non_null(bench->identity.detail);
	assert_int_equal(bench_describe(bench, "web", NULL), -ENOENT);
	assert_null(bench->identity.name);
}

static void dossier_has_the_newest_log(void **state)
{
	struct dossier dossier = { 0 };
	struct bench *bench = *state;

	host_write(&bench->host, "opt/nomad/data/alloc/" ALLOC "/alloc/logs/web.stdout.0", "");
	host_write(&bench->host, "opt/nomad/data/alloc/" ALLOC "/alloc/logs/web.stdout.12", "");
	host_write(&bench->host, "opt/nomad/data/alloc/" ALLOC "/alloc/logs/web.stderr.13", "");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	assert_int_equal(bench->runtime->inspect(bench->state, ALLOC ".web", NULL, &dossier), 0);
	assert_string_equal(dossier.log_path,
			    "/opt/nomad/data/alloc/" ALLOC "/alloc/logs/web.stdout.12");
	dossier_fini(&dossier);
	assert_int_equal(bench->runtime->inspect(bench->state, ALLOC ".db", NULL, &dossier), 0);
	assert_null(dossier.log_path);
	assert_int_equal(bench->runtime->inspect(bench->state, "web", NULL, &dossier), -ENOENT);
}

static void data_directory_is_awaited(void **state)
{
	struct bench *bench = *state;
	struct change change = { .kind = CHANGE_NONE };

	assert_int_equal(bench->runtime->refresh(bench->state), -ENOENT);
	bench->runtime->changed(bench->state, "opt/nomad/data", "alloc", &change);
	assert_int_equal(change.kind, CHANGE_ENGINE);
}

/* Nomad makes the scope of a task for its docker driver, too. */
static void empty_scope_is_no_task(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, "opt/nomad/data/alloc/" ALLOC "/web");
	host_cgroup(&record->host, "nomad.slice/share.slice/" ALLOC ".web.scope", 0);
	host_cgroup(&record->host, "nomad.slice/share.slice/" ALLOC ".db.scope", 1);
	host_cgroup(&record->host, "nomad.slice/share.slice/docker-" ID_A ".scope", 1);
	record_open(record, 10, 60 * NSEC_PER_SEC);
	record_rescan(record);
	assert_int_equal(record_stats(record).live, 2);
	assert_null(strstr(record->text, "web"));
	assert_non_null(strstr(record->text, "came db"));
	assert_non_null(strstr(record->text, "came aaaaaaaaaaaa"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(task_is_named_in_its_scope, setup, teardown),
		cmocka_unit_test_setup_teardown(allocation_is_its_pod, setup, teardown),
		cmocka_unit_test_setup_teardown(dossier_has_the_newest_log, setup, teardown),
		cmocka_unit_test_setup_teardown(data_directory_is_awaited, setup, teardown),
		cmocka_unit_test_setup_teardown(empty_scope_is_no_task, record_setup,
						record_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
