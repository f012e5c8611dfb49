/* SPDX-License-Identifier: Apache-2.0 */

/* http: libmicrohttpd on one side, routes on the other. Source: libmicrohttpd's manual and
 * microhttpd.h, 0.9.75 to 1.0. */

#include "web/http.h"

#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "web/answer.h"
#include "web/connections.h"
#include "web/routes.h"

#define IDLE_SECONDS     15
#define CONNECTION_BYTES (64 * 1024) /* request line and headers; more is 431, 413 or 414 */

struct http {
	struct MHD_Daemon *daemon;
	const struct serving *serving;
	struct connections *connections;
};

/* What every reply carries. Scripts and styles come from our own files only, nobody may put the
 * page into a frame, and nothing of a request's address goes elsewhere. */
static const char *const fixed_headers[][2] = {
	{ "Content-Security-Policy",
	  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
	  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Vary", "Accept, Accept-Encoding" },
};

/* A second Host header makes it unclear whom the request is for: then it is for nobody. */
static void request_set_host(struct request *request, const char *value)
{
	request->host = request->host ? "" : value;
}

/* A length of 0 is no body; whatever else is said about one is. */
static bool announces_body(const char *name, const char *value)
{
	return strcasecmp(name, "Transfer-Encoding") == 0 ||
	       (strcasecmp(name, "Content-Length") == 0 && strcmp(value, "0") != 0);
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct request *request = cls;

	(void) kind;
	if (!value)
		return MHD_YES;
	if (strcasecmp(name, "Accept") == 0)
		accept_line(&request->accept, value);
	else if (strcasecmp(name, "Accept-Encoding") == 0)
		accept_encoding_line(&request->accept_encoding, value);
	else if (strcasecmp(name, "Host") == 0)
		request_set_host(request, value);
	else if (strcasecmp(name, "Origin") == 0)
		request->origin = value;
	else if (strcasecmp(name, "If-None-Match") == 0)
		request->if_none_match = value;
	else if (announces_body(name, value))
		request->has_body = true;

	return MHD_YES;
}

/* An argument that comes twice means nothing: no number is "". */
static void request_set_argument(const char **argument, const char *value)
{
	*argument = *argument || !value ? "" : value;
}

static enum MHD_Result on_argument(void *cls, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct request *request = cls;

	(void) kind;
	if (strcmp(name, "after") == 0)
		request_set_argument(&request->after, value);
	else if (strcmp(name, "limit") == 0)
		request_set_argument(&request->limit, value);

	return MHD_YES;
}

static void on_answer_sent(void *cls)
{
	answer_unref(cls);
}

static void on_constant_sent(void *cls)
{
	(void) cls;
}

static struct MHD_Response *response_of_body(const struct reply *reply)
{
	if (reply->answer)
		return MHD_create_response_from_buffer_with_free_callback_cls(
			reply->answer->length, (void *) reply->answer->bytes, on_answer_sent,
			(void *) reply->answer);
	if (reply->etag)
		return MHD_create_response_from_buffer_with_free_callback_cls(
			reply->file_length, (void *) reply->file_bytes, on_constant_sent, NULL);

	return MHD_create_response_from_buffer(strlen(reply->text), (void *) reply->text,
					       MHD_RESPMEM_MUST_COPY);
}

/* Fails only when out of memory; then the header is missing, and Content-Type is set first. */
static void header_set(struct MHD_Response *response, const char *name, const char *value)
{
	if (value)
		(void) MHD_add_response_header(response, name, value);
}

static struct MHD_Response *response_new(const struct reply *reply)
{
	struct MHD_Response *response = response_of_body(reply);
	char age[24];

	if (!response) {
		answer_unref(reply->answer);
		return NULL;
	}

	(void) snprintf(age, sizeof(age), "%" PRIu64, reply->age_s);
	header_set(response, "Content-Type", reply->content_type);
	header_set(response, "Content-Encoding",
		   reply->answer && reply->answer->gzip ? "gzip" : NULL);
	header_set(response, "Cache-Control", reply->etag ? "no-cache" : "no-store");
	header_set(response, "ETag", reply->etag);
	header_set(response, "Age", reply->has_age ? age : NULL);
	header_set(response, "Allow", reply->allow);
	header_set(response, "Retry-After", reply->retry ? "1" : NULL);
	for (size_t i = 0; i < ARRAY_SIZE(fixed_headers); i++)
		header_set(response, fixed_headers[i][0], fixed_headers[i][1]);

	return response;
}

static enum MHD_Result answer_request(const struct http *http, struct MHD_Connection *connection,
				      const struct request *request)
{
	struct MHD_Response *response;
	struct reply reply;
	enum MHD_Result queued;

	route_request(http->serving, request, &reply);
	response = response_new(&reply);
	if (!response)
		return MHD_NO; /* out of memory: the connection is closed */
	queued = MHD_queue_response(connection, reply.status, response);
	MHD_destroy_response(response);
	return queued;
}

static int connection_fd(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/* Called when the headers are there, and again when the request is complete; *request_cls is ours
 * and tells which. Answering at once closes the connection: that is for requests with a body,
 * since no route reads one, and what follows must not be taken for a request. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload_data,
				  size_t *upload_data_size, void **request_cls)
{
	static char headers_seen;
	struct request request = { .method = method, .path = url };
	const struct http *http = cls;

	(void) version, (void) upload_data, (void) upload_data_size;
	(void) MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, &request);
	if (!*request_cls)
		connections_enter(http->connections, connection_fd(connection), STAGE_ANSWER);
	if (!*request_cls && !request.has_body) {
		*request_cls = &headers_seen;
		return MHD_YES;
	}

	(void) MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, on_argument, &request);
	return answer_request(http, connection, &request);
}

/* The answer went out, or never will. */
static void on_completed(void *cls, struct MHD_Connection *connection, void **request_cls,
			 enum MHD_RequestTerminationCode why)
{
	const struct http *http = cls;

	(void) request_cls, (void) why;
	connections_enter(http->connections, connection_fd(connection), STAGE_REQUEST);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	const struct http *http = cls;

	(void) socket_context;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED)
		connections_forget(http->connections, connection_fd(connection));
}

/* What clients did wrong, for those who look for it. */
static void on_log(void *cls, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
static void on_log(void *cls, const char *format, va_list arguments)
{
	char message[256];

	(void) cls;
	(void) vsnprintf(message, sizeof(message), format, arguments); /* cut is fine */
	message[strcspn(message, "\r\n")] = '\0';
	log_debug(0, "libmicrohttpd: %s", message);
}

/* Header syntax as the RFCs have it, without allowances for broken clients. */
#if MHD_VERSION >= 0x00097701
#define STRICTNESS MHD_OPTION_CLIENT_DISCIPLINE_LVL
#else
#define STRICTNESS MHD_OPTION_STRICT_FOR_CLIENT
#endif

int http_start(const struct serving *serving, struct connections *connections,
	       struct http **ret_http)
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http)
		return -ENOMEM;

	*http = (struct http){ .serving = serving, .connections = connections };
	http->daemon =
		MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET |
					 MHD_USE_ITC | MHD_USE_ERROR_LOG,
				 0, NULL, NULL, on_request, http, /* */
				 MHD_OPTION_EXTERNAL_LOGGER, on_log,
				 NULL, /* first: it tells about the others */
				 MHD_OPTION_THREAD_POOL_SIZE, (unsigned) HTTP_THREADS,    /* */
				 MHD_OPTION_CONNECTION_LIMIT, (unsigned) CONNECTIONS_FDS, /* */
				 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned) IDLE_SECONDS,  /* */
				 MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				 (size_t) CONNECTION_BYTES,                         /* */
				 MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, /* */
				 MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,   /* */
				 STRICTNESS, 1,                                     /* */
				 MHD_OPTION_END);
	if (!http->daemon) {
		free(http);
		return -EIO;
	}

	*ret_http = http;
	return 0;
}

void http_stop(struct http *http)
{
	if (!http)
		return;

	MHD_stop_daemon(http->daemon);
	free(http);
}

int http_add(struct http *http, int fd, const struct sockaddr *address, socklen_t length)
{
	return MHD_add_connection(http->daemon, fd, address, length) == MHD_YES ? 0 : -ECONNREFUSED;
}
