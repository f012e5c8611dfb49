/* SPDX-License-Identifier: Apache-2.0 */

/* top: GET /containers/{id}/top: the host's ps(1), for the container's processes.
 *
 * First ps is asked for the pids alone (-q); some formats do not go with that: then for everything,
 * and lines are chosen by their PID column. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/cgroup_pids.h"
#include "api/internal.h"
#include "api/ps.h"
#include "api/ps_run.h"
#include "base/cleanup.h"
#include "base/utf8.h"
#include "containers/registry.h"

#define COMPLAINT_BYTES 512
#define CLEAN_BYTES     (4 * PS_RUN_BYTES) /* each byte that is no UTF-8 becomes three */
#define CONCURRENT_MAX  16
#define DEFAULT_ARGS    "-ef"

/* The columns of the default, with the program's name in place of its command line. */
#define VIEW_ARGS "-e -o user:8=UID -o pid -o ppid -o c -o stime -o tname=TTY -o time -o ucmd=CMD"

/* One request. */
struct top {
	struct api *api;
	struct reply *reply;
	struct cgroup_pids pids;
	struct ps_arguments arguments;
	bool by_pids; /* the run at hand has -q */
	struct ps_run run;
};

static void top_free(struct top *top)
{
	top->api->tops--;
	ps_run_end(&top->run);
	cgroup_pids_fini(&top->pids);
	ps_arguments_fini(&top->arguments);
	free(top);
}

static void on_close(void *userdata)
{
	top_free(userdata);
}

static void fail(struct top *top, const char *text)
{
	struct reply *reply = top->reply;

	top_free(top);
	reply_error(reply, 500, "%s", text);
}

static void fail_as_ps_did(struct top *top)
{
	char complaint[COMPLAINT_BYTES];
	struct reply *reply = top->reply;

	ps_run_complaint(&top->run, complaint, sizeof(complaint));
	top_free(top);
	reply_error(reply, 500, "error running ps: %s",
		    complaint[0] ? complaint : "it failed without a word");
}

static void answer(struct top *top)
{
	CLEANUP(free_p) char *clean = NULL;
	const struct text *output = &top->run.output;
	struct reply *reply = top->reply;
	struct text text = { 0 };

	clean = utf8_copy(output->bytes ? output->bytes : "", output->length, CLEAN_BYTES);
	if (!clean) {
		fail(top, "not enough memory");
	} else if (ps_output_write(clean, &top->pids, &text) < 0) {
		fail(top, "Couldn't find PID field in ps output");
	} else {
		top_free(top);
		reply_json(reply, 200, &text);
	}
	text_fini(&text);
}

static void start(struct top *top, bool by_pids);

static void on_done(struct ps_run *run, int result, void *userdata)
{
	struct top *top = userdata;

	(void) run;
	if (result == -ETIMEDOUT)
		fail(top, "ps did not end in time");
	else if (result == -EFBIG)
		fail(top, "ps printed too much");
	else if (result < 0)
		fail(top, "not enough memory");
	else if (result > 0 && top->by_pids)
		start(top, false);
	else if (result > 0)
		fail_as_ps_did(top);
	else
		answer(top);
}

/* The request may be answered when this returns. */
static void start(struct top *top, bool by_pids)
{
	int r;

	ps_run_end(&top->run);
	top->by_pids = by_pids;
	top->arguments.argv[top->arguments.count] = by_pids ? top->arguments.pids.bytes : NULL;
	r = ps_run_start(&top->run, top->api->host.loop, top->api->host.root_fd,
			 top->arguments.argv, on_done, top);
	if (r == -ENOENT)
		fail(top, "ps is not installed on this host: install the package procps");
	else if (r < 0)
		fail(top, "ps cannot be started");
}

static struct top *top_new(struct api *api, struct reply *reply)
{
	struct top *top = calloc(1, sizeof(*top));

	if (!top)
		return NULL;
	top->api = api;
	top->reply = reply;
	ps_run_init(&top->run);
	api->tops++;
	return top;
}

/* 0: go on; else it was answered. */
static int prepare(struct top *top, const struct container *container, const char *arguments)
{
	struct problem problem = { 0 };
	int r = cgroup_pids_read(top->api->host.cgroup_fd, container->path, &top->pids);

	if (r == 0)
		r = ps_arguments_init(&top->arguments, arguments, &top->pids, &problem);
	if (r == -EINVAL)
		reply_error(top->reply, 400, "%s", problem.text);
	else if (r == -ENOENT || r == -ENODEV)
		reply_error(top->reply, 409, "container %s is not running",
			    container->identity.name);
	else if (r < 0)
		reply_error(top->reply, 500, "the container's processes cannot be listed: %s",
			    strerror(-r));
	return r;
}

/* NULL: it was answered. */
static const char *choose_arguments(const struct api_request *request, struct reply *reply)
{
	const char *arguments = request_value(request, "ps_args");

	if (!arguments || arguments[0] == '\0')
		arguments = DEFAULT_ARGS;
	if (request->role == ROLE_ADMIN)
		return arguments;
	if (strcmp(arguments, DEFAULT_ARGS) == 0)
		return VIEW_ARGS;
	reply_error(reply, 403, "only administrators may choose the arguments of ps");
	return NULL;
}

static bool is_running(const struct container *container, struct reply *reply)
{
	enum container_state state = container_state(container);

	if (state == STATE_RESTARTING)
		reply_error(reply, 409,
			    "Container %s is restarting, wait until the container is running",
			    container->identity.name);
	else if (container->ended_ns != 0 || container->stopped || !container->path)
		reply_error(reply, 409, "container %s is not running", container->identity.name);
	else
		return true;
	return false;
}

void handle_top(struct api *api, const struct api_request *request, struct reply *reply)
{
	const struct container *container = api_find(api, request->segments[1], reply);
	const char *arguments;
	struct top *top;

	if (!container || !is_running(container, reply))
		return;
	arguments = choose_arguments(request, reply);
	if (!arguments)
		return;
	if (api->tops >= CONCURRENT_MAX) {
		reply_error(reply, 503, "too many processes are being listed at this moment");
		return;
	}
	top = top_new(api, reply);
	if (!top) {
		reply_error(reply, 500, "not enough memory");
		return;
	}
	if (prepare(top, container, arguments) < 0) {
		top_free(top);
		return;
	}

	reply_on_close(reply, on_close, top);
	start(top, top->arguments.pids.length > 0);
}
