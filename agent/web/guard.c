/* SPDX-License-Identifier: Apache-2.0 */

/* guard: Host and Origin. Pure functions. Source: RFC 9110, 7.2 (Host); RFC 6454 (Origin). */

#include "web/guard.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Copies the part before ":port"; of "[address]:port" what the brackets enclose, and sets
 * *ret_bracketed. Returns false when it is no host at all. */
static bool host_split(const char *host, char name[static HOST_BYTES], bool *ret_bracketed)
{
	bool bracketed = host[0] == '[';
	const char *start = host + bracketed;
	size_t length = strcspn(start, bracketed ? "]" : ":");
	const char *port = start + length + (bracketed && start[length] == ']');

	if (length == 0 || length >= HOST_BYTES || (bracketed && start[length] != ']'))
		return false;
	if (*port != '\0' && (*port != ':' || port[1 + strspn(port + 1, "0123456789")] != '\0'))
		return false;

	memcpy(name, start, length);
	name[length] = '\0';
	*ret_bracketed = bracketed;
	return true;
}

static bool name_is_known(char *name, const char *const *names)
{
	size_t length = strlen(name);

	if (name[length - 1] == '.')
		name[length - 1] = '\0';
	if (strcasecmp(name, "localhost") == 0)
		return true;

	for (; *names; names++)
		if (strcasecmp(name, *names) == 0)
			return true;

	return false;
}

bool host_is_ours(const char *host, const char *const *names)
{
	char name[HOST_BYTES];
	unsigned char address[sizeof(struct in6_addr)];
	bool bracketed;

	if (!host)
		return true;
	if (!host_split(host, name, &bracketed))
		return false;
	if (bracketed)
		return inet_pton(AF_INET6, name, address) == 1;

	return inet_pton(AF_INET, name, address) == 1 || name_is_known(name, names);
}

bool host_name(const char *host, char ret_name[HOST_BYTES])
{
	char name[HOST_BYTES];
	bool bracketed;

	if (!host || !host_split(host, name, &bracketed) || strlen(name) + 3 > HOST_BYTES)
		return false;

	(void) snprintf(ret_name, HOST_BYTES, bracketed ? "[%s]" : "%s", name);
	return true;
}

bool origin_is_ours(const char *origin, const char *host)
{
	const char *authority;

	if (!origin)
		return true;

	authority = strstr(origin, "://"); /* "null" has none */
	return authority && host && strcasecmp(authority + strlen("://"), host) == 0;
}
