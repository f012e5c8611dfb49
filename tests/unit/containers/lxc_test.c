/* SPDX-License-Identifier: Apache-2.0 */

/* lxc: cgroups and files of LXC, Incus, LXD and Proxmox, and of other users. */

#include "recorder.h"

#include "containers/dossier.h"

#define HOME    "home/ann/.local/share/lxc/"
#define SESSION "/user.slice/user-1000.slice/user@1000.service/app.slice/lxc-web-1.scope/"
#define PASSWD  "root:x:0:0::/root:/bin/sh\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\n"
#define CONFIG  "lxc.uts.name = web\nlxc.rootfs.path = dir:/var/lib/lxc/web/rootfs\n"

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	host_make(&bench->host);
	bench_open(bench, "lxc", NULL);
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

static void refresh(struct bench *bench)
{
	assert_int_equal(bench->runtime->refresh(bench->state), 0);
}

static enum match_kind kind_of(struct bench *bench, const char *path)
{
	struct match match = { .kind = MATCH_NONE };

	bench->runtime->match(bench->state, path, &match);
	return match.kind;
}

/* The user's directory has to be his own; who runs the test has to be that user, or root. */
static bool make_home(struct bench *bench, const char *config)
{
	host_write(&bench->host, "etc/passwd", PASSWD);
	host_write(&bench->host, HOME "web/config", config);
	return fchownat(bench->host.root_fd, "home/ann/.local/share/lxc", 1000, 1000, 0) == 0;
}

static void payload_is_named_in_its_path(void **state)
{
	static const struct {
		const char *path, *id;
	} cases[] = {
		{ "/lxc.payload.web", "web" },
		{ "/lxc.payload.web.example.org", "web.example.org" },
		{ "/lxc.payload.blue_web", "blue_web" }, /* a project of Incus */
		{ "/system.slice/lxc.payload.web", "web" },
		{ "/lxc.payload/web", "web" },
		{ "/lxc/web", "web" },
		{ "/lxc/101", "101" },
		{ SESSION "lxc.payload.web", "web@1000" },
		{ "/lxc.payload.web@1000", "web@1000@0" },
		{ "/lxc.payload.", "" },
		{ "/lxc.payload", "" },
		{ "/lxc", "" },
		{ "/lxc/", "" },
		{ "/lxc/101/ns", "" },
		{ "/a/lxc/web", "" }, /* anybody's directory */
		{ "/xlxc.payload.web", "" },
		{ "/lxc.payload.web/init.scope", "" },
		{ "/user.slice/user-1000.slice/user@1000.service/app.slice/lxc-web-1.scope", "" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(bench_match(bench, cases[i].path), cases[i].id);
}

static void who_looks_after_it_is_a_helper(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(kind_of(bench, "/lxc.monitor.web"), MATCH_HELPER);
	assert_int_equal(kind_of(bench, "/lxc.monitor"), MATCH_HELPER); /* of Proxmox */
	assert_int_equal(kind_of(bench, "/lxc.pivot"), MATCH_HELPER);
	assert_int_equal(kind_of(bench, SESSION "lxc.monitor.web"), MATCH_HELPER);
	assert_int_equal(kind_of(bench, "/lxc.monitors"), MATCH_NONE);
}

static void number_of_a_further_try_is_taken_off_a_known_name(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "var/lib/lxc/web/config", CONFIG);
	host_write(&bench->host, "var/lib/lxc/db-2/config", CONFIG);
	refresh(bench);
	assert_string_equal(bench_match(bench, "/lxc.payload.web-1"), "web");
	assert_string_equal(bench_match(bench, "/lxc.payload.web-12"), "web");
	assert_string_equal(bench_match(bench, "/lxc.payload.web-x"), "web-x");
	assert_string_equal(bench_match(bench, "/lxc.payload.web-"), "web-");
	assert_string_equal(bench_match(bench, "/lxc.payload.db-2"), "db-2");
	assert_string_equal(bench_match(bench, "/lxc.payload.db-2-1"), "db-2");
	assert_string_equal(bench_match(bench, "/lxc.payload.mail-1"), "mail-1");
	assert_string_equal(bench_match(bench, "/a/lxc/web"), "web"); /* files prove it */
}

static void config_tells_root_and_network(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "var/lib/lxc/web/config",
		   CONFIG "lxc.net.0.type = none\nlxc.net.0.ipv4.address = 10.0.3.7/24\n");
	refresh(bench);
	assert_int_equal(bench_describe(bench, "web", "/lxc.payload.web"), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.image, "/var/lib/lxc/web/rootfs");
	assert_string_equal(bench->identity.address, "10.0.3.7");
	assert_true(bench->identity.host_network);
	assert_false(bench->identity.has_owner);
	assert_null(bench->identity.detail);
}

