/* SPDX-License-Identifier: Apache-2.0 */

/* server: accepts, and runs libmicrohttpd when its epoll descriptor or its timer says so.
 *
 * The library takes what it is handed: connections are accepted here, which is where the number of
 * them is bounded and where the peer is asked for. Its own time limits count since the last byte;
 * ours are absolute, and a connection that exceeds one is shut down, which the library notices. */

#include "api/server.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <utlist.h>

#include "api/exchange.h"
#include "api/internal.h"
#include "api/socket.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

#define ACCEPTS_MAX   64      /* at a time; a flood of connects does not keep the loop busy */
#define SWEEP_USEC    1000000 /* how exactly deadlines are kept */
#define DISCARD_BYTES 4096

struct server {
	struct api *api;
	sd_event *loop;
	struct MHD_Daemon *daemon;
	char *path; /* NULL: not bound */
	int listen_fd;
	gid_t group;
	unsigned limit;
	unsigned handed; /* to the library, which (since 1.0) begins with them in MHD_run */
	bool silent;
	struct link *links;
	struct api_stats stats;
	sd_event_source *accept_source, *run_source, *run_timer, *sweep_timer;
};

struct api *server_api(const struct server *server)
{
	return server->api;
}

sd_event *server_loop(const struct server *server)
{
	return server->loop;
}

bool server_is_silent(const struct server *server)
{
	return server->silent;
}

void server_count_request(struct server *server)
{
	server->stats.requests++;
}

void server_stats_get(const struct server *server, struct api_stats *ret_stats)
{
	*ret_stats = server->stats;
}

void server_kick(struct server *server)
{
	if (server->run_timer) {
		(void) sd_event_source_set_time(server->run_timer, 0); /* long ago: at once */
		(void) sd_event_source_set_enabled(server->run_timer, SD_EVENT_ONESHOT);
	}
}

static void plan_run(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG msec;

	if (MHD_get_timeout(server->daemon, &msec) != MHD_YES) {
		(void) sd_event_source_set_enabled(server->run_timer, SD_EVENT_OFF);
		return;
	}
	(void) sd_event_source_set_time_relative(server->run_timer, (uint64_t) msec * 1000);
	(void) sd_event_source_set_enabled(server->run_timer, SD_EVENT_ONESHOT);
}

static void run(struct server *server)
{
	(void) MHD_run(server->daemon); /* MHD_NO: the daemon was not started for this; a bug */
	server->handed = 0;
	plan_run(server);
}

static int on_runnable(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	(void) source, (void) fd, (void) events;
	run(userdata);
	return 0;
}

static int on_run_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void) source, (void) usec;
	run(userdata);
	return 0;
}

void link_set_deadline(struct link *link, uint64_t after_ns)
{
	link->deadline_ns = after_ns > 0 ? clock_boottime_ns() + after_ns : 0;
}

static int on_sweep(sd_event_source *source, uint64_t usec, void *userdata)
{
	uint64_t now_ns = clock_boottime_ns();
	struct server *server = userdata;
	struct link *link;

	(void) usec;
	DL_FOREACH (server->links, link)
		if (link->deadline_ns > 0 && now_ns > link->deadline_ns)
			(void) shutdown(link->fd, SHUT_RDWR); /* gone already: fine */

	if (server->links) {
		(void) sd_event_source_set_time_relative(source, SWEEP_USEC);
		(void) sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	return 0;
}

/* Of the library: a connection began or ends; *context is ours. */
static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct server *server = cls;
	struct link *link = *context;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (!link)
			return;
		DL_DELETE(server->links, link);
		server->stats.connections--;
		free(link);
		*context = NULL;
		return;
	}

	link = calloc(1, sizeof(*link));
	if (!link)
		return; /* no request of it is served */
	server->handed -= server->handed > 0;
	link->server = server;
	link->connection = connection;
	link->fd =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	link->peer = peer_of(link->fd, server->group);
	link_set_deadline(link, HEADER_NS);
	if (!server->links) {
		(void) sd_event_source_set_time_relative(server->sweep_timer, SWEEP_USEC);
		(void) sd_event_source_set_enabled(server->sweep_timer, SD_EVENT_ONESHOT);
	}
	DL_APPEND(server->links, link);
	server->stats.connections++;
	*context = link;
}

/* Says why, without waiting; closing with unread input would reset the connection first. All of it
 * is a courtesy. */
static void refuse(struct server *server, int fd)
{
	static const char reply[] = "HTTP/1.1 503 Service Unavailable\r\n"
				    "Content-Type: application/json\r\n"
				    "Content-Length: 36\r\n"
				    "Connection: close\r\n\r\n"
				    "{\"message\":\"too many connections\"}\r\n";
	char discarded[DISCARD_BYTES];

	server->stats.refused++;
	(void) !recv(fd, discarded, sizeof(discarded), MSG_DONTWAIT);
	(void) !send(fd, reply, sizeof(reply) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void) shutdown(fd, SHUT_WR);
	(void) close(fd);
}

