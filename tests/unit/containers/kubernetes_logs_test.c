/* SPDX-License-Identifier: Apache-2.0 */

/* kubernetes_logs: containers by the names of their logs, which are never opened. */

#include "host.h"

#include "containers/kubernetes.h"

#define UID   "12345678-1234-1234-1234-123456789abc"
#define LINKS "var/log/containers/"
#define PODS  "/var/log/pods/"

struct fixture {
	struct host host;
	struct kubernetes_logs logs;
	struct identity identity;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct runtime_place place = { 0 };

	host_make(&fixture->host);
	host_directory(&fixture->host, "var/log/containers");
	place.root_fd = fixture->host.root_fd;
	assert_int_equal(kubernetes_logs_init(&fixture->logs, &place), 0);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	identity_fini(&fixture->identity);
	kubernetes_logs_fini(&fixture->logs);
	host_remove(&fixture->host);
	free(fixture);
	return 0;
}

static const struct kubernetes_log *find(struct fixture *fixture, const char *id)
{
	kubernetes_logs_refresh(&fixture->logs);
	return kubernetes_logs_find(&fixture->logs, id);
}

static void link_tells_names_and_attempt(void **state)
{
	struct fixture *fixture = *state;
	const struct kubernetes_log *log;

	host_link(&fixture->host, PODS "prod_shop-1_" UID "/app-x/7.log",
		  LINKS "shop-1_prod_app-x-" ID_A ".log");
	log = find(fixture, ID_A);
	assert_non_null(log);
	assert_string_equal(log->pod, "shop-1");
	assert_string_equal(log->namespace, "prod");
	assert_string_equal(log->container, "app-x");
	assert_string_equal(log->uid, UID);
	assert_string_equal(log->path, PODS "prod_shop-1_" UID "/app-x/7.log");
	assert_true(log->has_attempt);
	assert_int_equal(log->attempt, 7);
	assert_null(kubernetes_logs_find(&fixture->logs, ID_B));
}

static void target_that_does_not_agree_is_not_believed(void **state)
{
	static const char *const targets[] = {
		PODS "prod_shop-2_" UID "/app/7.log",
		PODS "test_shop-1_" UID "/app/7.log",
		PODS "prod_shop-1_" UID "/other/7.log",
		PODS "prod_shop-1_" UID "/app/x/7.log",
		PODS "prod_shop-1_" UID "/app/seven.log",
		PODS "prod_shop-1_" UID "/app/7.log.gz",
		PODS "prod_shop-1_" UID "/app/99999999999999999999999.log",
		"7.log",
		"/",
		PODS "prod_shop-1_7.log",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		const struct kubernetes_log *log;

		host_link(&fixture->host, targets[i], LINKS "shop-1_prod_app-" ID_A ".log");
		log = find(fixture, ID_A);
		assert_non_null(log);
		assert_string_equal(log->container, "app");
		assert_false(log->has_attempt);
		host_unlink(&fixture->host, LINKS "shop-1_prod_app-" ID_A ".log");
	}
}

static void other_names_are_no_logs(void **state)
{
	static const char *const names[] = {
		"shop-1_prod-" ID_A ".log", "shop-" ID_A ".log",  ID_A ".log", "a_b_c-" ID_A,
		"a_b_c-" ID_A "0.log",      "a_b_c_" ID_A ".log",
	};
	struct fixture *fixture = *state;
	char path[512];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), LINKS "%s", names[i]);
		host_link(&fixture->host, PODS "b_a_" UID "/c/0.log", path);
	}
	/* Not a link. */
	host_write(&fixture->host, LINKS "a_b_c-" ID_B ".log", "x");
	kubernetes_logs_refresh(&fixture->logs);
	assert_null(fixture->logs.by_id);
}

static void log_goes_with_its_link(void **state)
{
	struct fixture *fixture = *state;

	host_link(&fixture->host, PODS "b_a_" UID "/c/0.log", LINKS "a_b_c-" ID_A ".log");
	host_link(&fixture->host, PODS "b_a_" UID "/d/0.log", LINKS "a_b_d-" ID_B ".log");
	assert_non_null(find(fixture, ID_A));
	host_unlink(&fixture->host, LINKS "a_b_c-" ID_A ".log");
	assert_null(find(fixture, ID_A));
	assert_non_null(kubernetes_logs_find(&fixture->logs, ID_B));
}

