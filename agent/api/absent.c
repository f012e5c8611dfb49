/* SPDX-License-Identifier: Apache-2.0 */

/* absent: what there is nothing of, in the words that clients take for an answer: `docker inspect`
 * asks for a plugin of each name that it does not know otherwise. */

#include "api/internal.h"

void handle_plugins(struct api *api, const struct api_request *request, struct reply *reply)
{
	struct text text = { 0 };

	(void) api, (void) request;
	TEXT_ADD(&text, "[]");
	reply_json(reply, 200, &text);
}

void handle_no_plugin(struct api *api, const struct api_request *request, struct reply *reply)
{
	(void) api;
	reply_error(reply, 404, "plugin \"%s\" not found", request->segments[1]);
}

void handle_no_exec(struct api *api, const struct api_request *request, struct reply *reply)
{
	(void) api;
	reply_error(reply, 404, "No such exec instance: %s", request->segments[1]);
}

void handle_no_swarm(struct api *api, const struct api_request *request, struct reply *reply)
{
	(void) api, (void) request;
	reply_error(reply, 503, "This node is not a swarm manager.");
}
