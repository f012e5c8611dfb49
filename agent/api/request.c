/* SPDX-License-Identifier: Apache-2.0 */

/* request: paths are "/v1.47/containers/web/json" or the same without version. Versions are pairs
 * of numbers: 1.9 is older than 1.41. */

#include "api/request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/parse.h"

#define VERSION_SHOWN 32 /* characters of an absurd one that are repeated to the client */

/* Cuts "v1.47" apart. Returns false when it is none: then it is the first segment of a path. */
static bool version_split(const char *segment, struct slice *ret_major, struct slice *ret_minor)
{
	const char *text = segment + 1, *point;

	if (segment[0] != 'v' || text[0] == '\0' || text[strspn(text, "0123456789.")] != '\0')
		return false;
	point = strchr(text, '.');
	if (!point)
		point = text + strlen(text);
	*ret_major = (struct slice){ text, (size_t) (point - text) };
	if (*point == '.')
		point++;
	*ret_minor = (struct slice){ point, strlen(point) };
	return true;
}

/* A number that does not fit is a very new version. */
static int version_number(struct slice digits, uint64_t *ret_number)
{
	int r = parse_u64(digits, ret_number);

	if (r != -ERANGE)
		return r;
	*ret_number = UINT64_MAX;
	return 0;
}

/* Words as Docker's, which people search for. */
static int version_check(const char *text, struct slice major, struct slice minor,
			 unsigned *ret_minor, struct problem *ret_problem)
{
	const size_t size = sizeof(ret_problem->text);
	uint64_t x, y;

	if (version_number(major, &x) < 0 || version_number(minor, &y) < 0)
		(void) snprintf(ret_problem->text, size, "invalid API version %.*s", VERSION_SHOWN,
				text);
	else if (x > API_VERSION_MAJOR || (x == API_VERSION_MAJOR && y > API_VERSION_MINOR))
		(void) snprintf(ret_problem->text, size,
				"client version %.*s is too new. Maximum supported API version is "
				"%d.%d",
				VERSION_SHOWN, text, API_VERSION_MAJOR, API_VERSION_MINOR);
	else if (x < API_VERSION_MAJOR || y < API_VERSION_MINOR_MIN)
		(void) snprintf(ret_problem->text, size,
				"client version %.*s is too old. Minimum supported API version is "
				"%d.%d, please upgrade your client to a newer version",
				VERSION_SHOWN, text, API_VERSION_MAJOR, API_VERSION_MINOR_MIN);
	else {
		*ret_minor = (unsigned) y;
		return 0;
	}

	return -EINVAL;
}

/* Takes a leading version off; *path then begins with the slash behind it. */
static int take_version(struct api_request *request, char **path, struct problem *ret_problem)
{
	char *end = strchr(*path + 1, '/');
	struct slice major, minor;
	int r = 0;

	request->minor = API_VERSION_MINOR;
	if (!end)
		return 0; /* nothing behind it */
	*end = '\0';
	if (version_split(*path + 1, &major, &minor)) {
		r = version_check(*path + 2, major, minor, &request->minor, ret_problem);
		*path = end;
	}
	*end = '/';
	return r;
}

int request_set_path(struct api_request *request, char *path, struct problem *ret_problem)
{
	int r;

	if (path[0] != '/')
		return -ENOENT;
	r = take_version(request, &path, ret_problem);
	if (r < 0)
		return r;

	request->segment_count = 0;
	for (char *next = path; next;) {
		char *segment = next + 1;

		*next = '\0';
		next = strchr(segment, '/');
		if (segment[0] == '\0' || segment[0] == '/' ||
		    request->segment_count == REQUEST_SEGMENTS)
			return -ENOENT;
		request->segments[request->segment_count++] = segment;
	}

	return 0;
}

int request_add(struct api_request *request, const char *key, const char *value)
{
	if (request->pair_count == REQUEST_PAIRS)
		return -E2BIG;
	request->pairs[request->pair_count++] = (struct request_pair){ key, value ? value : "" };
	return 0;
}

const char *request_value(const struct api_request *request, const char *key)
{
	for (size_t i = 0; i < request->pair_count; i++)
		if (strcmp(request->pairs[i].key, key) == 0)
			return request->pairs[i].value;

	return NULL;
}

bool request_flag(const struct api_request *request, const char *key, bool fallback)
{
	static const char *const no[] = { "", "0", "no", "false", "none" };
	const char *value = request_value(request, key);
	size_t length;

	if (!value)
		return fallback;
	value += strspn(value, " \t");
	length = strlen(value);
	while (length > 0 && strchr(" \t", value[length - 1]))
		length--;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (strlen(no[i]) == length && strncasecmp(no[i], value, length) == 0)
			return false;

	return true;
}

int request_time(const struct api_request *request, const char *key, uint64_t *ret_ns)
{
	const char *value = request_value(request, key);

	if (!value || value[0] == '\0')
		return -ENOENT;
	return parse_scaled((struct slice){ value, strlen(value) }, NSEC_PER_SEC, ret_ns) < 0
		       ? -EINVAL
		       : 0;
}
