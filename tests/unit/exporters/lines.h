/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What holds for every text of metrics, whatever it says. */

#include <stdlib.h>
#include <string.h>

#define LINES_MAX 4096

/* Cuts the text into lines, in place; returns how many. */
static inline size_t lines_of(char *text, char *ret_lines[LINES_MAX])
{
	size_t count = 0;
	char *line;

	while ((line = strsep(&text, "\n")) != NULL && text) {
		assert_true(count < LINES_MAX);
		ret_lines[count++] = line;
	}
	return count;
}

static inline int compare_lines(const void *one, const void *other)
{
	return strcmp(*(char *const *) one, *(char *const *) other);
}

/* A series is what stands before the last blank of a sample line. */
static inline void assert_series_are_unique(const char *text)
{
	static char *lines[LINES_MAX];
	char *copy = strdup(text);
	size_t count = lines_of(copy, lines), series = 0;

	for (size_t i = 0; i < count; i++) {
		if (lines[i][0] == '#')
			continue;
		*strrchr(lines[i], ' ') = '\0';
		lines[series++] = lines[i];
	}
	assert_true(series > 0);
	qsort(lines, series, sizeof(lines[0]), compare_lines);
	for (size_t i = 1; i < series; i++)
		if (strcmp(lines[i - 1], lines[i]) == 0)
			fail_msg("twice: %s", lines[i]);
	free(copy);
}

/* Once the name of the samples changes it never comes back. */
static inline void assert_families_are_contiguous(const char *text)
{
	static char *lines[LINES_MAX];
	char *copy = strdup(text);
	size_t count = lines_of(copy, lines), names = 0;

	for (size_t i = 0; i < count; i++) {
		if (lines[i][0] == '#')
			continue;
		lines[i][strcspn(lines[i], "{ ")] = '\0';
		if (names > 0 && strcmp(lines[names - 1], lines[i]) == 0)
			continue;
		for (size_t j = 0; j < names; j++)
			if (strcmp(lines[j], lines[i]) == 0)
				fail_msg("torn apart: %s", lines[i]);
		lines[names++] = lines[i];
	}
	free(copy);
}

static inline void assert_has_series(const char *text, const char *name)
{
	static char *lines[LINES_MAX];
	char *copy = strdup(text);
	size_t count = lines_of(copy, lines), length = strlen(name), found = 0;

	for (size_t i = 0; i < count; i++)
		if (strncmp(lines[i], name, length) == 0 && strchr("{ ", lines[i][length]))
			found++;
	if (found == 0)
		fail_msg("no series of %s", name);
	free(copy);
}
