/* SPDX-License-Identifier: Apache-2.0 */

/* writes: what changes something, or needs what only the engine has: 501, and who can do it. */

#include <string.h>

#include "api/internal.h"
#include "base/cleanup.h"
#include "containers/registry.h"

/* What was asked for, as in "use podman to stop it". */
static const struct {
	const char *method, *action, *words;
} deeds[] = {
	{ "GET", "logs", "read its logs" },
	{ "GET", "changes", "list its changed files" },
	{ "GET", "export", "export its files" },
	{ "GET", "archive", "copy files from it" },
	{ "HEAD", "archive", "copy files from it" },
	{ "PUT", "archive", "copy files to it" },
	{ "POST", "start", "start it" },
	{ "POST", "stop", "stop it" },
	{ "POST", "restart", "restart it" },
	{ "POST", "kill", "send it a signal" },
	{ "POST", "pause", "pause it" },
	{ "POST", "unpause", "go on with it" },
	{ "POST", "rename", "rename it" },
	{ "POST", "update", "change its settings" },
	{ "POST", "resize", "resize its terminal" },
	{ "POST", "attach", "attach to it" },
	{ "GET", "attach", "attach to it" },
	{ "POST", "wait", "wait for it" },
	{ "POST", "exec", "run a command in it" },
};

static const char *deed_of(const struct api_request *request)
{
	if (strcmp(request->method, "DELETE") == 0)
		return "remove it";
	for (size_t i = 0; request->segment_count > 2 && i < ARRAY_SIZE(deeds); i++)
		if (strcmp(deeds[i].method, request->method) == 0 &&
		    strcmp(deeds[i].action, request->segments[2]) == 0)
			return deeds[i].words;

	return "do that";
}

static bool names_container(const struct api_request *request)
{
	static const char *const others[] = { "create", "prune" };

	if (request->segment_count < 2 || strcmp(request->segments[0], "containers") != 0)
		return false;
	for (size_t i = 0; request->segment_count == 2 && i < ARRAY_SIZE(others); i++)
		if (strcmp(request->segments[1], others[i]) == 0)
			return false;

	return true;
}

void handle_write(struct api *api, const struct api_request *request, struct reply *reply)
{
	const struct container *container;

	if (!names_container(request)) {
		reply_error(reply, 501,
			    "Plimsoll shows what the engines of this host do; it does not make or "
			    "change containers, images, networks or volumes yet");
		return;
	}
	container = api_find(api, request->segments[1], reply);
	if (container)
		reply_error(reply, 501,
			    "container '%s' belongs to %s; use %s to %s: Plimsoll does not change "
			    "containers yet",
			    container->identity.name, container->runtime->name,
			    container->runtime->name, deed_of(request));
}
