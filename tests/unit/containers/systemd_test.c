/* SPDX-License-Identifier: Apache-2.0 */

/* systemd: services, when they are asked for, beside the containers of engines below them. */

#include "recorder.h"

#define USER "/user.slice/user-1000.slice/user@1000.service"

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	host_make(&bench->host);
	bench_open(bench, "systemd", NULL);
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

static void service_is_called_as_systemctl_calls_it(void **state)
{
	static const struct {
		const char *path, *id;
	} cases[] = {
		{ "/system.slice/ssh.service", "ssh.service" },
		{ "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service" },
		{ "/system.slice/my\\x2dweb.service", "my\\x2dweb.service" },
		{ "/system.slice/_cgroup.service", "cgroup.service" },
		{ USER, "user@1000.service@1000" },
		{ USER "/app.slice/web.service", "web.service@1000" },
		{ "/machine.slice/systemd-nspawn@deb.service", "" },
		{ "/init.scope", "" },
		{ "/system.slice", "" },
		{ "/system.slice/.service", "" },
		{ "/system.slice/ssh.service/web", "" },
		{ "/system.slice/ssh.socket", "" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(bench_match(bench, cases[i].path), cases[i].id);
}

static void description_is_that_of_the_unit_file(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "usr/lib/systemd/system/ssh.service",
		   "[Unit]\nDescription=Secure shell\n\n[Service]\nExecStart=/bin/true\n");
	host_write(&bench->host, "usr/lib/systemd/system/web.service", "Description=theirs\n");
	host_write(&bench->host, "etc/systemd/system/web.service", "Description=ours\n");
	host_write(&bench->host, "usr/lib/systemd/system/getty@.service", "Description=At %I\n");
	host_write(&bench->host, "usr/lib/systemd/system/job@.service", "Description=A job\n");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);

	assert_int_equal(bench_describe(bench, "ssh.service", NULL), -ENOENT);
	assert_string_equal(bench->identity.name, "ssh.service");
	assert_null(bench->identity.image);
	assert_string_equal(identity_find_label(&bench->identity, "description"), "Secure shell");
	(void) bench_describe(bench, "web.service", NULL);
	assert_string_equal(identity_find_label(&bench->identity, "description"), "ours");
	(void) bench_describe(bench, "getty@tty1.service", NULL);
	assert_null(bench->identity.labels);
	(void) bench_describe(bench, "job@7.service", NULL);
	assert_string_equal(identity_find_label(&bench->identity, "description"), "A job");
	(void) bench_describe(bench, "web.service@1000", NULL); /* another one of this name */
	assert_null(bench->identity.labels);
	assert_int_equal(bench->identity.owner_uid, 1000);
}

static void unit_file_that_is_none_is_not_read(void **state)
{
	struct bench *bench = *state;

	host_directory(&bench->host, "etc/systemd/system");
	assert_int_equal(mkfifoat(bench->host.root_fd, "etc/systemd/system/a.service", 0600), 0);
	host_link(&bench->host, "/dev/null", "etc/systemd/system/b.service");
	host_write(&bench->host, "etc/systemd/system/c.service", "Description=\xff\n");
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
	(void) bench_describe(bench, "a.service", NULL);
	assert_null(bench->identity.labels);
	(void) bench_describe(bench, "b.service", NULL);
	assert_null(bench->identity.labels);
	(void) bench_describe(bench, "c.service", NULL);
	assert_string_equal(identity_find_label(&bench->identity, "description"), "\xef\xbf\xbd");
}

static void make_services(struct record *record)
{
	host_cgroup(&record->host, "system.slice/ssh.service", 1);
	host_cgroup(&record->host, "system.slice/web.service/libpod-payload-" ID_A, 1);
	host_cgroup(&record->host, "machine.slice/systemd-nspawn@deb.service/payload", 1);
}

/* A service of a podman unit has a container below it. */
static void containers_below_a_service_are_found_with_it_and_without(void **state)
{
	struct record *record = *state;

	record->services = true;
	make_services(record);
	host_cgroup(&record->host, "system.slice/web.service", 1);
	record_open(record, 10, 60 * NSEC_PER_SEC);
	for (int i = 0; i < 3; i++)
		record_rescan(record);
	assert_non_null(strstr(record->text, "came ssh.service"));
	assert_non_null(strstr(record->text, "came web.service"));
	assert_non_null(strstr(record->text, "came aaaaaaaaaaaa"));
	assert_non_null(strstr(record->text, "came deb"));
	assert_int_equal(record_stats(record).live, 4);
	assert_int_equal(record_stats(record).went, 0);
}

static void containers_below_a_service_come_later_and_go(void **state)
{
	struct record *record = *state;

	record->services = true;
	host_cgroup(&record->host, "system.slice/web.service", 1);
	record_open(record, 10, 60 * NSEC_PER_SEC);
	record_rescan(record);
	assert_record(record, "came web.service");
	host_cgroup(&record->host, "system.slice/web.service/libpod-payload-" ID_A, 1);
	record_dispatch(record);
	assert_record(record, "came aaaaaaaaaaaa");
	host_cgroup_remove(&record->host, "system.slice/web.service/libpod-payload-" ID_A);
	record_dispatch(record);
	assert_record(record, "went aaaaaaaaaaaa");
	host_cgroup_remove(&record->host, "system.slice/web.service");
	record_dispatch(record);
	assert_record(record, "went web.service");
}

static void nobody_asked_for_services(void **state)
{
	struct record *record = *state;

	make_services(record);
	record_open(record, 10, 60 * NSEC_PER_SEC);
	record_rescan(record);
	assert_null(strstr(record->text, ".service"));
	assert_non_null(strstr(record->text, "came aaaaaaaaaaaa"));
	assert_non_null(strstr(record->text, "came deb"));
	assert_int_equal(record_stats(record).live, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(service_is_called_as_systemctl_calls_it, setup,
						teardown),
		cmocka_unit_test_setup_teardown(description_is_that_of_the_unit_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(unit_file_that_is_none_is_not_read, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			containers_below_a_service_are_found_with_it_and_without, record_setup,
			record_teardown),
		cmocka_unit_test_setup_teardown(containers_below_a_service_come_later_and_go,
						record_setup, record_teardown),
		cmocka_unit_test_setup_teardown(nobody_asked_for_services, record_setup,
						record_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
