/* SPDX-License-Identifier: Apache-2.0 */

/* top: a ps of the test's own, which says how it was called, and this machine's. */

#include "unit/api/stage.h"

#include <signal.h>
#include <sys/stat.h>

#include "base/cleanup.h"

struct fixture {
	struct stage stage;
	struct container *web;
};

static int setup(void **state)
{
	struct fixture *fixture = malloc(sizeof(*fixture));
	sigset_t signals;

	assert_non_null(fixture);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	assert_int_equal(sigprocmask(SIG_BLOCK, &signals, NULL), 0); /* as the agent does */
	stage_open(&fixture->stage);
	fixture->web = stage_container(&fixture->stage, 1, "web"); /* its process is 1001 */
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(fixture->stage.api.tops, 0);
	stage_close(&fixture->stage);
	free(fixture);
	return 0;
}

/* Puts a shell script in the place of ps. */
static void install_ps(struct stage *stage, const char *script)
{
	char text[1024];

	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", script);
	fake_host_write(&stage->host, "usr/bin/ps", text);
	assert_int_equal(fchmodat(stage->host.root_fd, "usr/bin/ps", 0755, 0), 0);
}

static json_t *processes_of(struct reply *reply)
{
	json_t *object = stage_take_json(reply), *processes;

	assert_int_equal(reply->status, 200);
	processes = json_incref(json_object_get(object, "Processes"));
	assert_non_null(processes);
	json_decref(object);
	return processes;
}

static const char *cell(const json_t *processes, size_t row, size_t column)
{
	return json_string_value(json_array_get(json_array_get(processes, row), column));
}

static void ps_is_asked_for_the_pids_of_the_container(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };
	json_t *processes;

	install_ps(stage, "echo 'PID CMD'; echo \"1001 $*\"; echo '1 init'");
	GET(handle_top, "containers/web/top", "ps_args", "-eo pid,args");
	assert_int_equal(reply.state, REPLY_WAITING);
	stage_await(stage, &reply, REPLY_WAITING);
	processes = processes_of(&reply);
	assert_int_equal(json_array_size(processes), 1);
	assert_string_equal(cell(processes, 0, 1), "-eo pid,args -q1001");
	json_decref(processes);
	reply_fini(&reply);
}

static void it_has_no_input_and_a_clean_environment(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };
	json_t *processes;

	setenv("PLIMSOLL_SECRET", "x", 1);
	install_ps(stage, "cat; echo 'PID A B'; echo \"1001 x$PLIMSOLL_SECRET\" $LC_ALL");
	GET(handle_top, "containers/web/top");
	stage_await(stage, &reply, REPLY_WAITING);
	processes = processes_of(&reply);
	assert_string_equal(cell(processes, 0, 1), "x");
	assert_string_equal(cell(processes, 0, 2), "C.UTF-8");
	json_decref(processes);
	reply_fini(&reply);
}

static void formats_that_take_no_pids_are_tried_without(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };
	json_t *processes;

	install_ps(stage, "case \"$*\" in *-q*) echo conflict >&2; exit 1;; esac;"
			  "echo 'PID CMD'; echo '1 init'; echo \"1001 $*\"; echo '2 x'");
	GET(handle_top, "containers/web/top", "ps_args", "aux");
	stage_await(stage, &reply, REPLY_WAITING);
	processes = processes_of(&reply);
	assert_int_equal(json_array_size(processes), 1);
	assert_string_equal(cell(processes, 0, 1), "aux");
	json_decref(processes);
	reply_fini(&reply);
}

static void a_ps_that_fails_is_quoted(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };

	install_ps(stage, "echo 'error: unknown option' >&2; exit 1");
	GET(handle_top, "containers/web/top", "ps_args", "--nonsense");
	stage_await(stage, &reply, REPLY_WAITING);
	assert_message(&reply, 500, "error running ps: error: unknown option");
	reply_fini(&reply);
}

static void output_without_pids_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };

	install_ps(stage, "echo CMD; echo x");
	GET(handle_top, "containers/web/top", "ps_args", "-o cmd");
	stage_await(stage, &reply, REPLY_WAITING);
	assert_message(&reply, 500, "Couldn't find PID field");
	reply_fini(&reply);
}

static void output_that_does_not_end_is_cut_off(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };

	install_ps(stage, "echo PID; exec yes 1001");
	GET(handle_top, "containers/web/top");
	stage_await(stage, &reply, REPLY_WAITING);
	assert_message(&reply, 500, "ps printed too much");
	reply_fini(&reply);
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };
	json_t *processes;

	install_ps(stage, "printf 'PID CMD\\n1001 a\\377\\000b\\033\\n'");
	GET(handle_top, "containers/web/top");
	stage_await(stage, &reply, REPLY_WAITING);
	processes = processes_of(&reply);
	assert_non_null(strstr(cell(processes, 0, 1), "\xef\xbf\xbd"));
	json_decref(processes);
	reply_fini(&reply);
}

static void without_ps_the_message_names_the_package(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };

	GET(handle_top, "containers/web/top");
	assert_message(&reply, 500, "procps");
	reply_fini(&reply);
}

