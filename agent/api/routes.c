/* SPDX-License-Identifier: Apache-2.0 */

/* routes: the API at a glance. */

#include "api/routes.h"

#include <string.h>

#include "api/internal.h"
#include "base/cleanup.h"
#include "base/parse.h"

const struct route routes[] = {
	{ "GET", "_ping", handle_ping },
	{ "HEAD", "_ping", handle_ping },
	{ "GET", "version", handle_version },
	{ "GET", "info", handle_info },
	{ "GET", "events", handle_events },
	{ "GET", "system/df", handle_disk_usage },

	{ "GET", "containers/json", handle_containers },
	{ "GET", "containers/*/json", handle_container },
	{ "GET", "containers/*/stats", handle_stats },
	{ "GET", "containers/*/top", handle_top },
	{ "GET", "images/json", handle_images },
	{ "GET", "images/**/json", handle_image },
	{ "GET", "networks", handle_networks },
	{ "GET", "networks/*", handle_network },
	{ "GET", "volumes", handle_volumes },
	{ "GET", "volumes/*", handle_volume },

	{ "GET", "plimsoll/v1/containers", handle_own_containers },
	{ "GET", "plimsoll/v1/doctor", handle_own_doctor },
	{ "GET", "plimsoll/v1/config", handle_own_config },
	{ "GET", "plimsoll/v1/version", handle_own_version },

	/* What is not here, in the words that clients expect. */
	{ "GET", "plugins", handle_plugins },
	{ "GET", "plugins/**", handle_no_plugin },
	{ "GET", "exec/*/json", handle_no_exec },
	{ "GET", "swarm", handle_no_swarm },
	{ "GET", "nodes", handle_no_swarm },
	{ "GET", "nodes/**", handle_no_swarm },
	{ "GET", "services", handle_no_swarm },
	{ "GET", "services/**", handle_no_swarm },
	{ "GET", "tasks", handle_no_swarm },
	{ "GET", "tasks/**", handle_no_swarm },
	{ "GET", "secrets", handle_no_swarm },
	{ "GET", "secrets/**", handle_no_swarm },
	{ "GET", "configs", handle_no_swarm },
	{ "GET", "configs/**", handle_no_swarm },

	/* Changes, and what reads but needs the engine: logs, archives, exports, layers. */
	{ "GET", "containers/*/**", handle_write },
	{ "HEAD", "containers/*/**", handle_write },
	{ "GET", "images/**", handle_image },
	{ "WRITE", "containers/**", handle_write },
	{ "WRITE", "images/**", handle_write },
	{ "WRITE", "networks/**", handle_write },
	{ "WRITE", "volumes/**", handle_write },
	{ "WRITE", "exec/**", handle_write },
	{ "WRITE", "plugins/**", handle_write },
	{ "WRITE", "build", handle_write },
	{ "WRITE", "build/**", handle_write },
	{ "WRITE", "session", handle_write },
	{ "WRITE", "commit", handle_write },
	{ "WRITE", "auth", handle_write },
	{ "WRITE", "swarm/**", handle_no_swarm },
	{ "WRITE", "nodes/**", handle_no_swarm },
	{ "WRITE", "services/**", handle_no_swarm },
	{ "WRITE", "secrets/**", handle_no_swarm },
	{ "WRITE", "configs/**", handle_no_swarm },
};
const size_t routes_count = ARRAY_SIZE(routes);

/* Takes the next segment off a pattern. */
static struct slice pattern_next(const char **pattern)
{
	struct slice segment = { *pattern, strcspn(*pattern, "/") };

	*pattern += segment.length;
	if (**pattern == '/')
		(*pattern)++;
	return segment;
}

/* "**" takes all but what the rest of the pattern needs; there is one of it at most. */
static bool path_matches(const char *pattern, const char *const *segments, size_t count)
{
	while (*pattern && count > 0) {
		struct slice want = pattern_next(&pattern);

		if (SLICE_IS(want, "**")) {
			size_t behind = 0;

			for (const char *rest = pattern; *rest; behind++)
				(void) pattern_next(&rest);
			if (count <= behind)
				return false;
			segments += count - behind;
			count = behind;
			continue;
		}
		if (!SLICE_IS(want, "*") && !slice_is(want, *segments, strlen(*segments)))
			return false;
		segments++;
		count--;
	}

	return !*pattern && count == 0;
}

static bool method_matches(const char *want, const char *method)
{
	static const char *const writes[] = { "POST", "PUT", "DELETE", "PATCH" };

	if (strcmp(want, "WRITE") != 0)
		return strcmp(want, method) == 0;
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		if (strcmp(method, writes[i]) == 0)
			return true;

	return false;
}

bool route_matches(const struct route *route, const struct api_request *request)
{
	return method_matches(route->method, request->method) &&
	       path_matches(route->pattern, request->segments, request->segment_count);
}

void routes_handle(struct api *api, const struct api_request *request, struct reply *reply)
{
	for (size_t i = 0; i < routes_count; i++) {
		if (!route_matches(&routes[i], request))
			continue;
		if (request->body_cut && routes[i].handle != handle_write)
			reply_error(reply, 413, "the body is larger than %d bytes",
				    REQUEST_BODY_BYTES);
		else
			routes[i].handle(api, request, reply);
		return;
	}

	reply_error(reply, 404, "page not found");
}
