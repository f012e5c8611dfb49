/* SPDX-License-Identifier: Apache-2.0 */

/* routes: the table of routes, and how each is answered. */

#include "web/routes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/parse.h"
#include "exporters/exporter.h"
#include "model/event.h"
#include "web/answer.h"
#include "web/guard.h"
#include "web/page.h"

#define TYPE_TEXT       "text/plain; charset=utf-8"
#define READY_INTERVALS 3 /* newer than this many rounds is fresh */

struct route {
	const char *path; /* with a final '/': everything below it */
	void (*answer)(const struct serving *serving, const struct route *route,
		       const struct request *request, struct reply *ret_reply);
	const struct exporter *exporter;
};

static void reply_sentence(struct reply *reply, unsigned status, const char *sentence)
{
	reply->status = status;
	reply->content_type = TYPE_TEXT;
	(void) snprintf(reply->text, sizeof(reply->text), "%s\n", sentence); /* cut is fine */
}

static void reply_retry(struct reply *reply, const char *sentence)
{
	reply_sentence(reply, 503, sentence);
	reply->retry = true;
}

/* Why there is no answer, for the one who asked. */
static void reply_failure(struct reply *reply, int error)
{
	switch (error) {
	case -ENODATA:
		reply_retry(reply, "No sample has been taken yet: the agent has just started.");
		break;
	case -ENOENT:
		reply_sentence(reply, 404, "No container has this id, name or cgroup path.");
		break;
	case -EEXIST:
		reply_sentence(reply, 409,
			       "Several containers' ids begin like this: give more of it.");
		break;
	case -EIO:
		reply_retry(reply, "The containers of this host cannot be listed at the moment.");
		break;
	case -EBUSY:
		reply_retry(reply, "Too many slow readers keep older answers in memory.");
		break;
	case -EAGAIN:
		reply_retry(reply, "Samples come faster than they can be copied.");
		break;
	case -ENOMEM:
		reply_retry(reply, "Out of memory.");
		break;
	default:
		log_error(error, "cannot read the shared snapshot");
		reply_sentence(reply, 500,
			       "The shared snapshot cannot be read: plimsolld and "
			       "plimsoll-web may come from different builds.");
	}
}

/* What answers_get and its kin returned. */
static void reply_answer(struct reply *ret_reply, int r, const struct answer *answer)
{
	uint64_t now_ns = clock_boottime_ns();

	if (r < 0) {
		reply_failure(ret_reply, r);
		return;
	}

	ret_reply->status = 200;
	ret_reply->content_type = answer->content_type;
	ret_reply->answer = answer;
	ret_reply->has_age = true;
	if (now_ns > answer->boottime_ns)
		ret_reply->age_s = (now_ns - answer->boottime_ns) / NSEC_PER_SEC;
}

static void reply_export(const struct serving *serving, const struct exporter *exporter,
			 const char *container, const struct request *request,
			 struct reply *ret_reply)
{
	const struct answer *answer = NULL;
	int r = answers_get(serving->answers, exporter, container,
			    accept_encoding_gzip(&request->accept_encoding), &answer);

	reply_answer(ret_reply, r, answer);
}

static void answer_metrics(const struct serving *serving, const struct route *route,
			   const struct request *request, struct reply *ret_reply)
{
	(void) route;
	reply_export(serving, accept_exporter(&request->accept), NULL, request, ret_reply);
}

static void answer_all(const struct serving *serving, const struct route *route,
		       const struct request *request, struct reply *ret_reply)
{
	reply_export(serving, route->exporter, NULL, request, ret_reply);
}

static void answer_one(const struct serving *serving, const struct route *route,
		       const struct request *request, struct reply *ret_reply)
{
	reply_export(serving, route->exporter, request->path + strlen(route->path), request,
		     ret_reply);
}

/* A whole number of the query; one that is missing is what it was before. */
static bool argument_parse(const char *value, uint64_t *ret_number)
{
	return !value || parse_u64((struct slice){ value, strlen(value) }, ret_number) == 0;
}

static void answer_events(const struct serving *serving, const struct route *route,
			  const struct request *request, struct reply *ret_reply)
{
	uint64_t after = 0, limit = EVENT_RING;
	const struct answer *answer = NULL;
	int r;

	(void) route;
	if (!argument_parse(request->after, &after) || !argument_parse(request->limit, &limit)) {
		reply_sentence(ret_reply, 400,
			       "`after` (number of the last event that is known) and `limit` (how "
			       "many at most) are whole numbers.");
		return;
	}

	r = answers_get_events(serving->answers, after, limit,
			       accept_encoding_gzip(&request->accept_encoding), &answer);
	reply_answer(ret_reply, r, answer);
}

static void answer_healthz(const struct serving *serving, const struct route *route,
			   const struct request *request, struct reply *ret_reply)
{
	(void) serving, (void) route, (void) request;
	reply_sentence(ret_reply, 200, "ok");
}

static void reply_late(struct reply *ret_reply, uint64_t age_ns, uint64_t interval_ns)
{
	char sentence[REPLY_TEXT_BYTES / 2];

	(void) snprintf(
		sentence, sizeof(sentence),
		"The newest sample is %.1f s old, and one is due every %.1f s: sampling has "
		"stopped or is very late.",
		(double) age_ns / NSEC_PER_SEC, (double) interval_ns / NSEC_PER_SEC);
	reply_retry(ret_reply, sentence);
}

