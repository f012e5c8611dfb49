/* SPDX-License-Identifier: Apache-2.0 */

/* nspawn: units with "payload", machines that are registered, and those that are others'. */

#include "recorder.h"

#include "containers/dossier.h"
#include "containers/nspawn.h"

#define NOW_S    "1795459312" /* of the frozen clock, as in recorder.h */
#define MACHINES "run/systemd/machines/"

static const char machine[] = "# This is private data. Do not parse.\n"
			      "NAME=deb\nSCOPE=machine-deb.scope\nSERVICE=systemd-nspawn\n"
			      "ROOT=/var/lib/machines/deb\nLEADER=4711\nCLASS=container\n"
			      "REALTIME=1795459000123456\nMONOTONIC=99\nNETIF=2 3\n";

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	clock_freeze(START_NS, 1795459312 * NSEC_PER_SEC);
	host_make(&bench->host);
	host_directory(&bench->host, MACHINES "x");
	bench_open(bench, "nspawn", NULL);
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	bench_close(bench);
	host_remove(&bench->host);
	free(bench);
	clock_release();
	return 0;
}

static void payload_is_the_container_of_its_unit(void **state)
{
	static const struct {
		const char *path, *id;
	} cases[] = {
		{ "/machine.slice/systemd-nspawn@deb.service/payload", "deb" },
		{ "/machine.slice/systemd-nspawn@my-deb.service/payload", "my-deb" },
		{ "/machine.slice/machine-deb.scope/payload", "deb" },
		{ "/machine.slice/machine-my\\x2ddeb.scope/payload", "my-deb" },
		{ "/machine.slice/machine-\\x2e\\x2e\\x2fa.scope/payload", "\\x2e\\x2e\\x2fa" },
		{ "/machine.slice/machine-a\\x00.scope/payload", "a\\x00" },
		{ "/user.slice/user-1000.slice/user@1000.service/machine.slice/machine-deb.scope/"
		  "payload",
		  "deb@1000" },
		{ "/machine.slice/systemd-nspawn@deb.service", "" },
		{ "/machine.slice/machine-deb.scope", "" },
		{ "/machine.slice/machine-deb.scope/payload/init.scope", "" },
		{ "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/payload", "" },
		{ "/machine.slice/machine-lxc\\x2d1\\x2da.scope/payload", "" },
		{ "/machine.slice/machine-.scope/payload", "" },
		{ "/machine.slice/systemd-nspawn@.service/payload", "" },
		{ "/system.slice/web.service/payload", "" },
		{ "/payload", "" },
		{ "payload", "" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(bench_match(bench, cases[i].path), cases[i].id);
}

static void supervisor_is_a_helper(void **state)
{
	struct bench *bench = *state;
	struct match match = { .kind = MATCH_NONE };

	bench->runtime->match(bench->state, "/machine.slice/machine-deb.scope/supervisor", &match);
	assert_int_equal(match.kind, MATCH_HELPER);
	match.kind = MATCH_NONE;
	bench->runtime->match(bench->state, "/system.slice/web.service/supervisor", &match);
	assert_int_equal(match.kind, MATCH_NONE);
}

static void any_unit_may_register_a_machine(void **state)
{
	struct bench *bench = *state;

	host_link(&bench->host, "deb", MACHINES "unit:web.service");
	host_link(&bench->host, "../deb", MACHINES "unit:bad.service");
	assert_string_equal(bench_match(bench, "/system.slice/web.service/payload"), "deb");
	assert_string_equal(bench_match(bench, "/system.slice/bad.service/payload"), "");
	assert_string_equal(bench_match(bench, "/user.slice/user-1000.slice/user@1000.service/"
					       "web.service/payload"),
			    "");
}

static void unit_without_payload_is_the_container_after_a_while(void **state)
{
	static const char path[] = "/machine.slice/machine-deb.scope";
	struct bench *bench = *state;

	host_link(&bench->host, "deb", MACHINES "unit:machine-deb.scope");
	assert_string_equal(bench_match(bench, path), ""); /* no file */
	host_write(&bench->host, MACHINES "deb", machine);
	assert_string_equal(bench_match(bench, path), "deb");
	host_write(&bench->host, MACHINES "deb",
		   "CLASS=container\nSERVICE=systemd-nspawn\nREALTIME=" NOW_S "000000\n");
	assert_string_equal(bench_match(bench, path), ""); /* too early to say */
	host_write(&bench->host, MACHINES "deb", "CLASS=container\nSERVICE=systemd-nspawn\n");
	assert_string_equal(bench_match(bench, path), "deb");
	host_write(&bench->host, MACHINES "deb", "CLASS=vm\nSERVICE=systemd-nspawn\n");
	assert_string_equal(bench_match(bench, path), "");
	host_write(&bench->host, MACHINES "deb", "CLASS=container\nSERVICE=libvirt-lxc\n");
	assert_string_equal(bench_match(bench, path), "");
	host_write(&bench->host, MACHINES "deb", machine);
	host_cgroup(&bench->host, "machine.slice/machine-deb.scope/payload", 1);
	assert_string_equal(bench_match(bench, path), "");
}

static void file_tells_root_and_time(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, MACHINES "deb", machine);
	assert_int_equal(bench_describe(bench, "deb", NULL), 0);
	assert_string_equal(bench->identity.name, "deb");
	assert_string_equal(bench->identity.image, "/var/lib/machines/deb");
	assert_int_equal(bench->identity.created_ns, 1795459000123456000ULL);
	assert_int_equal(bench->identity.started_ns, 1795459000123456000ULL);
	assert_false(bench->identity.host_network);
	assert_null(bench->identity.detail);
}

static void machine_that_did_not_register_keeps_its_name(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_describe(bench, "deb", NULL), -ENOENT);
	assert_string_equal(bench->identity.name, "deb");
	assert_string_equal(bench->identity.detail, "not registered with systemd-machined");
	assert_int_equal(bench->runtime->stamp(bench->state, "deb", NULL), 0);
}

