/* SPDX-License-Identifier: Apache-2.0 */

/* lxc_config: configurations of LXC containers, and what they tell of the identity.
 *
 * Source: lxc.container.conf(5): "key = value" with "#" before comments. Proxmox has "key: value",
 * and in sections behind it the snapshots (pct.conf(5)). lxc.include is not followed: what is
 * included is the same for all containers of a distribution, and may be anybody's file. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "containers/lxc.h"
#include "containers/runtime.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct slice trim(struct slice slice)
{
	while (slice.length > 0 && is_blank(slice.start[0])) {
		slice.start++;
		slice.length--;
	}
	while (slice.length > 0 && is_blank(slice.start[slice.length - 1]))
		slice.length--;

	return slice;
}

static struct slice unquote(struct slice slice)
{
	if (slice.length >= 2 && (slice.start[0] == '"' || slice.start[0] == '\'') &&
	    slice.start[slice.length - 1] == slice.start[0])
		return (struct slice){ slice.start + 1, slice.length - 2 };

	return slice;
}

bool lxc_line_next(const char **cursor, char separator, struct lxc_line *ret_line)
{
	struct slice line;

	while (line_next(cursor, &line)) {
		const char *found;

		line = trim(line);
		found = line.length > 0 ? memchr(line.start, separator, line.length) : NULL;
		if (!found || line.start[0] == '#')
			continue;

		*ret_line = (struct lxc_line){
			.key = trim((struct slice){ line.start, (size_t) (found - line.start) }),
			.value = unquote(trim((struct slice){
				found + 1, line.length - (size_t) (found + 1 - line.start) })),
		};
		return true;
	}

	return false;
}

bool lxc_net_key(struct slice key, struct slice *ret_number, struct slice *ret_rest)
{
	static const char prefix[] = "lxc.net.";
	size_t at = strlen(prefix), digits = 0;

	if (key.length <= at || memcmp(key.start, prefix, at) != 0)
		return false;
	while (at + digits < key.length && key.start[at + digits] >= '0' &&
	       key.start[at + digits] <= '9')
		digits++;
	if (digits == 0 || at + digits >= key.length || key.start[at + digits] != '.')
		return false;

	*ret_number = (struct slice){ key.start + at, digits };
	at += digits + 1;
	*ret_rest = (struct slice){ key.start + at, key.length - at };
	return true;
}

size_t lxc_address_length(struct slice text)
{
	char address[INET6_ADDRSTRLEN] = "";
	struct in6_addr unused;
	size_t length = 0;

	while (length < text.length && !is_blank(text.start[length]) && text.start[length] != '/' &&
	       text.start[length] != ',')
		length++;
	if (length >= sizeof(address))
		return 0;
	memcpy(address, text.start, length);
	return inet_pton(AF_INET, address, &unused) == 1 ||
			       inet_pton(AF_INET6, address, &unused) == 1
		       ? length
		       : 0;
}

static int set_unknown(char **field, const char *start, size_t length)
{
	return *field || length == 0 ? 0 : identity_set(field, start, length);
}

/* "dir:" is said of what is a directory anyway; other words tell what it is. */
static struct slice without_dir(struct slice path)
{
	static const char prefix[] = "dir:";
	size_t length = strlen(prefix);

	if (path.length > length && memcmp(path.start, prefix, length) == 0)
		return (struct slice){ path.start + length, path.length - length };

	return path;
}

struct networks {
	bool any;  /* an interface of the container's own */
	bool none; /* the host's network is asked for */
};

static int take_net(struct slice rest, struct slice value, struct networks *networks,
		    struct identity *identity)
{
	if (SLICE_IS(rest, "type")) {
		networks->none |= SLICE_IS(value, "none");
		networks->any |= !SLICE_IS(value, "none");
	}
	if (SLICE_IS(rest, "ipv4.address") || SLICE_IS(rest, "ipv6.address"))
		return set_unknown(&identity->address, value.start, lxc_address_length(value));

	return 0;
}

int lxc_config_parse(const char *text, struct identity *identity)
{
	struct networks networks = { 0 };
	struct slice number, rest;
	struct lxc_line line;
	int r = 0;

	while (r >= 0 && lxc_line_next(&text, '=', &line)) {
		if (SLICE_IS(line.key, "lxc.rootfs.path")) {
			struct slice path = without_dir(line.value);

			r = set_unknown(&identity->image, path.start, path.length);
		} else if (lxc_net_key(line.key, &number, &rest)) {
			r = take_net(rest, line.value, &networks, identity);
		}
	}

	/* Without any the container has a network of its own, in which nothing is. */
	identity->host_network |= networks.none && !networks.any;
	return r;
}

/* The value of "ip" in "name=eth0,bridge=vmbr0,ip=10.0.0.5/24", or with another separator. */
static struct slice option_of(struct slice options, const char *name)
{
	size_t length = strlen(name);

	while (options.length > 0) {
		const char *comma = memchr(options.start, ',', options.length);
		size_t used = comma ? (size_t) (comma - options.start) : options.length;

		if (used > length && options.start[length] == '=' &&
		    memcmp(options.start, name, length) == 0)
			return (struct slice){ options.start + length + 1, used - length - 1 };
		used += comma != NULL;
		options.start += used;
		options.length -= used;
	}

	return (struct slice){ "", 0 };
}

static bool is_net(struct slice key)
{
	return key.length == 4 && memcmp(key.start, "net", 3) == 0 && key.start[3] >= '0' &&
	       key.start[3] <= '9';
}

static size_t before_comma(struct slice value)
{
	const char *comma = memchr(value.start, ',', value.length);

	return comma ? (size_t) (comma - value.start) : value.length;
}

int lxc_node_parse(const char *text, struct identity *identity)
{
	const char *end = strstr(text, "\n["); /* snapshots: what it was like once */
	struct lxc_line line;
	int r = 0;

	while (r >= 0 && lxc_line_next(&text, ':', &line) && (!end || line.key.start < end)) {
		struct slice address;

		if (SLICE_IS(line.key, "hostname")) {
			r = set_unknown(&identity->name, line.value.start, line.value.length);
		} else if (SLICE_IS(line.key, "rootfs")) {
			r = set_unknown(&identity->image, line.value.start,
					before_comma(line.value));
		} else if (is_net(line.key)) {
			address = option_of(line.value, "ip");
			r = set_unknown(&identity->address, address.start,
					lxc_address_length(address));
		}
	}

	return r;
}
