/* SPDX-License-Identifier: Apache-2.0 */

/* exchange: one request on its way through the library. Source: libmicrohttpd's manual and
 * microhttpd.h, 0.9.75 to 1.0.
 *
 * The library calls exchange_on_request when the headers are there; again for each piece of the
 * body; again when the request is complete; and again after each time that it was suspended there.
 * An answer that is given at the first of these ends the connection, since the body was not read:
 * that is for requests that should not have been made. */

#include "api/exchange.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>

#include "api/internal.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/routes.h"
#include "api/server.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/parse.h"

#define STREAM_BLOCK_BYTES 16384

/* What the framing of a request consists of. */
struct framing {
	unsigned lengths, encodings; /* headers of these names */
	bool chunked;
	bool broken;
	uint64_t length;
};

struct exchange {
	struct reply reply; /* first: wake() is given a pointer to it */
	struct link *link;
	struct api_request request;
	char *path; /* what the request's segments point into */
	struct text body;
	bool evil_uri; /* it has a NUL in disguise */
	bool begun;    /* the headers were seen */
	bool asked;    /* the handler was called */
	bool too_many; /* parameters */
	bool suspended;
	sd_event_source *hangup; /* NULL: it was never suspended */
};

static struct link *link_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

static void exchange_resume(struct exchange *exchange)
{
	if (!exchange->suspended)
		return;
	exchange->suspended = false;
	MHD_resume_connection(exchange->link->connection);
	server_kick(exchange->link->server);
}

/* A stream may stand still for as long as it likes; its end has to be taken in time. */
static void on_wake(struct reply *reply)
{
	struct exchange *exchange = (struct exchange *) reply;

	if (reply->state == REPLY_ENDED)
		link_set_deadline(exchange->link, SEND_NS);
	exchange_resume(exchange);
}

void *exchange_on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct link *link = link_of(connection);
	struct exchange *exchange = link ? calloc(1, sizeof(*exchange)) : NULL;

	(void) cls;
	if (!exchange)
		return NULL; /* no memory: the request is refused below */
	exchange->link = link;
	link->exchange = exchange;
	exchange->reply.wake = on_wake;
	exchange->body.limit = REQUEST_BODY_BYTES + 1;
	exchange->evil_uri = strstr(uri, "%00") != NULL;
	return exchange;
}

void exchange_on_completed(void *cls, struct MHD_Connection *connection, void **request_cls,
			   enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *request_cls;

	(void) cls, (void) connection, (void) code;
	if (!exchange)
		return;
	exchange->suspended = false; /* it is not any more; nobody has to resume it */
	reply_close(&exchange->reply);
	exchange->hangup = sd_event_source_disable_unref(exchange->hangup);
	exchange->link->exchange = NULL;
	link_set_deadline(exchange->link, IDLE_NS);
	reply_fini(&exchange->reply);
	text_fini(&exchange->body);
	free(exchange->path);
	free(exchange);
	*request_cls = NULL;
}

void exchange_abandon(struct link *link)
{
	if (!link->exchange)
		return;
	reply_close(&link->exchange->reply);
	exchange_resume(link->exchange);
}

static int on_hangup(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct exchange *exchange = userdata;

	(void) fd, (void) events;
	(void) sd_event_source_set_enabled(source, SD_EVENT_OFF); /* once is enough */
	exchange_abandon(exchange->link);
	return 0;
}

/* Without a watch the client is found gone when something is sent to it. */
static void exchange_suspend(struct exchange *exchange)
{
	if (!exchange->hangup &&
	    sd_event_add_io(server_loop(exchange->link->server), &exchange->hangup,
			    exchange->link->fd, EPOLLRDHUP, on_hangup, exchange) >= 0)
		(void) sd_event_source_set_priority(exchange->hangup, SD_EVENT_PRIORITY_IDLE);
	link_set_deadline(exchange->link, 0);
	exchange->suspended = true;
	MHD_suspend_connection(exchange->link->connection);
}

static bool is_token(const char *name)
{
	if (name[0] == '\0')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char) *name) && !strchr("!#$%&'*+-.^_`|~", *name))
			return false;

	return true;
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct framing *framing = cls;

	(void) kind;
	if (!is_token(name) || !value) {
		framing->broken = true;
	} else if (strcasecmp(name, "Content-Length") == 0) {
		framing->lengths++;
		if (parse_u64((struct slice){ value, strlen(value) }, &framing->length) < 0)
			framing->broken = true;
	} else if (strcasecmp(name, "Transfer-Encoding") == 0) {
		framing->encodings++;
		framing->chunked = strcasecmp(value, "chunked") == 0;
	}

	return MHD_YES;
}

/* A request that can be read in two ways is not read at all. Source: RFC 9112, 6.1 and 6.3. */
static bool framing_is_clear(const struct framing *framing)
{
	return !framing->broken && framing->lengths + framing->encodings <= 1 &&
	       (framing->encodings == 0 || framing->chunked);
}

static enum MHD_Result on_pair(void *cls, enum MHD_ValueKind kind, const char *key,
			       const char *value)
{
	struct exchange *exchange = cls;

	(void) kind;
	if (request_add(&exchange->request, key, value) < 0)
		exchange->too_many = true;
	return MHD_YES;
}

