/* SPDX-License-Identifier: Apache-2.0 */

#include "web/routes.h"

#include "unit/web/published.h"

#include <string.h>

#include "exporters/exporter.h"
#include "web/answer.h"
#include "web/page.h"

struct fixture {
	struct published published;
	struct serving serving;
};

static const char *const no_hosts[] = { NULL };

static struct fixture fixture_begin(void)
{
	struct fixture fixture = { .published = published_begin() };

	fixture.serving.hosts = no_hosts;
	assert_int_equal(answers_new(fixture.published.reader, ANSWERS_BYTES_MAX, false,
				     &fixture.serving.answers),
			 0);
	clock_freeze(100 * NSEC_PER_SEC, REALTIME * NSEC_PER_SEC); /* of round 1 */
	return fixture;
}

static void fixture_end(struct fixture *fixture)
{
	clock_release();
	answers_free(fixture->serving.answers);
	published_end(&fixture->published);
}

static struct reply ask(struct fixture *fixture, struct request request)
{
	struct reply reply;

	if (!request.method)
		request.method = "GET";
	if (!request.host)
		request.host = "127.0.0.1:11876";
	route_request(&fixture->serving, &request, &reply);
	return reply;
}

static struct reply get(struct fixture *fixture, const char *path)
{
	return ask(fixture, (struct request){ .path = path });
}

static void assert_refused(struct reply reply, unsigned status, const char *part_of_sentence)
{
	assert_int_equal(reply.status, status);
	assert_null(reply.answer);
	assert_null(reply.file_bytes);
	assert_null(reply.etag);
	if (!strstr(reply.text, part_of_sentence))
		fail_msg("'%s' says nothing of '%s'", reply.text, part_of_sentence);
}

static void assert_served(struct reply reply, const char *content_type)
{
	assert_int_equal(reply.status, 200);
	assert_non_null(reply.answer);
	assert_string_equal(reply.content_type, content_type);
	assert_null(reply.etag);
	answer_unref(reply.answer);
}

static void data_routes_answer_in_their_formats(void **state)
{
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	assert_served(get(&fixture, "/metrics"), exporter_prometheus.content_type);
	assert_served(get(&fixture, "/metrics/cadvisor"), exporter_prometheus.content_type);
	assert_served(get(&fixture, "/api/v1/containers"), "application/json");
	assert_served(get(&fixture, "/api/v1/containers/web"), "application/json");
	assert_served(get(&fixture, "/api/v1/containers/" ID_WEB), "application/json");
	assert_served(get(&fixture, "/api/v1/containers//docker/" ID_WEB), "application/json");
	assert_served(get(&fixture, "/api/v1/host"), "application/json");
	fixture_end(&fixture);
}

static void both_metrics_routes_negotiate(void **state)
{
	struct fixture fixture = fixture_begin();
	struct request request = { .path = "/metrics" };
	struct reply plain, zipped;

	(void) state;
	publish(&fixture.published);
	accept_line(&request.accept, "application/openmetrics-text;version=1.0.0");
	plain = ask(&fixture, request);
	accept_encoding_line(&request.accept_encoding, "gzip");
	request.path = "/metrics/cadvisor";
	zipped = ask(&fixture, request);
	assert_string_equal(plain.content_type, exporter_openmetrics.content_type);
	assert_string_equal(zipped.content_type, exporter_openmetrics.content_type);
	assert_false(plain.answer->gzip);
	assert_true(zipped.answer->gzip);
	answer_unref(plain.answer);
	answer_unref(zipped.answer);
	fixture_end(&fixture);
}

static void answers_tell_their_age(void **state)
{
	struct fixture fixture = fixture_begin();
	struct reply reply;

	(void) state;
	publish(&fixture.published);
	clock_freeze(107 * NSEC_PER_SEC + NSEC_PER_SEC / 2, 0);
	reply = get(&fixture, "/metrics");
	assert_true(reply.has_age);
	assert_int_equal(reply.age_s, 7);
	answer_unref(reply.answer);
	assert_false(get(&fixture, "/healthz").has_age);
	fixture_end(&fixture);
}

static void before_the_first_round_clients_are_asked_to_retry(void **state)
{
	static const char *const paths[] = {
		"/metrics",     "/api/v1/containers", "/api/v1/containers/web",
		"/api/v1/host", "/api/v1/sd",         "/readyz"
	};
	struct fixture fixture = fixture_begin();

	(void) state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct reply reply = get(&fixture, paths[i]);

		assert_refused(reply, 503, "just started");
		assert_true(reply.retry);
	}
	fixture_end(&fixture);
}

static void assert_body(struct reply reply, const char *expected)
{
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.content_type, "application/json");
	assert_non_null(reply.answer);
	assert_int_equal(reply.answer->length, strlen(expected));
	assert_memory_equal(reply.answer->bytes, expected, strlen(expected));
	answer_unref(reply.answer);
}

