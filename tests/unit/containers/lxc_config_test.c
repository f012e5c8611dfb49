/* SPDX-License-Identifier: Apache-2.0 */

/* lxc_config, lxc_dossier: what configurations say, and what is none. */

#include "host.h"

#include <jansson.h>

#include "containers/dossier.h"
#include "containers/lxc.h"

static void line_is_key_and_value_without_blanks_and_quotes(void **state)
{
	static const struct {
		const char *text, *key, *value;
	} cases[] = {
		{ "a = b", "a", "b" },
		{ "a=b", "a", "b" },
		{ "\t a \t=  b \r\n", "a", "b" },
		{ "a = \"b c\"", "a", "b c" },
		{ "a = 'b'", "a", "b" },
		{ "a = \"b'", "a", "\"b'" },
		{ "a = \"", "a", "\"" },
		{ "a = b = c", "a", "b = c" },
		{ "a =", "a", "" },
		{ "= b", "", "b" },
		{ "# x = y\n\nword\na = b", "a", "b" },
		{ "  #x=y\na=b", "a", "b" },
	};
	struct lxc_line line;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *cursor = cases[i].text;

		assert_true(lxc_line_next(&cursor, '=', &line));
		assert_true(slice_is(line.key, cases[i].key, strlen(cases[i].key)));
		assert_true(slice_is(line.value, cases[i].value, strlen(cases[i].value)));
		assert_false(lxc_line_next(&cursor, '=', &line));
	}
}

static void key_of_an_interface_has_a_number(void **state)
{
	static const char *const others[] = { "lxc.net",        "lxc.net.",
					      "lxc.net.0",      "lxc.net..type",
					      "lxc.net.x.type", "lxc.network.0.type" };
	const char *key = "lxc.net.12.ipv4.address";
	struct slice number, rest;

	(void) state;
	assert_true(lxc_net_key((struct slice){ key, strlen(key) }, &number, &rest));
	assert_true(SLICE_IS(number, "12"));
	assert_true(SLICE_IS(rest, "ipv4.address"));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(lxc_net_key((struct slice){ others[i], strlen(others[i]) }, &number,
					 &rest));
}

static void address_ends_before_its_mask(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} cases[] = {
		{ "10.0.3.7/24", 8 },
		{ "10.0.3.7 10.0.3.255", 8 },
		{ "fd00::7/64", 7 },
		{ "10.0.3.7", 8 },
		{ "dhcp", 0 },
		{ "", 0 },
		{ "/24", 0 },
		{ "10.0.3", 0 },
		{ "1111111111111111111111111111111111111111111111111111111111111", 0 },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(lxc_address_length(
					 (struct slice){ cases[i].text, strlen(cases[i].text) }),
				 cases[i].length);
}

static void network_is_the_hosts_only_when_it_says_so(void **state)
{
	static const struct {
		const char *text;
		bool host;
	} cases[] = {
		{ "lxc.net.0.type = none\n", true },
		{ "lxc.net.0.type = empty\n", false }, /* a network of its own, with nothing in */
		{ "lxc.net.0.type = veth\n", false },
		{ "lxc.net.0.type = none\nlxc.net.1.type = veth\n", false },
		{ "lxc.net.0.link = none\n", false },
		{ "", false },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct identity identity = { 0 };

		assert_int_equal(lxc_config_parse(cases[i].text, &identity), 0);
		assert_int_equal(identity.host_network, cases[i].host);
		identity_fini(&identity);
	}
}

static void known_facts_are_not_replaced(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(lxc_node_parse("hostname: a\nrootfs: x,size=1G\nhostname: b\n", &identity),
			 0);
	assert_int_equal(lxc_config_parse("lxc.rootfs.path = overlay:/a:/b\n", &identity), 0);
	assert_string_equal(identity.name, "a");
	assert_string_equal(identity.image, "x");
	identity_fini(&identity);
	assert_int_equal(lxc_config_parse("lxc.rootfs.path = overlay:/a:/b\n", &identity), 0);
	assert_string_equal(identity.image, "overlay:/a:/b");
	identity_fini(&identity);
}