static void container_without_files_keeps_its_name(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_describe(bench, "a-name-of-some-length", "/lxc.payload.a"), -ENOENT);
	assert_string_equal(bench->identity.name, "a-name-of-some-length");
	assert_int_equal(bench->identity.condition.state, STATE_UNKNOWN);
	assert_non_null(bench->identity.detail);
	assert_int_equal(bench->runtime->stamp(bench->state, "a", NULL), 0);
}

static void incus_writes_its_configuration_beside_the_logs(void **state)
{
	struct bench *bench = *state;

	host_directory(&bench->host, "var/lib/incus/storage-pools/default/containers/web");
	host_directory(&bench->host, "var/lib/incus/containers");
	host_link(&bench->host, "/var/lib/incus/storage-pools/default/containers/web",
		  "var/lib/incus/containers/web");
	host_write(&bench->host, "run/incus/web/lxc.conf", "lxc.rootfs.path = dir:/pool/web\n");
	refresh(bench);
	assert_int_equal(bench_describe(bench, "web", "/lxc.payload.web"), 0);
	assert_string_equal(bench->identity.image, "/pool/web");
	host_write(&bench->host, "run/incus/removed/lxc.conf", "lxc.rootfs.path = /pool/x\n");
	assert_int_equal(bench_describe(bench, "removed", NULL), -ENOENT);
	assert_int_equal(bench->identity.condition.state, STATE_UNKNOWN);
	host_unlink(&bench->host, "run/incus/web/lxc.conf");
	assert_int_equal(bench_describe(bench, "web", NULL), 0);
	assert_null(bench->identity.image);
	assert_int_equal(bench->identity.condition.state, STATE_EXITED);
}

static void proxmox_tells_the_host_name(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "etc/pve/nodes/a/lxc/101.conf",
		   "#unprivileged\narch: amd64\nhostname: mail\nmemory: 512\n"
		   "net0: name=eth0,bridge=vmbr0,ip=10.0.0.5/24,type=veth\n"
		   "rootfs: local-lvm:vm-101-disk-0,size=8G\n\n"
		   "[before]\nhostname: old\n");
	host_link(&bench->host, "nodes/a/lxc", "etc/pve/lxc");
	host_write(&bench->host, "var/lib/lxc/101/config",
		   "lxc.rootfs.path = /var/lib/lxc/101/rootfs\n");
	refresh(bench);
	assert_string_equal(bench_match(bench, "/lxc/101"), "101");
	assert_int_equal(bench_describe(bench, "101", "/lxc/101"), 0);
	assert_string_equal(bench->identity.name, "mail");
	assert_string_equal(bench->identity.image, "local-lvm:vm-101-disk-0");
	assert_string_equal(bench->identity.address, "10.0.0.5");
}

static void configured_paths_replace_the_usual_ones(void **state)
{
	static const char *const places[] = { "/srv/lxc", "/srv/incus/containers", NULL };
	struct bench *bench = *state;

	host_write(&bench->host, "var/lib/lxc/web/config", CONFIG);
	host_write(&bench->host, "srv/lxc/db/config", CONFIG);
	host_directory(&bench->host, "srv/incus/containers/mail");
	bench->runtime->close(bench->state);
	bench_open(bench, "lxc", places);
	refresh(bench);
	assert_int_equal(bench_describe(bench, "web", NULL), -ENOENT);
	assert_int_equal(bench_describe(bench, "db", NULL), 0);
	assert_int_equal(bench_describe(bench, "mail", NULL), 0);
}

static void other_users_files_are_those_of_their_own_containers(void **state)
{
	struct bench *bench = *state;

	if (!make_home(bench, "lxc.rootfs.path = /home/ann/web\n"))
		skip(); /* only root gives files away */
	host_write(&bench->host, "var/lib/lxc/web/config", CONFIG);
	refresh(bench);
	assert_string_equal(bench_match(bench, SESSION "lxc.payload.web-3"), "web@1000");
	assert_int_equal(bench_describe(bench, "web@1000", SESSION "lxc.payload.web-3"), 0);
	assert_string_equal(bench->identity.name, "web");
	assert_string_equal(bench->identity.image, "/home/ann/web");
	assert_true(bench->identity.has_owner);
	assert_int_equal(bench->identity.owner_uid, 1000);
	assert_int_equal(bench_describe(bench, "web", NULL), 0);
	assert_string_equal(bench->identity.image, "/var/lib/lxc/web/rootfs");
	assert_int_equal(bench_describe(bench, "web@1001", NULL), -ENOENT);
}

