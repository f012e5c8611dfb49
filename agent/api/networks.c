/* SPDX-License-Identifier: Apache-2.0 */

/* networks: those that containers are connected to. Addresses of the networks themselves, their
 * labels and dates are unknown. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/derived.h"
#include "api/filters.h"
#include "api/pattern.h"
#include "api/view.h"
#include "base/cleanup.h"

#define KEY_BYTES     512
#define ADDRESS_BYTES 64

/* Docker's predefined networks; those of other engines, and all others, keep their driver secret.
 */
static const char *driver_of(const char *runtime, const char *name)
{
	static const char *const drivers[][2] = {
		{ "bridge", "bridge" },
		{ "host", "host" },
		{ "none", "null" },
	};

	for (size_t i = 0; strcmp(runtime, "docker") == 0 && i < ARRAY_SIZE(drivers); i++)
		if (strcmp(drivers[i][0], name) == 0)
			return drivers[i][1];

	return "";
}

static json_t *network_new(const char *name, const char *id, const char *runtime)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:{s:s, s:n, s:[]}, s:b, s:b, s:b, "
			 "s:{s:s}, s:b, s:{}, s:{}, s:{s:s}}",
			 "Name", name, "Id", id, "Created", "0001-01-01T00:00:00Z", "Scope",
			 "local", "Driver", driver_of(runtime, name), "EnableIPv4", 1, "EnableIPv6",
			 0, "IPAM", "Driver", "default", "Options", "Config", "Internal", 0,
			 "Attachable", 0, "Ingress", 0, "ConfigFrom", "Network", "", "ConfigOnly",
			 0, "Containers", "Options", "Labels", LABEL_ENGINE, runtime);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* "172.17.0.2/16" */
static const char *address_of(const json_t *endpoint, const char *address, const char *prefix,
			      char ret_text[ADDRESS_BYTES])
{
	const char *text = text_of(endpoint, address);

	ret_text[0] = '\0';
	if (text[0])
		(void) snprintf(ret_text, ADDRESS_BYTES, "%s/%lld", text,
				(long long) json_integer_value(json_object_get(endpoint, prefix)));
	return ret_text;
}

static int connect_to(json_t *network, const struct view *view, const json_t *endpoint)
{
	char ipv4[ADDRESS_BYTES], ipv6[ADDRESS_BYTES];
	json_t *member =
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "Name", view->container->identity.name,
			  "EndpointID", text_of(endpoint, "EndpointID"), "MacAddress",
			  text_of(endpoint, "MacAddress"), "IPv4Address",
			  address_of(endpoint, "IPAddress", "IPPrefixLen", ipv4), "IPv6Address",
			  address_of(endpoint, "GlobalIPv6Address", "GlobalIPv6PrefixLen", ipv6));

	return json_object_set_new(json_object_get(network, "Containers"), view->id, member);
}

/* Networks of different engines may have one name; those without id are known by it. A container
 * that does not run is not connected, and often does not know the id any more. */
static int add_endpoint(json_t *networks, const struct view *view, const char *name,
			const json_t *endpoint)
{
	const char *runtime = view->container->runtime->name, *id = text_of(endpoint, "NetworkID");
	bool connected = view->state == STATE_RUNNING || view->state == STATE_PAUSED;
	char key[KEY_BYTES];
	json_t *network;

	if (!connected && id[0] == '\0')
		return 0;
	(void) snprintf(key, sizeof(key), "%s:%s", runtime, id[0] ? id : name);
	network = json_object_get(networks, key);
	if (!network) {
		network = network_new(name, id[0] ? id : name, runtime);
		if (json_object_set_new(networks, key, network) < 0)
			return -ENOMEM;
	}
	return connected ? connect_to(network, view, endpoint) : 0;
}

json_t *derive_networks(struct api *api)
{
	const struct container *container = NULL;
	json_t *networks = json_object(), *endpoint;
	const char *name;

	while (networks && (container = view_next(api, container))) {
		struct view view = view_of(api, container);

		json_object_foreach (view.dossier->networks, name, endpoint)
			if (add_endpoint(networks, &view, name, endpoint) < 0) {
				json_decref(networks);
				return NULL;
			}
	}

	return networks;
}

