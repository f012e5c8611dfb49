/* SPDX-License-Identifier: Apache-2.0 */

/* What clients write into `filters`; each value is tried as a pattern and as a range of ports, too.
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/filters.h"
#include "api/image_name.h"
#include "api/pattern.h"
#include "api/port.h"

#define INPUT_BYTES_MAX 16384

static const char *const known[] = { "name", "label", "status", NULL };

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	(void) fprintf(stderr, "broken: %s\n", what);
	abort();
}

static const char *find(const void *labels, const char *key)
{
	require(!strchr(key, '='), "keys have no equals sign");
	return strcmp(key, "team") == 0 ? labels : NULL;
}

static void check_value(const char *value)
{
	struct problem problem = { 0 };
	struct port_range range;
	struct pattern pattern;
	int r = pattern_compile(value, &pattern, &problem);

	if (r == 0) {
		r = pattern_search(&pattern, "plimsoll-web-1");
		require(r == 0 || r == 1 || r == -E2BIG, "found, not found, or given up");
		pattern_fini(&pattern);
	} else {
		require(r == -EINVAL && problem.text[0], "a refusal says why");
	}
	if (port_range_parse(value, &range) == 0)
		require(range.first <= range.last && range.last <= 65535, "ports");
	(void) image_name_fits(value, "docker.io/library/nginx:1.27", "sha256:4f2a");
	require(image_name_fits(value, value, NULL), "a name fits itself");
}

static void check_filters(const struct filters *filters)
{
	size_t count = 0;

	for (size_t i = 0; known[i]; i++) {
		size_t cursor = 0;
		const char *value;

		while ((value = api_filters_next(filters, known[i], &cursor))) {
			require(api_filters_allow(filters, known[i], value),
				"a value allows itself");
			check_value(value);
			count++;
		}
		require((cursor > 1) == api_filters_has(filters, known[i]), "values, or none");
	}
	require(count <= FILTER_VALUES_MAX, "the bound");
	(void) api_filters_allow_labels(filters, "label", find, "harbour");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problem problem = { 0 };
	struct filters filters;
	char *text;
	int r;

	if (size > INPUT_BYTES_MAX)
		return 0;
	text = malloc(size + 1);
	require(text, "memory");
	memcpy(text, data, size);
	text[size] = '\0';
	r = api_filters_parse(text, known, &filters, &problem);
	if (r == 0) {
		check_filters(&filters);
		api_filters_fini(&filters);
	} else {
		require(r == -EINVAL && problem.text[0], "a refusal says why");
	}
	free(text);
	return 0;
}
