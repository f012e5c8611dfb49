/* SPDX-License-Identifier: Apache-2.0 */

/* config_listen: the address of plimsoll-web, and whether it may be that one.
 *
 * Numbers only: a name would have to be looked up, and may mean another address tomorrow. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/parse.h"
#include "config.h"
#include "config_problem.h"

#define HOST_BYTES INET6_ADDRSTRLEN

static int parse_port(const char *text, in_port_t *ret_port)
{
	uint64_t port;

	if (parse_u64((struct slice){ text, strlen(text) }, &port) < 0 || port > UINT16_MAX)
		return -EINVAL;

	*ret_port = htons((uint16_t) port);
	return 0;
}

static int parse_v4(const char *host, in_port_t port, struct sockaddr_storage *ret_address,
		    socklen_t *ret_length)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = port };

	if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
		return -EINVAL;

	memcpy(ret_address, &address, sizeof(address));
	*ret_length = sizeof(address);
	return 0;
}

static int parse_v6(const char *host, in_port_t port, struct sockaddr_storage *ret_address,
		    socklen_t *ret_length)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = port };

	if (inet_pton(AF_INET6, host, &address.sin6_addr) != 1)
		return -EINVAL;

	memcpy(ret_address, &address, sizeof(address));
	*ret_length = sizeof(address);
	return 0;
}

int config_listen_parse(const char *text, struct sockaddr_storage *ret_address,
			socklen_t *ret_length)
{
	const char *colon = strrchr(text, ':');
	char host[HOST_BYTES];
	size_t length;
	in_port_t port;

	if (!colon || parse_port(colon + 1, &port) < 0)
		return -EINVAL;

	length = (size_t) (colon - text);
	if (length == 0)
		return parse_v6("::", port, ret_address, ret_length);

	if (text[0] == '[') {
		if (length < 2 || text[length - 1] != ']')
			return -EINVAL;
		text++;
		length -= 2;
	}
	if (length >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, length);
	host[length] = '\0';

	return colon[-1] == ']' ? parse_v6(host, port, ret_address, ret_length)
				: parse_v4(host, port, ret_address, ret_length);
}

static bool is_loopback_v4(uint32_t address)
{
	return address >> 24 == IN_LOOPBACKNET;
}

bool config_listen_is_loopback(const struct sockaddr_storage *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	uint32_t mapped;

	if (address->ss_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return is_loopback_v4(ntohl(v4.sin_addr.s_addr));
	}

	memcpy(&v6, address, sizeof(v6));
	memcpy(&mapped, v6.sin6_addr.s6_addr + 12, sizeof(mapped));
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && is_loopback_v4(ntohl(mapped)));
}

int config_check(const struct config *config, struct problem *ret_problem)
{
	struct sockaddr_storage address;
	char shown[QUOTED_BYTES];
	socklen_t length;
	int r;

	if (!config->web.enabled || config->web.insecure)
		return 0;

	r = config_listen_parse(config->web.listen, &address, &length);
	if (r == 0 && config_listen_is_loopback(&address))
		return 0;

	return problem_set(ret_problem, 0,
			   "other machines could reach '%s' without TLS or login: keep "
			   "web.listen on 127.0.0.1, or put a TLS proxy or an ssh tunnel in front "
			   "of that, or set web.insecure: true",
			   quoted(config->web.listen, shown));
}
