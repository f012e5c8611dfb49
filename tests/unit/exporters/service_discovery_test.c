/* SPDX-License-Identifier: Apache-2.0 */

#include "exporters/service_discovery.h"

#include "unit/exporters/sample.h"

#include <errno.h>

#include "unit/exporters/checker.h"

static const struct who web = { "/docker/" ID_A, "web", "nginx:1.25", "docker", ID_A };
static const struct who other = { "/docker/" ID_B, "other", NULL, "podman", ID_B };

#define META_WEB \
	"\"__meta_plimsoll_container_name\":\"web\",\"__meta_plimsoll_container_id\":\"" ID_A \
	"\",\"__meta_plimsoll_image\":\"nginx:1.25\",\"__meta_plimsoll_engine\":\"docker\"," \
	"\"__meta_plimsoll_label_prometheus_io_scrape\":\"true\""
#define SCRAPE "prometheus.io/scrape\0true\0"

/* Draft with the container `web`, which is at an address and has these hints. */
static struct draft *draft_with_web(const char *address, const char *hints, size_t length)
{
	struct draft *draft = draft_for_test();
	struct row *row = add_container(draft, 7, &web);

	row_set(row, METRIC_CPU_USAGE_NS, 1);
	draft_string(draft, row, ATTRIBUTE_NETWORK, "own");
	draft_string(draft, row, ATTRIBUTE_ADDRESS, address);
	draft_labels(draft, row, ATTRIBUTE_HINTS, hints, length);
	return draft;
}

static int write_targets(struct draft *draft, const char *host, struct text *ret_text)
{
	struct snapshot *snapshot = seal_and_free(draft);
	int r = service_discovery_write(snapshot, host, ret_text);

	text_add(ret_text, "", 1);
	free(snapshot);
	return r;
}

/* Takes the draft. */
static void assert_targets(struct draft *draft, const char *host, const char *expected)
{
	struct text text = { 0 };

	assert_int_equal(write_targets(draft, host, &text), 0);
	assert_string_equal(text.bytes, expected);
	text_fini(&text);
}

static void nobody_is_an_empty_list(void **state)
{
	(void) state;
	assert_targets(draft_for_test(), "localhost", "[]");
	assert_targets(draft_with_web("172.17.0.2", PAIRS("")), "localhost", "[]");
}

static void only_true_is_a_wish(void **state)
{
	(void) state;
	assert_targets(draft_with_web("172.17.0.2", PAIRS("prometheus.io/scrape\0"
							  "false\0")),
		       NULL, "[]");
	assert_targets(draft_with_web("172.17.0.2", PAIRS("prometheus.io/scrape\0"
							  "1\0")),
		       NULL, "[]");
	assert_targets(draft_with_web("172.17.0.2", PAIRS("prometheus.io/port\0"
							  "80\0")),
		       NULL, "[]");
}

static void a_wish_becomes_a_target(void **state)
{
	(void) state;
	assert_targets(draft_with_web("172.17.0.2", PAIRS(SCRAPE "prometheus.io/port\0"
								 "9100\0"
								 "prometheus.io/path\0"
								 "/stats\0"
								 "prometheus.io/scheme\0"
								 "https\0")),
		       NULL,
		       "[{\"targets\":[\"172.17.0.2:9100\"],\"labels\":{\"__metrics_path__\":"
		       "\"/stats\",\"__scheme__\":\"https\"," META_WEB
		       ",\"__meta_plimsoll_label_prometheus_io_port\":\"9100\""
		       ",\"__meta_plimsoll_label_prometheus_io_path\":\"/stats\""
		       ",\"__meta_plimsoll_label_prometheus_io_scheme\":\"https\"}}]");
}

static void our_own_label_is_a_wish_too(void **state)
{
	(void) state;
	assert_targets(draft_with_web("10.0.0.1", PAIRS("io.plimsoll.scrape\0true\0")), NULL,
		       "[{\"targets\":[\"10.0.0.1\"],\"labels\":{"
		       "\"__meta_plimsoll_container_name\":\"web\","
		       "\"__meta_plimsoll_container_id\":\"" ID_A "\","
		       "\"__meta_plimsoll_image\":\"nginx:1.25\","
		       "\"__meta_plimsoll_engine\":\"docker\","
		       "\"__meta_plimsoll_label_io_plimsoll_scrape\":\"true\"}}]");
}