static void a_client_that_goes_away_takes_its_ps_with_it(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };
	char text[32] = "";
	FILE *file;

	install_ps(stage, "echo $$ >${0%usr/bin/ps}pid.new; mv ${0%usr/bin/ps}pid.new "
			  "${0%usr/bin/ps}pid; exec sleep 1000");
	GET(handle_top, "containers/web/top");
	for (int i = 0; faccessat(stage->host.root_fd, "pid", F_OK, 0) < 0; i++) {
		assert_true(i < 20000);
		usleep(1000);
	}
	reply_close(&reply);
	file = fdopen(openat(stage->host.root_fd, "pid", O_RDONLY), "r");
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_int_equal(kill(atoi(text), 0), -1);
	reply_fini(&reply);
}

static void only_so_many_run_at_a_time(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	static struct reply replies[17];

	memset(replies, 0, sizeof(replies));
	install_ps(stage, "exec sleep 1000");
	for (size_t i = 0; i < 17; i++)
		stage_get(stage, handle_top, ROLE_ADMIN, &replies[i], "containers/web/top", NULL);
	assert_message(&replies[16], 503, "too many");
	for (size_t i = 0; i < 17; i++) {
		reply_close(&replies[i]);
		reply_fini(&replies[i]);
	}
}

static void requests_that_cannot_be_served_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };
	char id[65], path[128];

	GET(handle_top, "containers/nobody/top");
	assert_message(&reply, 404, "No such container");
	reply_fini(&reply);

	reply = (struct reply){ 0 };
	GET(handle_top, "containers/web/top", "ps_args", "-e\nf");
	assert_message(&reply, 400, "control characters");
	reply_fini(&reply);

	fake_host_docker_id(1, &id);
	snprintf(path, sizeof(path), "sys/fs/cgroup/docker/%s", id);
	fake_host_remove(&stage->host, path);
	reply = (struct reply){ 0 };
	GET(handle_top, "containers/web/top"); /* the registry does not know yet */
	assert_message(&reply, 409, "is not running");
	reply_fini(&reply);
	assert_int_equal(registry_rescan(stage->registry), 0);
	reply = (struct reply){ 0 };
	GET(handle_top, "containers/web/top");
	assert_message(&reply, 409, "is not running");
	reply_fini(&reply);
}

static void a_viewer_sees_no_command_lines(void **state)
{
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	struct reply reply = { 0 };
	json_t *processes;

	install_ps(stage, "echo 'PID CMD'; echo \"1001 $*\"");
	stage_get(stage, handle_top, ROLE_VIEW, &reply, "containers/web/top", NULL);
	stage_await(stage, &reply, REPLY_WAITING);
	processes = processes_of(&reply);
	assert_null(strstr(cell(processes, 0, 1), "-ef"));
	assert_non_null(strstr(cell(processes, 0, 1), "ucmd=CMD"));
	json_decref(processes);
	reply_fini(&reply);

	reply = (struct reply){ 0 };
	stage_get(stage, handle_top, ROLE_VIEW, &reply, "containers/web/top", "ps_args", "-eo args",
		  NULL);
	assert_message(&reply, 403, "administrators");
	reply_fini(&reply);
}

/* The real one, asked for this very process. */
static void this_machine_s_ps_is_understood(void **state)
{
	static const enum api_role roles[] = { ROLE_ADMIN, ROLE_VIEW };
	struct fixture *fixture = *state;
	struct stage *stage = &fixture->stage;
	char path[160], text[32];
	int root_fd;

	if (access("/usr/bin/ps", X_OK) < 0) {
		print_message("skipped: there is no ps on this machine\n");
		skip();
	}
	root_fd = open("/", O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof(path), "sys/fs/cgroup%s/cgroup.procs", fixture->web->path);
	snprintf(text, sizeof(text), "%d\n", getpid());
	fake_host_write(&stage->host, path, text);
	stage->api.host.root_fd = root_fd;

	for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
		struct reply reply = { 0 };
		json_t *processes;

		stage_get(stage, handle_top, roles[i], &reply, "containers/web/top", NULL);
		stage_await(stage, &reply, REPLY_WAITING);
		processes = processes_of(&reply);
		assert_int_equal(json_array_size(processes), 1);
		assert_int_equal(json_array_size(json_array_get(processes, 0)), 8);
		assert_int_equal(atoi(cell(processes, 0, 1)), getpid());
		json_decref(processes);
		reply_fini(&reply);
	}
	close(root_fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(ps_is_asked_for_the_pids_of_the_container),
		TEST(it_has_no_input_and_a_clean_environment),
		TEST(formats_that_take_no_pids_are_tried_without),
		TEST(a_ps_that_fails_is_quoted),
		TEST(output_without_pids_is_an_error),
		TEST(output_that_does_not_end_is_cut_off),
		TEST(bytes_that_are_no_utf8_are_replaced),
		TEST(without_ps_the_message_names_the_package),
		TEST(a_client_that_goes_away_takes_its_ps_with_it),
		TEST(only_so_many_run_at_a_time),
		TEST(requests_that_cannot_be_served_are_refused),
		TEST(a_viewer_sees_no_command_lines),
		TEST(this_machine_s_ps_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