static void events_are_told_after_a_number(void **state)
{
	struct fixture fixture = fixture_begin();
	struct event event = { .type = EVENT_STARTED, .realtime_ns = NSEC_PER_SEC, .name = "web" };

	(void) state;
	assert_body(get(&fixture, "/api/v1/events"), "{\"events\":[],\"missed\":0,\"newest\":0}");
	event_add(share_event_ring(fixture.published.writer), &event);
	event_add(share_event_ring(fixture.published.writer), &event);
	assert_body(ask(&fixture, (struct request){ .path = "/api/v1/events", .after = "1" }),
		    "{\"events\":[{\"number\":2,\"time\":1,\"type\":\"started\","
		    "\"action\":\"start\",\"name\":\"web\"}],\"missed\":0,\"newest\":2}");
	assert_body(ask(&fixture, (struct request){ .path = "/api/v1/events", .limit = "0" }),
		    "{\"events\":[],\"missed\":0,\"newest\":2}");
	fixture_end(&fixture);
}

static void arguments_that_are_no_numbers_are_refused(void **state)
{
	static const char *const values[] = { "",   "x",   "-1",  "1x",
					      " 1", "1.5", "0x1", "18446744073709551616" };
	struct fixture fixture = fixture_begin();

	(void) state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		assert_refused(ask(&fixture, (struct request){ .path = "/api/v1/events",
							       .after = values[i] }),
			       400, "whole numbers");
		assert_refused(ask(&fixture, (struct request){ .path = "/api/v1/events",
							       .limit = values[i] }),
			       400, "whole numbers");
	}
	fixture_end(&fixture);
}

static void targets_are_a_whole_list_or_an_error(void **state)
{
	struct fixture fixture = fixture_begin();
	struct published *published = &fixture.published;

	(void) state;
	publish(published);
	assert_body(get(&fixture, "/api/v1/sd"), "[]");

	draft_labels(published->draft, published->web, ATTRIBUTE_HINTS,
		     "prometheus.io/scrape\0true\0", 27);
	draft_string(published->draft, published->web, ATTRIBUTE_NETWORK, "host");
	publish(published);
	assert_body(ask(&fixture, (struct request){ .path = "/api/v1/sd", .host = "[::1]:11876" }),
		    "[{\"targets\":[\"[::1]\"],\"labels\":{"
		    "\"__meta_plimsoll_container_name\":\"web\","
		    "\"__meta_plimsoll_container_id\":\"" ID_WEB "\","
		    "\"__meta_plimsoll_engine\":\"docker\","
		    "\"__meta_plimsoll_label_prometheus_io_scrape\":\"true\"}}]");

	row_set(draft_single(published->draft, ENTITY_HOST), METRIC_CONTAINER_SCRAPE_ERROR, 1);
	publish(published);
	assert_refused(get(&fixture, "/api/v1/sd"), 503, "cannot be listed");
	fixture_end(&fixture);
}

static void targets_of_an_old_round_are_an_error(void **state)
{
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	clock_freeze(103 * NSEC_PER_SEC + 1, 0);
	assert_refused(get(&fixture, "/api/v1/sd"), 503, "3.0 s old");
	fixture_end(&fixture);
}

static void health_is_to_answer_at_all(void **state)
{
	struct fixture fixture = fixture_begin();
	struct reply reply;

	(void) state;
	reply = get(&fixture, "/healthz");
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.text, "ok\n");
	fixture_end(&fixture);
}

static void readiness_needs_a_fresh_round(void **state)
{
	struct fixture fixture = fixture_begin();
	struct reply reply;

	(void) state;
	publish(&fixture.published);
	reply = get(&fixture, "/readyz");
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.text, "ok\n");

	clock_freeze(103 * NSEC_PER_SEC, 0); /* three intervals: just fresh enough */
	assert_int_equal(get(&fixture, "/readyz").status, 200);
	clock_freeze(103 * NSEC_PER_SEC + 1, 0);
	assert_refused(get(&fixture, "/readyz"), 503, "3.0 s old");

	publish(&fixture.published);
	publish(&fixture.published);
	assert_int_equal(get(&fixture, "/readyz").status, 200);
	fixture_end(&fixture);
}

static void unknown_containers_are_not_found(void **state)
{
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	assert_refused(get(&fixture, "/api/v1/containers/nobody"), 404, "No container");
	assert_refused(get(&fixture, "/api/v1/containers/4f2a"), 409, "Several");
	fixture_end(&fixture);
}

static void unknown_paths_name_the_routes(void **state)
{
	static const char *const paths[] = { "/metrics/", "/api/v1/containers/", "/api/v2/host",
					     "/metricsx", "/index.html",         "//",
					     "",          "/../etc/passwd",      "/metrics/other",
					     "*" };
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct reply reply = get(&fixture, paths[i]);

		assert_refused(reply, 404, "/metrics, ");
		assert_non_null(strstr(reply.text, "/api/v1/containers/ID"));
		assert_non_null(strstr(reply.text, "/readyz\n"));
	}
	fixture_end(&fixture);
}

