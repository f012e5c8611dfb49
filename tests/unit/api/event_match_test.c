/* SPDX-License-Identifier: Apache-2.0 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "api/event_match.h"
#include "base/clock.h"

#define ID "aaaaaaaaaaaa456789abcdef0123456789abcdef0123456789abcdef01234567"

static struct event event_of(enum event_type type)
{
	struct event event = { .type = type, .health = HEALTH_HEALTHY };

	strcpy(event.id, ID);
	strcpy(event.name, "webshop");
	strcpy(event.image, "docker.io/library/nginx:1.25");
	strcpy(event.runtime, "podman");
	return event;
}

static bool wants(const char *filters, const struct event *event)
{
	struct event_match match;
	struct problem problem;
	bool wanted;

	assert_int_equal(event_match_parse(filters, &match, &problem), 0);
	wanted = event_match_wants(&match, event, "tier\0front\0empty\0\0");
	event_match_fini(&match);
	return wanted;
}

struct match_case {
	const char *filters;
	bool wanted;
};

static void assert_cases(const struct match_case *cases, size_t count, enum event_type type)
{
	const struct event event = event_of(type);

	for (size_t i = 0; i < count; i++)
		if (wants(cases[i].filters, &event) != cases[i].wanted)
			fail_msg("%s: it is %s", cases[i].filters,
				 cases[i].wanted ? "not wanted" : "wanted");
}
#define ASSERT_CASES(cases, type) assert_cases(cases, sizeof(cases) / sizeof((cases)[0]), type)

static void both_forms_of_filters_are_understood(void **state)
{
	static const struct match_case cases[] = {
		{ NULL, true },
		{ "", true },
		{ "{}", true },
		{ "{\"event\":[\"start\"]}", true },
		{ "{\"event\":{\"start\":true}}", true },
		{ "{\"event\":[\"die\"]}", false },
		{ "{\"event\":[\"die\",\"start\"]}", true },
		{ "{\"type\":[\"container\"]}", true },
		{ "{\"type\":{\"image\":true}}", false },
		{ "{\"scope\":[\"local\"]}", true },
		{ "{\"scope\":[\"swarm\"]}", false },
		{ "{\"event\":[\"start\"],\"type\":[\"network\"]}", false },
	};

	(void) state;
	ASSERT_CASES(cases, EVENT_STARTED);
}

static void containers_are_known_by_the_beginning_of_id_or_name(void **state)
{
	static const struct match_case cases[] = {
		{ "{\"container\":[\"webshop\"]}", true },
		{ "{\"container\":[\"web\"]}", true },
		{ "{\"container\":[\"shop\"]}", false },
		{ "{\"container\":[\"aaaaaaaaaaaa\"]}", true },
		{ "{\"container\":[\"" ID "\"]}", true },
		{ "{\"container\":[\"bbbb\",\"webs\"]}", true },
		{ "{\"container\":[\"webshops\"]}", false },
		{ "{\"network\":[\"bridge\"]}", false },
	};

	(void) state;
	ASSERT_CASES(cases, EVENT_DIED);
}

static void images_fit_with_tag_and_without(void **state)
{
	static const struct match_case cases[] = {
		{ "{\"image\":[\"nginx\"]}", true },
		{ "{\"image\":[\"nginx:1.25\"]}", true },
		{ "{\"image\":[\"docker.io/library/nginx:1.25\"]}", true },
		{ "{\"image\":[\"nginx:1.26\"]}", false },
		{ "{\"image\":[\"ngin\"]}", false },
	};

	(void) state;
	ASSERT_CASES(cases, EVENT_DIED);
}

static void labels_all_have_to_fit(void **state)
{
	static const struct match_case cases[] = {
		{ "{\"label\":[\"tier\"]}", true },
		{ "{\"label\":[\"tier=front\"]}", true },
		{ "{\"label\":[\"tier=back\"]}", false },
		{ "{\"label\":[\"tier=front\",\"absent\"]}", false },
		{ "{\"label\":[\"empty\"]}", true },
		{ "{\"label\":[\"empty=\"]}", true },
		{ "{\"label\":[\"name=webshop\"]}", true }, /* every attribute is one to Docker */
		{ "{\"label\":[\"io.plimsoll.engine=podman\"]}", true },
		{ "{\"label\":[\"io.plimsoll.engine=docker\"]}", false },
	};

	(void) state;
	ASSERT_CASES(cases, EVENT_DIED);
}

static void some_actions_make_all_of_them_beginnings(void **state)
{
	static const struct match_case cases[] = {
		{ "{\"event\":[\"health_status\"]}", true },
		{ "{\"event\":[\"health_status: healthy\"]}", true },
		{ "{\"event\":[\"health_status: unhealthy\"]}", false },
		{ "{\"event\":[\"health\"]}", false },
		{ "{\"event\":[\"exec_create\",\"heal\"]}", true },
	};

	(void) state;
	ASSERT_CASES(cases, EVENT_HEALTH);
}

static void what_docker_has_no_word_for_is_never_wanted(void **state)
{
	static const struct match_case cases[] = { { NULL, false }, { "{\"event\":[]}", false } };

	(void) state;
	ASSERT_CASES(cases, EVENT_EMPTIED);
}

static void broken_filters_are_said_to_be(void **state)
{
	static const char *const broken[] = {
		"[]",
		"{",
		"null",
		"{\"colour\":[\"red\"]}",
		"{\"event\":\"start\"}",
		"{\"event\":[1]}",
	};
	struct event_match match;
	struct problem problem;

	(void) state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		problem.text[0] = '\0';
		assert_int_equal(event_match_parse(broken[i], &match, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, "invalid filter"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_of_filters_are_understood),
		cmocka_unit_test(containers_are_known_by_the_beginning_of_id_or_name),
		cmocka_unit_test(images_fit_with_tag_and_without),
		cmocka_unit_test(labels_all_have_to_fit),
		cmocka_unit_test(some_actions_make_all_of_them_beginnings),
		cmocka_unit_test(what_docker_has_no_word_for_is_never_wanted),
		cmocka_unit_test(broken_filters_are_said_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