static void bytes_that_are_no_text_are_made_valid(void **state)
{
	struct identity identity = { 0 };

	(void) state;
	assert_int_equal(
		lxc_config_parse("lxc.rootfs.path = /a\xff\xfe\nlxc.include = /etc/shadow\n",
				 &identity),
		0);
	assert_string_equal(identity.image, "/a\xef\xbf\xbd\xef\xbf\xbd");
	assert_null(identity.name);
	identity_fini(&identity);
}

static void assert_json(json_t *json, const char *expected)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void dossier_speaks_dockers_words(void **state)
{
	struct dossier dossier = { 0 };

	(void) state;
	assert_int_equal(lxc_config_inspect("lxc.uts.name = web\n"
					    "lxc.rootfs.path = overlay:/lower:/upper\n"
					    "lxc.init.cmd = /sbin/init  --log\n"
					    "lxc.environment = A=1\nlxc.environment = HOME\n"
					    "lxc.mount.entry = /srv srv none bind,ro 0 0\n"
					    "lxc.mount.entry = broken\n"
					    "lxc.net.0.type = veth\nlxc.net.0.link = lxcbr0\n"
					    "lxc.net.0.hwaddr = 00:16:3e:00:00:01\n"
					    "lxc.net.0.ipv4.address = 10.0.3.7/24\n"
					    "lxc.net.1.type = empty\n"
					    "lxc.cgroup2.memory.max = 64M\n"
					    "lxc.console.logfile = /var/log/web.console\n",
					    &dossier),
			 0);
	assert_json(dossier.args, "[\"/sbin/init\",\"--log\"]");
	assert_json(dossier.config, "{\"Cmd\":[\"/sbin/init\",\"--log\"],\"Env\":[\"A=1\"],"
				    "\"Hostname\":\"web\"}");
	assert_json(dossier.host_config, "{\"Memory\":67108864}");
	assert_json(dossier.mounts, "[{\"Destination\":\"srv\",\"Mode\":\"bind,ro\",\"RW\":false,"
				    "\"Source\":\"/srv\",\"Type\":\"bind\"}]");
	assert_json(dossier.networks, "{\"empty\":{\"Driver\":\"empty\"},\"lxcbr0\":{\"Driver\":"
				      "\"veth\",\"IPAddress\":\"10.0.3.7\",\"Link\":\"lxcbr0\","
				      "\"MacAddress\":\"00:16:3e:00:00:01\"}}");
	assert_string_equal(dossier.driver, "overlay");
	assert_string_equal(dossier.log_path, "/var/log/web.console");
	dossier_fini(&dossier);
}

static void unknown_stays_unknown_in_the_dossier(void **state)
{
	struct dossier dossier = { 0 };

	(void) state;
	assert_int_equal(lxc_config_inspect("lxc.cgroup2.memory.max = max\nlxc.uts.name =\n"
					    "lxc.rootfs.path = /a:b\nlxc.init.cmd = \n"
					    "lxc.net.0.link =\n",
					    &dossier),
			 0);
	assert_null(dossier.args);
	assert_null(dossier.config);
	assert_null(dossier.host_config);
	assert_null(dossier.networks);
	assert_null(dossier.driver);
	dossier_fini(&dossier);
}

static void nodes_dossier_has_its_limit(void **state)
{
	struct dossier dossier = { 0 };

	(void) state;
	assert_int_equal(lxc_node_inspect("hostname: mail\nmemory: 512\n\n[old]\nmemory: 1024\n",
					  &dossier),
			 0);
	assert_json(dossier.config, "{\"Hostname\":\"mail\"}");
	assert_json(dossier.host_config, "{\"Memory\":536870912}");
	dossier_fini(&dossier);
	assert_int_equal(lxc_node_inspect("memory: 99999999999999999\n", &dossier), 0);
	assert_null(dossier.host_config);
	dossier_fini(&dossier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_is_key_and_value_without_blanks_and_quotes),
		cmocka_unit_test(key_of_an_interface_has_a_number),
		cmocka_unit_test(address_ends_before_its_mask),
		cmocka_unit_test(network_is_the_hosts_only_when_it_says_so),
		cmocka_unit_test(known_facts_are_not_replaced),
		cmocka_unit_test(bytes_that_are_no_text_are_made_valid),
		cmocka_unit_test(dossier_speaks_dockers_words),
		cmocka_unit_test(unknown_stays_unknown_in_the_dossier),
		cmocka_unit_test(nodes_dossier_has_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
