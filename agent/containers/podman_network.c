/* SPDX-License-Identifier: Apache-2.0 */

/* podman_network: ports and networks in Docker's words.
 *
 * Source: libpod, ContainerConfig's newPortMappings, exposedPorts and newNetworks, and
 * ContainerState's networkStatus (containers/common, libnetwork/types). */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "containers/metadata.h"
#include "containers/podman_json.h"

#define PORTS_MAX      4096 /* of one container: more are left out */
#define PROTOCOL_BYTES 16   /* tcp, udp, sctp */

/* One port of a mapping: "80/tcp": [{HostIp, HostPort}]. */
static int add_port(json_t *ports, json_int_t inside, const char *protocol, json_int_t outside,
		    const char *address)
{
	CLEANUP(free_p) char *key = NULL;
	json_t *list, *binding;

	if (asprintf(&key, "%" JSON_INTEGER_FORMAT "/%s", inside, protocol) < 0) {
		key = NULL;
		return -ENOMEM;
	}
	list = json_object_get(ports, key);
	if (!list) {
		list = json_array();
		if (podman_put(ports, key, list) < 0 || !list)
			return -ENOMEM;
	}
	binding = json_pack("{s:s, s:o}", "HostIp", address ? address : "", "HostPort",
			    json_sprintf("%" JSON_INTEGER_FORMAT, outside));
	return json_array_append_new(list, binding) < 0 ? -ENOMEM : 0;
}

/* Checked before the next one is looked at: no sum overflows. */
static bool is_port(json_int_t number)
{
	return number > 0 && number <= 65535;
}

/* One protocol of a mapping, with all ports of its range. */
static int add_range(const json_t *mapping, const char *protocol, json_t *ports, unsigned *budget)
{
	json_int_t inside = json_integer_value(json_object_get(mapping, "container_port"));
	json_int_t outside = json_integer_value(json_object_get(mapping, "host_port"));
	json_int_t range = json_integer_value(json_object_get(mapping, "range"));
	const char *address = metadata_string(mapping, "host_ip");

	for (json_int_t i = 0; i < (range > 1 ? range : 1); i++) {
		if (!is_port(inside + i) || !is_port(outside + i) || *budget == 0)
			break;
		--*budget;
		if (add_port(ports, inside + i, protocol, outside + i, address) < 0)
			return -ENOMEM;
	}

	return 0;
}

/* `protocol` is a list: "tcp,udp". */
static int add_mapping(const json_t *mapping, json_t *ports, unsigned *budget)
{
	const char *rest = metadata_string(mapping, "protocol");

	if (!rest)
		rest = "tcp";
	while (*rest) {
		size_t length = strcspn(rest, ",");
		char protocol[PROTOCOL_BYTES];

		(void) snprintf(protocol, sizeof(protocol), "%.*s", (int) length, rest);
		if (length > 0 && length < sizeof(protocol) &&
		    add_range(mapping, protocol, ports, budget) < 0)
			return -ENOMEM;
		rest += length + (rest[length] == ',');
	}

	return 0;
}

int podman_fill_ports(const json_t *config, json_t *ports)
{
	const json_t *mappings = json_object_get(config, "newPortMappings");
	json_t *exposed = json_object_get(config, "exposedPorts");
	unsigned budget = PORTS_MAX;
	const char *number;
	json_t *protocols;

	for (size_t i = 0; i < json_array_size(mappings); i++)
		if (add_mapping(json_array_get(mappings, i), ports, &budget) < 0)
			return -ENOMEM;

	json_object_foreach (exposed, number, protocols) {
		for (size_t i = 0; i < json_array_size(protocols); i++) {
			const char *protocol = metadata_text(json_array_get(protocols, i));
			CLEANUP(free_p) char *key = NULL;

			if (!protocol)
				continue;
			if (asprintf(&key, "%s/%s", number, protocol) < 0) {
				key = NULL;
				return -ENOMEM;
			}
			if (!json_object_get(ports, key) && podman_put(ports, key, json_null()) < 0)
				return -ENOMEM;
		}
	}

	return 0;
}

/* "10.88.0.2/16" of one subnet. Fields that are there already stay: the first address counts. */
static int take_address(const json_t *subnet, json_t *network)
{
	const char *text = metadata_string(subnet, "ipnet");
	const char *gateway = metadata_string(subnet, "gateway");
	const char *slash = text ? strchr(text, '/') : NULL;
	bool six = text && strchr(text, ':');
	const char *key = six ? "GlobalIPv6Address" : "IPAddress";
	int r;

	if (!slash || json_object_get(network, key))
		return 0;
	r = podman_put(network, key, json_stringn(text, (size_t) (slash - text)));
	if (r >= 0)
		r = podman_put(network, six ? "GlobalIPv6PrefixLen" : "IPPrefixLen",
			       json_integer(strtol(slash + 1, NULL, 10)));
	if (r >= 0 && gateway)
		r = podman_put(network, six ? "IPv6Gateway" : "Gateway", json_string(gateway));
	return r;
}

static int fill_network(json_t *status, json_t *network)
{
	const char *name;
	json_t *interface;

	json_object_foreach (json_object_get(status, "interfaces"), name, interface) {
		const json_t *subnets = json_object_get(interface, "subnets");
		const char *mac = metadata_string(interface, "mac_address");

		for (size_t i = 0; i < json_array_size(subnets); i++)
			if (take_address(json_array_get(subnets, i), network) < 0)
				return -ENOMEM;
		if (mac && podman_put(network, "MacAddress", json_string(mac)) < 0)
			return -ENOMEM;
	}

	return 0;
}

int podman_fill_networks(const json_t *config, const json_t *state, json_t *networks)
{
	const char *name;
	json_t *value;

	/* Joined, running or not; then what they have now. */
	json_object_foreach (json_object_get(config, "newNetworks"), name, value) {
		json_t *network = json_object(), *aliases = json_object_get(value, "aliases");

		if (!network || podman_put(networks, name, network) < 0 ||
		    (json_is_array(aliases) && podman_put_clean(network, "Aliases", aliases) < 0))
			return -ENOMEM;
	}
	json_object_foreach (json_object_get(state, "networkStatus"), name, value) {
		json_t *network = json_object_get(networks, name);

		if (!network) {
			network = json_object();
			if (!network || podman_put(networks, name, network) < 0)
				return -ENOMEM;
		}
		if (fill_network(value, network) < 0)
			return -ENOMEM;
	}

	return 0;
}
