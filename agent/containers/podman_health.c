/* SPDX-License-Identifier: Apache-2.0 */

/* podman_health: results of podman's healthchecks.
 *
 * Source: healthcheck.log beside the container's userdata in the run root (libpod,
 * define/healthchecks.go): {Status, FailingStreak, Log: [{Start, End, ExitCode, Output}]}, the
 * shape that the Docker Engine API has, too. */

#include "podman.h"

#include <limits.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "containers/metadata.h"
#include "model/condition.h"

#define RESULTS_MAX  64   /* told to people: podman keeps five, or as many as it was told */
#define OUTPUT_BYTES 4096 /* of one result, as the Docker Engine API has it */

static uint32_t failing_streak(const json_t *log)
{
	json_int_t streak = json_integer_value(json_object_get(log, "FailingStreak"));

	return streak > 0 && streak <= UINT32_MAX ? (uint32_t) streak : 0;
}

void podman_health_parse(const json_t *log, struct condition *condition)
{
	enum health_status health = health_status_parse(metadata_string(log, "Status"));

	if (health == HEALTH_UNKNOWN || health == HEALTH_NONE)
		return;
	condition->health = health;
	condition->failing_streak = failing_streak(log);
}

/* NULL: no memory. */
static json_t *copy_result(const json_t *result)
{
	const json_t *output = json_object_get(result, "Output");
	const char *start = metadata_string(result, "Start"), *end = metadata_string(result, "End");
	CLEANUP(free_p)
	char *text = utf8_copy(json_is_string(output) ? json_string_value(output) : "",
			       json_string_length(output), OUTPUT_BYTES);

	return text ? json_pack("{s:s*, s:s*, s:I, s:s}", "Start", start, "End", end, "ExitCode",
				json_integer_value(json_object_get(result, "ExitCode")), "Output",
				text)
		    : NULL;
}

/* The newest ones. */
static json_t *copy_results(const json_t *results)
{
	size_t count = json_array_size(results),
	       first = count > RESULTS_MAX ? count - RESULTS_MAX : 0;
	json_t *copies = json_array();

	for (size_t i = first; copies && i < count; i++)
		if (json_array_append_new(copies, copy_result(json_array_get(results, i))) < 0) {
			json_decref(copies);
			return NULL;
		}

	return copies;
}

json_t *podman_health_dossier(const json_t *log)
{
	enum health_status health = health_status_parse(metadata_string(log, "Status"));
	json_t *results = copy_results(json_object_get(log, "Log"));

	return results ? json_pack("{s:s, s:I, s:o}", "Status", health_status_name(health),
				   "FailingStreak", (json_int_t) failing_streak(log), "Log",
				   results)
		       : NULL;
}