static void only_get_and_head_are_served(void **state)
{
	static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS", "get", "TRACE" };
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		struct reply reply =
			ask(&fixture, (struct request){ .path = "/metrics", .method = methods[i] });

		assert_refused(reply, 405, "GET and HEAD");
		assert_string_equal(reply.allow, "GET, HEAD");
	}
	assert_served(ask(&fixture, (struct request){ .path = "/metrics", .method = "HEAD" }),
		      exporter_prometheus.content_type);
	fixture_end(&fixture);
}

static void bodies_are_refused(void **state)
{
	static const char *const paths[] = { "/metrics", "/", "/api/v1/events", "/no" };
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_refused(ask(&fixture,
				   (struct request){ .path = paths[i], .has_body = true }),
			       413, "no body");
	fixture_end(&fixture);
}

static void foreign_host_names_are_refused_everywhere(void **state)
{
	static const char *const names[] = { "harbour", NULL };
	static const char *const paths[] = { "/", "/metrics", "/api/v1/host", "/healthz", "/no" };
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_refused(ask(&fixture,
				   (struct request){ .path = paths[i], .host = "evil.example" }),
			       421, "`hosts`");

	fixture.serving.hosts = names;
	assert_served(ask(&fixture, (struct request){ .path = "/metrics", .host = "harbour:1" }),
		      exporter_prometheus.content_type);
	fixture_end(&fixture);
}

static void pages_of_other_sites_get_no_data(void **state)
{
	static const char *const paths[] = { "/metrics",       "/api/v1/containers",
					     "/api/v1/host",   "/api/v1/containers/web",
					     "/api/v1/events", "/api/v1/sd",
					     "/readyz" };
	struct fixture fixture = fixture_begin();

	(void) state;
	publish(&fixture.published);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_refused(ask(&fixture, (struct request){ .path = paths[i],
							       .origin = "http://evil.example" }),
			       403, "other sites");

	assert_served(ask(&fixture, (struct request){ .path = "/api/v1/host",
						      .host = "localhost:11876",
						      .origin = "http://localhost:11876" }),
		      "application/json");
	fixture_end(&fixture);
}

static void every_file_of_the_page_is_served(void **state)
{
	struct fixture fixture = fixture_begin();
	unsigned count = 0;
	bool has_index = false;

	(void) state;
	for (const struct page_file *file = page_files; file->path; file++, count++) {
		struct reply reply = get(&fixture, file->path);

		assert_int_equal(reply.status, 200);
		assert_ptr_equal(reply.file_bytes, file->bytes);
		assert_int_equal(reply.file_length, file->length);
		assert_true(reply.file_length > 0);
		assert_string_equal(reply.etag, file->etag);
		has_index |= strcmp(file->path, "/") == 0;
	}
	assert_true(count >= 3);
	assert_true(has_index);
	fixture_end(&fixture);
}

static void a_browser_that_has_the_file_is_told_so(void **state)
{
	struct fixture fixture = fixture_begin();
	struct reply fresh = get(&fixture, "/"), reply;
	char tags[200];

	(void) state;
	(void) snprintf(tags, sizeof(tags), "W/\"other\", %s", fresh.etag);
	reply = ask(&fixture, (struct request){ .path = "/", .if_none_match = tags });
	assert_int_equal(reply.status, 304);
	assert_int_equal(reply.file_length, 0);
	assert_string_equal(reply.etag, fresh.etag);
	reply = ask(&fixture, (struct request){ .path = "/", .if_none_match = "\"other\"" });
	assert_int_equal(reply.status, 200);
	fixture_end(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_routes_answer_in_their_formats),
		cmocka_unit_test(both_metrics_routes_negotiate),
		cmocka_unit_test(answers_tell_their_age),
		cmocka_unit_test(before_the_first_round_clients_are_asked_to_retry),
		cmocka_unit_test(events_are_told_after_a_number),
		cmocka_unit_test(arguments_that_are_no_numbers_are_refused),
		cmocka_unit_test(targets_are_a_whole_list_or_an_error),
		cmocka_unit_test(targets_of_an_old_round_are_an_error),
		cmocka_unit_test(bodies_are_refused),
		cmocka_unit_test(health_is_to_answer_at_all),
		cmocka_unit_test(readiness_needs_a_fresh_round),
		cmocka_unit_test(unknown_containers_are_not_found),
		cmocka_unit_test(unknown_paths_name_the_routes),
		cmocka_unit_test(only_get_and_head_are_served),
		cmocka_unit_test(foreign_host_names_are_refused_everywhere),
		cmocka_unit_test(pages_of_other_sites_get_no_data),
		cmocka_unit_test(every_file_of_the_page_is_served),
		cmocka_unit_test(a_browser_that_has_the_file_is_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