static void user_cannot_lead_to_somebody_elses_files(void **state)
{
	struct bench *bench = *state;

	host_write(&bench->host, "etc/passwd", PASSWD);
	host_write(&bench->host, "root/secret/web/config", CONFIG);
	host_directory(&bench->host, "home/ann/.local/share");
	host_link(&bench->host, "/root/secret", "home/ann/.local/share/lxc");
	assert_int_equal(bench->runtime->refresh(bench->state), -ENOENT);
	assert_string_equal(bench_match(bench, SESSION "lxc.payload.web"), "web@1000");
	assert_int_equal(bench_describe(bench, "web@1000", NULL), -ENOENT);
	assert_null(bench->identity.image);
}

static void what_is_no_file_of_lxc_is_not_read(void **state)
{
	static char large[300000];
	struct bench *bench = *state;

	memset(large, '#', sizeof(large) - 1);
	host_write(&bench->host, "var/lib/lxc/large/config", large);
	host_directory(&bench->host, "var/lib/lxc/pipe");
	assert_int_equal(mkfifoat(bench->host.root_fd, "var/lib/lxc/pipe/config", 0600), 0);
	host_write(&bench->host, "root/config", CONFIG);
	host_link(&bench->host, "/root", "var/lib/lxc/link");
	host_directory(&bench->host, "var/lib/lxc/folder/config");
	refresh(bench);
	assert_int_equal(bench_describe(bench, "large", NULL), -EFBIG);
	assert_string_equal(bench->identity.detail, "large/config: too large, not read");
	assert_int_equal(bench_describe(bench, "pipe", NULL), -EINVAL);
	assert_int_equal(bench_describe(bench, "link", NULL), -ELOOP);
	assert_int_equal(bench_describe(bench, "folder", NULL), -EINVAL);
	assert_int_equal(bench_describe(bench, "..", NULL), -EXDEV);
	assert_null(bench->identity.image);
}

static void collect(const char *id, void *userdata)
{
	char *text = userdata;

	strcat(strcat(text, id), " ");
}

static void list_has_every_home(void **state)
{
	struct bench *bench = *state;
	char text[256] = "";

	host_write(&bench->host, "var/lib/lxc/web/config", CONFIG);
	host_directory(&bench->host, "var/lib/lxc/half-made");
	host_write(&bench->host, "var/lib/lxc/.hidden/config", CONFIG);
	host_write(&bench->host, "var/lib/lxc/file", "");
	host_write(&bench->host, "etc/pve/lxc/101.conf", "hostname: mail\n");
	host_directory(&bench->host, "var/lib/incus/containers/blue_db");
	host_directory(&bench->host, "run/incus/removed");
	refresh(bench);
	assert_int_equal(bench->runtime->list(bench->state, 100, collect, text), 0);
	assert_string_equal(text, "101 web blue_db ");
}

static void stamp_tells_of_a_change(void **state)
{
	struct bench *bench = *state;
	uint64_t before;

	host_write(&bench->host, "var/lib/lxc/web/config", CONFIG);
	refresh(bench);
	before = bench->runtime->stamp(bench->state, "web", NULL);
	assert_int_not_equal(before, 0);
	assert_int_equal(bench->runtime->stamp(bench->state, "web", NULL), before);
	host_write(&bench->host, "var/lib/lxc/web/config", CONFIG "#\n");
	assert_int_not_equal(bench->runtime->stamp(bench->state, "web", NULL), before);
}

