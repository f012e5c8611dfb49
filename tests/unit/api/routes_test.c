/* SPDX-License-Identifier: Apache-2.0 */

#include "unit/api/fake_registry.h"

#include <stdio.h>

static const struct route *find(const char *method, const char *path)
{
	struct api_request request = { .method = method };
	struct problem problem;
	char copy[256];

	strcpy(copy, path);
	if (request_set_path(&request, copy, &problem) < 0)
		return NULL;
	for (size_t i = 0; i < routes_count; i++)
		if (route_matches(&routes[i], &request))
			return &routes[i];

	return NULL;
}

static void each_path_has_its_handler(void **state)
{
	static const struct {
		const char *method, *path;
		void (*handle)(struct api *, const struct api_request *, struct reply *);
	} cases[] = {
		{ "GET", "/_ping", handle_ping },
		{ "HEAD", "/_ping", handle_ping },
		{ "GET", "/v1.30/_ping", handle_ping },
		{ "GET", "/containers/json", handle_containers },
		{ "GET", "/containers/json/json", handle_container },
		{ "GET", "/containers/web/json", handle_container },
		{ "GET", "/containers/web/logs", handle_write },
		{ "GET", "/containers/web/attach/ws", handle_write },
		{ "HEAD", "/containers/web/archive", handle_write },
		{ "POST", "/containers/web/start", handle_write },
		{ "POST", "/containers/create", handle_write },
		{ "DELETE", "/containers/web", handle_write },
		{ "PUT", "/containers/web/archive", handle_write },
		{ "GET", "/images/json", handle_images },
		{ "GET", "/images/nginx/json", handle_image },
		{ "GET", "/images/registry:5000/a/b:tag/json", handle_image },
		{ "GET", "/images/nginx/history", handle_image },
		{ "DELETE", "/images/registry:5000/a/b:tag", handle_write },
		{ "GET", "/networks/web", handle_network },
		{ "POST", "/build/prune", handle_write },
		{ "GET", "/plugins", handle_plugins },
		{ "GET", "/plugins/x/json", handle_no_plugin },
		{ "GET", "/swarm", handle_no_swarm },
		{ "POST", "/swarm/init", handle_no_swarm },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct route *route = find(cases[i].method, cases[i].path);

		if (!route || route->handle != cases[i].handle)
			fail_msg("%s %s", cases[i].method, cases[i].path);
	}
}

static void other_paths_have_none(void **state)
{
	static const char *const cases[][2] = {
		{ "GET", "/" },
		{ "GET", "/containers" },
		{ "GET", "/images/json/" },
		{ "GET", "/nothing" },
		{ "POST", "/_ping" },
		{ "HEAD", "/info" },
		{ "BREW", "/containers/web/start" },
		{ "OPTIONS", "/containers/json" },
		{ "GET", "/v1.40" },
		{ "GET", "/plimsoll/v2/containers" },
		{ "get", "/_ping" },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (find(cases[i][0], cases[i][1]))
			fail_msg("%s %s", cases[i][0], cases[i][1]);
}

static void unknown_paths_are_404(void **state)
{
	(void) state;
	fake_refused("GET", "/nothing", NULL, 404, "page not found");
}

static void every_route_answers_with_no_container_at_all(void **state)
{
	static const char *const paths[] = {
		"/_ping",    "/version", "/info",      "/containers/json", "/images/json",
		"/networks", "/volumes", "/system/df", "/plugins",         "/plimsoll/v1/version",
	};
	json_t *answer;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_int_equal(fake_ask_as(ROLE_VIEW, "GET", paths[i], NULL, &answer), 200);
		json_decref(answer);
	}
}

static void what_is_not_there_is_said_in_the_clients_words(void **state)
{
	(void) state;
	fake_refused("GET", "/images/a/b:c/json", NULL, 404, "No such image: a/b:c");
	fake_refused("GET", "/networks/x", NULL, 404, "network x not found");
	fake_refused("GET", "/volumes/x", NULL, 404, "get x: no such volume");
	fake_refused("GET", "/plugins/x/json", NULL, 404, "plugin \"x\" not found");
	fake_refused("GET", "/exec/x/json", NULL, 404, "No such exec instance: x");
	fake_refused("GET", "/nodes", NULL, 503, "This node is not a swarm manager");
}

static void writes_are_501_and_name_the_engine(void **state)
{
	static const struct {
		const char *method, *path, *message;
	} cases[] = {
		{ "POST", "/containers/web/stop",
		  "'web' belongs to podman; use podman to stop it" },
		{ "DELETE", "/containers/web", "use podman to remove it" },
		{ "GET", "/containers/web/logs", "use podman to read its logs" },
		{ "PUT", "/containers/web/archive", "use podman to copy files to it" },
		{ "POST", "/containers/web/frobnicate", "use podman to do that" },
		{ "POST", "/containers/create", "does not make or change containers" },
		{ "POST", "/containers/prune", "does not make or change containers" },
		{ "POST", "/volumes/create", "does not make or change containers" },
	};

	(void) state;
	fake_add("podman", ID_A, "web");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		fake_refused(cases[i].method, cases[i].path, NULL, 501, cases[i].message);
	fake_refused("POST", "/containers/nobody/stop", NULL, 404, "No such container: nobody");
}

static void a_cut_body_is_413_but_for_writes(void **state)
{
	static const struct {
		const char *method, *path;
		unsigned status;
	} cases[] = { { "GET", "/info", 413 }, { "POST", "/images/load", 501 } };

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct api_request request = { .method = cases[i].method, .body_cut = true };
		struct reply reply = { 0 };
		struct problem problem;
		char path[64];

		strcpy(path, cases[i].path);
		assert_int_equal(request_set_path(&request, path, &problem), 0);
		routes_handle(&fake_api, &request, &reply);
		assert_int_equal(reply.status, cases[i].status);
		reply_fini(&reply);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_path_has_its_handler),
		TEST(other_paths_have_none),
		TEST(unknown_paths_are_404),
		TEST(every_route_answers_with_no_container_at_all),
		TEST(what_is_not_there_is_said_in_the_clients_words),
		TEST(writes_are_501_and_name_the_engine),
		TEST(a_cut_body_is_413_but_for_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
