/* SPDX-License-Identifier: Apache-2.0 */

/* tree: what is found by a scan, by events, and in the moments between. */

#include "host.h"

#include "containers/tree.h"

#define FOUND_BYTES 4096

struct fixture {
	struct host host;
	struct watches watches;
	struct tree *tree;
	int cgroup_fd;
	char found[FOUND_BYTES]; /* paths, each with a blank behind; '-' before those that went */
	const char *make;        /* made by the handler while the directory is new */
};

/* What has "box" in its name is taken. */
static bool on_found(const char *path, uint64_t inode, void *userdata)
{
	struct fixture *fixture = userdata;
	size_t used = strlen(fixture->found);

	assert_int_not_equal(inode, 0);
	snprintf(fixture->found + used, FOUND_BYTES - used, "%s ", path);
	if (fixture->make)
		host_cgroup(&fixture->host, fixture->make, -1);
	fixture->make = NULL;
	return strstr(path, "box") != NULL;
}

static bool on_known(const char *path, uint64_t inode, void *userdata)
{
	(void) inode;
	(void) userdata;
	return strcmp(path, "/known-box") == 0;
}

static void on_gone(const char *path, void *userdata)
{
	struct fixture *fixture = userdata;
	size_t used = strlen(fixture->found);

	snprintf(fixture->found + used, FOUND_BYTES - used, "-%s ", path);
}

static void on_watch(const struct watch *watch, uint32_t mask, const char *name, void *userdata)
{
	struct fixture *fixture = userdata;

	assert_non_null(watch);
	tree_on_event(fixture->tree, watch, mask, name);
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const struct tree_events events = { on_known, on_found, on_gone, fixture };

	host_make(&fixture->host);
	fixture->cgroup_fd = openat(fixture->host.root_fd, CGROUPS, O_PATH | O_DIRECTORY);
	(void) watches_init(&fixture->watches); /* or fd is -1, and tests of events skip */
	assert_int_equal(tree_new(fixture->cgroup_fd, &fixture->watches, &events, &fixture->tree),
			 0);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	tree_free(fixture->tree);
	watches_fini(&fixture->watches);
	close(fixture->cgroup_fd);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static void scan(struct fixture *fixture)
{
	fixture->found[0] = '\0';
	assert_int_equal(tree_scan(fixture->tree), 0);
}

static void dispatch(struct fixture *fixture)
{
	if (fixture->watches.fd < 0)
		skip();
	fixture->found[0] = '\0';
	assert_int_equal(watches_dispatch(&fixture->watches, on_watch, fixture), 0);
}

static void assert_found(const struct fixture *fixture, const char *path)
{
	char padded[512];

	snprintf(padded, sizeof(padded), "%s ", path);
	if (!strstr(fixture->found, padded))
		fail_msg("'%s' is not in '%s'", path, fixture->found);
}

static uint32_t directories(const struct fixture *fixture)
{
	struct tree_stats stats;

	tree_stats_get(fixture->tree, &stats);
	return stats.directories;
}

static void scan_finds_all_but_what_was_taken(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "a/b/c", 0);
	host_cgroup(&fixture->host, "a/box/inner/box", 0);
	host_cgroup(&fixture->host, "known-box/inner", 0);
	host_write(&fixture->host, CGROUPS "/a/file", "x");
	scan(fixture);
	assert_found(fixture, "/a");
	assert_found(fixture, "/a/b");
	assert_found(fixture, "/a/b/c");
	assert_found(fixture, "/a/box");
	assert_null(strstr(fixture->found, "inner"));
	assert_null(strstr(fixture->found, "known"));
	assert_null(strstr(fixture->found, "file"));
	assert_int_equal(directories(fixture), 4); /* with the root */
}

static void events_tell_of_new_and_of_gone(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "a", -1);
	scan(fixture);
	host_cgroup(&fixture->host, "a/box", -1);
	dispatch(fixture);
	assert_string_equal(fixture->found, "/a/box ");
	host_cgroup_remove(&fixture->host, "a/box");
	dispatch(fixture);
	assert_string_equal(fixture->found, "-/a/box ");
	host_cgroup_remove(&fixture->host, "a");
	dispatch(fixture);
	assert_string_equal(fixture->found, "-/a ");
	assert_int_equal(directories(fixture), 1);
}

static void directories_made_at_once_are_found(void **state)
{
	struct fixture *fixture = *state;

	scan(fixture);
	host_cgroup(&fixture->host, "a/b/c/box", -1);
	dispatch(fixture);
	assert_string_equal(fixture->found, "/a /a/b /a/b/c /a/b/c/box ");
	host_cgroup(&fixture->host, "a/b/box", -1); /* so the new ones are watched */
	dispatch(fixture);
	assert_string_equal(fixture->found, "/a/b/box ");
}

/* Made after the directory was seen and before it is watched; or after the watch: told twice. */
static void directory_made_between_is_not_missed(void **state)
{
	struct fixture *fixture = *state;

	scan(fixture);
	fixture->make = "a/box";
	host_cgroup(&fixture->host, "a", -1);
	dispatch(fixture);
	assert_found(fixture, "/a/box");
}