static void changes_name_the_container(void **state)
{
	struct bench *bench = *state;
	struct change change = { .kind = CHANGE_NONE };

	host_directory(&bench->host, "var/lib/lxc");
	host_directory(&bench->host, "etc/pve/lxc");
	refresh(bench);
	bench->runtime->changed(bench->state, "var/lib/lxc", "web", &change);
	assert_int_equal(change.kind, CHANGE_CONTAINER);
	assert_string_equal(change.text, "web");
	bench->runtime->changed(bench->state, "etc/pve/lxc", "101.conf", &change);
	assert_string_equal(change.text, "101");
	bench->runtime->changed(bench->state, "lxc:1000", "web", &change);
	assert_string_equal(change.text, "web@1000");
	change.kind = CHANGE_NONE;
	bench->runtime->changed(bench->state, "var/lib/incus", "containers", &change);
	assert_int_equal(change.kind, CHANGE_ENGINE);
	change.kind = CHANGE_NONE;
	bench->runtime->changed(bench->state, "var/lib/lxc", ".web.swp", &change);
	bench->runtime->changed(bench->state, "run/runc", "web", &change);
	assert_int_equal(change.kind, CHANGE_NONE);
}

static void dossier_is_read_from_the_configuration(void **state)
{
	struct dossier dossier = { 0 };
	struct bench *bench = *state;

	host_write(&bench->host, "var/lib/lxc/web/config", CONFIG);
	refresh(bench);
	assert_int_equal(bench->runtime->inspect(bench->state, "web", NULL, &dossier), 0);
	assert_string_equal(json_string_value(json_object_get(dossier.config, "Hostname")), "web");
	assert_int_equal(bench->runtime->inspect(bench->state, "db", NULL, &dossier), -ENOENT);
	dossier_fini(&dossier);
}

/* The registry's view: one container, whatever its own systemd makes, and also when it rests. */
static void container_starts_and_stops(void **state)
{
	struct record *record = *state;

	host_write(&record->host, "var/lib/lxc/web/config", CONFIG);
	record_open(record, 10, 60 * NSEC_PER_SEC);
	record_rescan(record);
	assert_record(record, "listed web");
	host_cgroup(&record->host, "lxc.monitor.web", 1);
	host_cgroup(&record->host, "lxc.payload.web", 1);
	host_cgroup(&record->host, "lxc.payload.web/system.slice/ssh.service", 1);
	record_rescan(record);
	assert_record(record, "came web");
	host_cgroup_remove(&record->host, "lxc.payload.web/system.slice/ssh.service");
	host_cgroup_remove(&record->host, "lxc.payload.web/system.slice");
	host_cgroup_remove(&record->host, "lxc.payload.web");
	record_rescan(record);
	assert_record(record, "went web");
}

static void directory_of_an_earlier_run_is_no_container(void **state)
{
	struct record *record = *state;

	host_write(&record->host, "var/lib/lxc/web/config", CONFIG);
	host_cgroup(&record->host, "lxc.payload.web", 0);
	host_cgroup(&record->host, "lxc.payload.web-1", 1);
	record_open(record, 10, 60 * NSEC_PER_SEC);
	record_rescan(record);
	assert_int_equal(record_stats(record).live, 1);
	assert_string_equal(registry_next(record->registry, NULL)->path, "/lxc.payload.web-1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(payload_is_named_in_its_path, setup, teardown),
		cmocka_unit_test_setup_teardown(who_looks_after_it_is_a_helper, setup, teardown),
		cmocka_unit_test_setup_teardown(number_of_a_further_try_is_taken_off_a_known_name,
						setup, teardown),
		cmocka_unit_test_setup_teardown(config_tells_root_and_network, setup, teardown),
		cmocka_unit_test_setup_teardown(container_without_files_keeps_its_name, setup,
						teardown),
		cmocka_unit_test_setup_teardown(incus_writes_its_configuration_beside_the_logs,
						setup, teardown),
		cmocka_unit_test_setup_teardown(proxmox_tells_the_host_name, setup, teardown),
		cmocka_unit_test_setup_teardown(configured_paths_replace_the_usual_ones, setup,
						teardown),
		cmocka_unit_test_setup_teardown(other_users_files_are_those_of_their_own_containers,
						setup, teardown),
		cmocka_unit_test_setup_teardown(user_cannot_lead_to_somebody_elses_files, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_is_no_file_of_lxc_is_not_read, setup,
						teardown),
		cmocka_unit_test_setup_teardown(list_has_every_home, setup, teardown),
		cmocka_unit_test_setup_teardown(stamp_tells_of_a_change, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_name_the_container, setup, teardown),
		cmocka_unit_test_setup_teardown(dossier_is_read_from_the_configuration, setup,
						teardown),
		cmocka_unit_test_setup_teardown(container_starts_and_stops, record_setup,
						record_teardown),
		cmocka_unit_test_setup_teardown(directory_of_an_earlier_run_is_no_container,
						record_setup, record_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
