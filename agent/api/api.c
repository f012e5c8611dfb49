/* SPDX-License-Identifier: Apache-2.0 */

/* api: builds the parts, passes on what happens, takes them down. */

#include "api/api.h"

#include <errno.h>
#include <stdlib.h>

#include "api/dossiers.h"
#include "api/internal.h"
#include "api/server.h"

static int open_parts(struct api *api, const struct api_options *options)
{
	int r;

	if ((r = dossiers_new(api->host.registry, &api->dossiers)) < 0 ||
	    (r = round_feeds_new(api, &api->rounds)) < 0 ||
	    (r = event_feeds_new(api, &api->events)) < 0 ||
	    (r = stat_feeds_new(api, &api->stats)) < 0)
		return r;
	return server_open(api, options, &api->server);
}

int api_open(const struct api_host *host, const struct api_options *options, struct api **ret_api)
{
	struct api *api = calloc(1, sizeof(*api));
	int r;

	if (!api)
		return -ENOMEM;
	api->host = *host;
	r = open_parts(api, options);
	if (r < 0) {
		api_close(api);
		return r;
	}

	*ret_api = api;
	return 0;
}

void api_close(struct api *api)
{
	if (!api)
		return;
	server_silence(api->server);
	stat_feeds_free(api->stats);
	event_feeds_free(api->events);
	round_feeds_free(api->rounds);
	server_close(api->server);
	dossiers_free(api->dossiers);
	free(api);
}

void api_on_round(struct api *api)
{
	stat_feeds_on_round(api->stats);
	round_feeds_on_round(api->rounds);
	dossiers_expire(api->dossiers);
}

void api_on_event(struct api *api, const struct event *event, const char *labels)
{
	event_feeds_on_event(api->events, event, labels);
}

void api_stats_get(const struct api *api, struct api_stats *ret_stats)
{
	server_stats_get(api->server, ret_stats);
}