struct network_choice {
	struct filters filters;
	struct pattern name;
	bool has_name;
};

static const char *find_label(const void *network, const char *key)
{
	return json_string_value(json_object_get(json_object_get(network, "Labels"), key));
}

static bool id_allowed(const struct filters *filters, const char *id)
{
	size_t cursor = 0;
	const char *wanted;

	if (!api_filters_has(filters, "id"))
		return true;
	while ((wanted = api_filters_next(filters, "id", &cursor)))
		if (strstr(id, wanted))
			return true;

	return false;
}

/* Those that are in use do not dangle; `builtin` are Docker's three. */
static bool network_allowed(const json_t *network, const void *userdata)
{
	const struct network_choice *choice = userdata;
	const struct filters *filters = &choice->filters;
	const char *name = text_of(network, "Name"), *driver = text_of(network, "Driver");

	return api_filters_allow(filters, "dangling", "false") &&
	       api_filters_allow(filters, "driver", driver) &&
	       api_filters_allow(filters, "scope", "local") &&
	       api_filters_allow(filters, "type", driver[0] ? "builtin" : "custom") &&
	       id_allowed(filters, text_of(network, "Id")) &&
	       api_filters_allow_labels(filters, "label", find_label, network) &&
	       (!choice->has_name || pattern_search(&choice->name, name) > 0);
}

static int make_choice(const struct api_request *request, struct network_choice *ret_choice,
		       struct problem *ret_problem)
{
	static const char *const known[] = { "dangling", "driver", "id",   "label",
					     "name",     "scope",  "type", NULL };
	struct network_choice choice = { 0 };
	size_t cursor = 0;
	const char *name;
	int r;

	r = api_filters_parse(request_value(request, "filters"), known, &choice.filters,
			      ret_problem);
	if (r < 0)
		return r;
	name = api_filters_next(&choice.filters, "name", &cursor);
	if (name) {
		choice.has_name = true;
		r = pattern_compile(name, &choice.name, ret_problem);
	}
	if (r < 0) {
		api_filters_fini(&choice.filters);
		return r;
	}
	*ret_choice = choice;
	return 0;
}

/* In lists nobody is connected: so Docker has it. */
static json_t *without_containers(json_t *list)
{
	json_t *network;
	size_t i;

	json_array_foreach (list, i, network)
		(void) json_object_clear(json_object_get(network, "Containers"));
	return list;
}

void handle_networks(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct network_choice choice;
	struct problem problem;
	json_t *networks;
	int r = make_choice(request, &choice, &problem);

	if (r < 0) {
		reply_error(reply, r == -EINVAL ? 400 : 500, "%s",
			    r == -EINVAL ? problem.text : "not enough memory");
		return;
	}
	networks = derive_networks(api);
	reply_derived(reply, networks ? without_containers(
						derived_list(networks, network_allowed, &choice))
				      : NULL);
	json_decref(networks);
	if (choice.has_name)
		pattern_fini(&choice.name);
	api_filters_fini(&choice.filters);
}

/* By name, by id, by a beginning of an id. */
static const json_t *find_network(const json_t *networks, const char *word, size_t *ret_count)
{
	const json_t *found = derived_find(networks, "Name", word, ret_count), *network;
	const char *key;

	if (*ret_count == 0)
		found = derived_find(networks, "Id", word, ret_count);
	if (*ret_count > 0)
		return found;
	json_object_foreach ((json_t *) networks, key, network)
		if (strncmp(text_of(network, "Id"), word, strlen(word)) == 0) {
			found = network;
			++*ret_count;
		}
	return *ret_count == 1 ? found : NULL;
}

void handle_network(struct api *api, const struct api_request *request, struct reply *reply)
{
	const char *word = request->segments[1];
	json_t *networks = derive_networks(api);
	const json_t *network;
	size_t count = 0;

	network = find_network(networks, word, &count);
	if (!networks)
		reply_error(reply, 500, "not enough memory");
	else if (network)
		reply_derived(reply, json_incref((json_t *) network));
	else if (count > 1)
		reply_error(reply, 400, "network %s is ambiguous (%zu matches found)", word, count);
	else
		reply_error(reply, 404, "network %s not found", word);
	json_decref(networks);
}