/* Calls the handler, or answers in its place. */
static void exchange_ask(struct exchange *exchange, const char *url, const char *method)
{
	struct api_request *request = &exchange->request;
	struct reply *reply = &exchange->reply;
	struct problem problem;
	int r;

	exchange->asked = true;
	server_count_request(exchange->link->server);
	(void) MHD_get_connection_values(exchange->link->connection, MHD_GET_ARGUMENT_KIND, on_pair,
					 exchange);
	exchange->path = strdup(url);
	if (!exchange->path || exchange->body.overflowed) {
		reply_error(reply, 500, "not enough memory");
		return;
	}
	text_add(&exchange->body, "", 1);
	request->method = method;
	request->body = exchange->body.bytes;
	request->body_length = exchange->body.length - 1;
	request->role = exchange->link->peer.role;
	request->uid = exchange->link->peer.uid;
	request->pid = exchange->link->peer.pid;

	r = request_set_path(request, exchange->path, &problem);
	if (server_is_silent(exchange->link->server))
		reply_error(reply, 503, "the agent is stopping");
	else if (r == -ENOENT)
		reply_error(reply, 404, "page not found");
	else if (r < 0)
		reply_error(reply, 400, "%s", problem.text);
	else if (exchange->too_many)
		reply_error(reply, 400, "more than %d query parameters", REQUEST_PAIRS);
	else
		routes_handle(server_api(exchange->link->server), request, reply);
}

static ssize_t on_read(void *cls, uint64_t position, char *bytes, size_t size)
{
	struct exchange *exchange = cls;
	struct reply *reply = &exchange->reply;
	size_t length;

	(void) position;
	if (reply->state == REPLY_CLOSED)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	length = reply_take(reply, bytes, size);
	if (length > 0)
		return (ssize_t) length;
	if (reply->state == REPLY_ENDED)
		return MHD_CONTENT_READER_END_OF_STREAM;

	exchange_suspend(exchange);
	return 0;
}

/* What every answer carries; a failure is one of memory, and the header is missing then. */
static void add_headers(struct MHD_Response *response, const char *content_type)
{
	static const char *const fixed[][2] = {
		{ "Api-Version", API_VERSION_TEXT },
		{ "Docker-Experimental", "false" },
		{ "Ostype", "linux" },
		{ "Server", "Plimsoll/" PLIMSOLL_VERSION " (linux)" },
		{ "Cache-Control", "no-cache, no-store, must-revalidate" },
		{ "Pragma", "no-cache" },
		{ "Swarm", "inactive" },
	};

	(void) MHD_add_response_header(response, "Content-Type", content_type);
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		(void) MHD_add_response_header(response, fixed[i][0], fixed[i][1]);
}

static struct MHD_Response *response_new(struct exchange *exchange)
{
	struct text *body = &exchange->reply.body;
	struct MHD_Response *response;

	if (exchange->reply.state != REPLY_ANSWERED)
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES,
							 on_read, exchange, NULL);
	response =
		MHD_create_response_from_buffer(body->length, body->bytes, MHD_RESPMEM_MUST_FREE);
	if (response)
		*body = (struct text){ 0 };
	return response;
}

/* MHD_NO closes the connection. */
static enum MHD_Result exchange_send(struct exchange *exchange)
{
	struct MHD_Response *response = response_new(exchange);
	enum MHD_Result queued;

	if (!response)
		return MHD_NO;
	add_headers(response, exchange->reply.content_type);
	link_set_deadline(exchange->link, exchange->reply.state == REPLY_STREAMING ? 0 : SEND_NS);
	queued = MHD_queue_response(exchange->link->connection, exchange->reply.status, response);
	MHD_destroy_response(response);
	return queued;
}

/* After the handler was called, and after each time that the connection was resumed. */
static enum MHD_Result exchange_go_on(struct exchange *exchange)
{
	struct reply *reply = &exchange->reply;

	if (reply->state == REPLY_CLOSED)
		return MHD_NO;
	if (reply->state != REPLY_WAITING)
		return exchange_send(exchange);
	if (!reply->on_close) {
		reply_error(reply, 500, "nobody answered");
		return exchange_send(exchange);
	}
	exchange_suspend(exchange);
	return MHD_YES;
}

static enum MHD_Result exchange_begin(struct exchange *exchange, const char *url,
				      const char *method)
{
	struct framing framing = { 0 };

	exchange->begun = true;
	(void) MHD_get_connection_values(exchange->link->connection, MHD_HEADER_KIND, on_header,
					 &framing);
	if (!framing_is_clear(&framing) || exchange->evil_uri) {
		exchange->asked = true;
		reply_error(&exchange->reply, 400, "the request cannot be understood");
		return exchange_go_on(exchange);
	}
	if (framing.length > REQUEST_BODY_BYTES) {
		exchange->request.body_cut = true;
		exchange_ask(exchange, url, method);
		return exchange_go_on(exchange);
	}

	link_set_deadline(exchange->link, BODY_NS);
	return MHD_YES;
}

/* Too much is thrown away, since the library takes no answer before the body's end. */
static void exchange_take_body(struct exchange *exchange, const char *bytes, size_t length)
{
	size_t room = REQUEST_BODY_BYTES - exchange->body.length;

	if (length > room) {
		exchange->request.body_cut = true;
		length = room;
	}
	text_add(&exchange->body, bytes, length);
}

enum MHD_Result exchange_on_request(void *cls, struct MHD_Connection *connection, const char *url,
				    const char *method, const char *version,
				    const char *upload_data, size_t *upload_data_size,
				    void **request_cls)
{
	struct exchange *exchange = *request_cls;

	(void) cls, (void) connection, (void) version;
	if (!exchange)
		return MHD_NO;
	if (!exchange->begun)
		return exchange_begin(exchange, url, method);
	if (*upload_data_size > 0) {
		exchange_take_body(exchange, upload_data, *upload_data_size);
		*upload_data_size = 0;
		return MHD_YES;
	}
	if (!exchange->asked)
		exchange_ask(exchange, url, method);
	return exchange_go_on(exchange);
}