static void gone_before_the_event_is_read_is_no_trouble(void **state)
{
	struct fixture *fixture = *state;

	scan(fixture);
	host_cgroup(&fixture->host, "box", -1);
	host_cgroup_remove(&fixture->host, "box");
	dispatch(fixture);
	assert_string_equal(fixture->found, "-/box ");
}

static void scan_forgets_what_is_gone(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "a/b", -1);
	scan(fixture);
	assert_int_equal(directories(fixture), 3);
	host_cgroup_remove(&fixture->host, "a/b");
	host_cgroup_remove(&fixture->host, "a");
	scan(fixture);
	assert_int_equal(directories(fixture), 1);
}

static void replaced_directory_is_watched_anew(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "a", -1);
	host_cgroup(&fixture->host, "new", -1);
	scan(fixture);
	assert_int_equal(renameat(fixture->cgroup_fd, "new", fixture->cgroup_fd, "a"), 0);
	scan(fixture);
	dispatch(fixture);
	host_cgroup(&fixture->host, "a/box", -1);
	dispatch(fixture);
	assert_string_equal(fixture->found, "/a/box ");
}

static void directory_that_is_taken_later_is_left(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "late", -1);
	host_cgroup(&fixture->host, "late/a/b", -1);
	host_cgroup(&fixture->host, "later", -1);
	scan(fixture);
	assert_int_equal(directories(fixture), 5);
	/* on_found takes it by its name, as a registry does when a state file has appeared. */
	assert_int_equal(renameat(fixture->cgroup_fd, "late", fixture->cgroup_fd, "latebox"), 0);
	dispatch(fixture);
	assert_found(fixture, "-/late");
	assert_found(fixture, "/latebox");
	assert_int_equal(directories(fixture), 2);
}

static void look_asks_again_unless_below_what_was_taken(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "a/b", -1);
	host_cgroup(&fixture->host, "box/inner", -1);
	scan(fixture);
	fixture->found[0] = '\0';
	tree_look(fixture->tree, "/a/b");
	tree_look(fixture->tree, "/a");
	assert_string_equal(fixture->found, "/a/b /a /a/b ");
	fixture->found[0] = '\0';
	tree_look(fixture->tree, "/box/inner");
	tree_look(fixture->tree, "/none");
	tree_look(fixture->tree, "/none/deeper");
	tree_look(fixture->tree, "/");
	tree_look(fixture->tree, "");
	assert_string_equal(fixture->found, "");
}

static void depth_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct tree_stats stats;
	char path[80];

	for (size_t i = 0; i < sizeof(path); i += 2) {
		path[i] = 'd';
		path[i + 1] = '/';
	}
	path[sizeof(path) - 1] = '\0';
	host_cgroup(&fixture->host, path, -1);
	scan(fixture);
	tree_stats_get(fixture->tree, &stats);
	assert_int_equal(stats.directories, 33);
	assert_int_equal(stats.refused, 1);
}

static void hostile_names_are_only_names(void **state)
{
	struct fixture *fixture = *state;

	scan(fixture);
	host_cgroup(&fixture->host, "a\nb\"\\\xff%s%n", -1);
	host_cgroup(&fixture->host, "a\nb\"\\\xff%s%n/box", -1);
	dispatch(fixture);
	assert_found(fixture, "/a\nb\"\\\xff%s%n/box");
}

static void symbolic_link_is_no_cgroup(void **state)
{
	struct fixture *fixture = *state;

	host_directory(&fixture->host, "outside/box");
	host_link(&fixture->host, "../../../outside", CGROUPS "/link");
	scan(fixture);
	assert_string_equal(fixture->found, "");
}

static void inode_tells_whether_a_directory_is_there(void **state)
{
	struct fixture *fixture = *state;

	host_cgroup(&fixture->host, "a", 1);
	assert_int_not_equal(tree_inode(fixture->tree, "/"), 0);
	assert_int_not_equal(tree_inode(fixture->tree, "/a"), 0);
	assert_int_equal(tree_inode(fixture->tree, "/b"), 0);
	assert_int_equal(tree_inode(fixture->tree, "/a/cgroup.events"), 0);
}

static void unlistable_directory_is_reported(void **state)
{
	struct fixture *fixture = *state;

	if (geteuid() == 0) {
		print_message("root may list every directory\n");
		skip();
	}
	host_cgroup(&fixture->host, "a/b", -1);
	assert_int_equal(fchmodat(fixture->cgroup_fd, "a", 0, 0), 0);
	assert_int_equal(tree_scan(fixture->tree), 1);
	assert_int_equal(fchmodat(fixture->cgroup_fd, "a", 0755, 0), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(scan_finds_all_but_what_was_taken),
		TEST(events_tell_of_new_and_of_gone),
		TEST(directories_made_at_once_are_found),
		TEST(directory_made_between_is_not_missed),
		TEST(gone_before_the_event_is_read_is_no_trouble),
		TEST(scan_forgets_what_is_gone),
		TEST(replaced_directory_is_watched_anew),
		TEST(directory_that_is_taken_later_is_left),
		TEST(look_asks_again_unless_below_what_was_taken),
		TEST(depth_is_bounded),
		TEST(hostile_names_are_only_names),
		TEST(symbolic_link_is_no_cgroup),
		TEST(inode_tells_whether_a_directory_is_there),
		TEST(unlistable_directory_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