static void change_tells_the_container(void **state)
{
	struct fixture *fixture = *state;
	struct change change = { .kind = CHANGE_NONE };
	uint64_t before;

	kubernetes_logs_refresh(&fixture->logs);
	before = kubernetes_logs_stamp(&fixture->logs, ID_A);
	host_link(&fixture->host, PODS "b_a_" UID "/c/3.log", LINKS "a_b_c-" ID_A ".log");
	kubernetes_logs_changed(&fixture->logs, "var/log/containers", "a_b_c-" ID_A ".log",
				&change);
	assert_int_equal(change.kind, CHANGE_CONTAINER);
	assert_string_equal(change.text, ID_A);
	assert_int_equal(kubernetes_logs_find(&fixture->logs, ID_A)->attempt, 3);
	assert_int_not_equal(kubernetes_logs_stamp(&fixture->logs, ID_A), before);

	change.kind = CHANGE_NONE;
	kubernetes_logs_changed(&fixture->logs, "var/log/containers", "other", &change);
	kubernetes_logs_changed(&fixture->logs, "var/log/pods", "a_b_c-" ID_A ".log", &change);
	kubernetes_logs_changed(&fixture->logs, "var/log", "syslog", &change);
	assert_int_equal(change.kind, CHANGE_NONE);
	kubernetes_logs_changed(&fixture->logs, "var/log", "pods", &change);
	assert_int_equal(change.kind, CHANGE_ENGINE); /* it was not there */
}

static void restarts_without_a_link_are_those_of_the_newest_log(void **state)
{
	const struct kubernetes_names names = { "c", "a", "b", UID };
	struct fixture *fixture = *state;

	host_write(&fixture->host, "var/log/pods/b_a_" UID "/c/2.log", "x");
	host_write(&fixture->host, "var/log/pods/b_a_" UID "/c/11.log", "x");
	host_write(&fixture->host, "var/log/pods/b_a_" UID "/c/11.log.20260101-000000", "x");
	host_write(&fixture->host, "var/log/pods/b_a_" UID "/c/100.log.gz", "x");
	host_write(&fixture->host, "var/log/pods/b_a_" UID "/d/50.log", "x");
	kubernetes_logs_refresh(&fixture->logs);
	assert_int_equal(kubernetes_logs_describe(&fixture->logs, ID_A, &fixture->identity), 0);
	assert_false(fixture->identity.condition.has_restarts);

	assert_int_equal(kubernetes_describe(&names, &fixture->identity), 0);
	assert_int_equal(kubernetes_logs_describe(&fixture->logs, ID_A, &fixture->identity), 0);
	assert_true(fixture->identity.condition.has_restarts);
	assert_int_equal(fixture->identity.condition.restarts, 11);
}

static void names_never_lead_elsewhere(void **state)
{
	static const struct kubernetes_names cases[] = {
		{ "../../etc", "a", "b", UID }, { "c", "a/../..", "b", UID },
		{ "..", "a", "b", UID },        { "c", "a", "b", "" },
		{ "link", "a", "b", UID },
	};
	struct fixture *fixture = *state;

	host_write(&fixture->host, "etc/5.log", "x");
	host_write(&fixture->host, "var/log/pods/b_a_" UID "/5.log", "x");
	host_link(&fixture->host, "../../../../etc", "var/log/pods/b_a_" UID "/link");
	kubernetes_logs_refresh(&fixture->logs);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct identity identity = { 0 };

		assert_int_equal(kubernetes_describe(&cases[i], &identity), 0);
		assert_int_equal(kubernetes_logs_describe(&fixture->logs, ID_A, &identity), 0);
		assert_false(identity.condition.has_restarts);
		identity_fini(&identity);
	}
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(link_tells_names_and_attempt),
		TEST(target_that_does_not_agree_is_not_believed),
		TEST(other_names_are_no_logs),
		TEST(log_goes_with_its_link),
		TEST(change_tells_the_container),
		TEST(restarts_without_a_link_are_those_of_the_newest_log),
		TEST(names_never_lead_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
