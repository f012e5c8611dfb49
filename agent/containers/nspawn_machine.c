/* SPDX-License-Identifier: Apache-2.0 */

/* nspawn_machine: what machined writes about a machine, and which machine a unit's name tells.
 *
 * Source: /run/systemd/machines/NAME; systemd-nspawn(1), --machine; systemd.unit(5), "String
 * Escaping for Inclusion in Unit Names". */

#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "containers/cgroup_name.h"
#include "containers/nspawn.h"

static pid_t parse_pid(struct slice value)
{
	uint64_t pid;

	return parse_u64(value, &pid) == 0 && pid <= INT_MAX ? (pid_t) pid : 0;
}

static uint64_t parse_usec(struct slice value)
{
	uint64_t usec;

	return parse_u64(value, &usec) == 0 && usec < UINT64_MAX / NSEC_PER_USEC
		       ? usec * NSEC_PER_USEC
		       : 0;
}

void nspawn_machine_parse(const char *text, struct nspawn_machine *ret_machine)
{
	struct slice line;

	*ret_machine = (struct nspawn_machine){ 0 };
	while (line_next(&text, &line)) {
		const char *equals = line.length > 0 ? memchr(line.start, '=', line.length) : NULL;
		struct slice key, value;

		if (!equals)
			continue;
		key = (struct slice){ line.start, (size_t) (equals - line.start) };
		value = (struct slice){ equals + 1, line.length - key.length - 1 };
		if (SLICE_IS(key, "CLASS"))
			ret_machine->class = value;
		else if (SLICE_IS(key, "SERVICE"))
			ret_machine->service = value;
		else if (SLICE_IS(key, "ROOT"))
			ret_machine->root = value;
		else if (SLICE_IS(key, "LEADER"))
			ret_machine->leader = parse_pid(value);
		else if (SLICE_IS(key, "REALTIME"))
			ret_machine->registered_ns = parse_usec(value);
	}
}

static bool between(const char *unit, size_t length, const char *prefix, const char *suffix,
		    struct slice *ret_middle)
{
	size_t before = strlen(prefix), after = strlen(suffix);

	if (length <= before + after || memcmp(unit, prefix, before) != 0 ||
	    memcmp(unit + length - after, suffix, after) != 0)
		return false;

	*ret_middle = (struct slice){ unit + before, length - before - after };
	return true;
}

bool nspawn_unit_name(const char *unit, size_t length, char *ret_name, size_t size)
{
	static const char *const libvirt[] = { "qemu\\x2d", "lxc\\x2d" };
	struct slice name;

	if (between(unit, length, "systemd-nspawn@", ".service", &name)) {
		(void) cgroup_unescape(name.start, name.length, ret_name, size);
		return ret_name[0] != '\0';
	}
	if (!between(unit, length, "machine-", ".scope", &name))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(libvirt); i++)
		if (name.length > strlen(libvirt[i]) &&
		    memcmp(name.start, libvirt[i], strlen(libvirt[i])) == 0)
			return false;

	(void) cgroup_unescape(name.start, name.length, ret_name, size);
	return ret_name[0] != '\0';
}