/* Whether there is a round and it is fresh; else the reply says why not. */
static bool is_ready(const struct serving *serving, struct reply *ret_reply)
{
	uint64_t taken_ns, interval_ns, now_ns;
	int r;

	r = answers_newest(serving->answers, &taken_ns, &interval_ns);
	now_ns = clock_boottime_ns();
	if (r < 0)
		reply_failure(ret_reply, r);
	else if (now_ns > taken_ns + READY_INTERVALS * interval_ns)
		reply_late(ret_reply, now_ns - taken_ns, interval_ns);
	else
		return true;

	return false;
}

static void answer_readyz(const struct serving *serving, const struct route *route,
			  const struct request *request, struct reply *ret_reply)
{
	(void) route, (void) request;
	if (is_ready(serving, ret_reply))
		reply_sentence(ret_reply, 200, "ok");
}

/* Prometheus keeps the list that it has when this fails: old numbers are no reason to send one. */
static void answer_targets(const struct serving *serving, const struct route *route,
			   const struct request *request, struct reply *ret_reply)
{
	const struct answer *answer = NULL;
	char host[HOST_BYTES];
	int r;

	(void) route;
	if (!is_ready(serving, ret_reply))
		return;
	r = answers_get_targets(serving->answers, host_name(request->host, host) ? host : NULL,
				accept_encoding_gzip(&request->accept_encoding), &answer);
	reply_answer(ret_reply, r, answer);
}

static const struct route routes[] = {
	{ "/metrics", answer_metrics, NULL },
	{ "/metrics/cadvisor", answer_metrics, NULL }, /* where kubelet has it */
	{ "/api/v1/containers", answer_all, &exporter_json_containers },
	{ "/api/v1/containers/", answer_one, &exporter_json_container },
	{ "/api/v1/host", answer_all, &exporter_json_host },
	{ "/api/v1/events", answer_events, NULL },
	{ "/api/v1/sd", answer_targets, NULL },
	{ "/healthz", answer_healthz, NULL },
	{ "/readyz", answer_readyz, NULL },
};

static bool path_matches(const char *path, const char *route)
{
	size_t length = strlen(route);

	if (route[length - 1] != '/')
		return strcmp(path, route) == 0;

	return strncmp(path, route, length) == 0 && path[length] != '\0';
}

static const struct route *route_find(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
		if (path_matches(path, routes[i].path))
			return &routes[i];

	return NULL;
}

static const struct page_file *page_find(const char *path)
{
	for (const struct page_file *file = page_files; file->path; file++)
		if (strcmp(path, file->path) == 0)
			return file;

	return NULL;
}

static void reply_page(const struct page_file *file, const struct request *request,
		       struct reply *ret_reply)
{
	/* Tags hold no quote or comma inside, so the header need not be taken apart. */
	bool known = request->if_none_match && strstr(request->if_none_match, file->etag);

	ret_reply->status = known ? 304 : 200;
	ret_reply->content_type = file->content_type;
	ret_reply->etag = file->etag;
	ret_reply->file_bytes = file->bytes;
	ret_reply->file_length = known ? 0 : file->length;
}

static void reply_not_found(struct reply *ret_reply)
{
	char sentence[REPLY_TEXT_BYTES] = "Nothing is here. There are: /";

	for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
		size_t length = strlen(sentence);

		(void) snprintf(sentence + length, sizeof(sentence) - length, ", %s%s",
				routes[i].path, routes[i].answer == answer_one ? "ID" : "");
	}
	reply_sentence(ret_reply, 404, sentence);
}

/* Whether the request may be looked at; else the reply says why not. */
static bool is_allowed(const struct serving *serving, const struct request *request, bool data,
		       struct reply *ret_reply)
{
	if (!host_is_ours(request->host, serving->hosts)) {
		reply_sentence(ret_reply, 421,
			       "This host name is not known to the agent (protection against DNS "
			       "rebinding). Use an address or localhost, or allow the name with "
			       "`hosts` in the section `web` of plimsoll.yaml.");
		return false;
	}
	if (data && !origin_is_ours(request->origin, request->host)) {
		reply_sentence(ret_reply, 403, "Pages of other sites may not read this.");
		return false;
	}
	if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0) {
		reply_sentence(ret_reply, 405, "Only GET and HEAD are served here.");
		ret_reply->allow = "GET, HEAD";
		return false;
	}

	if (request->has_body) {
		reply_sentence(ret_reply, 413, "Requests have no body here.");
		return false;
	}

	return true;
}

void route_request(const struct serving *serving, const struct request *request,
		   struct reply *ret_reply)
{
	const struct route *route = route_find(request->path);
	const struct page_file *file = page_find(request->path);

	*ret_reply = (struct reply){ 0 };
	if (!is_allowed(serving, request, route != NULL, ret_reply))
		return;

	if (route)
		route->answer(serving, route, request, ret_reply);
	else if (file)
		reply_page(file, request, ret_reply);
	else
		reply_not_found(ret_reply);
}