static void accept_one(struct server *server, int fd)
{
	static const struct sockaddr_un nobody = { .sun_family = AF_UNIX };

	if (server->stats.connections + server->handed >= server->limit) {
		refuse(server, fd);
		return;
	}
	server->handed++;
	/* Takes the descriptor also when it fails. */
	if (MHD_add_connection(server->daemon, fd, (const struct sockaddr *) &nobody,
			       sizeof(nobody.sun_family)) != MHD_YES)
		server->stats.refused++;
}

static int on_connect(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct server *server = userdata;

	(void) source, (void) events;
	for (unsigned i = 0; i < ACCEPTS_MAX; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (client < 0) {
			if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
				log_warning(-errno, "cannot accept a client of the API");
			break;
		}
		accept_one(server, client);
	}
	run(server);
	return 0;
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

static int start_daemon(struct server *server)
{
	server->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
			MHD_USE_ERROR_LOG,
		0, NULL, NULL, exchange_on_request, server,     /* */
		MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,       /* first: it tells about the rest */
		MHD_OPTION_CONNECTION_LIMIT, server->limit + 1, /* ours is reached first */
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CONNECTION_BYTES,       /* */
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,                 /* */
		MHD_OPTION_NOTIFY_COMPLETED, exchange_on_completed, server,          /* */
		MHD_OPTION_URI_LOG_CALLBACK, exchange_on_uri, server, STRICTNESS, 1, /* */
		MHD_OPTION_END);
	return server->daemon ? 0 : log_error(-EIO, "cannot start the HTTP library");
}

static int add_timer(struct server *server, sd_event_time_handler_t handler,
		     sd_event_source **ret_source)
{
	int r = sd_event_add_time_relative(server->loop, ret_source, CLOCK_MONOTONIC, 0, 1000,
					   handler, server);

	if (r < 0)
		return r;
	(void) sd_event_source_set_priority(*ret_source, SD_EVENT_PRIORITY_IDLE);
	return sd_event_source_set_enabled(*ret_source, SD_EVENT_OFF);
}

static int add_io(struct server *server, int fd, sd_event_io_handler_t handler,
		  sd_event_source **ret_source)
{
	int r = sd_event_add_io(server->loop, ret_source, fd, EPOLLIN, handler, server);

	if (r < 0)
		return r;
	return sd_event_source_set_priority(*ret_source, SD_EVENT_PRIORITY_IDLE);
}

/* HTTP comes last: numbers and changes first. */
static int join_loop(struct server *server)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	int r;

	if ((r = add_io(server, info->epoll_fd, on_runnable, &server->run_source)) < 0 ||
	    (r = add_io(server, server->listen_fd, on_connect, &server->accept_source)) < 0 ||
	    (r = add_timer(server, on_run_timer, &server->run_timer)) < 0 ||
	    (r = add_timer(server, on_sweep, &server->sweep_timer)) < 0)
		return log_error(r, "cannot serve the API in the event loop");
	return 0;
}

static int bind_socket(struct server *server, const char *path)
{
	server->listen_fd = socket_listen(path, server->group);
	if (server->listen_fd < 0)
		return server->listen_fd;
	server->path = strdup(path);
	return server->path ? 0 : -ENOMEM;
}

int server_open(struct api *api, const struct api_options *options, struct server **ret_server)
{
	struct server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return log_error(-ENOMEM, "cannot serve the API");
	server->api = api;
	server->loop = sd_event_ref(api->host.loop);
	server->listen_fd = -1;
	server->limit = options->connections;
	server->group = socket_group(options->group);
	if ((r = bind_socket(server, options->socket_path)) < 0 || (r = start_daemon(server)) < 0 ||
	    (r = join_loop(server)) < 0) {
		server_close(server);
		return r;
	}

	*ret_server = server;
	return 0;
}

void server_silence(struct server *server)
{
	struct link *link;

	if (!server)
		return;
	server->silent = true;
	server->accept_source = sd_event_source_disable_unref(server->accept_source);
	DL_FOREACH (server->links, link)
		exchange_abandon(link);
}

void server_close(struct server *server)
{
	if (!server)
		return;
	server->accept_source = sd_event_source_disable_unref(server->accept_source);
	server->run_source = sd_event_source_disable_unref(server->run_source);
	server->run_timer = sd_event_source_disable_unref(server->run_timer);
	if (server->daemon) {
		(void) MHD_run(server->daemon); /* takes note of those that were resumed */
		MHD_stop_daemon(server->daemon);
	}
	server->sweep_timer = sd_event_source_disable_unref(server->sweep_timer);
	close_p(&server->listen_fd);
	if (server->path)
		(void) unlink(server->path); /* somebody else did: fine */
	free(server->path);
	sd_event_unref(server->loop);
	free(server);
}
