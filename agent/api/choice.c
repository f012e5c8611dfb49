/* SPDX-License-Identifier: Apache-2.0 */

/* choice: what was asked for, checked before anything is looked at. */

#include "api/choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/lookup.h"
#include "api/port.h"
#include "base/cleanup.h"
#include "base/parse.h"

static const char *const known[] = {
	"ancestor", "before", "exited",  "expose",  "health", "id",     "is-task", "isolation",
	"label",    "name",   "network", "publish", "since",  "status", "volume",  NULL,
};

static bool refuse_value(struct reply *reply, const char *key, const char *value)
{
	reply_error(reply, 400, "invalid filter '%s=%s'", key, value);
	return false;
}

/* Each of these says whether one value of its key can be understood. */
static bool is_exit_code(const char *value)
{
	char *end;

	errno = 0;
	(void) strtol(value, &end, 10);
	return errno == 0 && end != value && *end == '\0';
}

static bool is_state(const char *value)
{
	return container_state_parse(value) != STATE_UNKNOWN;
}

static bool is_health(const char *value)
{
	return health_status_parse(value) != HEALTH_UNKNOWN;
}

static bool is_ports(const char *value)
{
	struct port_range range;

	return port_range_parse(value, &range) == 0;
}

static bool is_boolean(const char *value)
{
	static const char *const words[] = { "0", "1", "true", "false", "True", "False" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(value, words[i]) == 0)
			return true;

	return false;
}

static bool values_are_valid(const struct choice *choice, struct reply *reply)
{
	static const struct {
		const char *key;
		bool (*is_valid)(const char *value);
	} checks[] = {
		{ "exited", is_exit_code }, { "status", is_state }, { "health", is_health },
		{ "publish", is_ports },    { "expose", is_ports }, { "is-task", is_boolean },
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		size_t cursor = 0;
		const char *value;

		while ((value = api_filters_next(&choice->filters, checks[i].key, &cursor)))
			if (!checks[i].is_valid(value))
				return refuse_value(reply, checks[i].key, value);
	}

	return true;
}

static bool compile_patterns(struct choice *choice, const char *key, struct reply *reply)
{
	struct problem problem;
	size_t cursor = 0;
	const char *value;
	int r;

	while ((value = api_filters_next(&choice->filters, key, &cursor))) {
		if (choice->pattern_count == CHOICE_PATTERNS_MAX) {
			reply_error(reply, 400, "more than %d filters of names and ids",
				    CHOICE_PATTERNS_MAX);
			return false;
		}
		r = pattern_compile(value, &choice->patterns[choice->pattern_count], &problem);
		if (r < 0) {
			reply_error(reply, r == -EINVAL ? 400 : 500, "%s",
				    r == -EINVAL ? problem.text : "not enough memory");
			return false;
		}
		choice->pattern_count++;
	}

	return true;
}

/* When the container was created that `since` or `before` names. */
static bool take_bound(struct api *api, const char *word, uint64_t *bound_ns, struct reply *reply)
{
	const struct container *container;

	if (!word || word[0] == '\0')
		return true;
	container = api_find(api, word, reply);
	if (!container)
		return false;
	*bound_ns = view_created_ns(container);
	return true;
}

static bool take_bounds(struct api *api, const struct api_request *request, struct choice *choice,
			struct reply *reply)
{
	size_t since = 0, before = 0;

	return take_bound(api, request_value(request, "since"), &choice->after_ns, reply) &&
	       take_bound(api, api_filters_next(&choice->filters, "since", &since),
			  &choice->after_ns, reply) &&
	       take_bound(api, request_value(request, "before"), &choice->before_ns, reply) &&
	       take_bound(api, api_filters_next(&choice->filters, "before", &before),
			  &choice->before_ns, reply);
}

static bool parse_filters(const struct api_request *request, struct choice *choice,
			  struct reply *reply)
{
	struct problem problem;
	int r = api_filters_parse(request_value(request, "filters"), known, &choice->filters,
				  &problem);

	if (r == 0)
		return true;
	reply_error(reply, r == -EINVAL ? 400 : 500, "%s",
		    r == -EINVAL ? problem.text : "not enough memory");
	return false;
}

/* Whoever asks for a number of them, or for those that ended, asks for all. */
static bool wants_all(const struct api_request *request, const struct choice *choice)
{
	const char *limit = request_value(request, "limit");

	return request_flag(request, "all", false) || choice->after_ns > 0 ||
	       choice->before_ns > 0 || api_filters_has(&choice->filters, "status") ||
	       api_filters_has(&choice->filters, "exited") ||
	       (limit && strtol(limit, NULL, 10) > 0);
}

bool choice_make(struct api *api, const struct api_request *request, struct choice *ret_choice,
		 struct reply *reply)
{
	struct choice choice = { 0 };

	if (!parse_filters(request, &choice, reply))
		return false;
	if (!values_are_valid(&choice, reply) || !compile_patterns(&choice, "name", reply) ||
	    (choice.name_count = choice.pattern_count, !compile_patterns(&choice, "id", reply)) ||
	    !take_bounds(api, request, &choice, reply)) {
		choice_fini(&choice);
		return false;
	}

	choice.all = wants_all(request, &choice);
	*ret_choice = choice;
	return true;
}

void choice_fini(struct choice *choice)
{
	for (size_t i = 0; i < choice->pattern_count; i++)
		pattern_fini(&choice->patterns[i]);
	api_filters_fini(&choice->filters);
}