static void users_machine_is_not_the_systems(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, MACHINES "deb", machine);
	assert_int_equal(bench_describe(bench, "deb@1000", NULL), -ENOENT);
	assert_string_equal(bench->identity.name, "deb");
	assert_null(bench->identity.image);
	assert_true(bench->identity.has_owner);
	assert_int_equal(bench->identity.owner_uid, 1000);
}

static void odd_values_are_as_good_as_absent(void **state)
{
	struct nspawn_machine parsed;

	(void) state;
	nspawn_machine_parse("LEADER=-1\nREALTIME=99999999999999999999\nROOT=\nCLASS\n=x\n\n",
			     &parsed);
	assert_int_equal(parsed.leader, 0);
	assert_int_equal(parsed.registered_ns, 0);
	assert_int_equal(parsed.root.length, 0);
	assert_int_equal(parsed.class.length, 0);
	nspawn_machine_parse("LEADER=2147483648\nREALTIME=18446744073709551\nROOT=/a=b\n", &parsed);
	assert_int_equal(parsed.leader, 0);
	assert_int_equal(parsed.registered_ns, 0);
	assert_true(SLICE_IS(parsed.root, "/a=b"));
}

static void what_is_no_file_is_not_read(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(mkfifoat(bench->host.root_fd, MACHINES "pipe", 0600), 0);
	host_link(&bench->host, "/etc/passwd", MACHINES "link");
	assert_int_equal(bench_describe(bench, "pipe", NULL), -EINVAL);
	assert_int_equal(bench_describe(bench, "link", NULL), -ELOOP);
	assert_int_equal(bench_describe(bench, "x", NULL), -EINVAL);
	assert_string_equal(bench->identity.name, "x");
}

static void dossier_has_the_leader(void **state)
{
	struct dossier dossier = { 0 };
	struct bench *bench = *state;

	host_write(&bench->host, MACHINES "deb", machine);
	assert_int_equal(bench->runtime->inspect(bench->state, "deb", NULL, &dossier), 0);
	assert_int_equal(dossier.pid, 4711);
	assert_int_equal(bench->runtime->inspect(bench->state, "deb@1000", NULL, &dossier),
			 -ENOENT);
	dossier_fini(&dossier);
}

static void changes_name_the_machine(void **state)
{
	struct bench *bench = *state;
	struct change change = { .kind = CHANGE_NONE };

	bench->runtime->changed(bench->state, "run/systemd/machines", "unit:a.scope", &change);
	bench->runtime->changed(bench->state, "run/systemd/machines", ".#debXXXXXX", &change);
	assert_int_equal(change.kind, CHANGE_NONE);
	bench->runtime->changed(bench->state, "run/systemd/machines", "deb", &change);
	assert_int_equal(change.kind, CHANGE_CONTAINER);
	assert_string_equal(change.text, "deb");
}

static void machine_comes_and_goes(void **state)
{
	struct record *record = *state;

	host_directory(&record->host, "run/systemd/machines");
	record_open(record, 10, 60 * NSEC_PER_SEC);
	record_rescan(record);
	host_write(&record->host, MACHINES "deb", machine);
	host_cgroup(&record->host, "machine.slice/machine-deb.scope/supervisor", 1);
	host_cgroup(&record->host, "machine.slice/machine-deb.scope/payload", 1);
	host_cgroup(&record->host, "machine.slice/machine-deb.scope/payload/init.scope", 1);
	record_rescan(record);
	assert_record(record, "came deb");
	assert_string_equal(registry_next(record->registry, NULL)->path,
			    "/machine.slice/machine-deb.scope/payload");
	host_unlink(&record->host, MACHINES "deb");
	host_cgroup_remove(&record->host, "machine.slice/machine-deb.scope/payload/init.scope");
	host_cgroup_remove(&record->host, "machine.slice/machine-deb.scope/payload");
	record_rescan(record);
	assert_record(record, "went deb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(payload_is_the_container_of_its_unit, setup,
						teardown),
		cmocka_unit_test_setup_teardown(supervisor_is_a_helper, setup, teardown),
		cmocka_unit_test_setup_teardown(any_unit_may_register_a_machine, setup, teardown),
		cmocka_unit_test_setup_teardown(unit_without_payload_is_the_container_after_a_while,
						setup, teardown),
		cmocka_unit_test_setup_teardown(file_tells_root_and_time, setup, teardown),
		cmocka_unit_test_setup_teardown(machine_that_did_not_register_keeps_its_name, setup,
						teardown),
		cmocka_unit_test_setup_teardown(users_machine_is_not_the_systems, setup, teardown),
		cmocka_unit_test(odd_values_are_as_good_as_absent),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_not_read, setup, teardown),
		cmocka_unit_test_setup_teardown(dossier_has_the_leader, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_name_the_machine, setup, teardown),
		cmocka_unit_test_setup_teardown(machine_comes_and_goes, record_setup,
						record_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
