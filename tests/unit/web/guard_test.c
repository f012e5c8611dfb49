/* SPDX-License-Identifier: Apache-2.0 */

#include "web/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const no_names[] = { NULL };
static const char *const names[] = { "harbour", "Metrics.Example.org", NULL };

static void addresses_and_localhost_are_ours(void **state)
{
	static const char *const hosts[] = {
		"127.0.0.1",        "127.0.0.1:11876", "192.0.2.7:80", "[::1]",
		"[::1]:11876",      "[2001:db8::1]",   "localhost",    "LocalHost:11876",
		"localhost.:11876", "10.0.0.1:",       "localhost.",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++)
		if (!host_is_ours(hosts[i], no_names))
			fail_msg("'%s'", hosts[i]);
}

static void names_are_ours_when_they_were_given(void **state)
{
	(void) state;
	assert_true(host_is_ours("harbour", names));
	assert_true(host_is_ours("HARBOUR:11876", names));
	assert_true(host_is_ours("metrics.example.org.:443", names));
	assert_false(host_is_ours("harbour", no_names));
	assert_false(host_is_ours("harbour.evil.example", names));
	assert_false(host_is_ours("evil.harbour", names));
}

static void rebound_names_are_not_ours(void **state)
{
	static const char *const hosts[] = {
		"evil.example",
		"evil.example:11876",
		"127.0.0.1.evil.example",
		"localhost.evil.example",
		"evil.localhost",
		"",
		":11876",
		"[]",
		"[::1",
		"[::1]x",
		"[evil.example]",
		"[127.0.0.1]",
		"::1",
		"127.0.0.1:80:80",
		"localhost:80x",
		"localhost@evil.example",
		"127.1",
		"2130706433",
		"0x7f.0.0.1",
		".",
		" localhost",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++)
		if (host_is_ours(hosts[i], no_names))
			fail_msg("'%s'", hosts[i]);
}

static void a_host_of_any_length_is_looked_at(void **state)
{
	char host[1000];

	(void) state;
	memset(host, 'a', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	assert_false(host_is_ours(host, no_names));
	host[0] = '[';
	assert_false(host_is_ours(host, no_names));
}

static void clients_without_host_are_served(void **state)
{
	(void) state;
	assert_true(host_is_ours(NULL, no_names));
}

static void only_our_own_pages_may_ask(void **state)
{
	(void) state;
	assert_true(origin_is_ours(NULL, "localhost:11876"));
	assert_true(origin_is_ours("http://localhost:11876", "localhost:11876"));
	assert_true(origin_is_ours("https://harbour", "Harbour"));
	assert_false(origin_is_ours("http://localhost:8080", "localhost:11876"));
	assert_false(origin_is_ours("http://evil.example", "localhost:11876"));
	assert_false(origin_is_ours("http://localhost:11876.evil.example", "localhost:11876"));
	assert_false(origin_is_ours("null", "localhost:11876"));
	assert_false(origin_is_ours("", "localhost:11876"));
	assert_false(origin_is_ours("http://localhost", NULL));
}

static void a_host_has_a_name_without_port(void **state)
{
	static const struct {
		const char *host, *name; /* NULL: none */
	} hosts[] = {
		{ "127.0.0.1:11876", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1" },
		{ "harbour:1", "harbour" },
		{ "[::1]:11876", "[::1]" },
		{ "[2001:db8::1]", "[2001:db8::1]" },
		{ NULL, NULL },
		{ "", NULL },
		{ ":1", NULL },
		{ "a:b", NULL },
		{ "[::1", NULL },
		{ "[]", NULL },
	};
	char name[HOST_BYTES];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		bool is_host = host_name(hosts[i].host, name);

		assert_int_equal(is_host, hosts[i].name != NULL);
		if (is_host)
			assert_string_equal(name, hosts[i].name);
	}
}

static void a_long_host_is_no_host(void **state)
{
	char host[HOST_BYTES + 8], name[HOST_BYTES];

	(void) state;
	memset(host, 'a', sizeof(host));
	host[sizeof(host) - 1] = '\0';
	assert_false(host_name(host, name));
	host[253] = '\0';
	assert_true(host_name(host, name));
	assert_string_equal(name, host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_has_a_name_without_port),
		cmocka_unit_test(a_long_host_is_no_host),
		cmocka_unit_test(addresses_and_localhost_are_ours),
		cmocka_unit_test(names_are_ours_when_they_were_given),
		cmocka_unit_test(rebound_names_are_not_ours),
		cmocka_unit_test(a_host_of_any_length_is_looked_at),
		cmocka_unit_test(clients_without_host_are_served),
		cmocka_unit_test(only_our_own_pages_may_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