static void an_ipv6_address_gets_brackets(void **state)
{
	(void) state;
	assert_targets(draft_with_web("fd00::2", PAIRS(SCRAPE "prometheus.io/port\0"
							      "9\0")),
		       NULL,
		       "[{\"targets\":[\"[fd00::2]:9\"],\"labels\":{" META_WEB
		       ",\"__meta_plimsoll_label_prometheus_io_port\":\"9\"}}]");
}

static void a_path_begins_with_a_slash(void **state)
{
	(void) state;
	assert_targets(
		draft_with_web("10.0.0.1", PAIRS(SCRAPE "prometheus.io/path\0"
							"x\0")),
		NULL,
		"[{\"targets\":[\"10.0.0.1\"],\"labels\":{\"__metrics_path__\":\"/x\"," META_WEB
		",\"__meta_plimsoll_label_prometheus_io_path\":\"x\"}}]");
}

static void nonsense_is_no_target(void **state)
{
	static const struct {
		const char *pairs;
		size_t length;
	} hints[] = {
		{ PAIRS(SCRAPE "prometheus.io/port\0"
			       "0\0") },
		{ PAIRS(SCRAPE "prometheus.io/port\0"
			       "65536\0") },
		{ PAIRS(SCRAPE "prometheus.io/port\0"
			       "http\0") },
		{ PAIRS(SCRAPE "prometheus.io/port\0"
			       "80@evil.example\0") },
		{ PAIRS(SCRAPE "prometheus.io/scheme\0"
			       "ftp\0") },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		assert_targets(draft_with_web("10.0.0.1", hints[i].pairs, hints[i].length), NULL,
			       "[]");
}

static void one_without_address_is_no_target(void **state)
{
	(void) state;
	assert_targets(draft_with_web("", PAIRS(SCRAPE)), "localhost", "[]");
}

static void one_on_the_hosts_network_is_where_the_host_is(void **state)
{
	struct draft *draft;

	(void) state;
	for (unsigned named = 0; named < 2; named++) {
		draft = draft_for_test();
		struct row *row = add_container(draft, 7, &web);

		row_set(row, METRIC_CPU_USAGE_NS, 1);
		draft_string(draft, row, ATTRIBUTE_NETWORK, "host");
		draft_labels(draft, row, ATTRIBUTE_HINTS, PAIRS(SCRAPE));
		draft_string(draft, draft_single(draft, ENTITY_MACHINE), ATTRIBUTE_NETWORK,
			     "harbour");
		assert_targets(draft, named ? "192.0.2.1" : NULL,
			       named ? "[{\"targets\":[\"192.0.2.1\"],\"labels\":{" META_WEB "}}]"
				     : "[{\"targets\":[\"harbour\"],\"labels\":{" META_WEB "}}]");
	}
}

static void one_in_a_shared_network_is_where_the_owner_is(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *row = add_container(draft, 7, &web), *owner = add_container(draft, 8, &other);

	(void) state;
	row_set(row, METRIC_CPU_USAGE_NS, 1);
	row_set(owner, METRIC_CPU_USAGE_NS, 1);
	draft_string(draft, row, ATTRIBUTE_NETWORK, "shared:other");
	draft_labels(draft, row, ATTRIBUTE_HINTS, PAIRS(SCRAPE));
	draft_string(draft, owner, ATTRIBUTE_ADDRESS, "10.88.0.9");
	assert_targets(draft, NULL, "[{\"targets\":[\"10.88.0.9\"],\"labels\":{" META_WEB "}}]");
}

static void one_that_ended_is_no_target(void **state)
{
	struct draft *draft = draft_for_test();
	struct row *row = add_container(draft, 7, &web); /* with nothing but when it was seen */

	(void) state;
	draft_string(draft, row, ATTRIBUTE_ADDRESS, "10.0.0.1");
	draft_labels(draft, row, ATTRIBUTE_HINTS, PAIRS(SCRAPE));
	assert_targets(draft, NULL, "[]");
}

/* They are put there unless the configuration says no. */
static void all_labels_are_there_when_the_snapshot_has_them(void **state)
{
	struct draft *draft = draft_with_web("10.0.0.1", PAIRS(SCRAPE));
	struct row *row = add_container(draft, 8, &other);

	(void) state;
	row_set(row, METRIC_CPU_USAGE_NS, 1);
	draft_string(draft, row, ATTRIBUTE_ADDRESS, "10.0.0.2");
	draft_labels(draft, row, ATTRIBUTE_HINTS, PAIRS(SCRAPE));
	draft_labels(draft, row, ATTRIBUTE_LABELS, PAIRS("team\0a\0" SCRAPE));
	assert_targets(draft, NULL,
		       "[{\"targets\":[\"10.0.0.1\"],\"labels\":{" META_WEB "}},"
		       "{\"targets\":[\"10.0.0.2\"],\"labels\":{"
		       "\"__meta_plimsoll_container_name\":\"other\","
		       "\"__meta_plimsoll_container_id\":\"" ID_B "\","
		       "\"__meta_plimsoll_engine\":\"podman\","
		       "\"__meta_plimsoll_label_team\":\"a\","
		       "\"__meta_plimsoll_label_prometheus_io_scrape\":\"true\"}}]");
}

static void a_list_that_may_lack_somebody_is_an_error(void **state)
{
	struct draft *draft = draft_for_test();
	struct text text = { 0 };

	(void) state;
	row_set(draft_single(draft, ENTITY_HOST), METRIC_CONTAINER_SCRAPE_ERROR, 1);
	assert_int_equal(write_targets(draft, NULL, &text), -EIO);

	draft = draft_for_test();
	assert_non_null(draft_take(draft, ENTITY_CONTAINER)); /* its strings did not fit */
	assert_int_equal(write_targets(draft, NULL, &text), -EIO);
	text_fini(&text);
}

static void hostile_labels_stay_json(void **state)
{
	struct snapshot *snapshot;
	struct text text = { 0 };
	char output[CHECKER_BYTES];
	struct draft *draft =
		draft_with_web("10.0.0.1",
			       PAIRS(SCRAPE "prometheus.io/path\0" HOSTILE "\0io.plimsoll." HOSTILE
					    "\0" HOSTILE "\0io.plimsoll.a-b\0first\0"
					    "io.plimsoll.a.b\0second\0"));

	(void) state;
	snapshot = seal_and_free(draft);
	assert_int_equal(service_discovery_write(snapshot, "h", &text), 0);
	text_add(&text, "", 1);
	assert_non_null(strstr(text.bytes, "label_io_plimsoll_a_b\":\"first\""));
	assert_null(strstr(text.bytes, "second"));
	if (checker_run("python3", "python3 -c 'import json'",
			"python3 -c 'import json,sys; print(len(json.load(sys.stdin)))'",
			text.bytes, output))
		assert_string_equal(output, "1\n");
	text_fini(&text);
	free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_an_empty_list),
		cmocka_unit_test(only_true_is_a_wish),
		cmocka_unit_test(a_wish_becomes_a_target),
		cmocka_unit_test(our_own_label_is_a_wish_too),
		cmocka_unit_test(an_ipv6_address_gets_brackets),
		cmocka_unit_test(a_path_begins_with_a_slash),
		cmocka_unit_test(nonsense_is_no_target),
		cmocka_unit_test(one_without_address_is_no_target),
		cmocka_unit_test(one_on_the_hosts_network_is_where_the_host_is),
		cmocka_unit_test(one_in_a_shared_network_is_where_the_owner_is),
		cmocka_unit_test(one_that_ended_is_no_target),
		cmocka_unit_test(all_labels_are_there_when_the_snapshot_has_them),
		cmocka_unit_test(a_list_that_may_lack_somebody_is_an_error),
		cmocka_unit_test(hostile_labels_stay_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
