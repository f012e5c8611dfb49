/* SPDX-License-Identifier: Apache-2.0 */

#include "api/port.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"

#define EVERY_ADDRESS "0.0.0.0" /* what an engine means that names none */

struct port_cursor port_begin(const json_t *ports)
{
	json_t *object = json_is_object(ports) ? (json_t *) ports : NULL; /* is only read */

	return (struct port_cursor){ .ports = object, .entry = json_object_iter(object) };
}

static bool take_number(struct slice digits, unsigned *ret_number)
{
	uint64_t number;

	if (parse_u64(digits, &number) < 0 || number == 0 || number > 65535)
		return false;
	*ret_number = (unsigned) number;
	return true;
}

static bool take_key(const char *key, struct port *ret_port)
{
	const char *slash = strchrnul(key, '/');

	ret_port->protocol = *slash ? slash + 1 : "tcp";
	return take_number((struct slice){ key, (size_t) (slash - key) }, &ret_port->private_port);
}

static bool take_binding(const json_t *binding, struct port *ret_port)
{
	const char *address = json_string_value(json_object_get(binding, "HostIp"));
	const char *number = json_string_value(json_object_get(binding, "HostPort"));

	if (!number ||
	    !take_number((struct slice){ number, strlen(number) }, &ret_port->public_port))
		return false;
	ret_port->address = address && address[0] ? address : EVERY_ADDRESS;
	return true;
}

static void next_entry(struct port_cursor *cursor)
{
	cursor->entry = json_object_iter_next(cursor->ports, cursor->entry);
	cursor->index = 0;
}

bool port_next(struct port_cursor *cursor, struct port *ret_port)
{
	while (cursor->entry) {
		const json_t *bindings = json_object_iter_value(cursor->entry);
		struct port port = { .address = "" };
		bool usable = take_key(json_object_iter_key(cursor->entry), &port);

		if (!usable || json_array_size(bindings) == 0) {
			next_entry(cursor);
		} else {
			usable = take_binding(json_array_get(bindings, cursor->index++), &port);
			if (cursor->index >= json_array_size(bindings))
				next_entry(cursor);
		}
		if (usable) {
			*ret_port = port;
			return true;
		}
	}

	return false;
}

int port_range_parse(const char *text, struct port_range *ret_range)
{
	const char *slash = strchrnul(text, '/');
	struct slice numbers = { text, (size_t) (slash - text) };
	const char *dash = memchr(text, '-', numbers.length);
	struct slice last = numbers;
	uint64_t from, to;

	if (dash) {
		numbers.length = (size_t) (dash - text);
		last = (struct slice){ dash + 1, (size_t) (slash - dash - 1) };
	}
	if (parse_u64(numbers, &from) < 0 || parse_u64(last, &to) < 0 || from > to || to > 65535 ||
	    (*slash && (slash[1] == '\0' || strlen(slash + 1) >= sizeof(ret_range->protocol))))
		return -EINVAL;
	*ret_range = (struct port_range){ .first = (unsigned) from, .last = (unsigned) to };
	if (*slash)
		memcpy(ret_range->protocol, slash + 1, strlen(slash + 1) + 1);
	return 0;
}
