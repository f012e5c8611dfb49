/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "config.h"

/* The address as the C library writes it, with the port: "127.0.0.1 80". */
static void written(const struct sockaddr_storage *address, char *text, size_t size)
{
	char host[INET6_ADDRSTRLEN];
	const void *bytes;
	in_port_t port;

	if (address->ss_family == AF_INET) {
		bytes = &((const struct sockaddr_in *) address)->sin_addr;
		port = ((const struct sockaddr_in *) address)->sin_port;
	} else {
		bytes = &((const struct sockaddr_in6 *) address)->sin6_addr;
		port = ((const struct sockaddr_in6 *) address)->sin6_port;
	}
	assert_non_null(inet_ntop(address->ss_family, bytes, host, sizeof(host)));
	(void) snprintf(text, size, "%s %u", host, ntohs(port));
}

static void addresses_are_understood_and_loopback_is_known(void **state)
{
	static const struct {
		const char *text, *means;
		bool loopback;
	} rows[] = {
		{ "127.0.0.1:11876", "127.0.0.1 11876", true },
		{ "127.8.9.1:0", "127.8.9.1 0", true },
		{ "0.0.0.0:80", "0.0.0.0 80", false },
		{ "126.255.255.255:80", "126.255.255.255 80", false },
		{ "128.0.0.1:65535", "128.0.0.1 65535", false },
		{ "192.168.1.10:9100", "192.168.1.10 9100", false },
		{ "[::1]:80", "::1 80", true },
		{ "[::]:80", ":: 80", false },
		{ "[fe80::1]:80", "fe80::1 80", false },
		{ "[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1 80", true },
		{ "[::ffff:10.0.0.1]:80", "::ffff:10.0.0.1 80", false },
		{ "[2001:db8:1111:2222:3333:4444:5555:6666]:80",
		  "2001:db8:1111:2222:3333:4444:5555:6666 80", false },
		{ ":11876", ":: 11876", false },
	};
	struct sockaddr_storage address;
	socklen_t length;
	char text[80];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(config_listen_parse(rows[i].text, &address, &length), 0);
		written(&address, text, sizeof(text));
		assert_string_equal(text, rows[i].means);
		assert_int_equal(length, address.ss_family == AF_INET
						 ? sizeof(struct sockaddr_in)
						 : sizeof(struct sockaddr_in6));
		assert_int_equal(config_listen_is_loopback(&address), rows[i].loopback);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"11876",
		":",
		"127.0.0.1",
		"127.0.0.1:",
		"127.0.0.1:65536",
		"127.0.0.1:-1",
		"127.0.0.1:8o",
		"127.0.0.1: 80",
		"127.0.0.1:80 ",
		"localhost:80",
		"127.1:80",
		"256.0.0.1:80",
		"::1:80",
		"[::1]",
		"[::1]80",
		"[]:80",
		"[:80",
		"]:80",
		"[::1:80",
		"127.0.0.1]:80",
		"[127.0.0.1]:80",
		"[fe80::1%lo]:80",
		"::80",
		"[::1]:99999999999999999999",
		"[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc]:80",
	};
	struct sockaddr_storage address;
	socklen_t length;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(config_listen_parse(texts[i], &address, &length), -EINVAL);
}

static int check(const char *listen, bool enabled, bool insecure, struct problem *ret_problem)
{
	struct config config;
	struct problem problem;
	int r;

	assert_int_equal(config_defaults(&config), 0);
	free(config.web.listen);
	config.web.listen = strdup(listen);
	config.web.enabled = enabled;
	config.web.insecure = insecure;
	r = config_check(&config, &problem);
	config_fini(&config);

	*ret_problem = problem;
	return r;
}

static void an_address_that_others_reach_is_refused_with_three_ways_out(void **state)
{
	static const char *const texts[] = { "0.0.0.0:11876", ":11876", "[::]:11876",
					     "192.168.1.10:11876", "[2001:db8::1]:0" };
	struct problem problem;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(check(texts[i], true, false, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, texts[i]));
		assert_non_null(strstr(problem.text, "127.0.0.1"));
		assert_non_null(strstr(problem.text, "TLS proxy or an ssh tunnel"));
		assert_non_null(strstr(problem.text, "web.insecure: true"));
		assert_int_equal(problem.line, 0);
	}
}

static void loopback_and_what_nobody_listens_on_is_accepted(void **state)
{
	struct problem problem;

	(void) state;
	assert_int_equal(check("127.0.0.1:0", true, false, &problem), 0);
	assert_int_equal(check("[::1]:11876", true, false, &problem), 0);
	assert_int_equal(check("0.0.0.0:11876", true, true, &problem), 0);
	assert_int_equal(check("0.0.0.0:11876", false, false, &problem), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_understood_and_loopback_is_known),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(an_address_that_others_reach_is_refused_with_three_ways_out),
		cmocka_unit_test(loopback_and_what_nobody_listens_on_is_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
